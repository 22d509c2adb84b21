import { firstNot } from './search.js';

/**
 * Which places of a feed a list shows: a stretch of all of them, or of the matches of a filter.
 * @typedef {object} View
 * @property {number} length
 * @property {(index: number) => number} at  the place shown at an index
 * @property {(place: number) => number} indexOf  -1 when it is not shown
 * @property {(place: number) => number} reach  how many shown places lie below a place
 */

/**
 * @param {[from: number, to: number]} places  the stretch of the feed that may be shown
 * @param {{ list: ArrayLike<number>, length: number } | null} matches
 * @returns {View}
 */
export function createView([from, to], matches) {
  const below = (/** @type {number} */ place) => (matches ? firstNot(matches.length, (index) => matches.list[index] < place) : place);
  const start = below(from);
  const length = Math.max(0, below(to) - start);
  const at = (/** @type {number} */ index) => (matches ? matches.list[start + index] : start + index);
  const reach = (/** @type {number} */ place) => Math.max(0, Math.min(length, below(place) - start));
  return {
    length,
    at,
    indexOf(place) {
      const index = reach(place);
      return index < length && at(index) === place ? index : -1;
    },
    reach,
  };
}
