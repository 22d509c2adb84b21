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
  /** @type {Judge} */
  function judge(item, exact) {
    // Groups are known by their numbers.
    const later = hidden && byGroup && !exact && item.data.groups;
    if ((chips[0] && !chips.some((chip) => chip.test(item))) || (!later && hidden?.(item))) return null;
    const rest = left ? left(item, exact) : [];
    return rest && later ? [...rest, { not: true, number: /(?:)/, holds: hidden }] : rest;
  }

  return {
    sift,
    judge,
    test: (/** @type {Item} */ item) => judge(item, true) !== null,
  };
}
