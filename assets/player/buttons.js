import { h } from './dom.js';

/**
 * A button with a picture for a face. Its name says the key too, and is its tooltip.
 * @param {string} label
 * @param {() => void} run
 * @param {Node | string} face
 */
export function iconButton(label, run, face) {
  const made = h('button', { onclick: run }, face);
  rename(made, label);
  return made;
}

/**
 * @param {HTMLElement} element
 * @param {string} label
 */
export function rename(element, label) {
  element.setAttribute('aria-label', label);
  element.title = label;
}

/**
 * Buttons of which one is pressed.
 * @template {string} V
 * @param {string} label
 * @param {[value: V, text: string, title?: string][]} options
 * @param {(value: V) => void} choose
 */
export function choice(label, options, choose) {
  const buttons = options.map(([value, text, title]) => h('button', { title, onclick: () => choose(value) }, text));
  return {
    group: h('span', { class: 'seg', role: 'group', 'aria-label': label }, ...buttons),
    /** @param {V} now */
    press(now) {
      for (const [i, button] of buttons.entries()) button.setAttribute('aria-pressed', String(options[i][0] === now));
    },
  };
}
