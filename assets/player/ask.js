import { h } from './dom.js';

/**
 * Asks for the key: the link without it was sent apart from it, or was cut on the way.
 * @param {(text: string) => void} submit
 */
export function createKeyBox(submit) {
  const hint = 'It goes into this page’s address, and to no server.';
  return createAsk({ label: 'Key or link', button: 'Open', hint, field: { type: 'text', autocapitalize: 'none', spellcheck: 'false' } }, submit);
}

/**
 * @param {(text: string) => void} submit
 */
export function createPasswordBox(submit) {
  return createAsk({ label: 'Password', button: 'Unlock', hint: 'It stays in this page.', field: { type: 'password' } }, submit);
}

/**
 * Offers to try once more what a network did not give.
 * @param {(text: string) => void} submit
 */
export function createRetry(submit) {
  return h('form', { class: 'ask', onsubmit: (/** @type {SubmitEvent} */ event) => (event.preventDefault(), submit('')) },
    h('button', { class: 'main', type: 'submit' }, 'Try again'));
}

/**
 * @param {{ label: string, button: string, hint: string, field: Record<string, string> }} words
 * @param {(text: string) => void} submit
 */
function createAsk({ label, button, hint, field }, submit) {
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
      go.textContent = 'Opening…';
      submit(input.value);
    },
  }, h('label', { for: 'ask' }, label), h('div', { class: 'ask-line' }, input, go), h('p', { id: 'ask-hint' }, hint));
}
