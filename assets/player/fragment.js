/** @import { PanelName, StreamName } from './types.d.ts' */
import { fragmentTime, parseTime } from './time.js';

/** @type {Record<string, StreamName>} */
const LETTERS = { c: 'console', n: 'network', a: 'actions', b: 'backend' };
const PANELS = ['timeline', 'console', 'network', 'actions', 'backend', 'info'];

/** Names that the page hands on untouched. */
const KEPT = ['k', 's', 'embed', 'autoplay', 'muted', 'loop', 'controls', 'panels', 'theme'];

/**
 * @typedef {{ time?: number, panel?: PanelName, selected?: { stream: StreamName, row: number }, q?: string }} Place
 * @typedef {{ embed: boolean, autoplay: boolean, muted: boolean, loop: boolean, controls: boolean,
 *   panels: boolean, theme: 'auto' | 'light' | 'dark' }} Options
 */

/**
 * Pairs of a query or fragment as they stand, the first of each name. Undecodable ones are left out.
 * @param {string} text
 */
function pairs(text) {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const pair of text.replace(/^[?#]/, '').split('&')) {
    const cut = pair.indexOf('=');
    const name = cut < 0 ? pair : pair.slice(0, cut);
    if (!found.has(name)) found.set(name, cut < 0 ? '' : pair.slice(cut + 1));
  }
  return found;
}

/** @param {string | undefined} raw */
function decode(raw) {
  if (raw === undefined) return undefined;
  try {
    return decodeURIComponent(raw.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

/**
 * Where a link points to. Values that make no sense are as good as absent.
 * @param {string} hash
 * @returns {Place}
 */
export function parsePlace(hash) {
  const found = pairs(hash);
  /** @type {Place} */
  const place = {};
  const time = parseTime(decode(found.get('t')) ?? '');
  if (time !== null) place.time = time;
  const panel = decode(found.get('panel'));
  if (panel && PANELS.includes(panel)) place.panel = /** @type {PanelName} */ (panel);
  const selected = parseId(decode(found.get('id')) ?? '');
  if (selected) place.selected = selected;
  const q = decode(found.get('q'));
  if (q) place.q = q;
  return place;
}

/**
 * `n42` is the row 41 of network.
 * @param {string} id
 */
export function parseId(id) {
  const match = /^([cnab])([1-9]\d{0,8})$/.exec(id);
  return match ? { stream: LETTERS[match[1]], row: Number(match[2]) - 1 } : null;
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
  const found = new Map([...pairs(search), ...pairs(hash)]);
  const on = (/** @type {string} */ name) => ['', '1', 'true'].includes(found.get(name) ?? '0');
  const off = (/** @type {string} */ name) => ['0', 'false'].includes(found.get(name) ?? '1');
  const theme = found.get('theme');
  return {
    embed: on('embed'), autoplay: on('autoplay'), muted: on('muted'), loop: on('loop'),
    controls: !off('controls'), panels: !off('panels'),
    theme: theme === 'light' || theme === 'dark' ? theme : 'auto',
  };
}

/**
 * A new fragment: what is kept of the old one (key and options), then the place.
 * @param {string} hash
 * @param {Place} place
 */
export function writePlace(hash, place) {
  const found = pairs(hash);
  const out = KEPT.filter((name) => found.has(name)).map((name) => `${name}=${found.get(name)}`);
  const { time, panel, selected, q } = place;
  if (time !== undefined) out.push(`t=${fragmentTime(time)}`);
  if (panel) out.push(`panel=${panel}`);
  if (selected) out.push(`id=${formatId(selected.stream, selected.row)}`);
  if (q) out.push(`q=${encodeURIComponent(q)}`);
  return out.length ? `#${out.join('&')}` : '';
}
