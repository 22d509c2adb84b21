/** @import { Store } from './types.d.ts' */

const TICK = 50;

/**
 * Time that runs without a picture: for recordings without video, when the video fails, and where the
 * recording begins before its video or outlasts it.
 * @param {Store} store
 * @param {{ limit: () => number, onLimit: () => void }} options where it stops, and what then
 */
export function createClock(store, { limit, onLimit }) {
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  let last = 0;

  function now() {
    const { time, rate } = store.get();
    return timer === undefined ? time : time + (performance.now() - last) * rate;
  }

  function stop() {
    clearInterval(timer);
    timer = undefined;
  }

  function tick() {
    const next = now();
    last = performance.now();
    if (next < limit()) return store.set({ time: next });
    stop();
    store.set({ time: limit() });
    onLimit();
  }

  return {
    now,
    stop,
    runs: () => timer !== undefined,
    run() {
      stop();
      last = performance.now();
      timer = setInterval(tick, TICK);
      store.set({ paused: false, ended: false, waiting: false });
    },
  };
}

/**
 * A clock with the face of a player.
 * @param {Store} store
 * @returns {import('./playback.js').Engine}
 */
export function createClockPlayback(store) {
  const clock = createClock(store, {
    limit: () => store.get().duration,
    onLimit: () => (store.get().loop ? play() : store.set({ paused: true, ended: true })),
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
    seek(ms) {
      store.set({ time: ms, ended: false });
      if (clock.runs()) clock.run();
    },
    setRate: () => {},
    now: clock.now,
    moving: clock.runs,
    hold(on) {
      clock.stop();
      if (on) store.set({ time: clock.now(), waiting: true });
      else if (!store.get().paused) clock.run();
    },
    destroy: pause,
  };
}
