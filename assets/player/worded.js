import { Damage } from './cobblestone.js';
import { Unreached } from './download.js';
import { StateError, unreachable } from './states.js';

/**
 * What went wrong with bytes, as a page state.
 * @param {unknown} error
 */
export function wordedError(error) {
  if (error instanceof Damage) return new StateError('damaged');
  return error instanceof Unreached ? unreachable() : error;
}

/**
 * @template T
 * @param {AsyncIterable<T>} chunks
 * @param {(error: unknown) => unknown} word
 */
export async function* wordedAll(chunks, word) {
  try {
    yield* chunks;
  } catch (error) {
    throw word(error);
  }
}
