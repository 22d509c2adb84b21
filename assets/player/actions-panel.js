/** @import { ActionRow, App, Detail, Item } from './types.d.ts' */
/** @import { PanelSpec } from './panel.js' */
/** @import { Content } from './drawer.js' */
import { basics } from './basics.js';
import { FAILED, cell, sign, timeCell } from './cells.js';
import { h, icon, together } from './dom.js';
import { oneLine } from './inert.js';
import { label, number } from './label.js';
import { reproButtons } from './repro-buttons.js';
import { pairList } from './text.js';
import { actionWords, verb } from './words.js';

const CLICKS = /click|tap|press$|drag/i;
const INPUTS = /change|input|fill|select|type|key|upload|check/i;
const PAGES = /navig|back|reload|tab|goto/i;
const ICONS = /** @type {[RegExp, string][]} */ ([
  [CLICKS, 'M4 2v10l3-2.5 2 4.5 1.5-.7-2-4.3H12z'],
  [PAGES, 'M2 8h11M9 4l4 4-4 4'],
  [INPUTS, 'M2 4h12v8H2zM5 6.5v3'],
  [/./, 'M8 6.5a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3z'],
]);

/**
 * @param {App} app
 * @param {Item<ActionRow>} item
 * @param {Detail} detail
 * @returns {Content}
 */
export function actionDetails(app, item, detail) {
  const row = item.data;
  const words = actionWords(row);
  const selectors = Array.isArray(detail.selectors) ? detail.selectors.flat().join('\n') : '';
  return {
    badge: [row.kind, row.error ? 'error' : 'action'],
    title: words,
    copy: [label('Copy step'), words, label('Step')],
    sections: [[label('Action'), () => pairList([
      [label('Step'), label('stepOf', { place: item.row + 1, count: app.source.count('actions') })],
      ...basics(item),
      [label('Label'), row.label],
      [label('Target'), row.target],
      [label('Selectors'), selectors !== row.target && selectors],
      [label('Value'), row.value],
      [label('Key'), detail.key],
      [label('Position'), row.x !== undefined && `${row.x}, ${row.y}`],
      ['URL', row.url],
      [label('Page title'), detail.title],
      ['', row.sign && label(`sign ${row.sign}`)],
      [label('Error'), row.error],
    ])]],
  };
}

/** @param {App} app @returns {PanelSpec} */
export function actionsSpec(app) {
  return {
    noun: 'nActions',
    hint: 'kind:click, -word',
    columns: ['Step', 'Time', 'Kind', 'Action', 'Value'],
    chips: [kindChip('clicks', CLICKS), kindChip('input', INPUTS), kindChip('pages', PAGES), FAILED],
    tools: () => reproButtons(app),
    draw,
  };
}

/** @param {Item<ActionRow>} item */
function draw(item) {
  const { kind, error, value, url, target, sign: mark } = item.data;
  const said = error ?? value ?? url;
  return [
    cell('step', number(item.row + 1)),
    timeCell(item),
    sign('kind', icon(ICONS.find(([kinds]) => kinds.test(kind))?.[1] ?? ''), verb(kind)),
    cell('msg', together(mark && h('span', { class: 'times', title: label(`sign ${mark}`) }, label(mark)), h('bdi', {}, actionWords(item.data))), oneLine(target)),
    cell('val', oneLine(said, 200), oneLine(said)),
  ];
}

/** @param {import('./label.js').Label} id @param {RegExp} kinds */
function kindChip(id, kinds) {
  return { id, label: label(id), test: (/** @type {Item<ActionRow>} */ { data }) => kinds.test(data.kind) };
}
