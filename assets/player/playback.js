/** @import { Manifest, Playback, Source, Store } from './types.d.ts' */
import { createClockPlayback } from './clock.js';
import { h } from './dom.js';
import { label } from './label.js';
import { createSound } from './sound.js';
import { StateError } from './states.js';
import { createVideo } from './video.js';

/**
 * What carries the time. `now` is its exact time in ms; `hold` stops it for a while, which is no pause of the reader's.
 * @typedef {Pick<Playback, 'play' | 'pause' | 'seek' | 'setRate' | 'destroy'> & {
 *   now(): number, moving(): boolean, hold(on: boolean): void }} Engine
 */

/**
 * The one face of whatever carries the time: the video, a sound track, or a clock. A video that fails is
 * replaced by the clock where it stands, so that the panels stay usable. A sound track apart follows either.
 * @param {Store} store
 * @param {Manifest} manifest
 * @param {{ loop: boolean, muted: boolean }} options
 * @returns {Playback & { load(source: Source): Promise<void> }}
 */
export function createPlayback(store, manifest, { loop, muted }) {
  const video = manifest.video && h('video', { playsinline: true, preload: 'auto', tabindex: '-1' });
  const main = video ?? (manifest.audio && h('audio', { preload: 'auto' }));
  const media = manifest.video ?? manifest.audio;
  if (main) main.muted = muted;
  video?.addEventListener('loadeddata', () => {
    if (!video.videoWidth) store.set({ videoError: label('pictureCodec') });
  });
  /** @type {Engine} */
  let engine = main && media ? createVideo(store, main, media, { loop, onError: fallBack }) : createClockPlayback(store, { loop });

  const apart = video && manifest.audio && h('audio', { preload: 'auto' });
  const sound = apart && manifest.audio && createSound(store, apart, manifest.audio, {
    engine: () => engine,
    onFail: (soundError) => store.set({ soundError }),
  });

  /** @type {Source | null} */
  let from = null;

  /**
   * Another way to the same medium, if there is one, else the clock.
   * @param {string} videoError
   */
  async function fallBack(videoError) {
    if (from && main && media) {
      const url = await from.instead(media.part, media.type).catch(() => null);
      if (url) return resume(main, url);
    }
    giveUp(videoError);
  }

  /**
   * @param {HTMLMediaElement} element
   * @param {string} url
   */
  function resume(element, url) {
    const { time, paused } = store.get();
    element.src = url;
    store.set({ paused: true });
    engine.seek(time);
    if (!paused) engine.play();
  }

  /** @param {string} videoError */
  function giveUp(videoError) {
    const { paused } = store.get();
    engine.destroy();
    engine = createClockPlayback(store, { loop });
    store.set({ videoError, waiting: false });
    if (!paused) engine.play();
  }

  /** @param {Source} source */
  async function loadMain(source) {
    if (!main || !media) return;
    store.set({ waiting: true });
    try {
      main.src = await source.url(media.part, media.type);
      from = source;
    } catch (error) {
      // A medium that was changed makes all of it doubtful; one that is not to be had leaves the rest as it is.
      if (!(error instanceof StateError) || error.state === 'damaged') throw error;
      giveUp(error.message);
    }
  }

  return {
    element: video,
    audio: apart || (video ? null : /** @type {HTMLAudioElement | null} */ (main)),
    async load(source) {
      await loadMain(source);
      await sound?.load(source);
    },
    play: () => engine.play(),
    pause: () => engine.pause(),
    seek: (ms) => engine.seek(ms),
    setRate(rate) {
      store.set({ rate });
      engine.setRate(rate);
    },
    setVolume(volume) {
      store.set({ volume });
      if (main) main.volume = volume;
    },
    setMuted(value) {
      store.set({ muted: value });
      if (main) main.muted = value;
    },
    destroy() {
      sound?.destroy();
      engine.destroy();
    },
  };
}
