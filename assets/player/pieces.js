/** @import { Piece } from './seal.d.ts' */

/**
 * The stretches of files that hold bytes [from, to) of a part cut into them.
 * @param {Piece[]} pieces
 * @param {number} from
 * @param {number} to
 */
export function stretches(pieces, from, to) {
  /** @type {{ url: string, from: number, to: number, size: number }[]} */
  const found = [];
  let start = 0;
  for (const [url, size] of pieces) {
    const end = start + size;
    if (Math.max(from, start) < Math.min(to, end)) found.push({ url, from: Math.max(from, start) - start, to: Math.min(to, end) - start, size });
    start = end;
  }
  return found;
}

/** @param {Piece[]} pieces */
export function totalOf(pieces) {
  return pieces.reduce((sum, [, size]) => sum + size, 0);
}
