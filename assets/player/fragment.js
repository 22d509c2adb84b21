/** @import { PanelName, StreamName } from './types.d.ts' */
import { pairsIn, rawPairs } from './pairs.js';
import { PANELS, STREAMS } from './panels.js';
import { fragmentTime, parseTime } from './time.js';

/** Names that the page hands on untouched. */
const KEPT = ['k', 's', 'embed', 'autoplay', 'muted', 'loop', 'controls', 'panels', 'theme'];

/**
 * @typedef {{ time?: number, panel?: PanelName, selected?: { stream: StreamName, row: number }, q?: string }} Place
 * @typedef {{ embed: boolean, autoplay: boolean, muted: boolean, loop: boolean, controls: boolean,
 *   panels: boolean, theme: 'auto' | 'light' | 'dark' }} Options
 */

/**
 * Where a link points to. Values that make no sense are as good as absent; of two, the first counts.
 * @param {string} hash
 * @returns {Place}
 */
export function parsePlace(hash) {
  const found = new Map(pairsIn(hash.slice(1)).reverse());
  /** @type {Place} */
  const place = {};
  const time = parseTime(found.get('t') ?? '');
  const panel = PANELS.find((name) => name === found.get('panel'));
  const selected = parseId(found.get('id') ?? '');
  const q = found.get('q');
  if (time !== null) place.time = time;
  if (panel) place.panel = panel;
  if (selected) place.selected = selected;
  if (q) place.q = q;
  return place;
}

/**
 * `n42` is the row 41 of network.
 * @param {string} id
 */
export function parseId(id) {
  const stream = /** @type {StreamName[]} */ ([...STREAMS, 'transcript']).find((name) => name[0] === id[0]);
  return stream && /^.[1-9]\d{0,8}$/.test(id) ? { stream, row: Number(id.slice(1)) - 1 } : null;
}

/**
 * @param {StreamName} stream
 * @param {number} row
 */
export function formatId(stream, row) {
  return `${stream[0]}${row + 1}`;
}

/**
 * Options of the page; those in the fragment win over those in the query.
 * @param {string} search
 * @param {string} hash
 * @returns {Options}
 */
export function parseOptions(search, hash) {
  const found = new Map([...rawPairs(hash.slice(1)), ...rawPairs(search.slice(1))].reverse());
  const on = (/** @type {string} */ name, usual = '0') => ['', '1', 'true'].includes(found.get(name) ?? usual);
  const theme = found.get('theme');
  return {
    embed: on('embed'), autoplay: on('autoplay'), muted: on('muted'), loop: on('loop'),
    controls: on('controls', '1'), panels: on('panels', '1'),
    theme: theme === 'light' || theme === 'dark' ? theme : 'auto',
  };
}

/**
 * A new fragment: what is kept of the old one (key and options), then the place.
 * @param {string} hash
 * @param {Place} place
 */
export function writePlace(hash, { time, panel, selected, q }) {
  const found = new Map(rawPairs(hash.slice(1)).reverse());
  const out = KEPT.filter((name) => found.has(name)).map((name) => `${name}=${found.get(name)}`);
  if (time !== undefined) out.push(`t=${fragmentTime(time)}`);
  if (panel) out.push(`panel=${panel}`);
  if (selected) out.push(`id=${formatId(selected.stream, selected.row)}`);
  if (q) out.push(`q=${encodeURIComponent(q)}`);
  return out.length ? `#${out.join('&')}` : '';
}
