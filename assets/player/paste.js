import { rawPairs } from './pairs.js';

/**
 * Key and share as a link's fragment holds them, out of whatever the reader hands in: a fragment, a whole link,
 * one that a mail program broke into lines or whose `#` it escaped, or the key alone.
 * @param {string} text
 * @returns {{ k?: string, s?: string }}
 */
export function parseSecrets(text) {
  const plain = text.replace(/[\s<>"]/g, '');
  const hash = plain.replace(/%23/i, '#');
  const fragment = hash.slice(hash.indexOf('#') + 1);
  /** @type {{ k?: string, s?: string }} */
  const found = {};
  for (const [name, value] of rawPairs(fragment)) if (name === 'k' || name === 's') found[name] ??= value;
  if (!found.k && /^[\w-]+$/.test(plain)) found.k = plain;
  return found;
}
