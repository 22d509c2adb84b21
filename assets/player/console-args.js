/** @import { Piece } from './ansi.js' */
/** @import { TreeNode } from './remote.js' */
import { ansiPieces } from './ansi.js';
import { jsonNode } from './remote.js';

/** What a table shows at most. */
const TABLE_ROWS = 500;
const TABLE_COLUMNS = 40;

/** An argument as the text of a message has it. @param {any} arg */
function argWords(arg) {
  const value = arg?.value ?? arg;
  return typeof value === 'string' ? value : jsonNode(null, arg, true).text;
}

/**
 * A message in pieces with the styles of `%c` among its arguments, else those of a terminal.
 * @param {string} text  as recorded
 * @param {any[]} args
 * @returns {Piece[]}
 */
export function styledPieces(text, [format = '', ...rest]) {
  const words = argWords(format);
  if (!words.includes('%c')) return ansiPieces(text);
  let css = '';
  const pieces = words.split(/(%[csdifoO%])/).flatMap((part, place) => {
    if (place % 2 === 0 || (part !== '%%' && !rest.length)) return ansiPieces(part, css);
    const said = part === '%%' ? '%' : argWords(rest.shift());
    if (part !== '%c') return ansiPieces(said, css);
    css = said;
    return [];
  });
  return [...pieces, ...rest.map((arg) => /** @type {Piece} */ ([` ${argWords(arg)}`, '']))];
}

/**
 * What `console.table` was given, as heads and rows; null when it is nothing with rows.
 * @param {TreeNode | undefined} node
 * @returns {[heads: string[], rows: string[][]] | null}
 */
export function tableOf(node) {
  const rows = node?.children?.().slice(0, TABLE_ROWS);
  if (!rows) return null;
  // A row that is one value has a cell without a name.
  const cells = rows.map((row) => new Map(row.children?.().map(({ key, text }) => [key, text]) ?? [['', row.text]]));
  const names = [...new Set(cells.flatMap((row) => [...row.keys()]))].slice(0, TABLE_COLUMNS);
  return [['', ...names.map(String)], rows.map(({ key }, place) => [String(key), ...names.map((name) => cells[place].get(name) ?? '')])];
}
