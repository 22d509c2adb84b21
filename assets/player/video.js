/** @import { Media, Store } from './types.d.ts' */
import { isApart } from './address.js';
import { createClock } from './clock.js';
import { findPicture } from './first-picture.js';
import { label } from './label.js';
import { unreachable } from './states.js';

/** Between two reports of the playhead while playing, in ms: smooth to the eye, cheap for the lists. */
const REPORT = 33;
/** Two times this close, in ms, are one. */
const SAME = 2;
/** A recording that outlasts its video by less than this, in ms, ends with it. */
export const TAIL = 250;

/**
 * Mediates between the `<video>` (or `<audio>`) and the store: asks the element, and reports what the element
 * then says. Times of the recording and of the element lie `media.start` apart; where the recording begins before
 * the element or outlasts it, a clock takes its place.
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
  /** The playhead lies before the start of the element or behind its end. */
  let outside = false;
  /** Stopped for the sound, which is not there yet: no wish of the reader. */
  let held = false;
  /** The element shows a later picture for the black one at its start. */
  let peeking = false;
  let reported = 0;

  const clock = createClock(store, { limit, onLimit: () => (store.get().time < store.get().duration ? enter() : finish()) });

  function limit() {
    const { time, duration } = store.get();
    return time < start() ? Math.min(start(), duration) : duration;
  }

  /** The clock has come to where the element begins. */
  function enter() {
    outside = false;
    begin();
  }

  function begin() {
    if (peeking) go(store.get().time);
    element.play().catch(() => store.set({ paused: element.paused }));
  }

  function end() {
    const length = Number.isFinite(element.duration) ? element.duration * 1000 : media.duration;
    return length === undefined ? Infinity : start() + length;
  }

  function report() {
    const { buffered, currentTime } = element;
    if (wanted !== null || outside || peeking) return;
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
    outside = ms < start() || ms > end();
    aimed = ms;
    peeking = false;
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
    else begin();
  }

  /** @param {number} seconds */
  function peek(seconds) {
    peeking = seconds > 0;
    element.currentTime = seconds;
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
    loadeddata() {
      if (!(element instanceof HTMLVideoElement) || element.poster) return;
      const resting = () => store.get().paused && wanted === null && (peeking || element.currentTime === 0) && !life.signal.aborted;
      findPicture(element, { resting, peek });
    },
    play() {
      store.set({ paused: false, ended: false });
      requestAnimationFrame(run);
    },
    pause() {
      // At its end an element pauses by itself, which is no wish of the reader.
      if (!element.ended && !outside && !held) store.set({ paused: true });
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
      const failed = isApart() ? unreachable().message : label('videoFailed');
      onError(element.error?.code === 4 && !playable ? label('videoCodec', { kind }) : failed);
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
      if (!paused && !held) play();
    },
    setRate(rate) {
      element.playbackRate = rate;
    },
    now: () => (wanted !== null ? wanted : peeking ? store.get().time : outside ? clock.now() : element.seeking ? aimed : element.currentTime * 1000 + start()),
    moving: () => (outside ? clock.runs() : !element.paused && !element.ended && !element.seeking && element.readyState > 2),
    hold(on) {
      held = on;
      if (on) {
        store.set({ time: outside ? clock.now() : store.get().time, waiting: true });
        clock.stop();
        element.pause();
      } else if (!store.get().paused) {
        if (outside) clock.run();
        else begin();
      }
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
