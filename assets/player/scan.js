/** @import { Feed } from './types.d.ts' */
import { createBreath } from './breath.js';
import { createCache } from './cache.js';

/** ms */
const FIRST_REPORT = 30;
const REPORT_EVERY = 120;
/** Stretches that are read while one of them is looked through. */
const SCANNED_AHEAD = 3;
/** @typedef {{ list: Uint32Array, length: number, scanned: number, done: boolean }} Matches */

/**
 * Finds the places of a feed whose items pass a test. Reports what it has so far now and then, and at the end;
 * `list` grows by replacement, so a report stays true. Stops silently once the signal says so.
 * @param {object} job
 * @param {Pick<Feed, 'blocks' | 'load'>} job.feed
 * @param {(item: import('./types.d.ts').Item) => boolean} job.test
 * @param {import('./types.d.ts').Sift} [job.sift]  lets at least all pass that the test passes
 * @param {(classes: number[]) => boolean} [job.mayHold]  whether a block of these counts can hold a match
 * @param {(matches: Matches) => void} job.report
 * @param {AbortSignal} job.signal
 * @param {number} [job.ahead]  stretches that are read at once
 */
export async function scan({ feed, test, sift = () => true, mayHold = () => true, report, signal, ahead = SCANNED_AHEAD }) {
  const breathe = createBreath();
  let list = new Uint32Array(1024);
  let length = 0;
  let scanned = 0;
  let due = performance.now() + FIRST_REPORT;

  /** @param {number} place */
  function take(place) {
    if (length === list.length) {
      const larger = new Uint32Array(length * 2);
      larger.set(list);
      list = larger;
    }
    list[length++] = place;
  }

  const wanted = (await feed.blocks()).filter(({ classes }) => !classes || mayHold(classes));
  const loads = createCache(ahead);
  const load = (/** @type {number} */ at) => loads(at, () => feed.load(wanted[at].from, wanted[at].to, sift));
  for (const [at, { to }] of wanted.entries()) {
    const [items] = wanted.slice(at, at + ahead).map((_, next) => load(at + next));
    const found = await items;
    await breathe();
    if (signal.aborted) return;
    for (const item of found) if (test(item)) take(item.place);
    scanned = to;
    if (performance.now() < due) continue;
    report({ list, length, scanned, done: false });
    due = performance.now() + REPORT_EVERY;
  }
  if (!signal.aborted) report({ list, length, scanned, done: true });
}
