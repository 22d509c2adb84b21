/** @import { App, BackendRow, Detail, Item } from './types.d.ts' */
/** @import { PanelSpec } from './panel.js' */
/** @import { Content } from './drawer.js' */
import { h } from './dom.js';
import { stripAnsi } from './ansi.js';
import { basics, dressLevel, levelChips, levelMark, lineOf, timeCell } from './console-panel.js';
import { streamFeed } from './feed.js';
import { oneLine } from './inert.js';
import { createPanel } from './panel.js';
import { jsonNode } from './remote.js';
import { cell, longText, pairList, stack } from './text.js';
import { treeView } from './tree.js';

/** @param {Item} item */
const lineRow = (item) => /** @type {BackendRow} */ (item.data);

/**
 * Leads to the rows of another panel that belong to the same trace or request.
 * @param {App} app
 * @param {'network' | 'backend'} panel
 * @param {Item} item
 * @param {string} words
 */
export function relatedButton(app, panel, { data }, words) {
  const query = data.trace ? `trace:"${data.trace}"` : data.request ? `request:"${data.request}"` : '';
  if (!query || !app.source.count(panel)) return null;
  const open = () => {
    app.store.set({ queries: { ...app.store.get().queries, [panel]: query } });
    app.showPanel(panel);
  };
  return h('p', { class: 'note' }, h('button', { class: 'line', onclick: open }, words));
}

/**
 * @param {App} app
 * @param {Item} item
 * @param {Detail} detail
 * @returns {Content}
 */
export function backendDetails(app, item, detail) {
  const row = lineRow(item);
  const text = String(detail.message || row.text);
  const fields = Object.entries(detail.fields ?? {});
  return {
    badge: [row.level, row.level],
    title: stripAnsi(text),
    copies: [['Copy', stripAnsi(text), 'message']],
    sections: [['Message', () => stack(
      longText(stripAnsi(text)),
      pairList([...basics(item), ['Service', row.service]]),
      relatedButton(app, 'network', item, 'Show its request'),
      fields.length > 0 && treeView(fields.map(([key, value]) => jsonNode(key, value)), 'Fields', false),
    )]],
  };
}

/** @param {App} app */
export function createBackendPanel(app) {
  /** @type {PanelSpec} */
  const spec = {
    name: 'backend',
    label: 'Backend',
    feed: streamFeed(app.source, 'backend'),
    noun: ['line', 'lines'],
    hint: 'Filter: text, /regex/, service:name, trace:id',
    columns: ['Time', 'Level', 'Service', 'Message'],
    chips: levelChips(app, 'backend'),
    draw(item) {
      const row = lineRow(item);
      return [timeCell(item), levelMark(row.level), cell('svc', oneLine(row.service ?? '', 80)), h('span', { class: 'msg' }, lineOf(row.text), row.cut && '…')];
    },
    dress: dressLevel,
    details: backendDetails,
  };
  return createPanel(app, spec);
}
