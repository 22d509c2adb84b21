/** @import { Feed } from './types.d.ts' */
import { createBreath } from './breath.js';
import { createCache } from './cache.js';

/** ms */
const FIRST_REPORT = 30;
const REPORT_EVERY = 120;
/** Stretches that are read while one of them is looked through. */
const SCANNED_AHEAD = 3;
/** @typedef {{ list: ArrayLike<number>, length: number, scanned: number, done: boolean }} Matches */

/**
 * Finds the places of a feed whose items pass a test: at once where the feed knows its rows' shapes, else by going through
 * all. Reports what it has so far now and then, and at the end; `list` only grows, so that a report stays true by its `length`. Stops
 * silently once the signal says so.
 * @param {object} job
 * @param {Pick<Feed, 'blocks' | 'load' | 'find'>} job.feed
 * @param {(item: import('./types.d.ts').Item) => boolean} job.test
 * @param {import('./types.d.ts').Sift} [job.sift]  lets at least all pass that the test passes
 * @param {import('./types.d.ts').Judge} [job.judge]  the test, for shapes
 * @param {(matches: Matches) => void} job.report
 * @param {AbortSignal} job.signal
 * @param {number} [job.ahead]  stretches that are read at once
 */
export async function scan({ feed, test, judge, sift = () => true, report, signal, ahead = SCANNED_AHEAD }) {
  const known = judge && await feed.find?.(judge, signal);
  const wanted = known ? [] : await feed.blocks();
  const breathe = createBreath();
  const list = known ?? [];
  let scanned = 0;
  let due = performance.now() + FIRST_REPORT;
  const tell = (/** @type {boolean} */ done) => report({ list, length: list.length, scanned, done });

  const loads = createCache(ahead);
  const load = (/** @type {number} */ at) => loads(at, () => feed.load(wanted[at].from, wanted[at].to, sift));
  for (const [at, { to }] of wanted.entries()) {
    const [items] = wanted.slice(at, at + ahead).map((_, next) => load(at + next));
    const found = await items;
    await breathe();
    if (signal.aborted) return;
    for (const item of found) if (test(item)) list.push(item.place);
    scanned = to;
    if (performance.now() < due) continue;
    tell(false);
    due = performance.now() + REPORT_EVERY;
  }
  if (!signal.aborted) tell(true);
}
