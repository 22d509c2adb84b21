/** @import { Item, Judge } from './types.d.ts' */
/** @import { compileQuery } from './query.js' */
/** @import { Chip } from './panel.js' */

/**
 * What a list lets pass, as `scan` asks for it: rows that the query finds, that are of a kind chosen and that are not hidden.
 * @param {Omit<ReturnType<typeof compileQuery<Item>>, 'error'>} query
 * @param {Pick<Chip, 'test'>[]} chips  those chosen
 * @param {((item: Item) => boolean) | null} [hidden]
 * @param {boolean} [byGroup]  what is hidden depends on a row's groups
 */
export function createSieve({ sift, left }, chips, hidden, byGroup) {
  const shown = hidden && byGroup ? [{ not: true, number: null, next: 0, holds: hidden }] : [];

  /** @type {Judge} */
  function judge(item, exact) {
    // Groups are known by their numbers.
    const later = exact || !item.data.groups ? [] : shown;
    if ((chips[0] && !chips.some((chip) => chip.test(item))) || (!later[0] && hidden?.(item))) return null;
    const rest = left ? left(item, exact) : [];
    return rest && [...rest, ...later];
  }

  return {
    sift,
    judge,
    test: (/** @type {Item} */ item) => judge(item, true) !== null,
  };
}
