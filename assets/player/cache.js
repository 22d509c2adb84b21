/**
 * Keeps the `limit` results used last. Promises are kept as well as values, so that two readers of one
 * block wait for one inflation; a failed one is forgotten.
 * @param {number} [limit]
 */
export function createCache(limit = Infinity) {
  /** @type {Map<unknown, Promise<any>>} */
  const kept = new Map();
  /**
   * @template V
   * @param {unknown} key
   * @param {() => Promise<V>} make
   * @returns {Promise<V>}
   */
  return (key, make) => {
    const value = kept.get(key) ?? make();
    kept.delete(key);
    kept.set(key, value);
    value.catch(() => kept.delete(key));
    if (kept.size > limit) kept.delete(kept.keys().next().value);
    return value;
  };
}
