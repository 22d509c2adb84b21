import { diffLines } from './diff.js';
import { fill, h, together } from './dom.js';
import { label } from './label.js';
import { heading, note, redactable, table } from './text.js';

/** @typedef {[title: string, pairs: [name: string, value: unknown][]]} Table */
/** @typedef {{ row: number, title: string, tables: Table[], bodies: [title: string, lines: string[]][] }} Side  of a comparison */

/** What the others are compared with. @type {Side | null} */
let base = null;

/**
 * What differs between a request and the one that was marked before.
 * @param {Side} side
 */
export function comparison(side) {
  const box = h('div');
  const mark = h('p', { class: 'note' }, h('button', { class: 'line', onclick() {
    base = side;
    show();
  } }, label('Compare others with this')));

  function show() {
    const other = base;
    if (!other || other.row === side.row) return fill(box, mark, other && note(label('compareNext')));
    fill(
      box,
      mark,
      note(label('comparedWith', { request: other.title })),
      ...side.tables.map(([title, pairs], at) => differing(title, other.tables[at][1], pairs)),
      ...side.bodies.map(([title, lines], at) => changes(title, other.bodies[at][1], lines)),
    );
  }

  show();
  return box;
}

/** Names whose values differ, side by side. @param {string} title @param {Table[1]} before @param {Table[1]} after */
function differing(title, before, after) {
  const values = (/** @type {Table[1]} */ pairs, /** @type {string} */ name) => pairs.filter(([one]) => one.toLowerCase() === name).map(([, value]) => value ?? '').join('\n');
  const names = new Set([...before, ...after].map(([name]) => name.toLowerCase()));
  const rows = [...names].map((name) => [name, values(before, name), values(after, name)]).filter(([, a, b]) => a !== b);
  return rows.length > 0 && together(heading(title), table([label('Name'), '−', '+'], rows));
}

/** @param {string} title @param {string[]} before @param {string[]} after */
function changes(title, before, after) {
  const list = diffLines(before, after);
  return list.some(([sign]) => sign !== ' ') && together(heading(title), h('pre', { class: 'text' }, ...list.map(([sign, text]) => h('div', { class: `d${sign}` }, `${sign} `, redactable(text)))));
}
