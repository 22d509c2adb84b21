/** @import { Frame } from './frames.js' */
import { h } from './dom.js';
import { frameWords } from './frames.js';
import { oneLine, visible } from './inert.js';

const REDACTED = /\[redacted [\w.-]+#\d+\]/g;
/** Characters of a text shown before the reader asks for the rest. */
const TEXT_SHOWN = 100_000;

/**
 * A recorded text in a span of its own, isolated in direction, what was redacted marked as such.
 * @param {unknown} text
 * @param {string} [names]
 */
export function redactable(text, names = '') {
  const span = h('bdi', { class: names });
  const shown = visible(text);
  let from = 0;
  for (const match of shown.matchAll(REDACTED)) {
    span.append(shown.slice(from, match.index), h('span', { class: 'red' }, match[0]));
    from = match.index + match[0].length;
  }
  span.append(shown.slice(from));
  return span;
}

/**
 * A long text, wrapped and selectable, the first part of it until more is asked for.
 * @param {string} text
 */
export function longText(text) {
  const box = h('pre', { class: 'text', dir: 'auto' });
  box.append(redactable(text.slice(0, TEXT_SHOWN)));
  if (text.length > TEXT_SHOWN) {
    const more = h('button', { class: 'line', onclick: () => box.replaceChildren(redactable(text)) }, `Show all ${text.length.toLocaleString('en-US')} characters`);
    box.append('\n', more);
  }
  return box;
}

/**
 * Names and values.
 * @param {[name: string, value: string | null | undefined | false][]} pairs  those without a value are left out
 */
export function pairList(pairs) {
  const list = h('dl', {});
  for (const [name, value] of pairs) {
    if (value) list.append(h('dt', {}, h('bdi', {}, visible(name))), h('dd', {}, redactable(value)));
  }
  return list;
}

/** @param {Frame[]} frames @returns {Node[]} with its heading; nothing when there are none */
export function stackView(frames) {
  return !frames.length ? [] : [heading('Stack'), h('ol', { class: 'stack' }, ...frames.flatMap((frame) => [
    frame.after !== undefined && h('li', { class: 'async' }, `${oneLine(frame.after, 80)} (async)`),
    h('li', {}, h('bdi', { class: 'fn' }, oneLine(frame.name, 200)), ' ', h('bdi', { class: 'where', title: visible(`${frame.url}:${frame.line ?? ''}:${frame.column ?? ''}`) }, oneLine(frameWords(frame), 200))),
  ]))];
}

/** @param {string} text */
export function heading(text) {
  return h('h3', {}, text);
}

/** @param {string} text */
export function note(text) {
  return h('p', { class: 'note' }, visible(text));
}

/** @param {...(Node | null | false | undefined)} parts */
export function stack(...parts) {
  const box = document.createDocumentFragment();
  box.append(...parts.filter((part) => part !== null && part !== undefined && part !== false));
  return box;
}

/** A cell of a row. @param {string} names @param {string | Node} content @param {string} [title] */
export function cell(names, content, title) {
  return h('span', { class: names, title }, typeof content === 'string' ? h('bdi', {}, content) : content);
}
