/** @import { Manifest } from './types.d.ts' */
import { oneLine } from './inert.js';
import { dateWords, formatClock } from './time.js';
import { hostOf } from './words.js';

/**
 * The line under the title: when, how long, where, with what, by whom; what is unknown is left out.
 * @param {Manifest} manifest
 */
export function summaryOf({ started, duration, metadata }) {
  const page = text(metadata, 'page', 'url');
  const reporter = text(metadata, 'reporter', 'name') || text(metadata, 'reporter');
  return [
    started === null ? '' : dateWords(started),
    duration ? formatClock(duration) : '',
    page ? hostOf(page) : '',
    systemOf(metadata),
    reporter && `reported by ${reporter}`,
  ].filter(Boolean).map((part) => oneLine(part, 80)).join(' · ');
}

/** @param {Record<string, unknown>} metadata */
function systemOf(metadata) {
  const named = (/** @type {string} */ what) => [
    text(metadata, 'system', what, 'name') || text(metadata, 'system', what), text(metadata, 'system', what, 'version').split('.')[0],
  ].filter(Boolean).join(' ');
  return [named('browser'), named('os')].filter(Boolean).join(' on ');
}

/**
 * A string at a path of own keys, else ''.
 * @param {any} value
 * @param {...string} path
 */
function text(value, ...path) {
  for (const key of path) value = value !== null && typeof value === 'object' && Object.hasOwn(value, key) ? value[key] : undefined;
  return typeof value === 'string' ? value : '';
}
