/**
 * What the details of a request show, taken from its HAR entry. HAR writers differ: nothing is taken to be there.
 */
import { multipart } from './body.js';
import { pairsIn } from './pairs.js';
import { partsOf } from './urls.js';

/** @typedef {[name: string, value: string]} Pair */
/** @typedef {{ text: string | null, base64: boolean, mime: string, size: number | null, left: string | null }} Body */

/** @param {unknown} list @returns {any[]} */
function objectsOf(list) {
  return Array.isArray(list) ? list.filter((one) => one && typeof one === 'object') : [];
}

/** @param {unknown} list @returns {Pair[]} */
export function pairsOf(list) {
  return objectsOf(list).map(({ name, value }) => [String(name ?? ''), String(value ?? '')]);
}

/** Why a member is not there, in words; null when nothing was left out. @param {any} entry @param {string} path */
export function leftOut(entry, path) {
  const words = entry._sealcast?.left_out?.[path];
  return typeof words === 'string' ? words : null;
}

/** @param {any} entry @returns {Body} */
export function responseBody(entry) {
  const content = entry.response?.content ?? {};
  return bodyOf(content, content.size, leftOut(entry, '/response/content/text'));
}

/** @param {any} entry @returns {Body & { params: Pair[] }} */
export function requestBody(entry) {
  const data = entry.request?.postData ?? {};
  const body = bodyOf(data, entry.request?.bodySize, leftOut(entry, '/request/postData/text'));
  const form = /urlencoded/.test(body.mime) ? pairsIn(body.text ?? '') : body.mime === 'multipart/form-data' ? multipart(body.text ?? '') : [];
  return { ...body, params: data.params?.length ? pairsOf(data.params) : form };
}

/** @param {any} content @param {number | undefined} size @param {string | null} left @returns {Body} */
function bodyOf({ text, encoding, mimeType }, size, left) {
  return {
    text: typeof text === 'string' ? text : null,
    base64: encoding === 'base64',
    mime: String(mimeType ?? '').split(';')[0].trim().toLowerCase(),
    size: size !== undefined && size >= 0 ? size : null,
    left,
  };
}

/** The query of the URL itself: what `queryString` says may be decoded once too often or not at all. @param {string} url */
export function queryPairs(url) {
  return pairsIn(partsOf(url).query);
}

/**
 * Name, value, and what else is known of it; from the headers where the recorder lists no cookies.
 * @param {any} message  request or response
 * @param {'cookie' | 'set-cookie'} header
 * @returns {[name: string, value: string, more: string][]}
 */
export function cookies(message, header) {
  const listed = objectsOf(message?.cookies);
  if (listed.length) {
    return listed.map(({ name, value, ...rest }) => {
      const flags = Object.entries(rest).flatMap(([key, flag]) => (flag === true ? key : flag && typeof flag !== 'object' ? `${key} ${flag}` : []));
      return [String(name ?? ''), String(value ?? ''), flags.join(' · ')];
    });
  }
  const values = pairsOf(message?.headers).flatMap(([name, value]) => (name.toLowerCase() === header ? value.split(header === 'cookie' ? ';' : '\n') : []));
  return values.map((text) => {
    const [pair, ...flags] = text.split(';').map((part) => part.trim());
    const [name, ...value] = pair.split('=');
    return [name, value.join('='), flags.join(' · ')];
  });
}

/** @typedef {typeof PHASES[number]} Phase */
/** In their order; each kind has its colour. */
const PHASES = /** @type {const} */ (['blocked', 'dns', 'connect', 'ssl', 'send', 'wait', 'receive']);

/**
 * The phases in order, with where each begins; -1 and absent ones are left out. `ssl` lies at the end of `connect`.
 * @param {any} entry
 * @returns {{ phases: { kind: Phase, start: number, ms: number }[], total: number }}
 */
export function phases(entry) {
  const found = [];
  let total = 0;
  for (const kind of PHASES) {
    const ms = entry.timings?.[kind];
    if (!(ms >= 0)) continue;
    found.push({ kind, start: kind === 'ssl' ? Math.max(0, total - ms) : total, ms });
    if (kind !== 'ssl') total += ms;
  }
  return { phases: found, total };
}

/**
 * Frames of a WebSocket or an event stream, with the ms from the entry's start to each where both times are known.
 * @param {any} entry
 * @returns {{ sent: boolean, after: number, text: string, base64: boolean }[]}
 */
export function messagesOf({ _webSocketMessages, _eventSourceMessages, startedDateTime }) {
  const start = Date.parse(startedDateTime);
  return objectsOf(_webSocketMessages ?? _eventSourceMessages).map(({ type, time, data, opcode }) => ({
    sent: type === 'send', after: typeof time === 'number' ? time - start : NaN, text: typeof data === 'string' ? data : JSON.stringify(data) ?? '', base64: opcode === 2,
  }));
}
