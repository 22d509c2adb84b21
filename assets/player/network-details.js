/** @import { App, Detail, Item, NetworkRow } from './types.d.ts' */
/** @import { Body, Pair } from './http.js' */
/** @import { Content, Section } from './drawer.js' */
import { h } from './dom.js';
import { relatedButton } from './backend-panel.js';
import { basics } from './console-panel.js';
import { curl, fetchCall } from './curl.js';
import { bytes, duration, statusWords } from './format.js';
import { framesOf } from './frames.js';
import { cookies, hexDump, messagesOf, pairsOf, phases, queryPairs, requestBody, responseBody } from './http.js';
import { oneLine } from './inert.js';
import { parseJson, prettyJson } from './json.js';
import { jsonNode } from './remote.js';
import { heading, longText, note, pairList, stack, stackView } from './text.js';
import { treeView } from './tree.js';
import { statusOf } from './words.js';

/** Formats that cannot run or refer to anything. */
const PICTURES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
const LARGEST_JSON = 2_000_000;
const HEX_SHOWN = 4096;
const MESSAGES_SHOWN = 500;

/**
 * @param {App} app
 * @param {Item} item
 * @param {Detail} entry  a HAR entry
 * @returns {Content}
 */
export function networkDetails(app, item, entry) {
  const row = /** @type {NetworkRow} */ (item.data);
  const sent = pairsOf(entry.request?.headers);
  const got = pairsOf(entry.response?.headers);
  const query = queryPairs(row.url);
  const payload = requestBody(entry);
  const body = responseBody(entry);
  const crumbs = [cookies(entry.request?.cookies), cookies(entry.response?.cookies)];
  const messages = messagesOf(entry);
  const times = phases(entry);
  const origin = entry._initiator;
  const known = (/** @type {Body} */ { text, left }) => text !== null || left !== null;
  /** @type {[there: unknown, ...Section][]} */
  const sections = [
    [true, 'General', () => stack(general(item, row, entry), relatedButton(app, 'backend', item, 'Show its backend lines'), times.phases.length > 0 && timing(times))],
    [sent.length + got.length, 'Headers', () => stack(...titled('Request headers', sent), ...titled('Response headers', got)), sent.length + got.length],
    [known(payload) || payload.params.length || query.length, 'Payload', () => stack(...titled('Query', query), ...titled('Form', payload.params), known(payload) && bodyView(payload))],
    [known(body), 'Response', () => bodyView(body)],
    [messages.length, 'Messages', () => messageList(messages), messages.length],
    [crumbs.flat().length, 'Cookies', () => stack(...titled('Sent', crumbs[0]), ...titled('Received', crumbs[1])), crumbs.flat().length],
    [times.phases.length, 'Timing', () => timing(times)],
    [origin, 'Initiator', () => initiator(origin)],
  ];
  return {
    badge: [statusOf(row), row.failed ? 'error' : 'ok'],
    title: `${row.method} ${row.url}`,
    copies: entry.request ? [['cURL', curl(entry), 'command'], ['fetch', fetchCall(entry), 'call']] : [],
    sections: sections.flatMap(([there, ...section]) => (there ? [section] : [])),
  };
}

/** @param {Item} item @param {NetworkRow} row @param {Detail} entry */
function general(item, row, { response, serverIPAddress }) {
  return pairList([
    ['URL', row.url],
    ['Method', row.method],
    ['Status', `${statusOf(row)} ${response?.statusText || statusWords(row.status)}`],
    ['Error', row.error],
    ['Type', [row.kind, row.mime].filter(Boolean).join(' · ')],
    ['Protocol', response?.httpVersion && String(response.httpVersion)],
    ['Remote address', serverIPAddress && String(serverIPAddress)],
    ['From', row.from],
    ...basics(item),
    ['Transferred', row.size === undefined ? null : bytes(row.size)],
    ['Redirect to', response?.redirectURL && String(response.redirectURL)],
  ]);
}

/** @param {string} title @param {Pair[]} list */
function titled(title, list) {
  return list.length ? [heading(title), pairList(list.map(([name, value]) => [name, value || ' ']))] : [];
}

/** @param {ReturnType<typeof phases>} times */
function timing({ phases: list, total }) {
  const box = h('div', { class: 'phases' });
  for (const { label, kind, start, ms } of list) {
    const bar = h('i', { class: `p-${kind}` });
    bar.style.marginInlineStart = `${(start / Math.max(total, 0.001)) * 100}%`;
    bar.style.width = `${(ms / Math.max(total, 0.001)) * 100}%`;
    box.append(h('div', { class: 'phase' }, h('span', {}, label), h('span', { 'aria-hidden': 'true' }, bar), h('span', {}, duration(ms))));
  }
  box.append(h('div', { class: 'phase' }, h('span', {}, 'Total'), h('span', {}), h('span', {}, duration(total))));
  return box;
}

/** @param {any} origin */
function initiator({ type, url, lineNumber, stack: frames }) {
  return stack(pairList([['Type', type && String(type)], ['From', url && `${url}${lineNumber >= 0 ? `:${lineNumber + 1}` : ''}`]]), ...stackView(framesOf(frames)));
}

/** @param {Body} body */
function bodyView(body) {
  const about = [body.mime, body.size !== null && bytes(body.size)].filter(Boolean).join(' · ');
  if (body.text === null) return note(body.left ?? 'Nothing was recorded.');
  const box = h('div', { class: 'content' });
  const head = h('p', { class: 'note' }, oneLine(about, 200));
  box.append(head, body.base64 ? binaryView(body.text, body.mime) : textView(body.text, body.mime, head));
  if (body.left) box.append(note(body.left));
  return box;
}

/**
 * Text; JSON on lines of its own, or as a tree, or as it came.
 * @param {string} text
 * @param {string} mime
 * @param {HTMLElement} head  takes the switch
 */
function textView(text, mime, head) {
  const pretty = text.length <= LARGEST_JSON && (/json/.test(mime) || /^\s*[[{]/.test(text)) ? prettyJson(text) : null;
  if (pretty === null) return longText(text);
  const place = h('div', {});
  const parsed = parseJson(text);
  /** @type {[string, () => Node][]} */
  const ways = [['Pretty', () => longText(pretty)], parsed ? ['Tree', () => treeView([jsonNode(null, parsed.value)], 'JSON')] : ['Raw', () => longText(text)]];
  const buttons = ways.map(([label, draw], at) => h('button', { 'aria-pressed': String(at === 0), onclick: () => {
    buttons.forEach((button, other) => button.setAttribute('aria-pressed', String(other === at)));
    place.replaceChildren(draw());
  } }, label));
  head.append(' ', h('span', { class: 'seg', role: 'group', 'aria-label': 'Show as' }, ...buttons));
  place.append(ways[0][1]());
  return place;
}

/** @param {string} base64 @param {string} mime */
function binaryView(base64, mime) {
  const bytesOf = fromBase64(base64);
  if (!bytesOf) return note('The body is not readable as base64.');
  if (!PICTURES.has(mime)) return stack(longText(hexDump(bytesOf.subarray(0, HEX_SHOWN))), bytesOf.length > HEX_SHOWN && note(`The first ${bytes(HEX_SHOWN)} of ${bytes(bytesOf.length)}.`));
  const url = URL.createObjectURL(new Blob([bytesOf], { type: mime }));
  const free = () => URL.revokeObjectURL(url);
  return h('img', { class: 'preview', src: url, alt: `Picture of the response, ${bytes(bytesOf.length)}`, onload: free, onerror: free });
}

/** @param {string} base64 */
function fromBase64(base64) {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

/** @param {ReturnType<typeof messagesOf>} messages */
function messageList(messages) {
  const list = h('ol', { class: 'messages' }, ...messages.slice(0, MESSAGES_SHOWN).map(({ sent, text }) => h('li', {}, h('b', {}, sent ? 'sent' : 'got'), longText(text))));
  return stack(list, messages.length > MESSAGES_SHOWN && note(`The first ${MESSAGES_SHOWN}; the record has all.`));
}
