/** @import { Manifest, Media, Playback, Source, Store } from './types.d.ts' */
import { createClockPlayback } from './clock.js';
import { h } from './dom.js';
import { createVideo } from './video.js';

/** @typedef {Pick<Playback, 'play' | 'pause' | 'seek' | 'setRate' | 'destroy'>} Engine */

/** How far a sound track apart from the video may drift before it is put right, in seconds. */
const DRIFT = 0.15;

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
  const audio = manifest.audio && h('audio', { preload: 'auto' });
  const main = video ?? audio;
  const media = manifest.video ?? manifest.audio;
  const sounding = [video, audio].filter((element) => element !== null);
  for (const element of sounding) element.muted = muted;
  video?.addEventListener('loadeddata', () => {
    if (!video.videoWidth) store.set({ videoError: 'This browser plays the sound of this video, but cannot show its picture.' });
  });
  if (video && audio) follow(video, audio, ((manifest.video?.start ?? 0) - (manifest.audio?.start ?? 0)) / 1000);
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
      store.set({ waiting: main !== null });
      for (const [element, track] of /** @type {[HTMLMediaElement | null, Media | null][]} */ ([[video, manifest.video], [audio, manifest.audio]])) {
        if (element && track) element.src = await source.url(track.part, track.type);
      }
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
      for (const element of sounding) element.volume = volume;
    },
    setMuted(value) {
      store.set({ muted: value });
      for (const element of sounding) element.muted = value;
    },
    destroy: () => engine.destroy(),
  };
}

/**
 * Keeps a sound track beside the video.
 * @param {HTMLVideoElement} video
 * @param {HTMLAudioElement} audio
 * @param {number} offset seconds the sound is ahead
 */
function follow(video, audio, offset) {
  function align() {
    const due = video.currentTime + offset;
    audio.playbackRate = video.playbackRate;
    if (due >= 0 && Math.abs(audio.currentTime - due) > DRIFT) audio.currentTime = due;
    if (video.paused || due < 0 || due > audio.duration) audio.pause();
    else audio.play().catch(() => {});
  }
  for (const event of ['playing', 'pause', 'seeked', 'ratechange', 'timeupdate']) video.addEventListener(event, align);
}
