/** @import { Bytes } from './seal.d.ts' */

/** Bytes above which loading a medium as a whole is asked about first. */
export const WHOLE_WARN_BYTES = 250_000_000;
/** Bytes of a piece of the Blob: few enough pieces for the browser, small enough for the page. */
const PIECE_BYTES = 1_048_576;

/**
 * Gathers a part into a Blob of Blobs, which the browser keeps outside the page's memory.
 * @param {AsyncIterable<Bytes>} chunks
 * @param {{ type: string, onProgress?: (done: number) => void, breathe?: () => Promise<void> | undefined, life?: AbortSignal }} options
 */
export async function gather(chunks, { type, onProgress = () => {}, breathe = () => undefined, life }) {
  /** @type {Blob[]} */
  const blobs = [];
  /** @type {Bytes[]} */
  let pending = [];
  let waiting = 0;
  let done = 0;

  function flush() {
    blobs.push(new Blob(pending));
    pending = [];
    waiting = 0;
    onProgress(done);
  }

  for await (const chunk of chunks) {
    pending.push(chunk);
    waiting += chunk.length;
    done += chunk.length;
    if (waiting >= PIECE_BYTES) flush();
    await breathe();
    life?.throwIfAborted();
  }
  flush();
  return new Blob(blobs, { type });
}
