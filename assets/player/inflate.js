import { StateError } from './states.js';

/** No block yields more. */
const BLOCK_BYTES = 262_144;

/**
 * Inflates one deflate-raw block and stops at the length it was declared to have: a block that would yield
 * more is refused before it fills the memory.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {number} length
 */
export async function inflate(bytes, length) {
  if (!(length <= BLOCK_BYTES)) throw new StateError('damaged');
  const out = new Uint8Array(length);
  let at = 0;
  const stream = new DecompressionStream('deflate-raw');
  const writer = stream.writable.getWriter();
  // A bad block rejects here as well as at the reader, which is the one that is listened to.
  writer.write(bytes).then(() => writer.close()).catch(() => {});
  const reader = stream.readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      out.set(value, at);
      at += value.length;
    }
  } catch {
    reader.cancel().catch(() => {});
    throw new StateError('damaged');
  }
  if (at !== length) throw new StateError('damaged');
  return out;
}
