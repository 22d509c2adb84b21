/** @import { Manifest, Playback, Source, Store } from './types.d.ts' */
import { createClockPlayback } from './clock.js';
import { h } from './dom.js';
import { createVideo } from './video.js';

/** @typedef {Pick<Playback, 'play' | 'pause' | 'seek' | 'setRate' | 'destroy'>} Engine */

/**
 * The one face of whatever carries the time: the video, a sound track, or a clock. A video that fails is
 * replaced by the clock where it stands, so that the panels stay usable.
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
    if (!video.videoWidth) store.set({ videoError: 'This browser plays the sound of this video, but cannot show its picture.' });
  });
  /** @type {Engine} */
  let engine = main && media ? createVideo(store, main, media, { loop, onError: fallBack }) : createClockPlayback(store, { loop });

  /** @param {string} videoError */
  function fallBack(videoError) {
    const { paused } = store.get();
    engine.destroy();
    engine = createClockPlayback(store, { loop });
    store.set({ videoError, waiting: false });
    if (!paused) engine.play();
  }

  return {
    element: video,
    async load(source) {
      if (!main || !media) return;
      store.set({ waiting: true });
      main.src = await source.url(media.part, media.type);
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
    destroy: () => engine.destroy(),
  };
}
