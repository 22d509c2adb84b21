/** @import { Bytes, ByteSource, Handle, Root } from './seal.d.ts' */
/** @import { Part, Parts } from './types.d.ts' */
import { Damage, HEAD_BYTES, joined, openAt, openWhole } from './cobblestone.js';
import { bytesFrom } from './carrier.js';
import { download } from './download.js';
import { addressesOf, filesOf } from './part-files.js';
import { stretches } from './pieces.js';
import { StateError } from './states.js';
import { wordedAll, wordedError } from './worded.js';

/**
 * Sealed parts, wherever they are carried. Only a part whose commitment the manifest names is opened, so that
 * none can stand in for another.
 * @param {{ root: Root, inline: ReturnType<typeof import('./carrier.js').createInline>, files: ReturnType<typeof import('./carrier.js').createFiles>,
 *   urlOf: (path: string) => string | null, get: typeof fetch, sizes: Map<number, { length: number }>, onDamage: (error: unknown) => void }} from
 *   `sizes`: what the end block says of each part, sealed; `onDamage`: hears of any part that was changed
 * @returns {Parts}
 */
export function createSealed({ root, inline, files, urlOf, get, sizes, onDamage }) {
  /** @type {Map<number, Part>} */
  let parts = new Map();
  /** @type {Map<number, ReturnType<typeof openAt>>} */
  const opened = new Map();

  /** @param {number} id */
  function part(id) {
    const found = parts.get(id);
    if (!found) throw new StateError('damaged');
    return found;
  }

  /** @param {number} id */
  function sizeOf(id) {
    const size = sizes.get(id)?.length;
    if (size === undefined) throw new StateError('damaged', 'cut');
    return size;
  }

  /** @param {number} id */
  const derive = (id) => (/** @type {Bytes} */ head) => root.message(id, head, id === 0 ? undefined : part(id).commitment);

  /** @param {number} id */
  const pieces = (id) => filesOf(part(id), sizeOf(id));

  /**
   * @param {number} id
   * @returns {ByteSource}
   */
  function sourceOf(id) {
    if (inline.has(id)) return async (offset, length) => bytesFrom(await inline.part(id), offset, length);
    const list = pieces(id);
    return async (offset, length) => {
      const reads = stretches(list, offset, offset + length).map(({ url, from, to }) => files.read(url, from, to - from));
      return joined(await Promise.all(reads));
    };
  }

  /** @param {number} id */
  function reader(id) {
    let found = opened.get(id);
    if (!found) opened.set(id, found = openAt(sourceOf(id), sizeOf(id), derive(id)));
    return found;
  }

  /** @param {number} id */
  async function* chunks(id) {
    const sealed = inline.has(id) ? inline.pieces(id) : download(addressesOf(pieces(id), urlOf), 0, sizeOf(id), { get });
    let left = part(id).length;
    for await (const chunk of openWhole(sealed, derive(id))) {
      if (left > 0) yield chunk.subarray(0, left);
      left -= chunk.length;
    }
    if (left > 0) throw new Damage('the part is too short');
  }

  /**
   * The first bytes of a part that is files, and whether its server gave them without the rest.
   * @param {number} id
   */
  async function head(id) {
    let ranged = true;
    /** @type {Bytes[]} */
    const found = [];
    const onAnswer = (/** @type {number} */ status) => void (ranged = status === 206);
    for await (const bytes of download(addressesOf(pieces(id), urlOf), 0, HEAD_BYTES, { get, onAnswer })) found.push(bytes);
    return { bytes: joined(found), ranged };
  }

  /** @param {unknown} error */
  function word(error) {
    const worded = wordedError(error);
    if (worded instanceof StateError && worded.state === 'damaged') onDamage(worded);
    return worded;
  }

  /**
   * @template T
   * @param {() => Promise<T>} run
   */
  async function worded(run) {
    try {
      return await run();
    } catch (error) {
      throw word(error);
    }
  }

  return {
    part,
    manifest: () => worded(async () => reader(0).read(0, await reader(0).length())),
    accept: (list) => void (parts = new Map(list.map((one) => [one.id, one]))),
    read: (id, offset, length) => worded(async () => {
      // What lies in the page costs nothing to look at as a whole; a file would cost a request.
      if (inline.has(id) && await reader(id).length() < part(id).length) throw new StateError('damaged');
      return reader(id).read(offset, length);
    }),
    blob: async () => null,
    direct: () => null,
    whole: (id) => wordedAll(chunks(id), word),
    handle: (id, type) => worded(async () => {
      const { bytes, ranged } = await head(id);
      // Where every seek would send the whole file again, one download is better.
      if (!ranged && !part(id).files) return null;
      return /** @type {Handle} */ ({ pieces: addressesOf(pieces(id), urlOf), length: part(id).length, type, secret: await derive(id)(bytes) });
    }),
    close() {
      root.forget();
      opened.clear();
    },
  };
}
