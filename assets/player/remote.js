/**
 * Values as tree nodes: plain JSON, and what consoles recorded of theirs (RemoteObjects of CDP with their previews,
 * RemoteValues of WebDriver BiDi), which become plain values first. No DOM here; tree.js draws the nodes.
 */
import { oneLine } from './inert.js';

/**
 * @typedef {object} TreeNode
 * @property {string | null} key
 * @property {string} text  the value, or a short preview of it
 * @property {string} kind  string, number, word or object
 * @property {(() => TreeNode[])} [children]
 */

const TYPE = /^(string|number|boolean|bigint|symbol|function|object|array|map|set|date|regexp|error)$/;
const SAYS = ['value', 'unserializableValue', 'description', 'preview'];
const DEEPEST_VALUE = 60;
const PREVIEWED = 6;

/** Something that JSON has no word for, in its own words. */
class Word {
  /** @param {unknown} text */
  constructor(text) {
    this.text = String(text);
  }
}

/**
 * @param {any} value  as its recorder wrote it
 * @param {number} [depth]
 * @returns {unknown}
 */
export function plainValue(value, depth = 0) {
  const type = value?.type;
  if (type === 'undefined') return undefined;
  if (type === 'null' || value?.subtype === 'null') return null;
  if (!TYPE.test(type) || !SAYS.some((name) => name in value)) return value;
  if (depth > DEEPEST_VALUE) return new Word('…');
  const deeper = (/** @type {any} */ one) => plainValue(one, depth + 1);
  const inner = value.value;
  const preview = value.preview ?? value.valuePreview ?? value;
  if (Array.isArray(preview.properties) && value.subtype !== 'error') {
    const members = preview.properties.map((/** @type {any} */ one) => [one.name, deeper(one)]);
    if (preview.overflow) members.push(['…', new Word('not recorded')]);
    return preview.subtype === 'array' ? members.map((/** @type {any} */ pair) => pair[1]) : Object.fromEntries(members);
  }
  if (Array.isArray(inner) && /object|map/.test(type)) return Object.fromEntries(inner.map(([key, one]) => [typeof key === 'string' ? key : jsonNode(null, deeper(key)).text, deeper(one)]));
  if (Array.isArray(inner)) return inner.map(deeper);
  if (type === 'string' || typeof inner === 'number' || typeof inner === 'boolean') return inner;
  return inner !== null && typeof inner === 'object' ? inner : new Word(value.unserializableValue ?? value.description ?? inner ?? type);
}

/**
 * @param {string | null} key
 * @param {any} value
 * @param {boolean} [short]  within the preview of another
 * @returns {TreeNode}
 */
export function jsonNode(key, value, short = false) {
  const type = typeof value;
  if (value instanceof Word) return { key, text: value.text, kind: 'object' };
  if (type === 'string') return { key, text: JSON.stringify(value), kind: type };
  if (value === null || type !== 'object') return { key, text: String(value), kind: type === 'number' ? type : 'word' };
  const entries = Object.entries(value);
  const { length } = entries;
  const list = Array.isArray(value);
  const words = entries.slice(0, short ? 0 : PREVIEWED).map(([name, one]) => (list ? '' : `${oneLine(name, 30)}: `) + oneLine(jsonNode(null, one, true).text, 42));
  if (length > words.length) words.push('…');
  const text = list ? `${length > 1 ? `(${length}) ` : ''}[${words.join(', ')}]` : `{${words.join(', ')}}`;
  return { key, text, kind: 'object', children: length ? () => entries.map(([name, one]) => jsonNode(name, one)) : undefined };
}
