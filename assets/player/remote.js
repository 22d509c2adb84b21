/**
 * Values as tree nodes: plain JSON, and what consoles recorded of theirs (RemoteObjects of CDP with their previews,
 * RemoteValues of WebDriver BiDi), which become plain values first. No DOM here; tree.js draws the nodes.
 */
import { oneLine } from './inert.js';
import { Word } from './json.js';
import { label } from './label.js';

/**
 * @typedef {object} TreeNode
 * @property {string | null} key
 * @property {string} text  the value, or a short preview of it
 * @property {string} kind  string, number, word or object
 * @property {(() => TreeNode[])} [children]
 */

const TYPE = /^(string|number|boolean|bigint|symbol|function|object|array|map|set|date|regexp|error)$/;
const SAYS = ['value', 'unserializableValue', 'description', 'preview'];
const PREVIEWED = 6;

/**
 * A recorded value as a plain one, whose members are still recorded values.
 * @param {any} value
 * @returns {unknown}
 */
function plainValue(value) {
  const type = value?.type;
  if (type === 'undefined') return undefined;
  if (type === 'null' || value?.subtype === 'null') return null;
  if (!TYPE.test(type) || !SAYS.some((name) => name in value)) return value;
  const inner = value.value;
  const { properties, overflow, subtype } = value.preview ?? value.valuePreview ?? value;
  if (Array.isArray(properties) && subtype !== 'error') {
    const members = properties.map((/** @type {any} */ one) => [one.name, one]);
    if (overflow) members.push(['…', { type: 'object', description: label('not recorded') }]);
    return subtype === 'array' ? members.map((/** @type {any} */ pair) => pair[1]) : Object.fromEntries(members);
  }
  if (Array.isArray(inner) && /object|map/.test(type)) return Object.fromEntries(inner.map(([key, one]) => [typeof key === 'string' ? key : jsonNode(null, key, true).text, one]));
  if (type === 'string' || typeof inner === 'number' || typeof inner === 'boolean') return inner;
  return inner !== null && typeof inner === 'object' ? inner : new Word(value.unserializableValue ?? value.description ?? inner ?? type);
}

/**
 * @param {string | null} key
 * @param {any} value
 * @param {boolean} [recorded]  by a console, with its types
 * @param {boolean} [short]  within the preview of another
 * @returns {TreeNode}
 */
export function jsonNode(key, value, recorded = false, short = false) {
  const plain = /** @type {any} */ (recorded ? plainValue(value) : value);
  const type = typeof plain;
  if (plain instanceof Word) return { key, text: plain.text, kind: plain.kind };
  if (type === 'string') return { key, text: JSON.stringify(plain), kind: type };
  if (plain === null || type !== 'object') return { key, text: String(plain), kind: type === 'number' ? type : 'word' };
  const entries = Object.entries(plain);
  const { length } = entries;
  const list = Array.isArray(plain);
  const words = entries.slice(0, short ? 0 : PREVIEWED).map(([name, one]) => (list ? '' : `${oneLine(name, 30)}: `) + oneLine(jsonNode(null, one, recorded, true).text, 42));
  if (length > words.length) words.push('…');
  const text = list ? `${length > 1 ? `(${length}) ` : ''}[${words.join(', ')}]` : `{${words.join(', ')}}`;
  return { key, text, kind: 'object', children: length ? () => entries.map(([name, one]) => jsonNode(name, one, recorded)) : undefined };
}
