/** @import { App, State } from './types.d.ts' */
import { choice, dress } from './buttons.js';
import { fill, h } from './dom.js';
import { claim } from './events.js';
import { shortcutsSwitch } from './help.js';
import { label } from './label.js';
import { withLimit } from './span.js';
import { formatTime } from './time.js';

/** @type {[State['theme'], string][]} */
export const THEMES = [['auto', label('auto')], ['light', label('Light')], ['dark', label('Dark')]];

/** How times can be told: from the start of the recording, or by a clock. @type {State['times'][]} */
export const TIMES = ['start', 'local', 'utc'];
/** @type {[State['times'], string][]} */
const CLOCKS = [['start', label('From start')], ['local', label('Local')], ['utc', label('UTC')]];

/**
 * The ⋯ menu: what is needed seldom.
 * @param {App} app
 * @param {{ find: (start: string) => void, help: () => void }} actions
 */
export function createMenu(app, { find, help }) {
  const { store } = app;
  const { menu, sheet, item } = createSheet(app, 'menu', label('Settings and help'), '⋯', tellTime);
  const from = item('', () => app.setSpan(withLimit(store.get(), 'from')));
  const to = item('', () => app.setSpan(withLimit(store.get(), 'to')));
  const themes = choice(label('Theme'), THEMES, (theme) => store.set({ theme }));
  store.watch(['theme'], ({ theme }) => themes.press(theme));
  const clocks = choice(label('Times'), CLOCKS, (times) => store.set({ times }));
  store.watch(['times'], ({ times }) => clocks.press(times));

  function tellTime() {
    const at = { time: formatTime(store.get().time) };
    from.textContent = label('rangeStarts', at);
    to.textContent = label('rangeEnds', at);
  }

  tellTime();
  fill(
    sheet,
    item(label('key find'), () => find('')),
    item(label('key commands'), () => find('>')),
    from,
    to,
    h('hr'),
    h('div', { class: 'menu-row' }, label('Theme'), themes.group),
    app.source.manifest.started !== null && h('div', { class: 'menu-row' }, label('Times'), clocks.group),
    shortcutsSwitch(store),
    item(label('Keyboard shortcuts (?)'), help),
  );
  return menu;
}

/**
 * A sheet that opens under a button. A disclosure rather than a menu of the desktop kind, so that Tab walks it.
 * @param {App} app
 * @param {string} id
 * @param {string} name
 * @param {string} face
 * @param {() => void} [ontoggle]
 */
export function createSheet({ life }, id, name, face, ontoggle) {
  const opener = h('summary', { 'aria-controls': id });
  dress(opener, name, face);
  const sheet = h('div', { class: 'menu-sheet', id });
  const menu = h('details', { class: 'menu', ontoggle }, opener, sheet);

  function close() {
    menu.open = false;
    opener.focus();
  }

  /** @param {Event} event */
  function leave({ target }) {
    if (!menu.contains(/** @type {Node} */ (target))) menu.open = false;
  }

  menu.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !menu.open) return;
    claim(event);
    close();
  });
  for (const type of ['pointerdown', 'focusin']) document.addEventListener(type, leave, { signal: life });
  return {
    menu,
    sheet,
    /** @param {string} text @param {() => unknown} run */
    item: (text, run) => h('button', { onclick() { close(); run(); } }, text),
  };
}
