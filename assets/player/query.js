/**
 * The filter language: words that must all occur (`"two words"` as one), `/regular expression/i`, `-word` for what
 * must not occur, and `key:value` (`status-code:5xx|404`) for the keys a panel knows. Anything else is a word.
 */
import { label } from './label.js';

/** @typedef {{ not: boolean, key: string | null, value: string, regex: RegExp | null }} Term */

/** A repeated group that repeats within: such an expression can take for ever on one line. */
const ENDLESS = /\((?:[^()\\]|\\.)*[+*}](?:[^()\\]|\\.)*\)[+*{]/;

const TERM = /(-?)(?:\/((?:[^/\\]|\\.)+)\/([imsu]*)(?=\s|$)|(?:([a-z][a-z-]*):)?(?:"([^"]*)"?|(\S+)))/g;

/**
 * @param {string} text
 * @param {(key: string) => boolean} knows
 * @returns {{ terms: Term[], error: string | null }}
 */
export function parseQuery(text, knows) {
  /** @type {Term[]} */
  const terms = [];
  /** @type {string | null} */
  let error = null;
  for (const [whole, dash, source, flags, key, quoted, bare] of text.matchAll(TERM)) {
    const not = dash === '-';
    if (source) {
      try {
        if (ENDLESS.test(source)) throw source;
        terms.push({ not, key: null, value: source, regex: new RegExp(source, `${flags.replace('i', '')}i`) });
      } catch {
        error = label('badRegex', { source });
      }
      continue;
    }
    const known = key && knows(key) ? key : null;
    const value = known || !key ? quoted ?? bare : whole.slice(dash.length);
    if (value) terms.push({ not, key: known, value, regex: null });
  }
  return { terms, error };
}

/**
 * A test for rows. `keys[key](row, value)` answers for one alternative of `value` (already in lower case).
 * A query with an error lets every row pass: the reader is still typing. `sift` asks the row's JSON the same as far as
 * letters and digits of words tell: most rows need not be parsed for it.
 * @template T
 * @param {string} text
 * @param {{ text: (row: T) => string, keys: Record<string, (row: T, value: string) => boolean> }} fields
 * @returns {{ test: ((row: T) => boolean) | null, sift?: (json: string) => boolean, error: string | null }}
 */
export function compileQuery(text, fields) {
  const { terms, error } = parseQuery(text, (key) => Object.hasOwn(fields.keys, key));
  if (error || !terms.length) return { test: null, error };
  const checks = terms.map((term) => checkOf(term, fields.keys));
  const needs = terms.flatMap((term) => needOf(term) ?? []);
  return {
    error,
    sift: (json) => needs.every((need) => need.test(json)),
    test(row) {
      const raw = fields.text(row);
      const lower = raw.toLowerCase();
      return checks.every((check) => check(row, raw, lower));
    },
  };
}

/**
 * @template T
 * @param {Term} term
 * @param {Record<string, (row: T, value: string) => boolean>} keys
 * @returns {(row: T, raw: string, lower: string) => boolean}
 */
function checkOf({ not, key, value, regex }, keys) {
  const word = value.toLowerCase();
  if (key) return (row) => word.split('|').some((one) => one && keys[key](row, one)) !== not;
  if (regex) return (_row, raw) => regex.test(raw) !== not;
  return (_row, _raw, lower) => lower.includes(word) !== not;
}

/** What is not written in the row as it is asked for. */
const WORKED_OUT = /^(domain|\S+-than|status-code:(?!\d{3}(\|\d{3})*$))/;

/**
 * What the JSON of every row holds for which a term holds; null when nothing is known. Rows with escapes (a colour may
 * begin within a word), and with letters whose lower case is among a to z, may be anything.
 * @param {Term} term
 */
function needOf({ not, key, value, regex }) {
  if (not || regex || WORKED_OUT.test(`${key}:${value}`)) return null;
  const words = (key ? value.split('|') : [value]).map((word) => /[a-z\d]+/i.exec(word)?.[0] ?? '');
  return new RegExp(`${words.join('|')}|\\\\u|[\u009b\u0130\u212a]`, 'i');
}
