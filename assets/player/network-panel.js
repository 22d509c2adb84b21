/** @import { App, Item, NetworkRow } from './types.d.ts' */
/** @import { PanelSpec, Chip } from './panel.js' */
import { h } from './dom.js';
import { timeCell } from './console-panel.js';
import { streamFeed } from './feed.js';
import { bytes, duration, statusWords } from './format.js';
import { oneLine } from './inert.js';
import { networkDetails } from './network-details.js';
import { createPanel } from './panel.js';
import { cell } from './text.js';
import { requestName, statusOf } from './words.js';

/** @param {Item} item */
const requestOf = (item) => /** @type {NetworkRow} */ (item.data);

/** @type {[id: string, label: string, kinds: string[]][]} */
const KINDS = [
  ['fetch', 'Fetch', ['fetch', 'xhr', 'eventsource']],
  ['doc', 'Doc', ['document']],
  ['js', 'JS', ['script']],
  ['css', 'CSS', ['stylesheet']],
  ['img', 'Img', ['image']],
  ['ws', 'WS', ['websocket']],
  ['other', 'Other', ['font', 'media', 'other']],
];

/** @type {Chip[]} */
const CHIPS = [
  ...KINDS.map(([id, label, kinds]) => ({ id, label, test: (/** @type {Item} */ item) => kinds.includes(requestOf(item).kind) })),
  { id: 'failed', label: 'Failed', test: (item) => requestOf(item).failed === true, classes: [0, 4, 5] },
];

/** A bar over the span that the list shows; the style sheet places it, so that a moving span costs nothing here. @param {NetworkRow} row */
function waterfall(row) {
  const bar = h('span', { class: 'wf', 'aria-hidden': 'true' });
  if (row.time === undefined) return bar;
  const whole = Math.max(0, row.duration ?? 0);
  const wait = Math.min(whole, Math.max(0, row.wait ?? 0));
  bar.append(piece('w', row.time, wait), piece('r', row.time + wait, whole - wait));
  return bar;
}

/** @param {string} names @param {number} from @param {number} ms */
function piece(names, from, ms) {
  const part = h('s', { class: names });
  part.style.setProperty('--at', String(from));
  part.style.setProperty('--for', String(ms));
  return part;
}

/** @param {NetworkRow} row */
function sizeOf(row) {
  if (row.from) return oneLine(row.from, 40);
  return row.size === undefined ? '' : bytes(row.size);
}

/** @param {App} app */
export function createNetworkPanel(app) {
  /** @type {PanelSpec} */
  const spec = {
    name: 'network',
    label: 'Network',
    feed: streamFeed(app.source, 'network'),
    noun: ['request', 'requests'],
    hint: 'Filter: text, /regex/, status-code:5xx, -domain:cdn',
    columns: ['Time', 'Method', 'Name', 'Status', 'Duration', 'Size', 'Waterfall'],
    chips: CHIPS,
    draw(item) {
      const row = requestOf(item);
      const status = statusOf(row);
      return [
        timeCell(item),
        cell('m', oneLine(row.method, 20)),
        cell('name', requestName(row.url), oneLine(row.url, 2000)),
        cell('st', status, row.error ? oneLine(row.error, 200) : `${status} ${statusWords(row.status)}`.trim()),
        cell('ms', duration(row.duration)),
        cell('size', sizeOf(row)),
        waterfall(row),
      ];
    },
    dress: (row, item) => void row.classList.toggle('bad', requestOf(item).failed === true),
    totals(items) {
      const sum = items.reduce((total, item) => total + (requestOf(item).size ?? 0), 0);
      return sum ? [bytes(sum)] : [];
    },
    details: networkDetails,
  };
  return createPanel(app, spec);
}
