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
  for (const pair of fragment.split('&')) {
    const [, name, value] = /^([ks])=(.*)$/.exec(pair) ?? [];
    if (name === 'k') found.k ??= value;
    if (name === 's') found.s ??= value;
  }
  if (!found.k && plain && /^[\w-]+$/.test(plain)) found.k = plain;
  return found;
}
