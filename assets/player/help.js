import { iconButton } from './buttons.js';
import { h } from './dom.js';
import { SHORTCUTS } from './keymap.js';
import { isLabel, label, labelOf } from './label.js';

/** What a key does; the keys of panels are told by their names. @param {string} id */
function wordsOf(id) {
  const key = `key ${id}`;
  return isLabel(key) ? label(key) : labelOf('', id);
}

/**
 * The overlay of `?`. A modal dialog of the browser's own keeps the focus in and gives it back.
 */
export function createHelp() {
  const mac = /Mac|iP/.test(navigator.platform);
  const close = iconButton(label('Close (Esc)'), () => dialog.close(), '✕');
  const groups = SHORTCUTS.map(([name, list]) => h('section', {},
    h('h3', {}, label(name)),
    h('dl', {}, ...list.flatMap(([ids, keys]) => [
      h('dt', {}, ...keys.split(' ').map((key) => h('kbd', {}, (mac ? key.replace('Ctrl+', '⌘') : key).replace(/Space|Shift|Ctrl/, (name) => labelOf('', name))))),
      h('dd', {}, wordsOf(ids.split(' ')[0])),
    ]))));
  const dialog = h('dialog', { class: 'help', 'aria-labelledby': 'help-title' },
    h('div', { class: 'help-head' }, h('h2', { id: 'help-title' }, label('Keyboard shortcuts')), close),
    h('div', { class: 'help-body' }, ...groups),
    h('p', {}, label('shortcutsNote')));
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  return dialog;
}
