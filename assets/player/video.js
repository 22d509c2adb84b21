/** @import { Media, Store } from './types.d.ts' */
import { isApart } from './address.js';
import { createClock } from './clock.js';
import { unreachable } from './states.js';

/** Between two reports of the playhead while playing, in ms: smooth to the eye, cheap for the lists. */
const REPORT = 33;
/** Two times this close, in ms, are one. */
const SAME = 2;
/** A recording that outlasts its video by less than this, in ms, ends with it. */
const TAIL = 250;

/**
 * Mediates between the `<video>` (or `<audio>`) and the store: asks the element, and reports what the element
 * then says. Times of the recording and of the element lie `media.start` apart; where the recording outlasts
 * the element, a clock takes its place.
 * @param {Store} store
 * @param {HTMLMediaElement} element
 * @param {Media} media
 * @param {{ loop: boolean, onError: (words: string) => void }} options
 * @returns {import('./playback.js').Engine}
 */
export function createVideo(store, element, media, { loop, onError }) {
  const start = () => (media.start ?? 0) + store.get().nudge;
  const life = new AbortController();
  /** @type {number | null} Where to go once the element knows its length, in ms. */
  let wanted = null;
  /** Where the last seek went, in ms: the element gives it back a little off, and rows are found by their exact time. */
  let aimed = NaN;
  /** The playhead lies behind the end of the element. */
  let outside = false;
  let reported = 0;

  const clock = createClock(store, { limit: () => store.get().duration, onLimit: finish });

  function end() {
    const length = Number.isFinite(element.duration) ? element.duration * 1000 : media.duration;
    return length === undefined ? Infinity : start() + length;
  }

  function report() {
    const { buffered, currentTime } = element;
    if (wanted !== null || outside) return;
    const at = currentTime * 1000 + start();
    store.set({
      time: Math.abs(at - aimed) < SAME ? aimed : Math.round(at),
      buffered: buffered.length ? buffered.end(buffered.length - 1) * 1000 + start() : 0,
    });
  }

  /** @param {number} now */
  function run(now) {
    if (element.paused || life.signal.aborted) return;
    requestAnimationFrame(run);
    if (now - reported < REPORT) return;
    reported = now;
    report();
  }

  /** @param {number} ms */
  function go(ms) {
    wanted = element.readyState > 0 ? null : ms;
    outside = ms > end();
    aimed = ms;
    const seconds = Math.max(0, Math.min(ms, end()) - start()) / 1000;
    if (element.currentTime !== seconds) element.currentTime = seconds;
  }

  function play() {
    const { time, duration } = store.get();
    if (time >= duration - 1 || (element.ended && !outside)) {
      go(0);
      store.set({ time: 0 });
    }
    if (outside) clock.run();
    else element.play().catch(() => store.set({ paused: element.paused }));
  }

  function finish() {
    if (loop) play();
    else store.set({ ended: true, paused: true });
  }

  /** @type {Record<string, () => void>} */
  const listeners = {
    loadedmetadata() {
      if (Number.isFinite(element.duration)) store.set({ duration: Math.max(store.get().duration, end()) });
      if (wanted !== null) go(wanted);
    },
    durationchange: () => listeners.loadedmetadata(),
    play() {
      store.set({ paused: false, ended: false });
      requestAnimationFrame(run);
    },
    pause() {
      // At its end an element pauses by itself, which is no wish of the reader.
      if (!element.ended && !outside) store.set({ paused: true });
      report();
    },
    ended() {
      outside = store.get().duration > end() + TAIL;
      if (outside) clock.run();
      else finish();
    },
    timeupdate: report,
    progress: report,
    seeking: () => store.set({ waiting: true }),
    waiting: () => store.set({ waiting: true }),
    seeked() {
      store.set({ waiting: false });
      report();
    },
    playing: () => store.set({ waiting: false }),
    canplay: () => store.set({ waiting: false }),
    ratechange: () => store.set({ rate: element.playbackRate }),
    volumechange: () => store.set({ volume: element.volume, muted: element.muted }),
    error() {
      const kind = [media.type.split(';')[0], media.codecs].filter(Boolean).join(', ');
      const playable = element.canPlayType(media.codecs ? `${media.type}; codecs="${media.codecs}"` : media.type);
      const failed = isApart() ? unreachable().message : 'The video is damaged, missing, or could not be loaded.';
      onError(element.error?.code === 4 && !playable ? `This browser cannot play this video (${kind}). Another browser may.` : failed);
    },
  };
  for (const [type, act] of Object.entries(listeners)) element.addEventListener(type, act, { signal: life.signal });

  return {
    play,
    pause() {
      clock.stop();
      element.pause();
      store.set({ paused: true });
    },
    seek(ms) {
      const { paused } = store.get();
      clock.stop();
      go(ms);
      store.set({ time: ms, ended: false });
      if (outside) element.pause();
      if (!paused) play();
    },
    setRate(rate) {
      element.playbackRate = rate;
    },
    destroy() {
      life.abort();
      clock.stop();
      element.pause();
      element.removeAttribute('src');
      element.load();
    },
  };
}
