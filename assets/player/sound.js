/** @import { Media, Source, Store } from './types.d.ts' */
/** @import { Engine } from './playback.js' */
import { StateError } from './states.js';
import { followed } from './sync.js';
import { TAIL } from './video.js';

/** So long, in ms, the picture goes on without its sound before it waits for it: a jump takes a moment. */
const PATIENCE = 200;
/** Between two jumps to catch up, in ms: the second can only be judged once the first has come to rest. */
const REST = 800;
/** How far ahead, in ms, a jump may aim to make up for the time it takes. */
const MOST_LEAD = 400;

/**
 * A sound track apart from the video. It follows the picture, which sets the time; when it has to load, the picture
 * waits for it.
 * @param {Store} store
 * @param {HTMLAudioElement} element
 * @param {Media} media
 * @param {{ engine: () => Engine, onFail: (words: string) => void }} picture
 */
export function createSound(store, element, media, { engine, onFail }) {
  const life = new AbortController();
  const start = () => (media.start ?? 0) + store.get().nudge;
  /** @type {Source | null} */
  let from = null;
  /** Since when it should sound and cannot. */
  let silent = 0;
  let held = false;
  let jumped = 0;
  /** What jumps come short by, learned from the last one. */
  let lead = 0;
  let judged = true;

  const lengthOf = () => (Number.isFinite(element.duration) ? element.duration * 1000 : media.duration ?? Infinity);

  function keep() {
    if (!element.src || life.signal.aborted) return;
    const picture = engine();
    const { rate, paused } = store.get();
    const want = picture.now() - start();
    const at = element.currentTime * 1000;
    const moving = picture.moving();
    const next = followed({ want, at, length: lengthOf(), moving, rate, ended: element.ended });
    wait(next.inside && !paused);
    if (!next.play && !element.paused) element.pause();
    if (element.seeking || element.readyState < 1) return;
    if (next.to !== null) jump(next.to, next.play, want - at);
    else if (next.play && !judged && performance.now() - jumped > REST / 2) judge(want - at);
    // Engines take a new speed by a small jump of their own: only where it makes a difference.
    if (Math.abs(element.playbackRate - next.rate) > 0.01 || next.rate === rate) element.playbackRate = next.rate;
    if (next.play && element.paused) play();
  }

  /** @param {number} to @param {boolean} running @param {number} late */
  function jump(to, running, late) {
    const now = performance.now();
    // Paused there is time for any number of jumps.
    if (running && now - jumped < REST) return;
    if (running && !judged) judge(late);
    const ahead = running && !element.paused ? lead * store.get().rate : 0;
    if (running) jumped = now;
    judged = !running || element.paused;
    element.currentTime = Math.max(0, Math.min(to + ahead, lengthOf())) / 1000;
  }

  /** @param {number} late */
  function judge(late) {
    judged = true;
    lead = Math.max(0, Math.min(MOST_LEAD, lead + late / store.get().rate));
  }

  /** Lets the picture wait, or go on. @param {boolean} wanted whether it should sound now */
  function wait(wanted) {
    const ready = !wanted || element.readyState > 2;
    if (ready) silent = 0;
    if (ready && held) {
      held = false;
      engine().hold(false);
    } else if (!ready && !held) {
      silent ||= performance.now();
      if (performance.now() - silent < PATIENCE) return;
      held = true;
      engine().hold(true);
    }
  }

  function play() {
    element.play().catch((/** @type {Error} */ { name }) => {
      // Not before the reader has done anything: the picture may play, the sound only mute.
      if (name === 'NotAllowedError' && !element.muted) store.set({ muted: true });
    });
  }

  async function again() {
    const url = await from?.instead(media.part, media.type).catch(() => null);
    if (url) element.src = url;
    else fail('The sound is damaged, missing, or cannot be played here.');
  }

  /** @param {string} words */
  function fail(words) {
    destroy();
    if (held) engine().hold(false);
    held = false;
    onFail(words);
  }

  function destroy() {
    life.abort();
    element.pause();
    element.removeAttribute('src');
    element.load();
  }

  for (const type of ['loadedmetadata', 'seeked', 'canplay', 'playing', 'waiting']) element.addEventListener(type, keep, { signal: life.signal });
  element.addEventListener('error', () => void again(), { signal: life.signal });
  element.addEventListener('loadedmetadata', () => {
    const end = start() + lengthOf();
    // A word after the last picture is to be heard too.
    if (Number.isFinite(end) && end > store.get().duration + TAIL) store.set({ duration: end });
  }, { signal: life.signal });
  store.on(['time', 'paused', 'waiting', 'rate', 'nudge'], keep);
  // While it is waited for, no time passes that would call.
  const beat = setInterval(() => (store.get().paused ? undefined : keep()), 100);
  life.signal.addEventListener('abort', () => clearInterval(beat));
  store.watch(['muted', 'volume'], ({ muted, volume }) => {
    element.muted = muted;
    element.volume = volume;
  });

  return {
    /** @param {Source} source */
    async load(source) {
      from = source;
      try {
        const url = await source.url(media.part, media.type);
        if (!life.signal.aborted) element.src = url;
      } catch (error) {
        if (!(error instanceof StateError) || error.state === 'damaged') throw error;
        fail(error.message);
      }
    },
    destroy,
  };
}
