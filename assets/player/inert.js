/**
 * What a recording says is written by strangers. Characters that hide or reorder text are shown by name, so that
 * a reader sees what is there: C0 and C1 controls, the bidi controls that embed, override or isolate, U+FEFF.
 * Newlines and tabs stay; the marks U+200E and U+200F too, as honest right-to-left text needs them.
 */
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/**
 * @param {unknown} text
 * @returns {string}
 */
export function visible(text) {
  return String(text ?? '').replaceAll('\r\n', '\n').replace(HIDDEN, nameOf);
}

/** @param {number} [value] @param {number} [digits] */
export function hex(value = 0, digits = 1) {
  return value.toString(16).padStart(digits, '0');
}

/** @param {string} character */
function nameOf(character) {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `⟦U+${hex(code, 4).toUpperCase()}⟧`;
}

/**
 * The text on one line, at most `max` characters, never cut within a surrogate pair.
 * @param {unknown} text
 * @param {number} [max]
 */
export function oneLine(text, max = 500) {
  // Cut before the work: a row may carry megabytes.
  const raw = String(text ?? '');
  const line = visible(raw.slice(0, max * 2)).replace(/\s*[\n\t]\s*/g, ' ').trim();
  if (line.length <= max && raw.length <= max * 2) return line;
  const end = /[\ud800-\udbff]/.test(line[max - 2] ?? '') ? max - 2 : max - 1;
  return `${line.slice(0, end)}…`;
}
