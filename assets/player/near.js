/** @import { ActionRow, Row, Source, StreamName } from './types.d.ts' */

/** @typedef {{ stream: StreamName, row: number, data: any }} Found */

/** Rows of a stream that are looked at around a moment. */
const LOOK = 400;

/** What a reader does without meaning it is no cause worth naming. */
const PASSIVE = /scroll|move|hover|resize|viewport|focus|blur|wait/i;

/**
 * The rows of a stretch of time, the last ones if there are too many.
 * @param {Source} source
 * @param {StreamName} stream
 * @param {number} from
 * @param {number} to
 * @returns {Promise<Found[]>}
 */
export async function near(source, stream, from, to) {
  if (!source.count(stream)) return [];
  const end = await source.before(stream, to);
  const start = Math.max(await source.before(stream, from), end - LOOK);
  const rows = await source.rows(stream, start, end);
  return rows.map((data, i) => ({ stream, row: start + i, data })).filter(({ data }) => data.time !== undefined);
}

/**
 * When a row's outcome was known: a request fails at its end.
 * @param {Row} row
 */
export function momentOf(row) {
  return (row.time ?? 0) + ('status' in row ? row.duration ?? 0 : 0);
}

/**
 * Whether two events say of themselves that they belong together.
 * @param {Row} one
 * @param {Row} other
 */
export function sharesId(one, other) {
  return Boolean((one.trace && one.trace === other.trace) || (one.request && one.request === other.request));
}

/** @param {ActionRow} action */
export function isMeant({ kind }) {
  return !PASSIVE.test(kind);
}
