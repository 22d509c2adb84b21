/** @import { Item, StreamName } from './types.d.ts' */
import { stripAnsi } from './ansi.js';
import { partsOf } from './urls.js';
import { statusOf } from './words.js';

/** The members that words are looked up in. @type {Record<StreamName, string[]>} */
const TEXTS = {
  console: ['text', 'at'],
  network: ['method', 'url', 'status', 'error'],
  actions: ['kind', 'label', 'target', 'value', 'url', 'error'],
  backend: ['service', 'text', 'trace', 'request'],
  transcript: ['text'],
};
const UNITS = /** @type {Record<string, number>} */ ({ k: 1e3, kb: 1e3, m: 1e6, mb: 1e6, g: 1e9, s: 1e3 });

/** “10k”, “1.5m” in bytes, “300”, “300ms”, “2s” in ms. @param {string} value in lower case */
export function amount(value) {
  const [, number = 'NaN', unit = ''] = /^([\d.]+)([a-z]*)$/.exec(value) ?? [];
  return Number(number) * (UNITS[unit] ?? 1);
}

/** @param {Item} item @param {string} name */
const member = (item, name) => String(item.data[name] ?? '').toLowerCase();

/** @typedef {(value: string) => (item: Item) => boolean} Check */
/** @type {(name: string) => Check} */
const is = (name) => (value) => (item) => member(item, name) === value;
/** @type {(name: string) => Check} */
const holds = (name) => (value) => (item) => member(item, name).includes(value);
/** @type {(name: string) => Check} */
const above = (name) => (value) => {
  const limit = amount(value);
  return (item) => Number(member(item, name)) > limit;
};

/** “404”, “5xx”, “failed”, “canceled”, “unfinished”. @type {Check} */
const statusIs = (value) => ({ stream, data }) => {
  if (stream !== 'network') return false;
  const status = statusOf(data);
  return status === value || (/^\d(xx)?$/.test(value) && status.length === 3 && status[0] === value[0]);
};

/** `example.com` also means what lies under it, `*.example.com` only that. @type {Check} */
const domainIs = (value) => (item) => {
  const { host } = partsOf(member(item, 'url'));
  return value.startsWith('*.') ? host.endsWith(value.slice(1)) : host.includes(value);
};

/** What the filter language knows of rows; a key does not hold for a row that lacks it. */
export const FIELDS = {
  /** What words are looked up in, made by the item itself where that is less work. @param {Item & { all?: string }} item */
  text: (item) => item.all ?? stripAnsi(TEXTS[item.stream].map((name) => item.data[name]).join(' ')),
  /** @type {Record<string, Check>} */
  keys: {
    'status-code': statusIs,
    domain: domainIs,
    'larger-than': above('size'),
    'slower-than': above('duration'),
    'mime-type': holds('mime'),
    method: is('method'),
    url: holds('url'),
    from: holds('from'),
    kind: is('kind'),
    sign: is('sign'),
    level: holds('level'),
    at: holds('at'),
    service: is('service'),
    trace: is('trace'),
    request: is('request'),
  },
};

/** A failure as FORMAT.md counts it. @param {Pick<Item, 'stream' | 'data'>} item */
export function isFailure({ stream, data }) {
  return stream === 'network' ? data.failed === true : stream === 'actions' ? data.error !== undefined : data.level === 'error';
}
