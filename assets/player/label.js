/** @import { Plain } from './labels.js' */
import { ENGLISH } from './labels.js';

/** @typedef {Plain | keyof typeof ENGLISH} Label */
/** @typedef {string | { one?: string, other: string }} Forms */

/** In the page this is its block of labels, whatever their language. @type {Record<string, Forms>} */
const LABELS = ENGLISH;
const TAG = globalThis.document?.documentElement.lang ?? 'en';
/** The page's language, for `Intl`; an English page writes its dates as most of the world does. */
export const LANGUAGE = TAG === 'en' ? 'en-GB' : TAG;

const PLURALS = new Intl.PluralRules(LANGUAGE);

/** A number as the language writes it. @param {number} value @param {number} [digits] behind the point */
export const number = ((/** @type {Intl.NumberFormat[]} */ formats) => (/** @type {number} */ value, digits = 0) => {
  formats[digits] ??= new Intl.NumberFormat(LANGUAGE, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return formats[digits].format(value);
})([]);

/**
 * Whether the table has this key. In the page it has numbers too, for what is its own key here: a status is none.
 * @param {string} key
 * @returns {key is keyof typeof ENGLISH}
 */
export function isLabel(key) {
  return Object.hasOwn(ENGLISH, key) && Number.isNaN(Number(key));
}

/**
 * The words for something, in the page's language, with values in place of the names in braces.
 * @param {Label} key
 * @param {Record<string, unknown>} [values]
 * @returns {string}
 */
export function label(key, values = {}) {
  const found = LABELS[key] ?? key;
  const text = typeof found === 'string' ? found : found[/** @type {'one'} */ (PLURALS.select(Number(values.count)))] ?? found.other;
  return text.replace(/\{(\w+)\}/g, (_, name) => (typeof values[name] === 'number' ? number(values[name]) : String(values[name])));
}

/** The label of a family and a name, else the name. @param {string} family @param {string} name */
export function labelOf(family, name) {
  const key = family + name;
  return isLabel(key) ? label(key) : name;
}
