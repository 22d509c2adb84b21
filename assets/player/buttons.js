/** @import { Child } from './dom.js' */
import { fill, h } from './dom.js';

/**
 * A button with a picture for a face. Its name says the key too, and is its tooltip.
 * @param {string} label
 * @param {() => void} run
 * @param {Child} face
 */
export function iconButton(label, run, face) {
  const button = h('button', { onclick: run });
  dress(button, label, face);
  return button;
}

/**
 * @param {HTMLElement} element
 * @param {string} label
 * @param {...Child} face
 */
export function dress(element, label, ...face) {
  element.setAttribute('aria-label', label);
  element.title = label;
  fill(element, ...face);
}

/** @param {HTMLElement} button @param {boolean} on */
export function setPressed(button, on) {
  button.setAttribute('aria-pressed', String(on));
}

/**
 * Buttons of which one is pressed, or several.
 * @template {string} V
 * @param {string} label
 * @param {[value: V, text: string, title?: string, count?: string][]} options
 * @param {(value: V, event: MouseEvent) => void} choose
 */
export function choice(label, options, choose) {
  const buttons = options.map(([value, text, title, count]) => h('button', { title: title || null, onclick: (/** @type {MouseEvent} */ event) => choose(value, event) }, text, count && h('small', {}, count)));
  return {
    group: h('div', { class: 'seg', role: 'group', 'aria-label': label }, ...buttons),
    /** @param {...V} values */
    press(...values) {
      for (const [i, button] of buttons.entries()) setPressed(button, values.includes(options[i][0]));
    },
  };
}
