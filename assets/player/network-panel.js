/** @import { Item, NetworkRow } from './types.d.ts' */
/** @import { PanelSpec } from './panel.js' */
import { FAILED, cell, timeCell } from './cells.js';
import { h } from './dom.js';
import { bytes, duration, statusWords } from './format.js';
import { oneLine } from './inert.js';
import { label } from './label.js';
import { requestName, statusText } from './words.js';

const KINDS = /** @type {const} */ ([
  ['fetch', 'fetch xhr eventsource'],
  ['doc', 'document'],
  ['js', 'script'],
  ['css', 'stylesheet'],
  ['img', 'image'],
  ['ws', 'websocket'],
  ['other', 'font media other'],
]);

/** A bar over the span that the list shows; the style sheet places it, so that a moving span costs nothing here. @param {NetworkRow} row */
function waterfall({ time, duration: whole = 0, wait = 0 }) {
  const first = Math.max(0, Math.min(whole, wait));
  return h('span', { class: 'wf', 'aria-hidden': 'true' }, time !== undefined && piece('w', time, first), time !== undefined && piece('r', time + first, whole - first));
}

/** @param {string} names @param {number} from @param {number} ms */
function piece(names, from, ms) {
  const part = h('s', { class: names });
  part.style.setProperty('--at', String(from));
  part.style.setProperty('--for', String(ms));
  return part;
}

/** @type {PanelSpec} */
export const NETWORK_SPEC = {
  noun: 'nRequests',
  hint: 'status-code:5xx, -domain:cdn',
  columns: ['Time', 'Method', 'Name', 'Status', 'Duration', 'Size', 'Waterfall'],
  chips: [
    ...KINDS.map(([id, kinds]) => ({ id, label: label(id), test: (/** @type {Item<NetworkRow>} */ { data }) => kinds.split(' ').includes(data.kind) })),
    { ...FAILED, classes: [0, 4, 5] },
  ],
  draw(item) {
    const row = /** @type {NetworkRow} */ (item.data);
    const status = statusText(row);
    return [
      timeCell(item),
      cell('m', oneLine(row.method, 20)),
      cell('name', requestName(row.url), oneLine(row.url, 2000)),
      cell('st', status, row.error ? oneLine(row.error, 200) : `${status} ${statusWords(row.status)}`),
      cell('ms', duration(row.duration)),
      cell('size', row.from ? oneLine(row.from, 40) : bytes(row.size)),
      waterfall(row),
    ];
  },
  totals: (items) => bytes(items.reduce((sum, { data }) => sum + (data.size ?? 0), 0) || undefined),
};
