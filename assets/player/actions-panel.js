/** @import { ActionRow, App, Detail, Item } from './types.d.ts' */
/** @import { PanelSpec } from './panel.js' */
/** @import { Content } from './drawer.js' */
import { h, icon } from './dom.js';
import { basics, timeCell } from './console-panel.js';
import { streamFeed } from './feed.js';
import { count } from './format.js';
import { oneLine } from './inert.js';
import { createPanel } from './panel.js';
import { cell, pairList } from './text.js';
import { actionWords, verb } from './words.js';

const ICONS = /** @type {[RegExp, string][]} */ ([
  [/click|tap|press$|check|drag/i, 'M4 2v10l3-2.500 2 4.500 1.500-.700-2-4.300H12z'],
  [/navigat|back|reload|tab/i, 'M2 8h11M9 4l4 4-4 4'],
  [/change|input|fill|select|type|upload|key/i, 'M2 4h12v8H2zM5 6.500v3'],
  [/./, 'M8 6.500a1.500 1.500 0 1 1 0 3 1.500 1.500 0 0 1 0-3z'],
]);

/** @param {Item} item */
const actionOf = (item) => /** @type {ActionRow} */ (item.data);

/**
 * @param {App} app
 * @param {Item} item
 * @param {Detail} detail
 * @returns {Content}
 */
export function actionDetails(app, item, detail) {
  const row = actionOf(item);
  const selectors = Array.isArray(detail.selectors) ? detail.selectors.flat().join('\n') : '';
  return {
    badge: [row.kind, row.error ? 'error' : 'action'],
    title: actionWords(row),
    copies: [['Copy', actionWords(row), 'step']],
    sections: [['Action', () => pairList([
      ['Step', `${count(item.row + 1)} of ${count(app.source.count('actions'))}`],
      ...basics(item),
      ['Label', row.label],
      ['Target', row.target],
      ['Selectors', selectors !== row.target && selectors],
      ['Value', row.value],
      ['Key', detail.key && String(detail.key)],
      ['Position', row.x !== undefined && `${row.x}, ${row.y}`],
      ['URL', row.url],
      ['Page title', detail.title && String(detail.title)],
      ['Error', row.error],
    ])]],
  };
}

/** @param {App} app */
export function createActionsPanel(app) {
  /** @type {PanelSpec} */
  const spec = {
    name: 'actions',
    label: 'Actions',
    feed: streamFeed(app.source, 'actions'),
    noun: ['action', 'actions'],
    hint: 'Filter: text, /regex/, kind:click, -word',
    columns: ['Step', 'Time', 'Kind', 'Action', 'Value'],
    chips: [
      kindChip('click', 'Clicks', /click|tap|press$/i),
      kindChip('input', 'Input', /change|input|fill|select|type|key|upload|check/i),
      kindChip('page', 'Pages', /navig|back|reload|tab|goto/i),
      { id: 'failed', label: 'Failed', test: (item) => actionOf(item).error !== undefined },
    ],
    draw(item) {
      const row = actionOf(item);
      const value = row.error ?? row.value ?? row.url ?? '';
      return [
        cell('step', count(item.row + 1)),
        timeCell(item),
        h('span', { class: 'kind', title: verb(row.kind) }, icon(ICONS.find(([kinds]) => kinds.test(row.kind))?.[1] ?? ''), h('span', { class: 'unseen' }, verb(row.kind))),
        cell('msg', actionWords(row), row.target && oneLine(row.target, 400)),
        cell('val', oneLine(value, 200), oneLine(value, 400)),
      ];
    },
    dress: (row, item) => void row.classList.toggle('is-error', actionOf(item).error !== undefined),
    details: actionDetails,
  };
  return createPanel(app, spec);
}

/** @param {string} id @param {string} label @param {RegExp} kinds */
function kindChip(id, label, kinds) {
  return { id, label, test: (/** @type {Item} */ item) => kinds.test(actionOf(item).kind) };
}
