/** @import { App } from './types.d.ts' */
import { h } from './dom.js';
import { modified, shareAt } from './events.js';
import { label } from './label.js';
import { marksOf, nearestMark } from './marks.js';
import { createPreview } from './preview.js';
import { formatTime, fragmentTime } from './time.js';

/** A press that moves less than this, in px, is a click. */
const CLICK = 4;
/** How near a click on the lane must come to a mark to mean it, in px. */
const REACH = 7;
/** How near a press must come to the playhead to drag it in Range mode, in px. */
const GRAB = 9;
const STEPS = /** @type {Record<string, number>} */ ({ ArrowRight: 5000, ArrowUp: 5000, ArrowLeft: -5000, ArrowDown: -5000, PageUp: 30_000, PageDown: -30_000 });

/**
 * The bar: where things happened, how far we are, what span is shown. The bar seeks; dragging along the marks
 * above it (or anywhere in Range mode) selects a span.
 * @param {App} app
 */
export function createScrub(app) {
  const { store, source: { manifest } } = app;
  const marks = marksOf(manifest);
  const lane = h('div', { class: 'lane', 'aria-hidden': 'true' });
  for (const mark of marks) {
    const dot = h('i', { class: `mark-${mark.kind}` });
    dot.style.insetInlineStart = part(mark.time);
    lane.append(dot);
  }
  const loaded = h('u');
  const played = h('b');
  const box = h('span', { class: 'span-box', hidden: true });
  const head = h('span', { class: 'playhead' });
  const said = h('span');
  const preview = createPreview(app);
  const tip = h('span', { class: 'tip', hidden: true }, preview?.element, said);
  const bar = h('div', { class: 'bar' }, loaded, played);
  const scrub = h('div', {
    class: 'scrub', role: 'slider', tabindex: '0', 'aria-label': label('Position'), 'aria-valuemin': '0',
    onpointerdown: onDown, onpointermove: onMove, onpointerup: onUp, onpointercancel: onUp, onpointerleave: () => void (tip.hidden = true), onkeydown: onKey,
  }, lane, bar, box, head, tip);

  /** @param {number} ms */
  function part(ms) {
    const { duration } = store.get();
    return `${duration ? Math.max(0, Math.min(100, (ms / duration) * 100)) : 0}%`;
  }

  /** @param {PointerEvent} event */
  function timeAt(event) {
    return shareAt(scrub, event) * store.get().duration;
  }

  function drawTime() {
    const { time, duration, buffered } = store.get();
    const place = part(time);
    played.style.inlineSize = place;
    head.style.insetInlineStart = place;
    loaded.style.inlineSize = part(buffered);
    scrub.setAttribute('aria-valuemax', fragmentTime(duration));
    scrub.setAttribute('aria-valuenow', fragmentTime(Math.min(time, duration)));
    scrub.setAttribute('aria-valuetext', label('positionOf', { time: formatTime(time), duration: formatTime(duration) }));
  }

  function drawSpan() {
    const limits = app.spanLimits();
    box.hidden = limits === null;
    if (!limits) return;
    const [from, to] = limits;
    box.style.insetInlineStart = part(from);
    box.style.insetInlineEnd = `${100 - parseFloat(part(to))}%`;
  }

  /** @type {{ x: number, from: number, selects: boolean, moved: boolean, resume: boolean } | null} */
  let drag = null;

  /** @param {PointerEvent} event */
  function onDown(event) {
    if (event.button !== 0) return;
    const from = timeAt(event);
    const onLane = event.clientY < bar.getBoundingClientRect().top - 3;
    const onHead = Math.abs(event.clientX - head.getBoundingClientRect().left - 2) <= GRAB;
    const selects = onLane || (store.get().span.mode === 'range' && !onHead);
    drag = { x: event.clientX, from, selects, moved: false, resume: !store.get().paused };
    scrub.setPointerCapture(event.pointerId);
    if (selects) return;
    app.pause();
    app.seek(from);
  }

  /** @param {PointerEvent} event */
  function onMove(event) {
    const at = timeAt(event);
    tip.hidden = false;
    said.textContent = formatTime(at);
    tip.style.insetInlineStart = part(at);
    // A finger covers what it points at.
    if (event.pointerType !== 'touch' && !drag) preview?.show(at);
    if (!drag) return;
    drag.moved ||= Math.abs(event.clientX - drag.x) >= CLICK;
    if (!drag.selects) app.seek(at);
    else if (drag.moved) app.setSpan({ mode: 'range', from: Math.min(drag.from, at), to: Math.max(drag.from, at) });
  }

  /** @param {PointerEvent} event */
  function onUp(event) {
    if (!drag) return;
    const { selects, moved, resume } = drag;
    drag = null;
    if (!selects && resume) app.play();
    if (selects && !moved && event.type !== 'pointercancel') clickAt(timeAt(event));
  }

  /** @param {number} at */
  function clickAt(at) {
    const { duration } = store.get();
    const mark = nearestMark(marks, at, (REACH / (scrub.clientWidth || 1)) * duration);
    if (mark) app.select(mark.stream, mark.row, { seek: true, reveal: true });
    else app.seek(at);
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const { time, duration } = store.get();
    const step = STEPS[event.key];
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? duration : step ? time + step : null;
    if (to === null || modified(event)) return;
    event.preventDefault();
    app.seek(to);
  }

  store.watch(['time', 'duration', 'buffered'], drawTime);
  store.watch(['time', 'duration', 'span'], drawSpan);
  return scrub;
}
