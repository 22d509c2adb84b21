/** @import { App, Playback, Source, State, Store } from './types.d.ts' */
import { label } from './label.js';
import { panelsOf } from './panels.js';
import { limitsOf } from './span.js';
import { stepFrom } from './steps.js';

/**
 * The state a page starts with, before it has landed anywhere.
 * @param {{ duration: number, muted: boolean, loop: boolean, theme: State['theme'], times: State['times'], shortcuts: boolean, rings: boolean }} known
 * @returns {State}
 */
export function initialState({ duration, muted, loop, theme, times, shortcuts, rings }) {
  return {
    time: 0, duration, paused: true, ended: false, waiting: false, refused: false, rate: 1, volume: 1, muted, loop, buffered: 0,
    captions: false, language: 0, videoError: null, soundError: null, loaded: null, ask: null, nudge: 0, panel: 'info', selected: null, span: { mode: 'whole', from: 0, to: 0 },
    closed: [], queries: {}, theme, times, shortcuts, rings,
  };
}

/**
 * The mediator: what views may ask for.
 * @param {{ store: Store, source: Source, playback: Playback, life: AbortSignal,
 *   toast: App['toast'], copyText: (text: string) => Promise<boolean> }} parts
 * @returns {App}
 */
export function createApp({ store, source, playback, life, toast, copyText }) {
  const { manifest } = source;
  const panels = panelsOf(manifest);

  /** @type {App} */
  const app = {
    store,
    source,
    playback,
    life,
    toast,
    seek: (ms) => playback.seek(Math.max(0, Math.min(ms, store.get().duration))),
    play: () => playback.play(),
    pause: () => playback.pause(),
    toggle: () => (store.get().paused ? playback.play() : playback.pause()),
    select(stream, row, { seek = false, reveal = false } = {}) {
      const selected = { stream, row };
      store.set({ selected });
      if (reveal && store.get().panel !== 'timeline') app.showPanel(stream);
      if (!seek) return;
      source.rows(stream, row, row + 1).then(([data]) => {
        if (data?.time !== undefined && store.get().selected === selected) app.seek(data.time);
      }, (error) => toast(error.message));
    },
    deselect: () => store.set({ selected: null }),
    showPanel(panel) {
      if (panels.includes(panel)) store.set({ panel });
    },
    setSpan: (span) => store.set({ span }),
    search: (panel, text) => store.set({ queries: { ...store.get().queries, [panel]: text } }),
    nudge(ms) {
      store.set({ nudge: ms });
      // The same moment of the logs, with the picture that belongs to it now.
      playback.seek(store.get().time);
    },
    step(direction) {
      const { failures } = manifest.marks;
      const next = failures[stepFrom(failures, store.get(), direction)];
      if (next) app.select(next[1], next[2], { seek: true, reveal: true });
      else toast(label(!failures.length ? 'No failures in this recording.' : direction > 0 ? 'No later failure.' : 'No earlier failure.'));
    },
    copy(text, what) {
      copyText(text).then((done) => toast(label(done ? 'copied' : 'notCopied', { what })));
    },
    spanLimits: () => limitsOf(store.get()),
  };
  return app;
}
