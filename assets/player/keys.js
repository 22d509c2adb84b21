/** @import { App, PanelName } from './types.d.ts' */
import { isCharacter, meaningOf } from './keymap.js';
import { marksOf } from './marks.js';
import { neighbour, panelsOf } from './panels.js';
import { nextRate } from './rates.js';
import { withLimit } from './span.js';

const FRAME = 1000 / 30;
/** Widgets that use the arrow keys, Home and End themselves. */
const MOVES = '[role=tablist],[role=grid],[role=separator],.inside,.of-info,input,select';
const PRESSABLE = 'button,summary,input,select,[role=row]';

/** Keys that go on acting while they are held. */
const HELD = /^(back|on|slower|faster|softer|louder)/;

/**
 * Binds the keys of the page. They act only where they mean nothing else. Gives out what they do, by name.
 * @param {App} app
 * @param {{ copyLink: (() => void) | null, help: () => void, find: (start: string) => void, fullscreen: (() => void) | null }} actions
 */
export function bindKeys(app, { copyLink, help, find, fullscreen }) {
  const { store, playback, source: { manifest } } = app;
  const marks = marksOf(manifest);
  const panels = panelsOf(manifest);

  const frame = (/** @type {1 | -1} */ step) => store.get().paused && app.seek(store.get().time + step * FRAME);
  const louder = (/** @type {number} */ step) => () => playback.setVolume(Math.max(0, Math.min(1, store.get().volume + step)));
  const toMark = (/** @type {1 | -1} */ step) => () => {
    const { time } = store.get();
    const mark = step > 0 ? marks.find((one) => one.time > time + 1) : marks.findLast((one) => one.time < time - 1);
    if (mark) app.select(mark.stream, mark.row, { seek: true, reveal: true });
  };

  /** @type {Record<string, ((event: KeyboardEvent) => unknown) | null>} */
  const actions = {
    toggle: app.toggle,
    backFrame: () => frame(-1),
    onFrame: () => frame(1),
    tenth: ({ key }) => app.seek((store.get().duration * Number(key)) / 10),
    slower: () => playback.setRate(nextRate(store.get().rate, -1)),
    faster: () => playback.setRate(nextRate(store.get().rate, 1)),
    louder: louder(0.1),
    softer: louder(-0.1),
    mute: () => playback.setMuted(!store.get().muted),
    captions: () => store.set({ captions: !store.get().captions }),
    fullscreen: () => fullscreen?.(),
    nextFailure: () => app.step(1),
    previousFailure: () => app.step(-1),
    nextMark: toMark(1),
    previousMark: toMark(-1),
    rangeFrom: () => app.setSpan(withLimit(store.get(), 'from')),
    rangeTo: () => app.setSpan(withLimit(store.get(), 'to')),
    filter: () => focusFilter(store.get().panel),
    link: copyLink,
    nextPanel: () => app.showPanel(neighbour(panels, store.get().panel, 1)),
    previousPanel: () => app.showPanel(neighbour(panels, store.get().panel, -1)),
    close() {
      const { selected, span } = store.get();
      if (selected) return app.deselect();
      return span.mode === 'whole' ? false : app.setSpan({ ...span, mode: 'whole' });
    },
    find: () => find(''),
    commands: () => find('>'),
    help,
  };
  for (const [name, share] of /** @type {[string, (duration: number) => number][]} */ ([['10', () => 10_000], ['5', () => 5000], ['Tenth', (duration) => duration / 10]])) {
    const jump = (/** @type {1 | -1} */ step) => app.seek(store.get().time + step * share(store.get().duration));
    actions[`back${name}`] = () => jump(-1);
    actions[`on${name}`] = () => jump(1);
  }

  document.addEventListener('keydown', (event) => {
    const meaning = event.defaultPrevented || event.isComposing ? null : meaningOf(event);
    if (!meaning || (isCharacter(event) && !store.get().shortcuts) || yields(event) || (event.repeat && !HELD.test(meaning))) return;
    const panel = /** @type {PanelName} */ (meaning);
    const run = actions[meaning] ?? (panels.includes(panel) ? () => app.showPanel(panel) : null);
    if (run && run(event) !== false) event.preventDefault();
  }, { signal: app.life });
  return actions;
}

/**
 * Whether the key belongs to what has the focus: text being typed, a pressed button, a list being walked,
 * a dialog.
 * @param {KeyboardEvent} event
 */
function yields(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (document.querySelector('dialog[open]')) return true;
  const typing = target.matches('select,input:not([type=range],[type=checkbox])');
  if (typing) return event.key !== 'Escape' && !event.ctrlKey && !event.metaKey;
  if (event.key === ' ') return target.closest(PRESSABLE) !== null;
  return /^(Arrow|Home|End|Page)/.test(event.key) && !event.shiftKey && target.closest(MOVES) !== null;
}

/**
 * The browser's own search sees only the rows that are drawn; the panel's filter sees them all.
 * @param {string} panel
 */
function focusFilter(panel) {
  const input = /** @type {HTMLInputElement | null} */ (document.querySelector(`#panel-${panel} [data-filter]`));
  if (!input) return false;
  input.focus();
  input.select();
  return true;
}
