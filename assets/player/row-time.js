/** @import { State } from './types.d.ts' */
import { LANGUAGE, label } from './label.js';
import { remember } from './memory.js';
import { formatTime } from './time.js';

/** How rows tell their times: the recording's zero in ms since 1970 where it is known, and where clocks are read. */
let times = /** @type {State['times']} */ ('start');
let zero = /** @type {number | null} */ (null);
let rowFormat = formatOf('start', {});

/** @param {State['times']} wanted @param {number | null} started ms since 1970 */
export function showTimes(wanted, started) {
  zero = Number.isNaN(new Date(started ?? NaN).getTime()) ? null : started;
  times = zero === null ? 'start' : wanted;
  rowFormat = formatOf(times, { fractionalSecondDigits: 1 });
  document.documentElement.toggleAttribute('data-times', times !== 'start');
  remember('times', wanted);
}

/** @param {State['times']} how @param {Intl.DateTimeFormatOptions} more */
function formatOf(how, more) {
  return new Intl.DateTimeFormat(LANGUAGE, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZone: how === 'utc' ? 'UTC' : undefined, ...more });
}

/** @param {number} ms @param {Intl.DateTimeFormat} format */
function wallTime(ms, format) {
  const date = new Date((zero ?? 0) + ms);
  return Number.isNaN(date.getTime()) ? '–' : format.format(date);
}

/** The time of a row as the reader wants it: from the start, or by the clock. @param {number} ms */
export function rowTime(ms) {
  return times === 'start' ? formatTime(ms) : wallTime(ms, rowFormat);
}

/** What stands over the times: the name of their zone, where they are by the clock. */
export function timeHeading() {
  if (times === 'start') return label('Time');
  return formatOf(times, { timeZoneName: 'short' }).formatToParts(zero ?? 0).find(({ type }) => type === 'timeZoneName')?.value ?? times;
}

/** A time in every way: from the start, local and UTC. @param {number} ms @returns {[name: string, value: string][]} */
export function allTimes(ms) {
  const clocks = /** @type {const} */ ([['Local time', 'local'], ['UTC', 'utc']]);
  const more = /** @type {const} */ ({ day: 'numeric', month: 'short', year: 'numeric', fractionalSecondDigits: 3, timeZoneName: 'short' });
  return [[label('Time'), formatTime(ms)], ...zero === null ? [] : clocks.map(([name, how]) => /** @type {[string, string]} */ ([label(name), wallTime(ms, formatOf(how, more))]))];
}
