/** @import { Store } from './types.d.ts' */
import { iconButton } from './buttons.js';
import { h } from './dom.js';
import { SHORTCUTS } from './keymap.js';
import { isLabel, label, labelOf } from './label.js';

/** Turns off the keys that type a character (WCAG 2.1.4). @param {Store} store */
export function shortcutsSwitch(store) {
  const keys = h('input', { type: 'checkbox', onchange: () => store.set({ shortcuts: keys.checked }) });
  store.watch(['shortcuts'], ({ shortcuts }) => void (keys.checked = shortcuts));
  return h('label', { class: 'menu-row' }, label('Single-key shortcuts'), keys);
}

/** What a key does; the keys of panels are told by their names. @param {string} id */
function wordsOf(id) {
  const key = `key ${id}`;
  return isLabel(key) ? label(key) : labelOf('', id);
}

/** A key as this computer and the page's language call it. @param {string} key */
export function keyWords(key) {
  return (/Mac|iP/.test(navigator.platform) ? key.replace('Ctrl+', '⌘') : key).replace(/Space|Shift|Ctrl/g, (name) => labelOf('', name));
}

/**
 * The overlay of `?`. A modal dialog of the browser's own keeps the focus in and gives it back.
 * @param {Store} store
 */
export function createHelp(store) {
  const close = iconButton(label('Close (Esc)'), () => dialog.close(), '✕');
  const groups = SHORTCUTS.map(([name, list]) => h('section', {},
    h('h3', {}, label(name)),
    h('dl', {}, ...list.flatMap(([ids, keys]) => [
      h('dt', {}, ...keys.split(' ').map((key) => h('kbd', {}, keyWords(key)))),
      h('dd', {}, wordsOf(ids.split(' ')[0])),
    ]))));
  const dialog = h('dialog', { class: 'help', 'aria-labelledby': 'help-title' },
    h('div', { class: 'help-head' }, h('h2', { id: 'help-title' }, label('Keyboard shortcuts')), close),
    h('div', { class: 'help-body' }, ...groups),
    h('p', {}, label('shortcutsNote')),
    shortcutsSwitch(store));
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  return dialog;
}
