/** @import { BlockRef, Detail, Header, Manifest, Order, Row, RowsBlock, Source, StreamIndex, StreamName } from './types.d.ts' */
import { createCache } from './cache.js';
import { bytesFrom } from './carrier.js';
import { inflate } from './inflate.js';
import { createOrder } from './order.js';
import { StateError } from './states.js';

const ROWS_KEPT = 24;
const RAW_KEPT = 12;

/** @typedef {RowsBlock & { start: number }} Placed A rows block and the number of its first row. */
/** @typedef {ReturnType<typeof import('./carrier.js').createInline>} Inline */
/** @typedef {ReturnType<typeof import('./carrier.js').createFiles>} Files */

/**
 * Reads a bundle lazily: nothing is inflated before it is asked for, and little of it is kept.
 * @param {{ header: Header, manifest: Manifest, inline: Inline, files: Files, urlOf: (path: string) => string | null }} from
 * @returns {Source & { close(): void }}
 */
export function createSource({ header, manifest, inline, files, urlOf }) {
  const parts = new Map(manifest.parts.map((part) => [part.id, part]));
  /** @type {ReturnType<typeof createCache<Row[]>>} */
  const rowsCache = createCache(ROWS_KEPT);
  /** @type {ReturnType<typeof createCache<Uint8Array<ArrayBuffer>>>} */
  const rawCache = createCache(RAW_KEPT);
  /** @type {ReturnType<typeof createCache<{ index: StreamIndex, placed: Placed[] }>>} */
  const indexes = createCache(8);
  /** @type {ReturnType<typeof createCache<string>>} */
  const urls = createCache(Infinity);
  /** @type {string[]} */
  const blobUrls = [];
  /** @type {ReturnType<typeof createCache<Order>>} */
  const orders = createCache(1);

  /**
   * @param {number} id
   * @param {number} offset
   * @param {number} length
   */
  async function read(id, offset, length) {
    const part = parts.get(id);
    if (!part || !(offset >= 0 && length >= 0 && offset + length <= part.length)) throw new StateError('damaged');
    if (!length) return new Uint8Array();
    return inline.has(id) ? bytesFrom(await inline.part(id), offset, length) : files.read(part.file ?? '', offset, length);
  }

  /** @param {StreamName} stream */
  function streamParts(stream) {
    const found = manifest.streams[stream];
    if (!found) throw new StateError('damaged');
    return found;
  }

  /** @param {StreamName} stream */
  const load = (stream) => indexes.get(stream, async () => {
    const id = streamParts(stream).index;
    /** @type {StreamIndex} */
    const index = parse(await read(id, 0, parts.get(id)?.length ?? 0));
    let start = 0;
    const placed = index.rows.map((block) => {
      const here = /** @type {Placed} */ (Object.assign([...block], { start }));
      start += block[3];
      return here;
    });
    if (start !== count(stream)) throw new StateError('damaged');
    return { index, placed };
  });

  /**
   * @param {number} id
   * @param {readonly [number, number, number, ...unknown[]]} block
   */
  function raw(id, [offset, length, size]) {
    return rawCache.get(`${id}:${offset}`, async () => inflate(await read(id, offset, length), size));
  }

  /**
   * @param {StreamName} stream
   * @param {Placed} block
   */
  function parsed(stream, block) {
    const id = streamParts(stream).rows;
    return rowsCache.get(`${id}:${block[0]}`, async () => {
      const [offset, length, size, rows] = block;
      const list = parseLines(await inflate(await read(id, offset, length), size));
      if (list.length !== rows) throw new StateError('damaged');
      return list;
    });
  }

  /** @param {StreamName} stream */
  function count(stream) {
    return manifest.streams[stream]?.count ?? 0;
  }

  /**
   * @param {StreamName} stream
   * @param {number} from
   * @param {number} to
   */
  async function rows(stream, from, to) {
    if (from >= to) return [];
    const { placed } = await load(stream);
    const touched = placed.slice(lastAt(placed, from)).filter((block) => block.start < to);
    const lists = await Promise.all(touched.map((block) => parsed(stream, block)));
    return lists.flatMap((list, i) => list.slice(Math.max(0, from - touched[i].start), to - touched[i].start));
  }

  /**
   * @param {StreamName} stream
   * @param {number} row
   * @returns {Promise<Detail>}
   */
  async function detail(stream, row) {
    const [place] = await rows(stream, row, row + 1);
    if (!place) throw new StateError('damaged');
    if (!place.detail) return {};
    const [offset, length] = place.detail;
    const { index } = await load(stream);
    return parse(await span(streamParts(stream).details, index.details, offset, length));
  }

  /**
   * Bytes [offset, offset + length) of what the blocks of a part inflate to.
   * @param {number} id
   * @param {BlockRef[]} blocks
   * @param {number} offset
   * @param {number} length
   */
  async function span(id, blocks, offset, length) {
    const total = blocks.reduce((sum, block) => sum + block[2], 0);
    if (!(offset >= 0 && length >= 0 && offset + length <= total)) throw new StateError('damaged');
    const out = new Uint8Array(length);
    let start = 0;
    for (const block of blocks) {
      const end = start + block[2];
      if (end > offset && start < offset + length) {
        const bytes = await raw(id, block);
        const from = Math.max(0, offset - start);
        out.set(bytes.subarray(from, offset + length - start), start + from - offset);
      }
      start = end;
    }
    return out;
  }

  /**
   * @param {StreamName} stream
   * @param {number} ms
   */
  async function before(stream, ms) {
    if (!count(stream)) return 0;
    const { placed } = await load(stream);
    const block = placed.find(([, , , , , last]) => last !== null && last >= ms);
    if (!block) return count(stream);
    const list = await parsed(stream, block);
    const first = list.findIndex((row) => row.time !== undefined && row.time >= ms);
    return block.start + (first < 0 ? list.length : first);
  }

  /**
   * @param {number} id
   * @param {string} type
   */
  async function makeUrl(id, type) {
    const file = parts.get(id)?.file;
    const url = file ? urlOf(file) : null;
    if (!inline.has(id) && !(file && url)) throw new StateError('damaged');
    const blob = inline.has(id) ? await inline.part(id) : file && /^(video|audio)\//.test(type) ? await files.whole(file) : null;
    if (!blob) return url ?? '';
    const made = URL.createObjectURL(new Blob([blob], { type }));
    blobUrls.push(made);
    return made;
  }

  async function loadOrder() {
    if (!manifest.order) return createOrder(new Uint8Array(), before);
    const { part, count: total, blocks } = manifest.order;
    return createOrder(await span(part, blocks, 0, total), before);
  }

  return {
    header,
    manifest,
    read,
    url: (id, type) => urls.get(String(id), () => makeUrl(id, type)),
    count,
    rows,
    detail,
    before,
    index: async (stream) => (await load(stream)).index,
    order: () => orders.get('', loadOrder),
    close() {
      blobUrls.forEach(URL.revokeObjectURL);
      for (const cache of [rowsCache, rawCache, urls]) cache.clear();
    },
  };
}

/**
 * The place of the last block that starts at or before a row.
 * @param {Placed[]} placed
 * @param {number} row
 */
function lastAt(placed, row) {
  let low = 0;
  let high = placed.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (placed[middle].start <= row) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}

/** @param {Uint8Array} bytes */
export function parse(bytes) {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new StateError('damaged');
  }
}

/**
 * @param {Uint8Array} bytes
 * @returns {Row[]}
 */
function parseLines(bytes) {
  try {
    return new TextDecoder().decode(bytes).split('\n').filter(Boolean).map((line) => JSON.parse(line));
  } catch {
    throw new StateError('damaged');
  }
}
