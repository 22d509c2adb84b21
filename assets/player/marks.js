/** @import { Manifest, StreamName } from './types.d.ts' */

/** @typedef {{ time: number, stream: StreamName, row: number, kind: 'error' | 'request' | 'action' }} Mark */

/**
 * What the scrub bar shows, in time order: actions, failed requests, errors.
 * @param {Manifest} manifest
 * @returns {Mark[]}
 */
export function marksOf({ marks, duration }) {
  /** @type {Mark[]} */
  const all = marks.actions.map(([time, row]) => ({ time, stream: 'actions', row, kind: 'action' }));
  for (const [time, stream, row] of marks.failures) {
    if (time !== null) all.push({ time, stream, row, kind: stream === 'network' ? 'request' : 'error' });
  }
  return all.filter(({ time }) => time >= 0 && time <= duration).sort((a, b) => a.time - b.time);
}

/**
 * The mark nearest to a time, failures before actions; null when none is within reach.
 * @param {Mark[]} marks
 * @param {number} time
 * @param {number} reach ms
 */
export function nearestMark(marks, time, reach) {
  const weight = (/** @type {Mark} */ mark) => Math.abs(mark.time - time) + (mark.kind === 'action' ? reach / 2 : 0);
  const close = marks.filter((mark) => Math.abs(mark.time - time) <= reach);
  return close.sort((a, b) => weight(a) - weight(b))[0] ?? null;
}
