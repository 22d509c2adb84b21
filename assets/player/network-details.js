/** @import { App, Detail, Item, NetworkRow } from './types.d.ts' */
/** @import { Body, Pair } from './http.js' */
/** @import { Content, Section } from './drawer.js' */
import { basics, relatedButton } from './basics.js';
import { hexDump, readBody } from './body.js';
import { comparison } from './compare.js';
import { FORMS, curl } from './curl.js';
import { fill, h, together } from './dom.js';
import { bytes, duration, statusWords } from './format.js';
import { filterBox } from './filter-box.js';
import { framesOf } from './frames.js';
import { cookies, messagesOf, pairsOf, phases, queryPairs, requestBody, responseBody } from './http.js';
import { prettyJson } from './json.js';
import { label, labelOf } from './label.js';
import { compileQuery } from './query.js';
import { heading, longText, note, pairList, stackView, table } from './text.js';
import { bodyView, present, views } from './views.js';
import { statusText } from './words.js';

const MESSAGES_SHOWN = 500;
/** Lines of a body that are compared. */
const COMPARED = 3000;

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
  const given = cookies(entry.request, 'cookie');
  const taken = cookies(entry.response, 'set-cookie');
  const messages = messagesOf(entry);
  const times = phases(entry);
  const origin = entry._initiator;
  const known = (/** @type {Body} */ { text, left }) => text !== null || left !== null;
  /** @type {[there: unknown, ...Section][]} */
  const sections = [
    [true, label('General'), () => together(pairList(general(item, entry)), relatedButton(app, item, 'backend', label('Show its backend lines')), times.total > 0 && timing(times))],
    [sent.length + got.length, label('Headers'), () => together(titled(label('Request headers'), sent), titled(label('Response headers'), got)), sent.length + got.length],
    [known(payload) || payload.params.length || query.length, label('Payload'), () => together(titled(label('Query'), query), titled(label('Form'), payload.params), known(payload) && bodyView(payload))],
    [known(body), label('Response'), () => bodyView(body)],
    [messages.length, label('Messages'), () => messageList(messages), messages.length],
    [given.length + taken.length, label('Cookies'), () => together(cookieTable(label('Sent'), given), cookieTable(label('Received'), taken)), given.length + taken.length],
    [times.phases.length, label('Timing'), () => timing(times)],
    [origin, label('Initiator'), () => initiator(origin)],
    [true, label('Copy'), () => views(label('Copy'), FORMS.map(([name, make]) => [name, () => form(app, name, make(entry))]))],
    [true, label('Compare'), () => comparison(sideOf(item, entry))],
  ];
  return {
    badge: [statusText(row), row.failed ? 'error' : 'ok'],
    title: `${row.method} ${row.url}`,
    copy: [label('Copy as cURL'), curl(entry), label('Command')],
    sections: present(sections),
  };
}

/** @param {Item<NetworkRow>} item @param {Detail} entry */
function general(item, { response, serverIPAddress }) {
  const row = item.data;
  return /** @type {[string, unknown][]} */ ([
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
  return h('div', { class: 'phases' }, ...[...list, { kind: '', start: 0, ms: total }].map(({ kind, start, ms }) => {
    const bar = h('i', { class: `p-${kind}` });
    bar.style.marginInlineStart = share(start);
    bar.style.width = share(ms);
    return h('div', { class: 'phase' }, h('span', {}, kind ? labelOf('phase ', kind) : label('Total')), h('span', { 'aria-hidden': 'true' }, kind && bar), h('span', {}, duration(ms)));
  }));
}

/** @param {any} origin */
function initiator({ type, url, lineNumber, stack }) {
  return together(pairList([[label('Type'), type], [label('From'), url && `${url}${lineNumber >= 0 ? `:${lineNumber + 1}` : ''}`]]), stackView(framesOf(stack)));
}

/** @param {string} title @param {string[][]} list */
function cookieTable(title, list) {
  return list.length > 0 && together(heading(title), table([label('Name'), label('Value'), label('Details')], list));
}

/** @param {App} app @param {string} name @param {string} text */
function form(app, name, text) {
  return together(h('p', { class: 'note' }, h('button', { class: 'line', onclick: () => app.copy(text, name) }, label('Copy'))), name === 'cURL (cmd)' && note(label('cmdBreaks')), longText(text));
}

/** What two requests are compared by. @param {Item<NetworkRow>} item @param {Detail} entry */
function sideOf(item, entry) {
  const words = (/** @type {Body} */ body) => {
    const { text } = readBody(body);
    return (text === null ? body.text ?? body.left ?? '' : prettyJson(text) ?? text).split('\n').slice(0, COMPARED);
  };
  const { request, response } = entry;
  return {
    row: item.row,
    title: `${item.data.method} ${item.data.url}`,
    tables: /** @type {import('./compare.js').Table[]} */ ([
      [label('General'), general(item, entry)],
      [label('Query'), queryPairs(item.data.url)],
      [label('Request headers'), pairsOf(request?.headers)],
      [label('Response headers'), pairsOf(response?.headers)],
      [label('Timing'), phases(entry).phases.map(({ kind, ms }) => [label(`phase ${kind}`), duration(ms)])],
    ]),
    bodies: /** @type {[string, string[]][]} */ ([[label('Payload'), words(requestBody(entry))], [label('Response'), words(responseBody(entry))]]),
  };
}

/** @param {boolean} sent @param {number} after ms */
function messageWords(sent, after) {
  const way = label(sent ? 'sent' : 'got');
  return after >= 0 ? label('messageAfter', { way, time: duration(after) }) : way;
}

/** @typedef {ReturnType<typeof messagesOf>[number]} Message */
const MESSAGE_FIELDS = {
  text: (/** @type {Message} */ { text }) => text,
  keys: { is: (/** @type {string} */ way) => (/** @type {Message} */ { sent }) => way === (sent ? 'sent' : 'got') },
};

/** @param {Message[]} messages */
function messageList(messages) {
  const list = h('ol', { class: 'messages' });
  const rest = note(label('firstMessages', { count: MESSAGES_SHOWN }));
  const input = filterBox(label('filterOf', { panel: label('Messages') }), label('filterHint', { examples: 'is:sent, -is:got' }), { oninput: show });

  function show() {
    const { test } = compileQuery(input.value, MESSAGE_FIELDS);
    const found = test ? messages.filter(test) : messages;
    rest.hidden = found.length <= MESSAGES_SHOWN;
    fill(list, ...found.slice(0, MESSAGES_SHOWN).map((message) => {
      const { bytes: all, text } = readBody({ ...message, mime: '' });
      return h('li', {}, h('b', {}, messageWords(message.sent, message.after), h('br'), bytes(all.length)), longText(text ?? hexDump(all)));
    }));
  }

  show();
  return together(h('div', { class: 'tools' }, input), list, rest);
}
