/** @import { App } from './types.d.ts' */
/** @import { Place } from './fragment.js' */
import { writePlace } from './fragment.js';
import { rawPairs } from './pairs.js';

/** Browsers refuse an address that changes too often. */
const PAUSE = 500;

/**
 * Where the reader is now, as a link can say it.
 * @param {App} app
 * @returns {Place}
 */
export function placeNow({ store }) {
  const { time, panel, selected, queries } = store.get();
  return { time, panel, selected: selected ?? undefined, q: queries[panel] || undefined };
}

/**
 * Writes the place into the address, so that a reload comes back to it; not while playing, and not before
 * the reader has done anything.
 * @param {App} app
 */
export function keepAddress(app) {
  const { store, life } = app;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let touched = false;
  const touch = () => void (touched = true);
  for (const event of ['pointerdown', 'keydown']) addEventListener(event, touch, { capture: true, signal: life });

  function write() {
    timer = undefined;
    if (life.aborted) return;
    const hash = writePlace(location.hash, placeNow(app));
    if (hash !== location.hash) replace(hash);
  }

  store.on(['time', 'paused', 'panel', 'selected', 'queries'], ({ paused }) => {
    if (touched && paused && timer === undefined) timer = setTimeout(write, PAUSE);
  });
}

/**
 * Writes what the reader pasted into the address, so that a reload opens the page and “Copy link” hands on a
 * link that works.
 * @param {{ k?: string, s?: string }} secrets
 */
export function keepSecrets({ k, s }) {
  const others = rawPairs(location.hash.slice(1)).filter(([name]) => name !== 'k' && name !== 's');
  const pairs = [['k', k], ['s', s], ...others].filter(([, value]) => value !== undefined);
  replace(`#${pairs.map((pair) => pair.join('=')).join('&')}`);
}

/** @param {string} hash */
function replace(hash) {
  try {
    history.replaceState(null, '', hash);
  } catch {
    // A frame may forbid it; the place is then only in "Copy link".
  }
}
