/** @import { Parts, Source } from './types.d.ts' */
import { createCache } from './cache.js';
import { isPlayed } from './plain.js';
import { gather, WHOLE_WARN_BYTES } from './whole.js';

/**
 * Addresses for what the page shows: the part itself where it lies open, the service worker's where it must be
 * opened or joined while it plays, else that of a Blob.
 * @param {{ parts: Parts, isInline: (id: number) => boolean, worker: { url(name: string): Promise<string | null> } | null,
 *   agree: (bytes: number) => Promise<void>, onProgress: (part: number | null) => void, breathe: () => Promise<void> | undefined, life: AbortSignal }} from
 *   `agree`: settles when the reader wants so many bytes as a whole
 */
export function createMedia({ parts, isInline, worker, agree, onProgress, breathe, life }) {
  const once = createCache();
  /** @type {string[]} */
  const blobUrls = [];
  /** What was asked of the worker: it asks back when it was ended meanwhile. @type {Map<string, string>} */
  const types = new Map();

  /**
   * @param {number} id
   * @param {string} type
   */
  async function gathered(id, type) {
    const { length } = parts.part(id);
    if (!isInline(id) && length > WHOLE_WARN_BYTES) await agree(length);
    try {
      return await gather(parts.whole(id), { type, breathe, life, onProgress: (done) => (isPlayed(type) ? onProgress(done / length) : undefined) });
    } finally {
      onProgress(null);
    }
  }

  /**
   * @param {number} id
   * @param {string} type
   */
  async function blobUrl(id, type) {
    const blob = await parts.blob(id, type) ?? await gathered(id, type);
    life.throwIfAborted();
    const url = URL.createObjectURL(new Blob([blob], { type }));
    blobUrls.push(url);
    return url;
  }

  /**
   * @param {number} id
   * @param {string} type
   */
  async function played(id, type) {
    if (isInline(id) || !worker || !isPlayed(type)) return null;
    types.set(String(id), type);
    return worker.url(String(id));
  }

  /**
   * @param {number} id
   * @param {string} type
   */
  async function makeUrl(id, type) {
    const url = isInline(id) ? null : parts.direct(id);
    if (url) return await parts.blob(id, type) ? blobUrl(id, type) : url;
    return await played(id, type) ?? blobUrl(id, type);
  }

  return {
    /** @type {Source['url']} */
    url: (id, type) => once(id, () => makeUrl(id, type)),
    /** @type {Source['instead']} */
    instead: async (id, type) => (types.delete(String(id)) ? once(`whole ${id}`, () => blobUrl(id, type)) : null),
    /** @type {Source['whole']} */
    whole: async (id, type, { life: wanted, onProgress: progress }) => parts.direct(id) ?? await parts.blob(id, type)
      ?? gather(parts.whole(id), { type, breathe, life: wanted, onProgress: (done) => progress(done / parts.part(id).length) }),
    /** What the worker needs for a part that it was asked to play. @param {string} name */
    handle: async (name) => (types.has(name) ? parts.handle(Number(name), types.get(name) ?? '') : null),
    close() {
      blobUrls.forEach(URL.revokeObjectURL);
      types.clear();
    },
  };
}
