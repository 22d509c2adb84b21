/** @import { App, ConsoleRow, Detail, Item } from './types.d.ts' */
/** @import { PanelSpec } from './panel.js' */
/** @import { Content } from './drawer.js' */
import { h } from './dom.js';
import { stripAnsi } from './ansi.js';
import { streamFeed } from './feed.js';
import { duration } from './format.js';
import { framesOf } from './frames.js';
import { oneLine } from './inert.js';
import { leftOut } from './http.js';
import { createPanel } from './panel.js';
import { jsonNode, plainValue } from './remote.js';
import { cell, longText, note, pairList, redactable, stack, stackView } from './text.js';
import { formatTime } from './time.js';
import { treeView } from './tree.js';

export const LEVELS = /** @type {const} */ (['error', 'warn', 'info', 'debug']);
const MARKS = { error: '✕', warn: '▲', info: 'i', debug: '·' };
const LEVEL_NAMES = { error: 'Errors', warn: 'Warnings', info: 'Info', debug: 'Debug' };

/** @param {Item} item */
const consoleRow = (item) => /** @type {ConsoleRow} */ (item.data);

/** @param {Item} item */
export function timeCell({ data }) {
  return cell('t', data.time === undefined ? '–' : formatTime(data.time));
}

/** The level as a sign, its name for those who hear it. @param {keyof typeof MARKS} level */
export function levelMark(level) {
  return h('span', { class: `level ${level}`, title: level }, h('span', { 'aria-hidden': 'true' }, MARKS[level]), h('span', { class: 'unseen' }, level));
}

/** @param {string} text */
export function lineOf(text) {
  return redactable(oneLine(stripAnsi(text)));
}

/**
 * Level chips of a stream, with their counts.
 * @param {App} app
 * @param {'console' | 'backend'} stream
 */
export function levelChips(app, stream) {
  const classes = app.source.manifest.streams[stream]?.classes ?? [];
  return LEVELS.flatMap((level, place) => (classes[place] ? [{
    id: level,
    label: LEVEL_NAMES[level],
    count: classes[place],
    classes: [place],
    test: (/** @type {Item} */ item) => consoleRow(item).level === level,
  }] : []));
}

/**
 * @param {App} _app
 * @param {Item} item
 * @param {Detail} detail
 * @returns {Content}
 */
export function consoleDetails(_app, item, detail) {
  const row = consoleRow(item);
  const text = String(detail.text || row.text);
  const frames = framesOf(detail.stackTrace ?? detail.stack);
  const nodes = Array.isArray(detail.args) ? detail.args.map((arg) => jsonNode(null, plainValue(arg))) : [];
  const whole = [stripAnsi(text), ...frames.map(({ name, url, line, column }) => `    at ${name} (${url}:${line ?? ''}:${column ?? ''})`)].join('\n');
  return {
    badge: [row.uncaught ? 'uncaught' : row.method ?? row.level, row.level],
    title: stripAnsi(text),
    copies: [['Copy', whole, 'message']],
    sections: [['Message', () => stack(
      longText(stripAnsi(text)),
      typeof detail.stack === 'string' && longText(detail.stack),
      leftOut(detail, '/text') !== null && note(String(leftOut(detail, '/text'))),
      nodes.some((node) => node.children) && treeView(nodes, 'Arguments'),
      ...stackView(frames),
      pairList([...basics(item), ['Kind', row.type], ['Location', row.at], ['Repeated', (row.repeat ?? 1) > 1 && `${row.repeat} times`]]),
    )]],
  };
}

/** What every kind of row can have. @param {Item} item @returns {[string, string | null | undefined][]} */
export function basics({ data }) {
  return [['Time', data.time === undefined ? null : formatTime(data.time)], ['Duration', duration(data.duration)], ['Trace', data.trace], ['Request', data.request]];
}

/** @param {HTMLElement} row @param {Item} item */
export function dressLevel(row, item) {
  row.classList.add(`is-${consoleRow(item).level}`);
}

/** @param {App} app */
export function createConsolePanel(app) {
  /** @type {PanelSpec} */
  const spec = {
    name: 'console',
    label: 'Console',
    feed: streamFeed(app.source, 'console'),
    noun: ['message', 'messages'],
    hint: 'Filter: text, /regex/, level:error, -word',
    columns: ['Time', 'Level', 'Message', 'Location'],
    chips: levelChips(app, 'console'),
    draw(item) {
      const row = consoleRow(item);
      const message = h('span', { class: 'msg' }, (row.repeat ?? 1) > 1 && h('span', { class: 'times', title: `Repeated ${row.repeat} times` }, `${row.repeat}×`), lineOf(row.text), row.cut && '…');
      return [timeCell(item), levelMark(row.level), message, cell('at', oneLine(row.at ?? '', 200), row.at && oneLine(row.at, 400))];
    },
    dress: dressLevel,
    details: consoleDetails,
  };
  return createPanel(app, spec);
}
