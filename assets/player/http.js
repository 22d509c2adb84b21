/**
 * What the details of a request show, taken from its HAR entry. HAR writers differ: nothing is taken to be there.
 */

/** @typedef {[name: string, value: string]} Pair */
/** @typedef {{ text: string | null, base64: boolean, mime: string, size: number | null, left: string | null }} Body */

/** @param {unknown} list @returns {Pair[]} */
export function pairsOf(list) {
  if (!Array.isArray(list)) return [];
  return list.filter((pair) => pair && typeof pair === 'object').map((pair) => [String(pair.name ?? ''), String(pair.value ?? '')]);
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

/** @param {any} content @param {unknown} size @param {string | null} left @returns {Body} */
function bodyOf({ text, encoding, mimeType }, size, left) {
  return {
    text: typeof text === 'string' ? text : null,
    base64: encoding === 'base64',
    mime: typeof mimeType === 'string' ? mimeType.split(';')[0].trim().toLowerCase() : '',
    size: typeof size === 'number' && size >= 0 ? size : null,
    left,
  };
}

/** @param {any} entry @returns {Body & { params: Pair[] }} */
export function requestBody(entry) {
  const data = entry.request?.postData ?? {};
  const body = bodyOf(data, entry.request?.bodySize, leftOut(entry, '/request/postData/text'));
  const params = pairsOf(data.params);
  return { ...body, params: !params.length && body.text && /urlencoded/.test(body.mime) ? formPairs(body.text) : params };
}

/** `a=1&b=2`, decoded as forms are. @param {string} text @returns {Pair[]} */
export function formPairs(text) {
  return text.split('&').filter(Boolean).slice(0, 2000).map((part) => {
    const at = part.indexOf('=');
    return at < 0 ? [decoded(part), ''] : [decoded(part.slice(0, at)), decoded(part.slice(at + 1))];
  });
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** The query of the URL itself: what `queryString` says may be decoded once too often or not at all. @param {string} url */
export function queryPairs(url) {
  const query = url.split('#')[0].split('?').slice(1).join('?');
  return query ? formPairs(query) : [];
}

/** Name, then value with what else a recorder tells of a cookie. @param {unknown} list @returns {Pair[]} */
export function cookies(list) {
  return !Array.isArray(list) ? [] : list.filter(Boolean).map(({ name, value, ...rest }) => {
    const flags = Object.entries(rest).flatMap(([key, flag]) => (flag === true ? key : flag && typeof flag !== 'object' ? `${key} ${flag}` : []));
    return [String(name ?? ''), `${value ?? ''}${flags.length ? `  (${flags.join(' · ')})` : ''}`];
  });
}

const PHASES = /** @type {const} */ ([
  ['blocked', 'Stalled', 'wait'],
  ['dns', 'DNS lookup', 'dns'],
  ['connect', 'Initial connection', 'connect'],
  ['ssl', 'SSL', 'ssl'],
  ['send', 'Request sent', 'send'],
  ['wait', 'Waiting (TTFB)', 'ttfb'],
  ['receive', 'Content download', 'receive'],
]);

/**
 * The phases in order, with where each begins; -1 and absent ones are left out. `ssl` lies at the end of `connect`.
 * @param {any} entry
 * @returns {{ phases: { label: string, kind: string, start: number, ms: number }[], total: number }}
 */
export function phases(entry) {
  const timings = entry.timings ?? {};
  const found = [];
  let at = 0;
  for (const [key, label, kind] of PHASES) {
    const ms = timings[key];
    if (typeof ms !== 'number' || !(ms >= 0)) continue;
    const start = key === 'ssl' ? Math.max(0, at - ms) : at;
    found.push({ label, kind, start, ms });
    if (key !== 'ssl') at += ms;
  }
  return { phases: found, total: at };
}

/** Frames of a WebSocket or an event stream. @param {any} entry @returns {{ sent: boolean, text: string }[]} */
export function messagesOf({ _webSocketMessages, _eventSourceMessages }) {
  const list = _webSocketMessages ?? _eventSourceMessages;
  return !Array.isArray(list) ? [] : list.filter(Boolean).map(({ type, data, opcode }) => ({ sent: type === 'send', text: `${opcode === 2 ? '(binary) ' : ''}${typeof data === 'string' ? data : JSON.stringify(data)}` }));
}

/**
 * The first bytes as a hex dump of 16 a line.
 * @param {Uint8Array} bytes
 */
export function hexDump(bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const line = [...bytes.subarray(at, at + 16)];
    const hex = line.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = line.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(6, '0')}  ${hex.padEnd(47)}  ${text}`);
  }
  return lines.join('\n');
}
