/** @import { Handle } from './seal.d.ts' */
/** @import { Part, Parts } from './types.d.ts' */
import { bytesFrom } from './carrier.js';
import { joined } from './cobblestone.js';
import { download } from './download.js';
import { addressesOf, filesOf } from './part-files.js';
import { stretches } from './pieces.js';
import { StateError } from './states.js';
import { wordedAll, wordedError } from './worded.js';

/**
 * Parts that lie open, inline or beside the page.
 * @param {{ inline: ReturnType<typeof import('./carrier.js').createInline>, files: ReturnType<typeof import('./carrier.js').createFiles>,
 *   urlOf: (path: string) => string | null, get: typeof fetch, web: boolean }} from
 * @returns {Parts}
 */
export function createPlain({ inline, files, urlOf, get, web }) {
  /** @type {Map<number, Part>} */
  let parts = new Map();

  /** @param {number} id */
  function part(id) {
    const found = parts.get(id);
    if (!found || !(inline.has(id) || found.file || found.files)) throw new StateError('damaged');
    return found;
  }

  /** @param {number} id */
  const pieces = (id) => filesOf(part(id), part(id).length);

  return {
    part,
    async manifest() {
      if (!inline.has(0)) throw new StateError('damaged');
      const blob = await inline.part(0);
      return bytesFrom(blob, 0, blob.size);
    },
    accept: (list) => void (parts = new Map(list.map((one) => [one.id, one]))),
    async read(id, offset, length) {
      if (inline.has(id)) return bytesFrom(await inline.part(id), offset, length);
      const reads = stretches(pieces(id), offset, offset + length).map(({ url, from, to }) => files.read(url, from, to - from));
      return joined(await Promise.all(reads));
    },
    async blob(id, type) {
      if (inline.has(id)) return inline.part(id);
      const { file } = part(id);
      return file && isPlayed(type) ? files.whole(file) : null;
    },
    direct(id) {
      const { file } = part(id);
      const url = file ? urlOf(file) : null;
      if (file && !url) throw new StateError('damaged');
      return url;
    },
    whole(id) {
      if (!web) throw new StateError('unsupported', 'needs-server');
      return wordedAll(download(addressesOf(pieces(id), urlOf), 0, part(id).length, { get }), wordedError);
    },
    handle: async (id, type) => /** @type {Handle} */ ({ pieces: addressesOf(pieces(id), urlOf), length: part(id).length, type, secret: null }),
    close() {},
  };
}

/** @param {string} type */
export function isPlayed(type) {
  return /^(video|audio)\//.test(type);
}
