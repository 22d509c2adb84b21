/** @import { BlockRef, Detail, Header, Manifest, Parts, RowsBlock, Source, StreamIndex, StreamName } from './types.d.ts' */
import { createCache } from './cache.js';
import { inflate } from './inflate.js';
import { exactJson } from './json.js';
import { createOrder } from './order.js';
import { firstNot } from './search.js';
import { StateError } from './states.js';

/** Inflated blocks of at most 256 KiB each, raw or as lines. */
const BLOCKS_KEPT = 32;
/** Of what is looked through, so many blocks are read at once, */
const READ_AT_ONCE = 8;
/** and the bytes of so many reads are kept, packed as they are: they hold a million rows and more. */
const READS_KEPT = 128;

/**
 * Reads a bundle lazily: nothing is inflated before it is asked for, and little of it is kept.
 * @param {{ header: Header, manifest: Manifest, parts: Parts, media: Pick<Source, 'url' | 'instead' | 'whole'> }} from
 * @returns {Source}
 */
export function createSource({ header, manifest, parts, media }) {
  const recent = createCache(BLOCKS_KEPT);
  const packed = createCache(READS_KEPT);
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
   * The JSON of a block's rows.
   * @param {StreamName} stream
   * @param {RowsBlock[]} list
   * @param {number} at
   * @param {boolean} [through] the blocks around it are wanted as well
   * @returns {Promise<string[]>}
   */
  function lines(stream, list, at, through) {
    const id = streamParts(stream).rows;
    const block = list[at];
    return recent(`${id}:${block[0]}`, async () => {
      const bytes = await (through ? together(id, list, at).then((found) => inflate(found, block[2])) : inflated(id, block));
      const found = decodeText(bytes).split('\n').filter(Boolean);
      if (found.length !== block[3]) throw new StateError('damaged');
      return found;
    });
  }

  /**
   * The packed bytes of a block, read with those around it.
   * @param {number} id
   * @param {RowsBlock[]} list
   * @param {number} at
   */
  async function together(id, list, at) {
    const start = at - (at % READ_AT_ONCE);
    const [from] = list[start];
    const [last, more] = list[Math.min(start + READ_AT_ONCE, list.length) - 1];
    const bytes = await packed(`${id}:${start}`, () => read(id, from, last + more - from));
    const [offset, length] = list[at];
    return bytes.subarray(offset - from, offset - from + length);
  }

  /** @param {StreamName} stream */
  function count(stream) {
    return manifest.streams[stream]?.count ?? 0;
  }

  /** @type {Source['rows']} */
  async function rows(stream, from, to, sift) {
    if (from >= to) return [];
    const { index, starts } = await load(stream);
    const first = Math.max(0, firstNot(starts.length, (i) => starts[i] <= from) - 1);
    const touched = starts.slice(first, firstNot(starts.length, (i) => starts[i] < to));
    const lists = await Promise.all(touched.map((_, at) => lines(stream, index.rows, first + at, !!sift)));
    return lists.flat().slice(from - starts[first], to - starts[first]).map((line) => !sift || sift(line) ? parseText(line) : undefined);
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
    const times = await recent(`${stream}:${place}`, async () => (await lines(stream, index.rows, place)).map((line) => parseText(line).time));
    const first = times.findIndex((time) => time >= ms);
    return starts[place] + (first < 0 ? times.length : first);
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
export function decodeText(bytes) {
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
