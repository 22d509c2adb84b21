import { decodeBase64 } from './base64.js';
import { createCache } from './cache.js';
import { crc32 } from './crc32.js';
import { StateError, unreachable } from './states.js';

/** Every data block of a part but its last decodes to exactly this many bytes. */
export const DATA_BLOCK_BYTES = 786_432;

/** @typedef {{ take(): string }} Block A data block of the page; taking its text removes it. */

/**
 * Parts that lie in the page. A part becomes a Blob block by block, which lets the browser keep it outside
 * the page's heap, and its text leaves the page on the way.
 * @param {Map<number, Block[]>} blocks
 * @param {Map<number, { length: number, crc: number }>} end
 * @param {() => Promise<void> | undefined} [breathe] lets the page live between blocks
 */
export function createInline(blocks, end, breathe = () => undefined) {
  const parts = createCache();

  /**
   * A part block by block, each taken out of the page; what is amiss shows at the end.
   * @param {number} id
   */
  async function* pieces(id) {
    const expected = end.get(id);
    const list = blocks.get(id) ?? [];
    blocks.set(id, []);
    let length = 0;
    let crc = 0;
    for (const [i, block] of list.entries()) {
      await breathe();
      const bytes = bytesOf(block);
      if (i < list.length - 1 && bytes.length !== DATA_BLOCK_BYTES) throw new StateError('damaged');
      length += bytes.length;
      crc = crc32(bytes, crc);
      yield bytes;
    }
    if (!expected || expected.length !== length || expected.crc !== crc) throw new StateError('damaged');
  }

  /** @param {number} id */
  async function decode(id) {
    /** @type {Blob[]} */
    const blobs = [];
    for await (const bytes of pieces(id)) blobs.push(new Blob([bytes]));
    return new Blob(blobs);
  }

  return {
    /** @param {number} id */
    has: (id) => blocks.has(id),
    /** @param {number} id */
    part: (id) => parts(id, () => decode(id)),
    pieces,
  };
}

/** @param {Block} block */
function bytesOf(block) {
  try {
    return decodeBase64(block.take());
  } catch {
    throw new StateError('damaged');
  }
}

/** Bytes of a medium that may be kept as a whole. */
const WHOLE = 250e6;

/**
 * Parts that are files beside the page, read piece by piece. A server that knows no Range answers with the
 * whole file; that answer is kept, so that it is sent once.
 * @param {{ urlOf: (path: string) => string | null, web: boolean, get: typeof fetch }} options
 */
export function createFiles({ urlOf, web, get }) {
  /** @type {Map<string, Promise<Blob>>} */
  const wholes = new Map();
  /** The first request of each file: only its answer tells what the server knows. @type {Map<string, Promise<void>>} */
  const first = new Map();

  /**
   * @param {string} path
   * @param {number} offset
   * @param {number} length
   */
  async function read(path, offset, length) {
    if (!web) throw new StateError('unsupported', 'needs-server');
    if (first.has(path)) await first.get(path);
    const kept = wholes.get(path);
    if (kept) return bytesFrom(await kept, offset, length);
    const asking = request(path, offset, length);
    if (!first.has(path)) first.set(path, asking.then((answer) => void (answer.status === 200 && keep(path, answer)), () => void first.delete(path)));
    const answer = await asking;
    if (answer.status === 200) return bytesFrom(await (wholes.get(path) ?? keep(path, answer)), offset, length);
    if (answer.status !== 206) throw new StateError('unreachable');
    return exactly(new Uint8Array(await answer.arrayBuffer()), length);
  }

  /**
   * @param {string} path
   * @param {number} offset
   * @param {number} length
   */
  async function request(path, offset, length) {
    const url = path && urlOf(path);
    if (!url) throw new StateError('damaged');
    try {
      return await get(url, { headers: { Range: `bytes=${offset}-${offset + length - 1}` } });
    } catch {
      throw unreachable();
    }
  }

  /**
   * @param {string} path
   * @param {Response} answer
   */
  function keep(path, answer) {
    const whole = answer.blob();
    wholes.set(path, whole);
    // A download that broke off is tried anew the next time.
    whole.catch(() => wholes.delete(path));
    return whole;
  }

  /**
   * A medium as a whole where the server knows no Range: no player can seek in it otherwise. Null when it can
   * be played from its address, or is too large to keep.
   * @param {string} path
   */
  async function whole(path) {
    if (!web) return null;
    const answer = await request(path, 0, 1).catch(() => null);
    if (answer?.status === 200 && Number(answer.headers.get('content-length') ?? Infinity) <= WHOLE) return keep(path, answer);
    answer?.body?.cancel().catch(() => {});
    return null;
  }

  return { read, whole };
}

/**
 * @param {Blob} blob
 * @param {number} offset
 * @param {number} length
 */
export async function bytesFrom(blob, offset, length) {
  return exactly(new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()), length);
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {number} length
 */
function exactly(bytes, length) {
  if (bytes.length !== length) throw new StateError('damaged');
  return bytes;
}
