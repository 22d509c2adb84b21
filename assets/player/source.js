/** @import { BlockRef, Detail, Header, Manifest, Parts, Row, RowsBlock, Source, StreamIndex, StreamName } from './types.d.ts' */
import { createCache } from './cache.js';
import { inflate } from './inflate.js';
import { exactJson } from './json.js';
import { createOrder } from './order.js';
import { firstNot } from './search.js';
import { StateError } from './states.js';

/** Inflated blocks of at most 256 KiB each, raw or parsed. */
const BLOCKS_KEPT = 32;

/**
 * Reads a bundle lazily: nothing is inflated before it is asked for, and little of it is kept.
 * @param {{ header: Header, manifest: Manifest, parts: Parts, media: Pick<Source, 'url' | 'instead' | 'whole'> }} from
 * @returns {Source}
 */
export function createSource({ header, manifest, parts, media }) {
  const recent = createCache(BLOCKS_KEPT);
  const once = createCache();

  /**
   * @param {number} id
   * @param {number} offset
   * @param {number} length
   */
  async function read(id, offset, length) {
    if (!(offset >= 0 && length >= 0 && offset + length <= parts.part(id).length)) throw new StateError('damaged');
    return length ? parts.read(id, offset, length) : new Uint8Array();
  }

  /** @param {StreamName} stream */
  function streamParts(stream) {
    const found = manifest.streams[stream];
    if (!found) throw new StateError('damaged');
    return found;
  }

  /** The index of a stream, and the number of each block's first row. @param {StreamName} stream */
  const load = (stream) => once(stream, async () => {
    const id = streamParts(stream).index;
    /** @type {StreamIndex} */
    const index = parse(await read(id, 0, parts.part(id).length));
    let total = 0;
    const starts = index.rows.map(([, , , rows]) => (total += rows) - rows);
    if (total !== count(stream)) throw new StateError('damaged');
    return { index, starts };
  });

  /**
   * @param {number} id
   * @param {BlockRef | RowsBlock} block
   */
  async function inflated(id, [offset, length, size]) {
    return inflate(await read(id, offset, length), size);
  }

  /**
   * @param {StreamName} stream
   * @param {RowsBlock} block
   * @returns {Promise<Row[]>}
   */
  function parsed(stream, block) {
    const id = streamParts(stream).rows;
    return recent(`${id}:${block[0]}`, async () => {
      const lines = decodeText(await inflated(id, block)).split('\n').filter(Boolean);
      if (lines.length !== block[3]) throw new StateError('damaged');
      return lines.map(parseText);
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
    const { index, starts } = await load(stream);
    const first = Math.max(0, firstNot(starts.length, (i) => starts[i] <= from) - 1);
    const touched = index.rows.slice(first, firstNot(starts.length, (i) => starts[i] < to));
    const lists = await Promise.all(touched.map((block) => parsed(stream, block)));
    return lists.flat().slice(from - starts[first], to - starts[first]);
  }

  /**
   * @param {StreamName} stream
   * @param {number} row
   * @returns {Promise<Detail>}
   */
  async function detail(stream, row) {
    const [place] = await rows(stream, row, row + 1);
    if (!place) throw new StateError('damaged');
    return place.detail ? parseText(await text(stream, place.detail)) : {};
  }

  /** @type {Source['text']} */
  async function text(stream, place) {
    const { index } = await load(stream);
    return decodeText(await span(streamParts(stream).details, index.details, ...place));
  }

  /**
   * Bytes [offset, offset + length) of what the blocks of a part inflate to.
   * @param {number} id
   * @param {BlockRef[]} blocks
   * @param {number} offset
   * @param {number} length
   */
  async function span(id, blocks, offset, length) {
    const total = blocks.reduce((sum, [, , size]) => sum + size, 0);
    if (!(offset >= 0 && length >= 0 && offset + length <= total)) throw new StateError('damaged');
    const out = new Uint8Array(length);
    let start = 0;
    for (const block of blocks) {
      const end = start + block[2];
      if (end > offset && start < offset + length) {
        const bytes = await recent(`${id}:${block[0]}`, () => inflated(id, block));
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
    const { index, starts } = await load(stream);
    const place = index.rows.findIndex(([, , , , , last]) => last !== null && last >= ms);
    if (place < 0) return count(stream);
    const list = await parsed(stream, index.rows[place]);
    const first = list.findIndex((row) => row.time !== undefined && row.time >= ms);
    return starts[place] + (first < 0 ? list.length : first);
  }

  async function loadOrder() {
    const { part, count: total, blocks } = manifest.order ?? { part: 0, count: 0, blocks: [] };
    return createOrder(await span(part, blocks, 0, total), before);
  }

  return {
    header,
    manifest,
    read,
    ...media,
    count,
    rows,
    detail,
    text,
    before,
    index: async (stream) => (await load(stream)).index,
    order: () => once('order', loadOrder),
  };
}

/** @param {Uint8Array} bytes */
function decodeText(bytes) {
  return new TextDecoder().decode(bytes);
}

/** @param {string} text */
function parseText(text) {
  try {
    return exactJson(text);
  } catch {
    throw new StateError('damaged');
  }
}

/** @param {Uint8Array} bytes */
export function parse(bytes) {
  return parseText(decodeText(bytes));
}
