/** @import { Item, NetworkRow } from './types.d.ts' */
/** @import { PanelSpec } from './panel.js' */
import { FAILED, cell, timeCell } from './cells.js';
import { h } from './dom.js';
import { bytes, duration, statusWords } from './format.js';
import { phases } from './http.js';
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

/**
 * Bars over the span that the list shows, one a phase; the style sheet places them, so that a moving span costs nothing here.
 * @param {NetworkRow} row
 */
function waterfall({ time, duration: whole = 0, wait = 0, phases: [blocked, dns, connect, ssl, send] = [] }) {
  const before = Math.max(0, Math.min(whole, wait));
  const known = phases({ timings: { blocked, dns, connect, ssl, send } }).total;
  const bars = time === undefined ? [] : phases({ timings: { blocked, dns, connect, ssl, send, wait: Math.max(0, before - known), receive: whole - before } }).phases;
  return h('span', { class: 'wf', 'aria-hidden': 'true' }, ...bars.flatMap(({ kind, start, ms }) => (ms > 0 || kind === 'receive' ? piece(`p-${kind}`, Number(time) + start, ms) : [])));
}

/** @param {string} names @param {number} from @param {number} ms */
function piece(names, from, ms) {
  const part = h('s', { class: names });
  part.style.setProperty('--at', String(from));
  part.style.setProperty('--for', String(ms));
  return part;
}

/** When it began; without a time, first. @param {NetworkRow} row */
const began = ({ time = -Infinity }) => time;

/** @type {PanelSpec} */
export const NETWORK_SPEC = {
  noun: 'nRequests',
  hint: 'status-code:5xx, -domain:cdn',
  columns: ['Time', 'Method', 'Name', 'Status', 'Duration', 'Size', 'Waterfall'],
  chips: [
    ...KINDS.map(([id, kinds]) => ({ id, label: label(id), test: (/** @type {Item<NetworkRow>} */ { data }) => kinds.split(' ').includes(data.kind) })),
    FAILED,
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
  keys: [began, ({ method }) => method, ({ url }) => requestName(url).toLowerCase(), ({ status }) => status, ({ duration: ms = -1 }) => ms, ({ size = -1 }) => size, began],
  rest: 2,
  totals: ({ size, span }) => [size > 0 && label('transferred', { size: bytes(size) }), span > 0 && label('within', { time: duration(span) })].filter((text) => text !== false),
};
