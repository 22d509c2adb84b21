/** @import { Place } from './fragment.js' */
import { isWeb } from './address.js';
import { writePlace } from './fragment.js';
import { decoded } from './pairs.js';

/**
 * The link to hand on. Outside http(s) only the file's name goes out: the path is nobody's business and
 * leads nowhere on another computer.
 * @param {{ protocol: string, origin: string, pathname: string, search: string, hash: string }} page
 * @param {Place} place
 */
export function linkTo(page, place) {
  const hash = writePlace(page.hash, place);
  if (isWeb(page.protocol)) return `${page.origin}${page.pathname}${page.search}${hash}`;
  return decoded(page.pathname.split('/').pop() ?? '') + hash;
}
