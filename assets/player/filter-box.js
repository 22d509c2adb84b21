import { h } from './dom.js';

/**
 * The box of a filter; the key for it finds it by `data-filter`.
 * @param {string} name  for those who hear it
 * @param {string} hint
 * @param {Record<string, any>} [more]
 */
export function filterBox(name, hint, more) {
  return h('input', { type: 'search', 'data-filter': '', 'aria-label': name, placeholder: hint, title: hint, spellcheck: 'false', autocomplete: 'off', autocapitalize: 'off', ...more });
}
