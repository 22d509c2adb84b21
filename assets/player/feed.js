/** @import { Feed, Item, Source, StreamName } from './types.d.ts' */
import { STREAMS } from './panels.js';
import { createShapes } from './shapes.js';

const ITEMS_KEPT = 6000;
/** Places this near to each other are loaded in one go. */
const GAP = 32;
const MERGED_BLOCK = 4096;

/**
 * @param {Source} source
 * @param {StreamName} stream
 * @returns {Feed}
 */
export function streamFeed(source, stream) {
  return withMemory({
    ...createShapes(source, stream),
    count: source.count(stream),
    load: async (from, to, sift) => {
      const rows = await source.rows(stream, from, to, sift);
      return rows.flatMap((data, at) => (data ? { stream, row: from + at, place: from + at, data } : []));
    },
    before: (ms) => source.before(stream, ms),
    place: async (name, row) => (name === stream ? row : -1),
    async blocks() {
      let from = 0;
      const { rows } = await source.index(stream);
      return rows.map(([, , , count]) => ({ from, to: (from += count) }));
    },
  });
}

/**
 * All streams in the order of their times.
 * @param {Source} source
 * @returns {Feed}
 */
export function mergedFeed(source) {
  const count = source.manifest.order?.count ?? 0;
  return withMemory({
    count,
    async load(from, to, sift) {
      const order = await source.order();
      const spots = Array.from({ length: to - from }, (_, at) => ({ place: from + at, ...order.at(from + at) }));
      // Within a stretch of the merged order, each stream's rows are a stretch of that stream.
      const lists = await Promise.all(STREAMS.map(async (stream) => {
        const mine = spots.filter((spot) => spot.stream === stream);
        const rows = mine.length ? await source.rows(stream, mine[0].row, mine[0].row + mine.length, sift) : [];
        return rows.flatMap((data, at) => (data ? { ...mine[at], data } : []));
      }));
      return lists.flat().sort((a, b) => a.place - b.place);
    },
    before: async (ms) => (await source.order()).before(ms),
    place: async (stream, row) => (await source.order()).place(stream, row),
    async blocks() {
      const list = [];
      for (let from = 0; from < count; from += MERGED_BLOCK) list.push({ from, to: Math.min(count, from + MERGED_BLOCK) });
      return list;
    },
  });
}

/**
 * @param {Omit<Feed, 'peek' | 'fetch'>} feed
 * @returns {Feed}
 */
function withMemory(feed) {
  /** @type {Map<number, Item>} */
  const kept = new Map();
  return {
    ...feed,
    peek: (place) => kept.get(place),
    async fetch(places) {
      const missing = places.filter((place) => !kept.has(place)).sort((a, b) => a - b);
      const stretches = stretchesOf(missing);
      const lists = await Promise.all(stretches.map(([from, to]) => feed.load(from, to)));
      for (const item of lists.flat()) kept.set(item.place, item);
      for (const place of kept.keys()) {
        if (kept.size <= ITEMS_KEPT) break;
        kept.delete(place);
      }
    },
  };
}

/**
 * @param {number[]} places ascending
 * @returns {[from: number, to: number][]}
 */
export function stretchesOf(places) {
  /** @type {[number, number][]} */
  const stretches = [];
  for (const place of places) {
    const last = stretches.at(-1);
    if (last && place - last[1] < GAP) last[1] = place + 1;
    else stretches.push([place, place + 1]);
  }
  return stretches;
}
