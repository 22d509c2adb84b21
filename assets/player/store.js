/** @import { State, Store } from './types.d.ts' */

/**
 * The one place where the page's state lives. Views ask (through requests on the app), the mediators act,
 * and the store holds what then is so. Listeners run once a microtask, whatever number of keys changed.
 * @param {State} initial
 * @returns {Store}
 */
export function createStore(initial) {
  let state = initial;
  /** @type {{ keys: (keyof State)[], run: (state: State) => unknown }[]} */
  const listeners = [];
  /** @type {Set<keyof State>} */
  const changed = new Set();

  function flush() {
    const keys = new Set(changed);
    changed.clear();
    for (const { keys: wanted, run } of listeners) if (wanted.some((key) => keys.has(key))) run(state);
  }

  /** @type {Store} */
  const store = {
    get: () => state,
    set(patch) {
      const news = /** @type {(keyof State)[]} */ (Object.keys(patch)).filter((key) => !Object.is(patch[key], state[key]));
      if (!news.length) return;
      state = { ...state, ...patch };
      if (!changed.size) queueMicrotask(flush);
      for (const key of news) changed.add(key);
    },
    on(keys, run) {
      listeners.push({ keys, run });
    },
    watch(keys, run) {
      run(state);
      store.on(keys, run);
    },
  };
  return store;
}
