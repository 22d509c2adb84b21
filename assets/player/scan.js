/** @import { Feed } from './types.d.ts' */
import { createBreath } from './breath.js';
import { createCache } from './cache.js';

/** ms */
const FIRST_REPORT = 40;
const REPORT_EVERY = 200;
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
  const breathe = createBreath();
  /** @type {number[]} */
  const list = [];
  let due = performance.now() + FIRST_REPORT;
  let scanned = 0;
  const tell = (/** @type {boolean} */ done) => report({ list, length: list.length, scanned, done });

  /** Between two pieces of the work: whether it has to stop. @param {number} at */
  async function step(at) {
    scanned = at;
    await breathe();
    // Before any rows were looked through a report would only put off the next, unless that takes long.
    if (performance.now() > due + (at ? 0 : REPORT_EVERY) && !signal.aborted) {
      tell(false);
      due = performance.now() + REPORT_EVERY;
    }
    return signal.aborted;
  }

  if (!judge || !await feed.find?.(judge, list, step)) {
    const wanted = await feed.blocks();
    const loads = createCache(ahead);
    const load = (/** @type {number} */ at) => loads(at, () => feed.load(wanted[at].from, wanted[at].to, sift));
    for (const [at, { to }] of wanted.entries()) {
      const [items] = wanted.slice(at, at + ahead).map((_, next) => load(at + next));
      for (const item of await items) if (test(item)) list.push(item.place);
      if (await step(to)) return;
    }
  }
  if (!signal.aborted) tell(true);
}
