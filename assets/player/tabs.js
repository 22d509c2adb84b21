/** @import { App, Manifest, PanelName } from './types.d.ts' */
/** @import { Child } from './dom.js' */
/** @import { PanelSpec } from './panel.js' */
import { ACTIONS_SPEC } from './actions-panel.js';
import { h } from './dom.js';
import { createInfoPanel } from './info-panel.js';
import { label, number } from './label.js';
import { backendSpec, consoleSpec } from './log-panels.js';
import { NETWORK_SPEC } from './network-panel.js';
import { createPanel } from './panel.js';
import { panelsOf } from './panels.js';
import { tabStrip } from './tab-strip.js';
import { timelineSpec } from './timeline-panel.js';
import { transcriptSpec } from './transcript-panel.js';

/** @typedef {{ element: HTMLElement, show(): void, hide(): void }} Panel */

/** @type {Record<Exclude<PanelName, 'info'>, (app: App) => PanelSpec>} */
const SPECS = {
  timeline: timelineSpec,
  console: consoleSpec,
  network: () => NETWORK_SPEC,
  actions: () => ACTIONS_SPEC,
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
    return { name, place, panel: /** @type {Panel | null} */ (null) };
  });
  const { strip, tabs, mark } = tabStrip(label('Panels'), entries.map(({ name }) => tabOf(manifest, name)), (at) => app.showPanel(entries[at].name));
  /** @type {typeof entries[0] | undefined} */
  let current;

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
    strip.scrollLeft = tabs[at].offsetLeft - strip.clientWidth / 2;
  }

  const element = h('section', { class: 'right', 'aria-label': label('Data') }, strip, ...entries.map(({ place }) => place));
  store.on(['panel'], show);
  show();
  return element;
}

/**
 * The name stays the bare word; the counts are its description.
 * @param {Manifest} manifest
 * @param {PanelName} name
 * @returns {[id: string, controls: string, face: Child[], title?: string]}
 */
function tabOf({ streams, order }, name) {
  const { count: rows = 0, failed = 0 } = { ...streams, timeline: { count: order?.count, failed: 0 }, info: {} }[name] ?? {};
  const hidden = { 'aria-hidden': 'true' };
  const title = rows ? number(rows) + (failed ? `, ${label('nFailed', { count: failed })}` : '') : undefined;
  return [`tab-${name}`, `panel-${name}`, [
    label(name),
    rows > 0 && h('small', hidden, rows < 1e4 ? number(rows) : `${Math.round(rows / 1000)}k`),
    failed > 0 && h('em', hidden, number(failed)),
  ], title];
}
