import { LANGUAGE, label, number } from './label.js';

/**
 * A time of the recording as `m:ss.d`; hours only when there are any.
 * @param {number} ms
 */
export function formatTime(ms) {
  const tenths = Math.trunc(Math.abs(ms) / 100 + 1e-6);
  return `${ms < 0 && tenths ? '-' : ''}${clock(Math.trunc(tenths / 10))}.${tenths % 10}`;
}

/**
 * The same as `m:ss`, for places where tenths would be noise.
 * @param {number} ms
 */
export function formatClock(ms) {
  return formatTime(ms).replace(/\.\d$/, '');
}

/** @param {number} seconds */
function clock(seconds) {
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
  const minutes = Math.trunc(seconds / 60);
  const tail = `${minutes < 60 ? minutes : two(minutes % 60)}:${two(seconds % 60)}`;
  return minutes < 60 ? tail : `${Math.trunc(minutes / 60)}:${tail}`;
}

/**
 * Reads `83.5`, `83s`, `1m23s`, `1:23`, `1:02:03` into ms; null when it is none of them.
 * @param {string} text
 */
export function parseTime(text) {
  const colons = /^(?:(\d{1,6}):)?(\d{1,6}):(\d{1,2}(?:\.\d{1,9})?)$/.exec(text);
  const units = /^(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,9}(?:\.\d{1,9})?)s?)?$/.exec(text);
  const found = colons ?? units;
  if (!text || !found) return null;
  const [hours, minutes, seconds] = found.slice(1).map((part) => Number(part ?? 0));
  return Math.round((hours * 3600 + minutes * 60 + seconds) * 1000);
}

/**
 * A time as the fragment carries it: seconds, at most one decimal.
 * @param {number} ms
 */
export function fragmentTime(ms) {
  return String(Math.trunc(Math.max(0, ms) / 100) / 10);
}

/**
 * How long between two moments, in words: `0.4 s`, `12 s`, `3 min`.
 * @param {number} ms
 */
export function gapWords(ms) {
  if (ms < 9_950) return `${number(ms / 1000, 1)} s`;
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}

/**
 * What is left of a life span, rounded down: `23 h 41 min`, `3 d 4 h`.
 * @param {number} seconds
 */
export function leftWords(seconds) {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return label('less than a minute');
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/**
 * A clock time for people, in the language of the page.
 * @param {number} ms
 * @param {string} [zone]
 */
export function dateWords(ms, zone) {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return '';
  return date.toLocaleString(LANGUAGE, { dateStyle: 'medium', timeStyle: 'medium', timeZone: zone });
}
