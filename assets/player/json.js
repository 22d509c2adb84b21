/** Deeper than this, lines are no longer indented further: 20,000 brackets must not become 400 MB of blanks. */
const DEEPEST = 40;

const JSON_TOKEN = /"(?:[^"\\\n]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[[\]{},:]|\s+/gy;

/**
 * JSON on lines of its own. Works on the text, so that numbers keep every digit and members their order.
 * @param {string} text
 * @returns {string | null} null when the text is not made of JSON's tokens
 */
export function prettyJson(text) {
  if (!/^\s*[[{]/.test(text)) return null;
  const out = [];
  let depth = 0;
  let at = 0;
  let before = '';
  while (at < text.length) {
    JSON_TOKEN.lastIndex = at;
    const token = JSON_TOKEN.exec(text)?.[0];
    if (token === undefined) return null;
    at += token.length;
    if (/^\s/.test(token)) continue;
    const opens = token === '{' || token === '[';
    const closes = token === '}' || token === ']';
    if (closes) depth -= 1;
    if (depth < 0) return null;
    const hollow = closes && (before === '{' || before === '[');
    if ((closes && !hollow) || (!closes && (before === '{' || before === '[' || before === ','))) out.push(lineStart(depth));
    out.push(token === ':' ? ': ' : token);
    if (opens) depth += 1;
    before = token;
  }
  return depth === 0 ? out.join('') : null;
}

/** @param {number} depth */
function lineStart(depth) {
  return `\n${'  '.repeat(Math.min(depth, DEEPEST))}`;
}

/** Something that JSON or JavaScript has no value for, in its own words. */
export class Word {
  /** @param {unknown} text @param {string} [kind] */
  constructor(text, kind = 'object') {
    this.text = String(text);
    this.kind = kind;
  }

  toString() {
    return this.text;
  }

  toJSON() {
    return this.text;
  }
}

/** Longer texts are read as JavaScript does. */
const EXACT_LENGTH = 5_000_000;

/** JSON; a whole number that JavaScript would write otherwise is a Word, so that ids keep every digit. @param {string} text */
export function exactJson(text) {
  if (text.length > EXACT_LENGTH || !/\d{16}/.test(text)) return JSON.parse(text);
  // A mark that no text can have foreseen.
  const mark = `${Math.random()} `;
  let inside = false;
  const marked = text.replace(/\\[^]|"|[\d.eE+-]{16,}/g, (token) => {
    if (token === '"') inside = !inside;
    return !inside && /^-?\d+$/.test(token) && String(Number(token)) !== token ? `"${mark}${token}"` : token;
  });
  return JSON.parse(marked, (_, value) => (typeof value === 'string' && value.startsWith(mark) ? new Word(value.slice(mark.length), 'number') : value));
}
