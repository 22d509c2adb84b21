/** @import { App } from './types.d.ts' */
import { isFramed } from './address.js';
import { createMessages } from './messages.js';

/** Between two reports of the playhead to the host, in ms. */
const TELL = 200;

/**
 * Talks with the page around the frame, in the words of player.js: times in seconds, volumes from 0 to 100. It hears
 * of what the page shows nothing but times, the names of states and those of panels.
 */
export function createHost() {
  const root = document.documentElement;
  const messages = createMessages((text, origin) => globalThis.parent.postMessage(text, origin));

  function tellState() {
    const { state, reason } = root.dataset;
    messages.keep('state', { state, reason });
    if (state !== 'loading' && state !== 'ready') messages.emit('error', { code: -1, msg: state });
  }

  if (isFramed()) {
    addEventListener('message', ({ source, data, origin }) => (source === globalThis.parent ? messages.hear(data, origin) : undefined));
    new MutationObserver(tellState).observe(root, { attributes: true, attributeFilter: ['data-state', 'data-reason'] });
    tellState();
  }

  /**
   * @param {App} app
   * @param {string} src
   */
  function serve({ store, playback, life, ...app }, src) {
    if (!isFramed()) return;
    const progress = (/** @type {number} */ ms) => ({ seconds: ms / 1000, duration: store.get().duration / 1000 });
    const isNumber = Number.isFinite;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const tellTime = () => {
      timer = undefined;
      messages.emit('timeupdate', progress(store.get().time));
    };
    store.on(['time'], () => void (timer ??= setTimeout(tellTime, TELL)));
    store.on(['paused'], ({ paused }) => messages.emit(paused ? 'pause' : 'play'));
    store.on(['ended'], ({ ended }) => ended && messages.emit('ended'));
    store.on(['buffered'], ({ buffered }) => messages.emit('progress', progress(buffered)));
    store.on(['videoError'], () => messages.emit('error', { code: 1, msg: 'the video cannot be played' }));
    store.on(['panel'], ({ panel }) => messages.emit('panel', { panel }));
    life.addEventListener('abort', messages.retire);
    messages.serve(src, {
      play: app.play,
      pause: app.pause,
      getPaused: () => store.get().paused,
      mute: () => playback.setMuted(true),
      unmute: () => playback.setMuted(false),
      getMuted: () => store.get().muted,
      setVolume: (volume) => isNumber(volume) && playback.setVolume(Math.max(0, Math.min(100, volume)) / 100),
      getVolume: () => Math.round(store.get().volume * 100),
      getDuration: () => store.get().duration / 1000,
      setCurrentTime: (seconds) => isNumber(seconds) && app.seek(seconds * 1000),
      getCurrentTime: () => store.get().time / 1000,
      setLoop: (loop) => typeof loop === 'boolean' && store.set({ loop }),
      getLoop: () => store.get().loop,
      selectPanel: app.showPanel,
    });
  }

  return { serve };
}
