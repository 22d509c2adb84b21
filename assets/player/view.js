/**
 * Which places of a feed a list shows: a stretch of all of them, or of the matches of a filter.
 * @typedef {object} View
 * @property {number} length
 * @property {(index: number) => number} at  the place shown at an index
 * @property {(place: number) => number} indexOf  -1 when it is not shown
 * @property {(place: number) => number} reach  how many shown places lie below a place
 */

/**
 * The first index of an ascending list whose value is not below `value`.
 * @param {ArrayLike<number>} list
 * @param {number} length
 * @param {number} value
 */
export function lowerBound(list, length, value) {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * @param {[from: number, to: number]} places  the stretch of the feed that may be shown
 * @param {{ list: ArrayLike<number>, length: number } | null} matches
 * @returns {View}
 */
export function createView([from, to], matches) {
  if (!matches) {
    const length = Math.max(0, to - from);
    const reach = (/** @type {number} */ place) => Math.min(length, Math.max(0, place - from));
    return { length, at: (index) => from + index, indexOf: (place) => (place >= from && place < to ? place - from : -1), reach };
  }
  const { list } = matches;
  const low = lowerBound(list, matches.length, from);
  const high = Math.max(low, lowerBound(list, matches.length, to));
  const reach = (/** @type {number} */ place) => Math.min(high, Math.max(low, lowerBound(list, matches.length, place))) - low;
  return {
    length: high - low,
    at: (index) => list[low + index],
    indexOf(place) {
      const index = reach(place);
      return index < high - low && list[low + index] === place ? index : -1;
    },
    reach,
  };
}
