/** @import { App, PanelName, Span } from './types.d.ts' */
/** @import { Child } from './dom.js' */
/** @import { PanelSpec } from './panel.js' */
import { actionsSpec } from './actions-panel.js';
import { h } from './dom.js';
import { isFailure } from './fields.js';
import { createInfoPanel } from './info-panel.js';
import { label, number } from './label.js';
import { backendSpec, consoleSpec } from './log-panels.js';
import { NETWORK_SPEC } from './network-panel.js';
import { createPanel } from './panel.js';
import { panelsOf } from './panels.js';
import { printable } from './print.js';
import { tabStrip } from './tab-strip.js';
import { timelineSpec } from './timeline-panel.js';
import { transcriptSpec } from './transcript-panel.js';

/** More rows than this are not looked through for failures. */
const SUMMED_ROWS = 3000;
/** How often the counts follow a moving span, in ms. */
const COUNT_EVERY = 200;

/** @typedef {{ element: HTMLElement, show(): void, hide(): void, print?(): HTMLElement }} Panel */

/** @type {Record<Exclude<PanelName, 'info'>, (app: App) => PanelSpec>} */
const SPECS = {
  timeline: timelineSpec,
  console: consoleSpec,
  network: () => NETWORK_SPEC,
  actions: actionsSpec,
  backend: backendSpec,
  transcript: transcriptSpec,
};

/**
 * The right side of the page: a tab and a panel for all there is data for. A panel is made when first shown.
 * @param {App} app
 * @returns {HTMLElement}
 */
export function createPanels(app) {
  const { store, source: { manifest } } = app;
  const entries = panelsOf(manifest).map((name) => {
    const place = h('section', { role: 'tabpanel', id: `panel-${name}`, 'aria-labelledby': `tab-${name}`, hidden: true });
    return { name, place, face: faceOf(name), panel: /** @type {Panel | null} */ (null) };
  });
  const { strip, tabs, mark } = tabStrip(label('Panels'), entries.map(({ face }) => face.tab), (at) => app.showPanel(entries[at].name));
  /** @type {typeof entries[0] | undefined} */
  let current;
  /** @type {Span | undefined} */
  let last;

  function show() {
    const at = Math.max(0, entries.findIndex(({ name }) => name === store.get().panel));
    const entry = entries[at];
    if (entry === current) return;
    if (current) {
      current.panel?.hide();
      current.place.hidden = true;
    }
    current = entry;
    const { name, place } = entry;
    mark(at);
    place.hidden = false;
    entry.panel ??= name === 'info' ? createInfoPanel(app) : createPanel(app, name, SPECS[name](app));
    if (!place.firstChild) place.append(entry.panel.element);
    entry.panel.show();
    // Where it lies is known once it is on the page.
    requestAnimationFrame(() => void (strip.scrollLeft = tabs[at].offsetLeft - strip.offsetLeft - strip.clientWidth / 2));
  }

  /** @type {HTMLElement | undefined} */
  let about;
  printable(app, () => [current?.panel?.print?.(), about ??= createInfoPanel(app).element]);
  const element = h('section', { class: 'right', 'aria-label': label('Data') }, strip, ...entries.map(({ place }) => place));
  store.on(['panel'], show);
  show();
  let counting = false;

  /** Counts anew, at most so often, until nothing has changed meanwhile. */
  async function count() {
    if (counting) return;
    counting = true;
    let counted = '';
    while (!app.life.aborted && counted !== (counted = String(app.spanLimits()))) {
      const list = await Promise.all(entries.map(({ name }) => countsOf(app, name)));
      list.forEach((counts, at) => entries[at].face.draw(tabs[at], counts));
      await new Promise((resolve) => setTimeout(resolve, COUNT_EVERY));
    }
    counting = false;
  }

  store.watch(['span', 'time'], ({ span }) => {
    // What cannot be read is the panels' to tell.
    if (span !== last || span.mode === 'around') count().catch(() => (counting = false));
    last = span;
  });
  return element;
}

/** The rows of a panel, and those of them that failed. @typedef {{ count?: number, failed?: number }} Counts */

/**
 * @param {App} app
 * @param {PanelName} name
 * @returns {Promise<Counts>} in the span
 */
async function countsOf({ source, spanLimits }, name) {
  const limits = spanLimits();
  const { streams, order } = source.manifest;
  const whole = { ...streams, timeline: { count: order?.count }, info: {} }[name] ?? {};
  if (!limits || name === 'info') return whole;
  const before = name === 'timeline' ? (await source.order()).before : (/** @type {number} */ ms) => source.before(name, ms);
  const [from, to] = await Promise.all([before(limits[0]), before(limits[1] + 0.001)]);
  if (name === 'timeline' || to - from > SUMMED_ROWS) return { count: to - from };
  const failed = (await source.rows(name, from, to)).filter((data) => isFailure({ stream: name, data }));
  return { count: to - from, failed: failed.length };
}

/**
 * A tab. The name stays the bare word; the counts are its description, and keep the width of the largest.
 * @param {PanelName} name
 */
function faceOf(name) {
  const [rows, failures] = [h('small', { 'aria-hidden': 'true' }), h('em', { 'aria-hidden': 'true' })];
  let shown = '';
  return {
    /** @type {[id: string, controls: string, face: Child[]]} */
    tab: [`tab-${name}`, `panel-${name}`, [label(name), rows, failures]],
    /** @param {HTMLElement} tab @param {Counts} counts */
    draw(tab, { count = 0, failed = 0 }) {
      const texts = [count < 1e4 ? number(count) : `${Math.round(count / 1000)}k`, failed ? number(failed) : ''];
      if (name === 'info' || shown === (shown = texts.join())) return;
      [rows, failures].forEach((box, at) => {
        box.textContent = texts[at];
        box.style.minWidth ||= `${texts[at].length}ch`;
      });
      tab.title = number(count) + (failed ? `, ${label('nFailed', { count: failed })}` : '');
    },
  };
}
