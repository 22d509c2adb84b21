/** @import { Store } from './types.d.ts' */

const TICK = 50;

/**
 * Time that runs without a picture: for recordings without video, when the video fails, and where the
 * recording is longer than its video.
 * @param {Store} store
 * @param {{ limit: () => number, onLimit: () => void }} options where it stops, and what then
 */
export function createClock(store, { limit, onLimit }) {
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  let last = 0;

  function tick() {
    const now = performance.now();
    const { time, rate } = store.get();
    const next = time + (now - last) * rate;
    last = now;
    if (next < limit()) return store.set({ time: next });
    clearInterval(timer);
    store.set({ time: limit() });
    onLimit();
  }

  return {
    run() {
      clearInterval(timer);
      last = performance.now();
      timer = setInterval(tick, TICK);
      store.set({ paused: false, ended: false, waiting: false });
    },
    stop: () => clearInterval(timer),
  };
}

/**
 * A clock with the face of a player.
 * @param {Store} store
 * @param {{ loop: boolean }} options
 * @returns {import('./playback.js').Engine}
 */
export function createClockPlayback(store, { loop }) {
  const clock = createClock(store, {
    limit: () => store.get().duration,
    onLimit: () => (loop ? play() : store.set({ paused: true, ended: true })),
  });

  function play() {
    const { time, duration } = store.get();
    if (time >= duration) store.set({ time: 0 });
    clock.run();
  }

  function pause() {
    clock.stop();
    store.set({ paused: true });
  }

  return {
    play,
    pause,
    seek: (ms) => store.set({ time: ms, ended: false }),
    setRate: () => {},
    destroy: pause,
  };
}
