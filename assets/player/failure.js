/** @import { Found } from './near.js' */
/** @import { ConsoleRow, Failure, NetworkRow, Row, Source, StreamName } from './types.d.ts' */
import { stripAnsi } from './ansi.js';
import { oneLine } from './inert.js';
import { label } from './label.js';
import { isMeant, momentOf, near, sharesId } from './near.js';
import { formatTime, gapWords } from './time.js';
import { partsOf } from './urls.js';
import { actionWords, rowWords } from './words.js';

/** How far from a failure its relations are looked for, in ms. */
const ACTION_BEFORE = 10_000;
const BEFORE = 1_000;
const AFTER = 3_000;
/** A request may have started long before the error that its answer caused. */
const SLOWEST = 30_000;
/** Rank of what belongs to a failure only if an id says so. */
const BY_ID = 9;

/** The browser's own echo of a failed request, which says nothing the request does not. */
export const ECHO = /^Failed to load resource/;

/** @typedef {{ at: number | null, action: Found | null, request: Found | null, console: Found | null, backend: Found | null }} Story */

/**
 * Gathers what belongs to a failure: joined by the ids that rows share, else nearest in time.
 * @param {Source} source
 * @param {Failure} failure
 * @returns {Promise<Story>}
 */
export async function tellStory(source, [time, stream, row]) {
  const [data] = await source.rows(stream, row, row + 1);
  const lead = { stream, row, data };
  /** @type {Story} */
  const story = { at: time, action: null, request: stream === 'network' ? lead : null, console: stream === 'console' ? lead : null, backend: null };
  if (data?.time === undefined) return story;

  const at = story.at = momentOf(data);
  story.request ??= pick(await near(source, 'network', at - SLOWEST, at + BEFORE), data, at, (other) => (
    other.failed && momentOf(other) > at - AFTER && momentOf(other) <= at + BEFORE ? 0 : BY_ID));
  const cause = story.request?.data ?? data;
  const start = Math.min(data.time, cause.time);
  story.console ??= pick(await near(source, 'console', at - BEFORE, at + AFTER), cause, at, lineRank);
  story.backend = pick(await near(source, 'backend', start - BEFORE, at + AFTER), cause, at, lineRank);
  const actions = await near(source, 'actions', start - ACTION_BEFORE, start + 1);
  story.action = actions.findLast((action) => action.data.time <= start && isMeant(action.data)) ?? null;
  return story;
}

/**
 * Of what shares an id with the cause, else of all that ranks by itself, the lowest rank, then the nearest.
 * @param {Found[]} found
 * @param {Row} cause
 * @param {number} at
 * @param {(row: any) => number} rank
 */
function pick(found, cause, at, rank) {
  const joined = found.filter(({ data }) => sharesId(cause, data));
  const list = joined.length ? joined : found.filter(({ data }) => rank(data) < BY_ID);
  const weight = (/** @type {Found} */ { data }) => rank(data) * 1e6 + Math.abs(momentOf(data) - at);
  return list.sort((a, b) => weight(a) - weight(b))[0] ?? null;
}

/** @param {ConsoleRow} row a line of the console or of the backend, whose warnings weigh more */
function lineRank(row) {
  if (row.level !== 'error') return row.level === 'warn' && 'service' in row ? 3 : BY_ID;
  return row.uncaught ? 0 : ECHO.test(row.text) ? 2 : 1;
}

/** @param {NetworkRow} row */
export function requestWords({ method, url }) {
  const { host, path, file } = partsOf(url);
  const text = oneLine(file ? path : host || url, 400);
  return `${oneLine(method, 20)} ${text.length > 60 ? `…${text.slice(-58)}` : text}`;
}

/**
 * The name of an error apart from what it says: `Uncaught (in promise) TypeError: x` is TypeError and x.
 * @param {ConsoleRow} row
 */
export function errorWords(row) {
  const text = oneLine(stripAnsi(row.text.slice(0, 2000)).trim().split('\n')[0], 300).replace(/^Uncaught (\(in promise\) )?/, '');
  const match = /^([A-Z]\w*(?:Error|Exception))(?:: (.+))?$/.exec(text);
  return { name: match?.[1] ?? '', says: match ? match[2] ?? '' : text, text };
}

/** @param {Story} story */
export function titleOf({ request, console: line }) {
  const words = line && !(request && ECHO.test(line.data.text)) ? errorWords(line.data) : null;
  if (!request) return words?.text || label('Failure');
  const { status, error } = request.data;
  const values = { request: requestWords(request.data), status: String(status), error: oneLine(error, 60) };
  const asked = label(status ? 'answered' : error ? 'failedWith' : 'gotNoAnswer', values);
  if (!words || !line) return asked;
  const says = label('quoted', { text: (words.says || words.text).replace(/ \(reading '.*'\)$/, '') });
  return label('firstThen', line.data.time < request.data.time ? { first: says, second: asked } : { first: asked, second: says });
}

/**
 * @param {Story} story
 * @param {number} place counted from 0
 * @param {boolean} main the failure the page lands on
 */
export function placeOf({ at, action }, place, main) {
  const failure = label(place === 0 ? 'First failure' : main ? 'Main failure' : 'failureNumber', { place: place + 1 });
  if (at === null) return label('failureUntimed', { failure });
  if (!action) return label('failureAt', { failure, time: formatTime(at) });
  const { kind, label: name, target, time } = action.data;
  const clicked = /^(click|tap)$/i.test(kind) && oneLine(name ?? target ?? '', 60);
  const words = clicked ? label(/tap/i.test(kind) ? 'theTap' : 'theClick', { name: clicked }) : label('quoted', { text: oneLine(actionWords(action.data), 80) });
  return label('failureAfter', { failure, gap: gapWords(Math.max(0, at - time)), action: words });
}

/**
 * The linked events as short labels, in the order of cause and effect.
 * @param {Story} story
 * @returns {{ stream: StreamName, row: number, text: string }[]}
 */
export function chipsOf({ action, request, console: line, backend }) {
  return [action, request, line, backend].flatMap((found) => (found ? { stream: found.stream, row: found.row, text: chipWords(found) } : []));
}

/**
 * An event in a few words.
 * @param {Found} found
 */
export function chipWords({ stream, data }) {
  if (stream === 'actions') return `${actionWords(data)}${data.time === undefined ? '' : ` ${formatTime(data.time)}`}`;
  if (stream === 'network') return `${requestWords(data)} ${data.status || label('no answer')}`;
  return stream === 'console' ? consoleChip(data) : oneLine(rowWords('backend', data), 90);
}

/** @param {ConsoleRow} row */
function consoleChip(row) {
  const { name, text } = errorWords(row);
  const place = oneLine(row.at ?? '').replace(/^.*\//, '').replace(/^([^:]*:\d+):\d+$/, '$1');
  return place ? `${name || oneLine(text, 40)} ${place}` : oneLine(text, 60);
}
