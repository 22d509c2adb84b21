/** @import { Manifest } from './types.d.ts' */
import { oneLine } from './inert.js';
import { label } from './label.js';
import { dateWords, formatClock, formatTime } from './time.js';
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

/** @param {number | null} ms epoch */
export function moment(ms) {
  return ms === null ? null : label('moment', { local: dateWords(ms), utc: dateWords(ms, 'UTC') });
}

/** “1280 × 800” @param {any} thing */
export function sizeWords(thing) {
  return thing?.width && `${thing.width} × ${thing.height}`;
}

/**
 * When, where and with what it was recorded; unknown values are empty.
 * @param {Manifest} manifest
 * @returns {[name: string, value: any][]}
 */
export function aboutOf({ started, duration, metadata }) {
  const { page, system, reporter } = /** @type {Record<string, any>} */ (metadata ?? {});
  return [
    [label('Recorded'), moment(started)],
    [label('Duration'), formatTime(duration)],
    [label('Page'), page?.url],
    [label('Browser'), thingWords(system?.browser)],
    [label('System'), thingWords(system?.os)],
    [label('Viewport'), sizeWords(system?.viewport)],
    [label('Reporter'), [thingWords(reporter), reporter?.email].filter(Boolean).join(' ')],
  ];
}
