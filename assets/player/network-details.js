/** @import { App, Detail, Item, NetworkRow } from './types.d.ts' */
/** @import { Body, Pair } from './http.js' */
/** @import { Content, Section } from './drawer.js' */
import { basics, relatedButton } from './basics.js';
import { curl } from './curl.js';
import { h, together } from './dom.js';
import { bytes, duration, statusWords } from './format.js';
import { framesOf } from './frames.js';
import { cookies, messagesOf, pairsOf, phases, queryPairs, requestBody, responseBody } from './http.js';
import { prettyJson } from './json.js';
import { label } from './label.js';
import { heading, longText, note, pairList, stackView } from './text.js';
import { statusText } from './words.js';

const LARGEST_JSON = 2_000_000;
const MESSAGES_SHOWN = 500;

/**
 * @param {App} app
 * @param {Item<NetworkRow>} item
 * @param {Detail} entry  a HAR entry
 * @returns {Content}
 */
export function networkDetails(app, item, entry) {
  const row = item.data;
  const sent = pairsOf(entry.request?.headers);
  const got = pairsOf(entry.response?.headers);
  const query = queryPairs(row.url);
  const payload = requestBody(entry);
  const body = responseBody(entry);
  const given = cookies(entry.request?.cookies);
  const taken = cookies(entry.response?.cookies);
  const messages = messagesOf(entry);
  const times = phases(entry);
  const origin = entry._initiator;
  const known = (/** @type {Body} */ { text, left }) => text !== null || left !== null;
  /** @type {[there: unknown, ...Section][]} */
  const sections = [
    [true, label('General'), () => together(general(item, entry), relatedButton(app, item, 'backend', label('Show its backend lines')), times.total > 0 && timing(times))],
    [sent.length + got.length, label('Headers'), () => together(titled(label('Request headers'), sent), titled(label('Response headers'), got)), sent.length + got.length],
    [known(payload) || payload.params.length || query.length, label('Payload'), () => together(titled(label('Query'), query), titled(label('Form'), payload.params), known(payload) && bodyView(payload))],
    [known(body), label('Response'), () => bodyView(body)],
    [messages.length, label('Messages'), () => messageList(messages), messages.length],
    [given.length + taken.length, label('Cookies'), () => together(titled(label('Sent'), given), titled(label('Received'), taken)), given.length + taken.length],
    [times.phases.length, label('Timing'), () => timing(times)],
    [origin, label('Initiator'), () => initiator(origin)],
  ];
  return {
    badge: [statusText(row), row.failed ? 'error' : 'ok'],
    title: `${row.method} ${row.url}`,
    copy: [label('Copy as cURL'), curl(entry), label('Command')],
    sections: sections.flatMap(([there, ...section]) => (there ? [section] : [])),
  };
}

/** @param {Item<NetworkRow>} item @param {Detail} entry */
function general(item, { response, serverIPAddress }) {
  const row = item.data;
  return pairList([
    ['URL', row.url],
    [label('Method'), row.method],
    [label('Status'), `${statusText(row)} ${response?.statusText || statusWords(row.status)}`],
    [label('Error'), row.error],
    [label('Type'), [row.kind, row.mime].filter(Boolean).join(' · ')],
    [label('Protocol'), response?.httpVersion],
    [label('Remote address'), serverIPAddress],
    [label('From'), row.from],
    ...basics(item),
    [label('Transferred'), bytes(row.size)],
    [label('Redirect to'), response?.redirectURL],
  ]);
}

/** @param {string} title @param {Pair[]} list */
function titled(title, list) {
  return list.length > 0 && together(heading(title), pairList(list.map(([name, value]) => [name, value || ' '])));
}

/** @param {ReturnType<typeof phases>} times */
function timing({ phases: list, total }) {
  const share = (/** @type {number} */ ms) => `${(ms / Math.max(total, 0.001)) * 100}%`;
  return h('div', { class: 'phases' }, ...[...list, { name: label('Total'), kind: '', start: 0, ms: total }].map(({ name, kind, start, ms }) => {
    const bar = h('i', { class: `p-${kind}` });
    bar.style.marginInlineStart = share(start);
    bar.style.width = share(ms);
    return h('div', { class: 'phase' }, h('span', {}, name), h('span', { 'aria-hidden': 'true' }, kind && bar), h('span', {}, duration(ms)));
  }));
}

/** @param {any} origin */
function initiator({ type, url, lineNumber, stack }) {
  return together(pairList([[label('Type'), type], [label('From'), url && `${url}${lineNumber >= 0 ? `:${lineNumber + 1}` : ''}`]]), stackView(framesOf(stack)));
}

/** @param {Body} body */
function bodyView({ text, base64, mime, size, left }) {
  if (text === null) return note(left ?? label('Nothing was recorded.'));
  const about = [mime, bytes(size)].filter(Boolean).join(' · ');
  return together(note(about), base64 ? note(label('notText')) : textView(text), left && note(left));
}

/** Text; JSON on lines of its own. @param {string} text */
function textView(text) {
  return longText((text.length <= LARGEST_JSON && prettyJson(text)) || text);
}

/** @param {boolean} sent @param {number} after ms */
function messageWords(sent, after) {
  const way = label(sent ? 'sent' : 'got');
  return after >= 0 ? label('messageAfter', { way, time: duration(after) }) : way;
}

/** @param {ReturnType<typeof messagesOf>} messages */
function messageList(messages) {
  const list = h('ol', { class: 'messages' }, ...messages.slice(0, MESSAGES_SHOWN).map(({ sent, after, text }) => h('li', {}, h('b', {}, messageWords(sent, after)), longText(text))));
  return together(list, messages.length > MESSAGES_SHOWN && note(label('firstMessages', { count: MESSAGES_SHOWN })));
}
