/** @import { Feed } from './types.d.ts' */
import { createBreath } from './breath.js';

const REPORT_EVERY = 120;
const SCAN_STEP = 2000;

/** @typedef {{ list: Uint32Array, length: number, scanned: number, done: boolean }} Matches */

/**
 * Finds the places of a feed whose items pass a test. Reports what it has so far now and then, and at the end;
 * `list` grows by replacement, so a report stays true. Stops silently once the signal says so.
 * @param {object} job
 * @param {Pick<Feed, 'blocks' | 'load'>} job.feed
 * @param {(item: import('./types.d.ts').Item) => boolean} job.test
 * @param {(classes: number[]) => boolean} [job.mayHold]  whether a block of these counts can hold a match
 * @param {(matches: Matches) => void} job.report
 * @param {AbortSignal} job.signal
 */
export async function scan({ feed, test, mayHold = () => true, report, signal }) {
  const breathe = createBreath();
  let list = new Uint32Array(1024);
  let length = 0;
  let scanned = 0;
  let reported = performance.now();

  /** @param {number} place */
  function take(place) {
    if (length === list.length) {
      const larger = new Uint32Array(length * 2);
      larger.set(list);
      list = larger;
    }
    list[length++] = place;
  }

  for (const { from, to, classes } of await feed.blocks()) {
    const end = classes && !mayHold(classes) ? from : to;
    for (let at = from; at < end; at += SCAN_STEP) {
      const items = await feed.load(at, Math.min(end, at + SCAN_STEP));
      await breathe();
      if (signal.aborted) return;
      for (const item of items) if (test(item)) take(item.place);
      if (performance.now() - reported > REPORT_EVERY) {
        report({ list, length, scanned: at, done: false });
        reported = performance.now();
      }
    }
    scanned = to;
  }
  if (!signal.aborted) report({ list, length, scanned, done: true });
}
