/** @import { Feed, Item } from './types.d.ts' */

/** Work this long, ms, before the page gets its turn. */
const SLICE = 12;
const REPORT_EVERY = 120;
const SCAN_STEP = 2000;

/** @typedef {{ list: Uint32Array, length: number, scanned: number, done: boolean }} Matches */

/** Lets the page breathe. */
function pause() {
  return new Promise((done) => setTimeout(done, 0));
}

/**
 * Finds the places of a feed whose items pass a test. Reports what it has so far now and then, and at the end;
 * `list` grows by replacement, so a report stays true. Stops silently once the signal says so.
 * @param {object} job
 * @param {Pick<Feed, 'blocks' | 'load'>} job.feed
 * @param {(item: Item) => boolean} job.test
 * @param {(classes: number[]) => boolean} [job.mayHold]  whether a block of these counts can hold a match
 * @param {(matches: Matches) => void} job.report
 * @param {AbortSignal} job.signal
 */
export async function scan({ feed, test, mayHold, report, signal }) {
  let list = new Uint32Array(1024);
  let length = 0;
  let scanned = 0;
  let started = performance.now();
  let reported = started;

  /** @param {Item[]} items */
  function take(items) {
    if (length + items.length > list.length) {
      const larger = new Uint32Array(Math.max(list.length * 2, length + items.length));
      larger.set(list.subarray(0, length));
      list = larger;
    }
    for (const item of items) if (test(item)) list[length++] = item.place;
  }

  for (const { from, to, classes } of await feed.blocks()) {
    if (signal.aborted) return;
    for (let at = from; at < to && !(classes && mayHold && !mayHold(classes)); at += SCAN_STEP) {
      const items = await feed.load(at, Math.min(to, at + SCAN_STEP));
      if (signal.aborted) return;
      take(items);
      const now = performance.now();
      if (now - reported > REPORT_EVERY) {
        report({ list, length, scanned: at, done: false });
        reported = now;
      }
      if (now - started > SLICE) {
        await pause();
        if (signal.aborted) return;
        started = performance.now();
      }
    }
    scanned = to;
  }
  if (!signal.aborted) report({ list, length, scanned, done: true });
}
