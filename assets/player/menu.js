/** @import { App, State } from './types.d.ts' */
import { choice, dress } from './buttons.js';
import { h } from './dom.js';
import { claim } from './events.js';
import { withLimit } from './span.js';
import { formatTime } from './time.js';

/** @type {[State['theme'], string][]} */
const THEMES = [['auto', 'Auto'], ['light', 'Light'], ['dark', 'Dark']];

/**
 * The ⋯ menu: what is needed seldom. A disclosure rather than a menu of the desktop kind, so that Tab walks it.
 * @param {App} app
 * @param {{ copyLink: (timed: boolean) => void, help: () => void }} actions
 */
export function createMenu(app, { copyLink, help }) {
  const { store, life } = app;
  const from = item('', () => app.setSpan(withLimit(store.get(), 'from')));
  const to = item('', () => app.setSpan(withLimit(store.get(), 'to')));
  const themes = choice('Theme', THEMES, (theme) => store.set({ theme }));
  store.watch(['theme'], ({ theme }) => themes.press(theme));
  const keys = h('input', { type: 'checkbox', onchange: () => store.set({ shortcuts: keys.checked }) });
  keys.checked = store.get().shortcuts;
  const opener = h('summary', { 'aria-controls': 'menu' });
  dress(opener, 'Settings and help', '⋯');
  const menu = h('details', { class: 'menu', ontoggle: tellTime }, opener, h('div', { class: 'menu-sheet', id: 'menu' },
    item('Copy link without the time', () => copyLink(false)),
    from,
    to,
    h('hr'),
    h('div', { class: 'menu-row' }, 'Theme', themes.group),
    h('label', { class: 'menu-row' }, 'Single-key shortcuts', keys),
    item('Keyboard shortcuts (?)', help)));

  function tellTime() {
    const at = formatTime(store.get().time);
    from.textContent = `The range starts at ${at} (I)`;
    to.textContent = `The range ends at ${at} (O)`;
  }

  /**
   * @param {string} text
   * @param {() => void} run
   */
  function item(text, run) {
    return h('button', { onclick() { close(); run(); } }, text);
  }

  function close() {
    menu.open = false;
    opener.focus();
  }

  /** @param {Event} event */
  function leave({ target }) {
    if (!menu.contains(/** @type {Node} */ (target))) menu.open = false;
  }

  tellTime();
  menu.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !menu.open) return;
    claim(event);
    close();
  });
  for (const type of ['pointerdown', 'focusin']) document.addEventListener(type, leave, { signal: life });
  return menu;
}
