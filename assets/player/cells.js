/** @import { App, ConsoleRow, Item } from './types.d.ts' */
/** @import { Child } from './dom.js' */
import { stripAnsi } from './ansi.js';
import { h } from './dom.js';
import { isFailure } from './fields.js';
import { oneLine } from './inert.js';
import { label, labelOf } from './label.js';
import { rowTime } from './row-time.js';
import { redactable } from './text.js';

const LEVELS = /** @type {const} */ (['error', 'warn', 'info', 'debug']);
const LEVEL_NAMES = /** @type {const} */ (['errors', 'warnings', 'infos', 'debugLines']);
const SIGNS = { error: '✕', warn: '▲', info: 'i', debug: '·' };

/** A cell of a row. @param {string} names @param {Child} content @param {string} [title] */
export function cell(names, content, title) {
  return h('span', { class: names, dir: 'auto', title: title || null }, typeof content === 'string' ? h('bdi', {}, content) : content);
}

/** A sign, and what it means for those who hear it. @param {string} names @param {Child} face @param {string} words */
export function sign(names, face, words) {
  return h('span', { class: names, title: words }, h('span', { 'aria-hidden': 'true' }, face), h('span', { class: 'unseen' }, words));
}

/** @param {Item} item */
export function timeCell({ data }) {
  return cell('t', data.time === undefined ? '–' : rowTime(data.time));
}

/** @param {string} level */
export function levelWords(level) {
  return level === 'info' ? label('levelInfo') : labelOf('', level);
}

/** @param {Item} item */
export function levelCell({ data: { level } }) {
  return sign(`level ${level}`, SIGNS[/** @type {ConsoleRow['level']} */ (level)], levelWords(level));
}

/** A line of a log. @param {Item<ConsoleRow>} item */
export function messageCell({ data: { text, repeat: told = 1, again = 0, cut } }) {
  const repeat = told * (again + 1);
  const times = repeat > 1 && h('span', { class: 'times', title: label('repeated', { count: repeat }) }, `${repeat}×`);
  return h('span', { class: 'msg', dir: 'auto' }, times, redactable(oneLine(stripAnsi(text))), cut && '…');
}

/** What colours a row. @param {Item} item */
export function toneOf(item) {
  return isFailure(item) ? 'is-error' : item.data.level ? `is-${item.data.level}` : '';
}

/**
 * Level chips of a stream, with their counts.
 * @param {App} app
 * @param {'console' | 'backend'} stream
 */
export function levelChips(app, stream) {
  const classes = app.source.manifest.streams[stream]?.classes ?? [];
  return LEVELS.map((level, place) => ({
    id: level,
    label: label(LEVEL_NAMES[place]),
    count: classes[place],
    test: (/** @type {Item} */ { data }) => data.level === level,
  })).filter(({ count }) => count);
}

/** @type {import('./panel.js').Chip} */
export const FAILED = { id: 'failed', label: label('Failed'), test: isFailure };
