/** @import { Order, StreamName } from './types.d.ts' */
import { STREAMS } from './panels.js';
import { firstNot } from './search.js';

const STRIDE = 1024;

/**
 * The merged list: a byte an event names its stream. The row is the count of that stream's bytes before it,
 * which is noted down every 1,024 places.
 * @param {Uint8Array} bytes
 * @param {(stream: StreamName, ms: number) => Promise<number>} before
 * @returns {Order}
 */
export function createOrder(bytes, before) {
  const stretches = Math.ceil(bytes.length / STRIDE);
  const notes = new Uint32Array(stretches * 4);
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < bytes.length; i++) {
    if (i % STRIDE === 0) notes.set(counts, (i / STRIDE) * 4);
    counts[bytes[i]]++;
  }

  /** @param {number} place */
  function at(place) {
    const code = bytes[place];
    const note = Math.floor(place / STRIDE);
    let row = notes[note * 4 + code];
    for (let i = note * STRIDE; i < place; i++) if (bytes[i] === code) row++;
    return { stream: STREAMS[code], row };
  }

  /**
   * @param {StreamName} stream
   * @param {number} row
   */
  function place(stream, row) {
    const code = STREAMS.indexOf(stream);
    const note = Math.max(0, firstNot(stretches, (i) => notes[i * 4 + code] <= row) - 1);
    let left = row - notes[note * 4 + code];
    for (let i = note * STRIDE; i < bytes.length; i++) if (bytes[i] === code && left-- === 0) return i;
    return -1;
  }

  return {
    count: bytes.length,
    at,
    place,
    async before(ms) {
      const present = STREAMS.filter((_, code) => counts[code]);
      return (await Promise.all(present.map((stream) => before(stream, ms)))).reduce((sum, n) => sum + n, 0);
    },
  };
}
