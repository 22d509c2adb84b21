import { h } from './dom.js';
import { label } from './label.js';

/**
 * Asks for the key: the link without it was sent apart from it, or was cut on the way.
 * @param {(text: string) => void} submit
 */
export function createKeyBox(submit) {
  return createAsk({ words: label('Key or link'), button: label('Open'), hint: label('keyHint'), field: { type: 'text', autocapitalize: 'none', spellcheck: 'false' } }, submit);
}

/**
 * @param {(text: string) => void} submit
 */
export function createPasswordBox(submit) {
  return createAsk({ words: label('Password'), button: label('Unlock'), hint: label('It stays in this page.'), field: { type: 'password' } }, submit);
}

/**
 * Offers to try once more what a network did not give.
 * @param {(text: string) => void} submit
 */
export function createRetry(submit) {
  return h('form', { class: 'ask', onsubmit: (/** @type {SubmitEvent} */ event) => (event.preventDefault(), submit('')) },
    h('button', { class: 'main', type: 'submit' }, label('Try again')));
}

/**
 * @param {{ words: string, button: string, hint: string, field: Record<string, string> }} face
 * @param {(text: string) => void} submit
 */
function createAsk({ words, button, hint, field }, submit) {
  const input = h('input', { id: 'ask', name: 'ask', autocomplete: 'off', required: true, 'aria-describedby': 'ask-hint', ...field });
  const go = h('button', { class: 'main', type: 'submit' }, button);
  return h('form', {
    class: 'ask',
    onsubmit(/** @type {SubmitEvent} */ event) {
      // The page goes nowhere, and its policy lets no form.
      event.preventDefault();
      if (!input.value) return;
      input.readOnly = true;
      go.disabled = true;
      go.textContent = label('Opening…');
      submit(input.value);
    },
  }, h('label', { for: 'ask' }, words), h('div', { class: 'ask-line' }, input, go), h('p', { id: 'ask-hint' }, hint));
}
