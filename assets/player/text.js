/** @import { Piece } from './ansi.js' */
/** @import { Frame } from './frames.js' */
import { safeRules } from './ansi.js';
import { h, together } from './dom.js';
import { foldFrames, frameWords, placeIn } from './frames.js';
import { oneLine, visible } from './inert.js';
import { label } from './label.js';

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

/** Puts the focus on what stands around a button that is about to go. @param {Element} place */
export function refocus(place) {
  /** @type {HTMLElement | null} */ (place.closest('[tabindex]'))?.focus();
}

/** A text as its console showed it. @param {Piece[]} pieces */
export function styledText(pieces) {
  return h('pre', { class: 'text', dir: 'auto' }, ...pieces.filter(([text]) => text).map(([text, css]) => {
    const span = redactable(text, 'ink');
    // A colour is made readable in both themes.
    for (const [name, value] of safeRules(css)) span.style.setProperty(name === 'color' ? '--ink' : name, value);
    return span;
  }));
}

/**
 * A long text, wrapped and selectable, the first part of it until more is asked for.
 * @param {string} text
 */
export function longText(text) {
  const box = h('pre', { class: 'text', dir: 'auto' });
  box.append(redactable(text.slice(0, TEXT_SHOWN)));
  if (text.length > TEXT_SHOWN) {
    const more = h('button', { class: 'line', onclick() {
      refocus(box);
      box.replaceChildren(redactable(text));
    } }, label('showCharacters', { count: text.length }));
    box.append('\n', more);
  }
  return box;
}

/**
 * Names and values.
 * @param {[name: string, value: unknown][]} pairs  those without a value are left out
 */
export function pairList(pairs) {
  const there = pairs.filter(([, value]) => value);
  return h('dl', {}, ...there.flatMap(([name, value]) => [h('dt', {}, h('bdi', {}, visible(name))), h('dd', {}, redactable(value))]));
}

/** @param {Frame[]} frames @param {string} [page] */
export function stackView(frames, page) {
  return frames.length > 0 && together(heading(label('Stack')), h('ol', { class: 'stack' }, ...foldFrames(frames, page).flatMap((part) => (Array.isArray(part)
    ? h('li', {}, h('details', {}, h('summary', {}, label('moreFrames', { count: part.length })), h('ol', {}, ...part.flatMap(frameItems))))
    : frameItems(part)))));
}

/** @param {Frame} frame */
function frameItems(frame) {
  return [
    frame.after !== undefined && h('li', { class: 'async' }, label('asyncAfter', { name: oneLine(frame.after, 80) })),
    h('li', {}, h('bdi', { class: 'fn' }, oneLine(frame.name, 200)), ' ', h('bdi', { class: 'where', title: visible(placeIn(frame)) }, oneLine(frameWords(frame), 200))),
  ];
}

/** @param {string[]} heads @param {unknown[][]} rows */
export function table(heads, rows) {
  return h('table', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col' }, head))), ...rows.map((cells) => h('tr', {}, ...cells.map((text) => h('td', {}, redactable(text))))));
}

/** @param {string} text */
export function heading(text) {
  return h('h3', {}, text);
}

/** @param {string} text */
export function note(text) {
  return h('p', { class: 'note' }, visible(text));
}
