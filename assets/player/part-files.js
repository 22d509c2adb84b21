/** @import { Piece } from './seal.d.ts' */
/** @import { Part } from './types.d.ts' */
import { totalOf } from './pieces.js';
import { StateError } from './states.js';

/**
 * The files that carry a part, by path, and their lengths.
 * @param {Part} part
 * @param {number} size of what is carried, in bytes
 * @returns {Piece[]}
 */
export function filesOf({ file, files }, size) {
  const list = files ?? (file ? [/** @type {Piece} */ ([file, size])] : []);
  if ((file && files) || files?.length === 0 || totalOf(list) !== size) throw new StateError('damaged');
  return list;
}

/**
 * The same by address.
 * @param {Piece[]} files
 * @param {(path: string) => string | null} urlOf
 */
export function addressesOf(files, urlOf) {
  return files.map(([path, size]) => {
    const url = urlOf(path);
    if (!url) throw new StateError('damaged');
    return /** @type {Piece} */ ([url, size]);
  });
}
