import { h } from './dom.js';
import { modified, shareAt } from './events.js';
import { label } from './label.js';
import { recall, remember } from './memory.js';

const LEAST = 30;
const MOST = 70;
const USUAL = 57;
const USUAL_WITHOUT_VIDEO = 42;

/**
 * The grip between picture and data. Its place, in percent of the width, is remembered.
 * @param {HTMLElement} frame
 * @param {boolean} hasVideo a clock needs less room; the two are remembered apart
 */
export function createSplit(frame, hasVideo) {
  const key = hasVideo ? 'split' : 'split.clock';
  const usual = hasVideo ? USUAL : USUAL_WITHOUT_VIDEO;
  const grip = h('div', { class: 'grip', role: 'separator', tabindex: '0', 'aria-orientation': 'vertical', 'aria-label': label('Width of the picture'), 'aria-valuemin': LEAST, 'aria-valuemax': MOST });
  let place = Number(recall(key)) || usual;

  /** @param {number} to */
  function move(to) {
    place = Math.max(LEAST, Math.min(MOST, to));
    frame.style.setProperty('--split', `${place}%`);
    grip.setAttribute('aria-valuenow', String(Math.round(place)));
  }

  /** @param {PointerEvent} event */
  function drag(event) {
    if (grip.hasPointerCapture(event.pointerId)) move(shareAt(frame, event) * 100);
  }

  grip.addEventListener('pointerdown', (event) => grip.setPointerCapture(event.pointerId));
  grip.addEventListener('pointermove', drag);
  grip.addEventListener('pointerup', () => remember(key, String(place)));
  grip.addEventListener('keydown', (event) => {
    const to = { ArrowLeft: place - 2, ArrowRight: place + 2, Home: LEAST, End: MOST }[event.key];
    if (to === undefined || modified(event)) return;
    move(to);
    remember(key, String(place));
  });
  move(place);
  return grip;
}
