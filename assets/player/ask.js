import { h } from './dom.js';

/**
 * Asks for the key: the link without it was sent apart from it, or was cut on the way.
 * @param {(text: string) => void} submit
 */
export function createKeyBox(submit) {
  const hint = 'Paste the key, or the whole link as it was sent to you. It stays in this page.';
  return createBox({ label: 'Key or link', button: 'Open', hint, field: { type: 'text', autocapitalize: 'none', spellcheck: 'false' } }, submit);
}

/**
 * @param {(text: string) => void} submit
 */
export function createPasswordBox(submit) {
  return createBox({ label: 'Password', button: 'Unlock', hint: 'It stays in this page.', field: { type: 'password' } }, submit);
}

/**
 * @param {{ label: string, button: string, hint: string, field: Record<string, string> }} words
 * @param {(text: string) => void} submit
 */
function createBox({ label, button, hint, field }, submit) {
  const input = h('input', { id: 'ask', name: 'ask', autocomplete: 'off', required: true, 'aria-describedby': 'ask-hint', ...field });
  const go = h('button', { class: 'primary', type: 'submit' }, button);
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
