/** @import { Found } from './near.js' */
/** @import { Detail, Row, Source, StreamName } from './types.d.ts' */
import { ECHO } from './failure.js';
import { label } from './label.js';
import { isMeant, momentOf, near, sharesId } from './near.js';
import { STREAMS } from './panels.js';

/** How far events with the same id may lie apart, in ms. */
const SAME_ID = 60_000;
/** What an action sets off begins within this, in ms; errors may take longer. */
const SET_OFF = 1_500;
const ERROR_AFTER = 3_000;
/** An action this long ago, in ms, is the cause of nothing. */
const CAUSE_BEFORE = 5_000;
/** An error follows the answer that it is about within this, in ms. */
const ANSWER = 1_000;
/** A page's scripts ask on for this long, in ms. */
const SLOW_PAGE = 600_000;
/** Links of one kind. */
const LINKS = 4;

/** What pages load by themselves. */
const STATIC = ['image', 'font', 'stylesheet', 'script', 'media'];

/** @typedef {Found & { why: string }} Relation */

/**
 * The events of other kinds that belong to one: those that share an id with it, else those that its place in time
 * makes likely.
 * @param {Source} source
 * @param {StreamName} stream
 * @param {number} row
 * @param {Detail} [detail]
 * @returns {Promise<Relation[]>}
 */
export async function relationsOf(source, stream, row, detail) {
  const [data] = await source.rows(stream, row, row + 1);
  if (data?.time === undefined) return [];
  const initiators = stream === 'network' && detail ? await initiatorOf(source, data.time, detail) : [];
  const found = await Promise.all(STREAMS.filter((other) => other !== stream).map(async (other) => {
    const joined = await byId(source, data, other);
    return joined.length ? joined : byTime(source, stream, data, other);
  }));
  return [...initiators, ...found.flat()];
}

/**
 * The request that a request was made by: the script or document that its initiator names.
 * @param {Source} source
 * @param {number} time
 * @param {Detail} detail
 * @returns {Promise<Relation[]>}
 */
async function initiatorOf(source, time, { _initiator: by }) {
  const url = by?.url ?? by?.stack?.callFrames?.[0]?.url;
  if (typeof url !== 'string' || !url) return [];
  const before = await near(source, 'network', time - SLOW_PAGE, time);
  return before.filter((found) => found.data.url === url).slice(-1).map((found) => ({ ...found, why: label('its initiator') }));
}

/**
 * @param {Source} source
 * @param {Row} data
 * @param {StreamName} other
 * @returns {Promise<Relation[]>}
 */
async function byId(source, data, other) {
  if (!data.trace && !data.request) return [];
  const at = data.time ?? 0;
  const around = await near(source, other, at - SAME_ID, at + SAME_ID);
  return around.filter((found) => sharesId(data, found.data)).slice(0, LINKS).map((found) => ({ ...found, why: label('same trace or request id') }));
}

/**
 * @param {Source} source
 * @param {StreamName} stream
 * @param {any} data
 * @param {StreamName} other
 * @returns {Promise<Relation[]>}
 */
async function byTime(source, stream, data, other) {
  const start = data.time;
  const end = momentOf(data);
  /** @param {number} from @param {number} to @param {(row: any) => boolean} fits */
  const within = async (from, to, fits) => (await near(source, other, from, to + 1)).filter((found) => fits(found.data));
  /** @param {Found[]} list @param {string} why */
  const because = (list, why) => list.map((found) => ({ ...found, why }));

  if (other === 'actions') return because((await within(start - CAUSE_BEFORE, start, isMeant)).slice(-1), label('just before it'));
  if (stream === 'actions' && other === 'network') {
    return because((await within(start, start + SET_OFF, (one) => one.failed || !STATIC.includes(one.kind))).slice(0, LINKS), label('right after it'));
  }
  if (stream === 'actions' && other === 'console') return because((await within(start, start + ERROR_AFTER, isError)).slice(0, 2), label('soon after it'));
  if (stream === 'network' && data.failed) {
    const list = await within(start, end + ANSWER, isError);
    return because(list.filter((found) => found.data.time >= end - 50 || other === 'backend').slice(0, 2), label('when it failed'));
  }
  // An error without ids: the failed request that ended just before.
  if (stream === 'console' && other === 'network' && isError(data)) {
    const list = await within(start - 30_000, start + 200, (one) => one.failed && momentOf(one) >= start - ANSWER && momentOf(one) <= start + 200);
    return because(list.sort((a, b) => Math.abs(momentOf(a.data) - start) - Math.abs(momentOf(b.data) - start)).slice(0, 1), label('failed just before it'));
  }
  return [];
}

/** @param {any} row */
function isError(row) {
  return row.level === 'error' && !ECHO.test(row.text);
}
