import { iconButton } from './buttons.js';
import { h } from './dom.js';
import { SHORTCUTS } from './keymap.js';

/**
 * The overlay of `?`. A modal dialog of the browser's own keeps the focus in and gives it back.
 */
export function createHelp() {
  const mac = /Mac|iP/.test(navigator.platform);
  const close = iconButton('Close (Esc)', () => dialog.close(), '✕');
  const groups = SHORTCUTS.map(([name, list]) => h('section', {},
    h('h3', {}, name),
    h('dl', {}, ...list.flatMap(([, keys, say]) => [
      h('dt', {}, ...keys.split(' ').map((key) => h('kbd', {}, mac ? key.replace('Ctrl+', '⌘') : key))),
      h('dd', {}, say),
    ]))));
  const dialog = h('dialog', { class: 'help', 'aria-labelledby': 'help-title' },
    h('div', { class: 'help-head' }, h('h2', { id: 'help-title' }, 'Keyboard shortcuts'), close),
    h('div', { class: 'help-body' }, ...groups),
    h('p', {}, 'In a list: ↑ ↓ Home End move, Enter opens. Single keys can be turned off in the ⋯ menu.'));
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  return dialog;
}
