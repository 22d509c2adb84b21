/** @import { App, PanelName, StreamName } from './types.d.ts' */
import { h } from './dom.js';
import { createActionsPanel } from './actions-panel.js';
import { createBackendPanel } from './backend-panel.js';
import { createConsolePanel } from './console-panel.js';
import { markTab, moveTab } from './drawer.js';
import { count } from './format.js';
import { createInfoPanel } from './info-panel.js';
import { createNetworkPanel } from './network-panel.js';
import { panelsOf } from './panels.js';
import { createTimelinePanel } from './timeline-panel.js';

/** @typedef {{ element: HTMLElement, show(): void, hide(): void }} Panel */

/** @type {Record<PanelName, [label: string, create: (app: App) => Panel]>} */
const PANEL_MAKERS = {
  timeline: ['Timeline', createTimelinePanel],
  console: ['Console', createConsolePanel],
  network: ['Network', createNetworkPanel],
  actions: ['Actions', createActionsPanel],
  backend: ['Backend', createBackendPanel],
  info: ['Info', createInfoPanel],
};

/**
 * The right side of the page: a tab and a panel for all there is data for. A panel is made when first shown.
 * @param {App} app
 * @returns {HTMLElement}
 */
export function createPanels(app) {
  const { store } = app;
  const { manifest } = app.source;
  const entries = panelsOf(manifest).map((name) => {
    const [label, create] = PANEL_MAKERS[name];
    const { count: rows = 0, failed = 0 } = name === 'timeline' ? { count: manifest.order?.count } : manifest.streams[/** @type {StreamName} */ (name)] ?? {};
    // The name stays the bare word; the counts are its description.
    const hidden = { 'aria-hidden': 'true' };
    const title = rows ? `${count(rows)}${failed ? `, ${count(failed)} failed` : ''}` : null;
    const tab = h('button', { role: 'tab', id: `tab-${name}`, 'aria-controls': `panel-${name}`, title, onclick: () => app.showPanel(name) }, label, rows > 0 && h('small', hidden, rows < 1e4 ? count(rows) : `${Math.round(rows / 1000)}k`), failed > 0 && h('em', hidden, count(failed)));
    const place = h('section', { role: 'tabpanel', id: `panel-${name}`, 'aria-labelledby': `tab-${name}`, hidden: true });
    return { name, tab, place, create, panel: /** @type {Panel | null} */ (null) };
  });
  const tabs = entries.map(({ tab }) => tab);
  const strip = h('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Panels', onkeydown: (/** @type {KeyboardEvent} */ event) => moveTab(event, tabs) }, ...tabs);
  let current = -1;

  function show() {
    const wanted = entries.findIndex(({ name }) => name === store.get().panel);
    const place = Math.max(0, wanted);
    if (place === current || !entries.length) return;
    const before = entries[current];
    if (before) {
      before.panel?.hide();
      before.place.hidden = true;
    }
    current = place;
    const entry = entries[place];
    markTab(tabs, place);
    entry.place.hidden = false;
    entry.panel ??= entry.create(app);
    if (!entry.place.firstChild) entry.place.append(entry.panel.element);
    entry.panel.show();
    strip.scrollLeft = entry.tab.offsetLeft - strip.clientWidth / 2;
  }

  const element = h('section', { class: 'right', 'aria-label': 'Data' }, strip, ...entries.map(({ place }) => place));
  store.on(['panel'], show);
  show();
  return element;
}
