/** @import { Media, Source, Store } from './types.d.ts' */
/** @import { Engine } from './playback.js' */
import { label } from './label.js';
import { StateError } from './states.js';
import { EASE, createGauge, followed } from './sync.js';
import { TAIL } from './video.js';

/** So long, in ms, the picture goes on without its sound before it waits for it: a jump takes a moment. */
const SILENCE = 200;
/** Between two jumps to catch up, in ms: the second can only be judged once the first has come to rest. */
const REST = 800;
const NO_SOUND = label('soundFailed');
/** So long, in ms, a change of speed may take to be heard. */
const SETTLE = 250;
/** A change of speed that leaves the gap wider by this, in ms, is no help. */
const LOSS = 25;
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
  const gauge = createGauge();
  /** Until when it plays faster or slower, and by how much it was late before. */
  let easing = 0;
  let before = 0;
  /** Some engines (GStreamer) lose more time at a change of speed than it makes up for. */
  let eases = true;
  let speed = 1;
  /** It did not play until it was muted. */
  let deaf = false;

  const lengthOf = () => (Number.isFinite(element.duration) ? element.duration * 1000 : media.duration ?? Infinity);

  function keep() {
    if (!element.src || life.signal.aborted) return;
    const picture = engine();
    const { rate, paused } = store.get();
    const want = picture.now() - start();
    const at = element.currentTime * 1000;
    const moving = picture.moving();
    const when = performance.now();
    if (!moving || element.paused || element.seeking || rate !== speed) {
      before = 0;
      rest(rate);
    } else if (!easing) gauge.add(when, want - at);
    else if (when > easing + SETTLE) rest(rate);
    else if (when > easing && element.playbackRate !== rate) element.playbackRate = rate;
    const late = gauge.middle();
    if (late !== null) judge(late);
    const next = followed({ want, at, length: lengthOf(), moving, late, eases, ended: element.ended });
    wait(next.inside && !paused);
    if (!next.play && !element.paused) element.pause();
    if (element.seeking || element.readyState < 1) return;
    if (next.to !== null) jump(next.to, next.play);
    else if (next.ease && !easing) ease(next.ease);
    if (next.play && element.paused) play();
  }

  /** At the speed of the picture, to be measured anew. @param {number} rate */
  function rest(rate) {
    gauge.clear();
    easing = 0;
    speed = rate;
    if (element.playbackRate !== rate) element.playbackRate = rate;
  }

  /** @param {number} late */
  function ease(late) {
    gauge.clear();
    before = Math.abs(late);
    easing = performance.now() + before / EASE / speed;
    element.playbackRate = speed * (1 + Math.sign(late) * EASE);
  }

  /** What came of the last jump or change of speed. @param {number} late */
  function judge(late) {
    if (before && Math.abs(late) > before + LOSS) eases = false;
    if (!judged) lead = Math.max(0, Math.min(MOST_LEAD, lead + late / speed));
    before = 0;
    judged = true;
  }

  /** @param {number} to @param {boolean} running */
  function jump(to, running) {
    const now = performance.now();
    // Paused there is time for any number of jumps.
    if (running && now - jumped < REST) return;
    const hurried = running && !element.paused;
    if (hurried) jumped = now;
    judged = !hurried;
    gauge.clear();
    before = 0;
    element.currentTime = Math.max(0, Math.min(to + (hurried ? lead * speed : 0), lengthOf())) / 1000;
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
      if (performance.now() - silent < SILENCE) return;
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
    if (life.signal.aborted) return;
    if (url) element.src = url;
    else if (deaf) fail(NO_SOUND);
    else {
      // Firefox refuses sound where there is no device for it; silent it plays.
      deaf = true;
      element.muted = true;
      element.load();
      onFail(NO_SOUND);
    }
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
    element.muted = muted || deaf;
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
