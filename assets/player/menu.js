/** @import { App, State } from './types.d.ts' */
import { choice, dress } from './buttons.js';
import { h } from './dom.js';
import { claim } from './events.js';
import { label } from './label.js';
import { withLimit } from './span.js';
import { formatTime } from './time.js';

/** @type {[State['theme'], string][]} */
const THEMES = [['auto', label('auto')], ['light', label('Light')], ['dark', label('Dark')]];

/**
 * The ⋯ menu: what is needed seldom. A disclosure rather than a menu of the desktop kind, so that Tab walks it.
 * @param {App} app
 * @param {{ copyLink: (timed: boolean) => void, help: () => void }} actions
 */
export function createMenu(app, { copyLink, help }) {
  const { store, life } = app;
  const from = item('', () => app.setSpan(withLimit(store.get(), 'from')));
  const to = item('', () => app.setSpan(withLimit(store.get(), 'to')));
  const themes = choice(label('Theme'), THEMES, (theme) => store.set({ theme }));
  store.watch(['theme'], ({ theme }) => themes.press(theme));
  const keys = h('input', { type: 'checkbox', onchange: () => store.set({ shortcuts: keys.checked }) });
  keys.checked = store.get().shortcuts;
  const opener = h('summary', { 'aria-controls': 'menu' });
  dress(opener, label('Settings and help'), '⋯');
  const menu = h('details', { class: 'menu', ontoggle: tellTime }, opener, h('div', { class: 'menu-sheet', id: 'menu' },
    item(label('Copy link without the time'), () => copyLink(false)),
    from,
    to,
    h('hr'),
    h('div', { class: 'menu-row' }, label('Theme'), themes.group),
    h('label', { class: 'menu-row' }, label('Single-key shortcuts'), keys),
    item(label('Keyboard shortcuts (?)'), help)));

  function tellTime() {
    const at = { time: formatTime(store.get().time) };
    from.textContent = label('rangeStarts', at);
    to.textContent = label('rangeEnds', at);
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
