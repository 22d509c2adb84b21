/** @import { Manifest } from './types.d.ts' */
import { oneLine } from './inert.js';
import { label } from './label.js';
import { dateWords, formatClock } from './time.js';
import { partsOf } from './urls.js';
import { thingWords } from './words.js';

/**
 * The line under the title: when, how long, where, with what, by whom; what is unknown is left out.
 * @param {Manifest} manifest
 */
export function summaryOf({ started, duration, metadata }) {
  const { page, system, reporter } = /** @type {Record<string, any>} */ (metadata);
  const systems = [system?.browser, system?.os].map((thing) => thingWords(thing).replace(/ (\d+)\.[\d.]+$/, ' $1'));
  const name = thingWords(reporter);
  return [
    started !== null && dateWords(started),
    duration > 0 && formatClock(duration),
    partsOf(thingWords(page?.url)).host,
    systems[0] && systems[1] ? label('browserOn', { browser: systems[0], system: systems[1] }) : systems[0] || systems[1],
    name && label('reportedBy', { name }),
  ].filter(Boolean).map((part) => oneLine(part, 80)).join(' · ');
}
