/**
 * Values as tree nodes: plain JSON, and what consoles recorded of theirs (RemoteObjects of CDP with their previews,
 * RemoteValues of WebDriver BiDi), which become plain values first. No DOM here; tree.js draws the nodes.
 */
import { oneLine } from './inert.js';

/**
 * @typedef {object} TreeNode
 * @property {string | null} key
 * @property {string} text  the value, or a short preview of it
 * @property {string} kind  string, number, word, object or note
 * @property {(() => TreeNode[])} [children]
 */

const TYPE = /^(undefined|null|string|number|boolean|bigint|symbol|function|object|array|(weak)?(map|set)|date|regexp|error|promise|proxy|typedarray|arraybuffer|nodelist|htmlcollection|node|window|generator|accessor)$/;
const MEMBER = /^(type|subtype|className|name|value|valuePreview|unserializableValue|description|preview|(object|internal|shared)Id|handle|overflow|properties|entries)$/;
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
  if (typeof value?.type !== 'string' || !TYPE.test(value.type) || !Object.keys(value).every((name) => MEMBER.test(name))) return value;
  const { type, subtype, value: inner } = value;
  const preview = value.preview ?? value.valuePreview ?? value;
  const deeper = (/** @type {any} */ one) => plainValue(one, depth + 1);
  if (depth > DEEPEST_VALUE) return new Word('…');
  if (Array.isArray(preview.properties) && subtype !== 'error') {
    const entries = (preview.entries ?? []).map((/** @type {any} */ entry, /** @type {number} */ place) => [entry.key?.description ?? place, deeper(entry.value)]);
    const members = preview.properties.map((/** @type {any} */ one) => [one.name, deeper(one)]);
    if (preview.overflow) members.push(['…', new Word('not recorded')]);
    return preview.subtype === 'array' ? members.map((/** @type {any} */ pair) => pair[1]) : Object.fromEntries([...entries, ...members]);
  }
  if (Array.isArray(inner)) return type === 'object' || type === 'map' ? Object.fromEntries(inner.map(([key, one]) => [typeof key === 'string' ? key : String(deeper(key)), deeper(one)])) : inner.map(deeper);
  if (type === 'string') return inner ?? value.description;
  if (type === 'undefined' || type === 'null' || subtype === 'null') return type === 'undefined' ? undefined : null;
  if (typeof inner === 'number' || typeof inner === 'boolean') return inner;
  if (type === 'regexp' && inner) return new Word(`/${inner.pattern}/${inner.flags ?? ''}`);
  return 'value' in value && !value.description && typeof inner === 'object' ? inner : new Word(value.unserializableValue ?? value.description ?? inner ?? value.className ?? subtype ?? type);
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
