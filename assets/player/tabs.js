/** @import { App, PanelName } from './types.d.ts' */
/** @import { PanelSpec } from './panel.js' */
import { ACTIONS_SPEC } from './actions-panel.js';
import { h } from './dom.js';
import { markTab, moveTab } from './drawer.js';
import { count } from './format.js';
import { createInfoPanel } from './info-panel.js';
import { backendSpec, consoleSpec } from './log-panels.js';
import { NETWORK_SPEC } from './network-panel.js';
import { createPanel } from './panel.js';
import { panelsOf } from './panels.js';
import { timelineSpec } from './timeline-panel.js';
import { capital } from './words.js';

/** @typedef {{ element: HTMLElement, show(): void, hide(): void }} Panel */

/** @type {Record<Exclude<PanelName, 'info'>, (app: App) => PanelSpec>} */
const SPECS = {
  timeline: timelineSpec,
  console: consoleSpec,
  network: () => NETWORK_SPEC,
  actions: () => ACTIONS_SPEC,
  backend: backendSpec,
};

/**
 * The right side of the page: a tab and a panel for all there is data for. A panel is made when first shown.
 * @param {App} app
 * @returns {HTMLElement}
 */
export function createPanels(app) {
  const { store, source: { manifest } } = app;
  const entries = panelsOf(manifest).map((name) => {
    const { count: rows = 0, failed = 0 } = { ...manifest.streams, timeline: { count: manifest.order?.count, failed: 0 }, info: {} }[name] ?? {};
    // The name stays the bare word; the counts are its description.
    const hidden = { 'aria-hidden': 'true' };
    const title = rows ? `${count(rows)}${failed ? `, ${count(failed)} failed` : ''}` : null;
    const tab = h('button', { role: 'tab', id: `tab-${name}`, 'aria-controls': `panel-${name}`, title, onclick: () => app.showPanel(name) }, capital(name), rows > 0 && h('small', hidden, rows < 1e4 ? count(rows) : `${Math.round(rows / 1000)}k`), failed > 0 && h('em', hidden, count(failed)));
    const place = h('section', { role: 'tabpanel', id: `panel-${name}`, 'aria-labelledby': `tab-${name}`, hidden: true });
    return { name, tab, place, panel: /** @type {Panel | null} */ (null) };
  });
  const tabs = entries.map(({ tab }) => tab);
  const strip = h('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Panels', onkeydown: (/** @type {KeyboardEvent} */ event) => moveTab(event, tabs) }, ...tabs);
  /** @type {typeof entries[0] | undefined} */
  let current;

  function show() {
    const entry = entries.find(({ name }) => name === store.get().panel) ?? entries[0];
    if (entry === current) return;
    if (current) {
      current.panel?.hide();
      current.place.hidden = true;
    }
    current = entry;
    const { name, tab, place } = entry;
    markTab(tabs, tabs.indexOf(tab));
    place.hidden = false;
    entry.panel ??= name === 'info' ? createInfoPanel(app) : createPanel(app, name, SPECS[name](app));
    if (!place.firstChild) place.append(entry.panel.element);
    entry.panel.show();
    strip.scrollLeft = tab.offsetLeft - strip.clientWidth / 2;
  }

  const element = h('section', { class: 'right', 'aria-label': 'Data' }, strip, ...entries.map(({ place }) => place));
  store.on(['panel'], show);
  show();
  return element;
}
