/** @import { Failure, State } from './types.d.ts' */

/**
 * The failure after or before: seen from the selected one, else from the playhead. -1 when there is none.
 * @param {Failure[]} failures in time order
 * @param {State} state
 * @param {1 | -1} direction
 */
export function stepFrom(failures, { selected, time }, direction) {
  const here = placeOfRow(failures, selected);
  if (here >= 0) return here + direction < failures.length ? here + direction : -1;
  if (direction > 0) return failures.findIndex(([at]) => at !== null && at > time);
  return failures.findLastIndex(([at]) => at !== null && at < time);
}

/**
 * @param {Failure[]} failures
 * @param {State['selected']} row
 */
export function placeOfRow(failures, row) {
  return row ? failures.findIndex(([, stream, number]) => stream === row.stream && number === row.row) : -1;
}
