import { h } from './dom.js';

/**
 * The box of a filter; the key for it finds it by `data-filter`.
 * @param {string} name  of what it filters
 * @param {string} hint
 * @param {Record<string, any>} [more]
 */
export function filterBox(name, hint, more) {
  return h('input', { type: 'search', 'data-filter': '', 'aria-label': `Filter ${name}`, placeholder: hint, title: hint, spellcheck: 'false', autocomplete: 'off', autocapitalize: 'off', ...more });
}
