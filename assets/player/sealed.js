/** @import { Bytes, ByteSource, Handle, MessageSecret, Piece, Root, SealedPart } from './seal.d.ts' */
import { Damage, HEAD_BYTES, joined, openAt, openWhole } from './cobblestone.js';
import { bytesFrom } from './carrier.js';
import { download, Unreached } from './download.js';
import { stretches, totalOf } from './pieces.js';
import { StateError } from './states.js';

/**
 * Carriers of sealed parts, with what `inline` and `files` give as they are for plain ones.
 * @typedef {{ has(id: number): boolean, part(id: number): Promise<Blob>, pieces(id: number): AsyncIterable<Bytes> }} InlineParts
 * @typedef {{ read(path: string, offset: number, length: number): Promise<Bytes> }} FileParts
 */

/**
 * Sealed parts, wherever they are carried. Only a part whose commitment the manifest names is opened, so that
 * none can stand in for another.
 * @param {{ root: Root, inline: InlineParts, files: FileParts, urlOf: (path: string) => string | null, get: typeof fetch,
 *   sizes: Map<number, { length: number }> }} from `sizes`: what the end block says of each part, sealed
 */
export function createSealed({ root, inline, files, urlOf, get, sizes }) {
  /** @type {Map<number, SealedPart>} */
  let parts = new Map();
  /** @type {Map<number, ReturnType<typeof openAt>>} */
  const opened = new Map();

  /** @param {number} id */
  function partOf(id) {
    const part = parts.get(id);
    if (!part) throw new StateError('damaged');
    return part;
  }

  /** @param {number} id */
  function sizeOf(id) {
    const size = sizes.get(id)?.length;
    if (size === undefined) throw new StateError('damaged', 'cut');
    return size;
  }

  /** @param {number} id */
  const derive = (id) => (/** @type {Bytes} */ head) => root.message(id, head, id === 0 ? undefined : partOf(id).commitment);

  /**
   * The files of a part and their lengths, by path.
   * @param {number} id
   * @returns {Piece[]}
   */
  function filesOf(id) {
    const { file, files: cut } = partOf(id);
    const list = cut ?? (file ? [[file, sizeOf(id)]] : []);
    if (totalOf(/** @type {Piece[]} */ (list)) !== sizeOf(id)) throw new StateError('damaged');
    return /** @type {Piece[]} */ (list);
  }

  /** @param {number} id */
  function addressesOf(id) {
    return filesOf(id).map(([path, size]) => {
      const url = urlOf(path);
      if (!url) throw new StateError('damaged');
      return /** @type {Piece} */ ([url, size]);
    });
  }

  /**
   * @param {number} id
   * @returns {ByteSource}
   */
  function sourceOf(id) {
    if (inline.has(id)) return async (offset, length) => bytesFrom(await inline.part(id), offset, length);
    const list = filesOf(id);
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
    const sealed = inline.has(id) ? inline.pieces(id) : download(addressesOf(id), 0, sizeOf(id), { get });
    let left = partOf(id).length;
    for await (const chunk of openWhole(sealed, derive(id))) {
      if (left > 0) yield chunk.subarray(0, left);
      left -= chunk.length;
    }
    if (left > 0) throw new Damage('the part is too short');
  }

  return {
    /** The manifest's bytes; once it is read, `accept` takes what it says of the parts. */
    manifest: () => worded(async () => reader(0).read(0, await reader(0).length())),

    /** @param {SealedPart[]} list */
    accept(list) {
      parts = new Map(list.map((part) => [part.id, part]));
    },

    /**
     * @param {number} id
     * @param {number} offset
     * @param {number} length
     */
    read: (id, offset, length) => worded(async () => {
      if (!(offset >= 0 && length >= 0 && offset + length <= partOf(id).length)) throw new StateError('damaged');
      // What lies in the page costs nothing to look at as a whole; a file would cost a request.
      if (inline.has(id) && await reader(id).length() < partOf(id).length) throw new StateError('damaged');
      return length ? reader(id).read(offset, length) : new Uint8Array();
    }),

    /**
     * A part from its start to its end, as it arrives.
     * @param {number} id
     */
    async* whole(id) {
      try {
        yield* chunks(id);
      } catch (error) {
        throw wordedError(error);
      }
    },

    /**
     * What the service worker needs to play a part that is a file.
     * @param {number} id
     * @param {string} type
     * @returns {Promise<Handle>}
     */
    handle: (id, type) => worded(async () => {
      /** @type {MessageSecret} */
      const secret = await derive(id)(await sourceOf(id)(0, HEAD_BYTES));
      return { pieces: addressesOf(id), length: partOf(id).length, type, secret };
    }),

    forget() {
      root.forget();
      opened.clear();
    },
  };
}

/**
 * @template T
 * @param {() => Promise<T>} run
 */
async function worded(run) {
  try {
    return await run();
  } catch (error) {
    throw wordedError(error);
  }
}

/**
 * What went wrong, as a page state.
 * @param {unknown} error
 */
function wordedError(error) {
  if (error instanceof Damage) return new StateError('damaged');
  return error instanceof Unreached ? new StateError('unreachable') : error;
}
