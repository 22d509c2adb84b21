/** @import { Feed } from './types.d.ts' */
/** @import { View } from './view.js' */
import { createBreath } from './breath.js';

const SORT_STEP = 2000;

/**
 * The places of a feed in the order of a key of their rows, equal ones as they stand. The page stays awake: rows are
 * read and sorted a step at a time, and the sorted runs are merged two by two. Null once the signal says so.
 * @param {Pick<Feed, 'load' | 'count'>} feed
 * @param {(row: any) => string | number} key
 * @param {AbortSignal} signal
 */
export async function sortPlaces(feed, key, signal) {
  const breathe = createBreath();
  /** @type {(string | number)[]} */
  const keys = Array(feed.count);
  const compare = (/** @type {number} */ a, /** @type {number} */ b) => (keys[a] < keys[b] ? -1 : keys[a] > keys[b] ? 1 : a - b);
  /** @type {number[][]} */
  const runs = [];
  for (let at = 0; at < feed.count; at += SORT_STEP) {
    const items = await feed.load(at, Math.min(feed.count, at + SORT_STEP));
    await breathe();
    if (signal.aborted) return null;
    for (const { place, data } of items) keys[place] = key(data);
    runs.push(items.map(({ place }) => place).sort(compare));
  }
  while (runs.length > 1 && !signal.aborted) {
    const [one, other] = runs.splice(0, 2);
    runs.push(one.concat(other).sort(compare));
    await breathe();
  }
  return signal.aborted ? null : Uint32Array.from(runs[0] ?? []);
}

/**
 * What a view shows, in another order.
 * @param {View} view
 * @param {Uint32Array} order  of all places
 * @param {boolean} down
 * @returns {View}
 */
export function sortedView({ length, at }, order, down) {
  const shown = new Uint8Array(order.length);
  for (let index = 0; index < length; index++) shown[at(index)] = 1;
  const list = order.filter((place) => shown[place]);
  if (down) list.reverse();
  const indexOf = (/** @type {number} */ place) => list.indexOf(place);
  return { length, at: (index) => list[index], indexOf, reach: (place) => Math.max(0, indexOf(place)) };
}
