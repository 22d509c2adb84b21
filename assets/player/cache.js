/**
 * Keeps the `limit` results used last. Promises are kept as well as values, so that two readers of one
 * block wait for one inflation; a failed one is forgotten.
 * @template V
 * @param {number} limit
 */
export function createCache(limit) {
  /** @type {Map<string, Promise<V>>} */
  const kept = new Map();
  return {
    /**
     * @param {string} key
     * @param {() => Promise<V>} make
     */
    get(key, make) {
      const value = kept.get(key) ?? make();
      kept.delete(key);
      kept.set(key, value);
      value.catch(() => kept.delete(key));
      if (kept.size > limit) kept.delete(/** @type {string} */ (kept.keys().next().value));
      return value;
    },
    clear: () => kept.clear(),
  };
}
