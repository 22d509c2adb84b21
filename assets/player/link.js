/** @import { Place } from './fragment.js' */
import { isWeb } from './address.js';
import { writePlace } from './fragment.js';
import { decoded } from './pairs.js';

/** Options that mean the frame, not the recording. */
const FRAME_OPTIONS = ['embed', 'autoplay', 'muted', 'loop', 'controls', 'panels'];

/** @typedef {{ protocol: string, origin: string, pathname: string, search: string, hash: string }} PageAddress */

/**
 * The page's address as it is outside a frame.
 * @param {PageAddress} page
 * @returns {PageAddress}
 */
export function withoutFrame(page) {
  const strip = (/** @type {string} */ text) => {
    const kept = text.slice(1).split('&').filter((pair) => pair && !FRAME_OPTIONS.includes(pair.split('=')[0]));
    return kept.length ? text[0] + kept.join('&') : '';
  };
  return { ...page, search: strip(page.search), hash: strip(page.hash) };
}

/**
 * That address with a place in it, for the same browser.
 * @param {PageAddress} page
 * @param {Place} place
 */
export function withPlace({ pathname, search, hash }, place) {
  return pathname + search + writePlace(hash, place);
}

/**
 * The link to hand on. Outside http(s) only the file's name goes out: the path is nobody's business and
 * leads nowhere on another computer.
 * @param {PageAddress} page
 * @param {Place} place
 */
export function linkTo(page, place) {
  const hash = writePlace(page.hash, place);
  if (isWeb(page.protocol)) return `${page.origin}${page.pathname}${page.search}${hash}`;
  return decoded(page.pathname.split('/').pop() ?? '') + hash;
}
