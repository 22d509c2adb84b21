/**
 * The filter language: words that must all occur (`"two words"` as one), `/regular expression/i`, `-word` for what
 * must not occur, and `key:value` (`status-code:5xx|404`) for the keys a panel knows. Anything else is a word.
 */
import { label } from './label.js';

/** @typedef {{ not: boolean, key: string | null, value: string, regex: RegExp | null }} Term */
/** @template T @typedef {{ text: (row: T) => string, keys: Record<string, (value: string) => (row: T) => boolean> }} Fields */
/**
 * What remains to be asked of rows that are alike but for their numbers: of those in which `number` is found (null: of all), whether it `holds`.
 * `next` is where who asks has found one.
 * @template T
 * @typedef {{ not: boolean, number: RegExp | null, holds: (row: T) => boolean, next: number }} Check
 */

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
 * A test for rows. `keys[key](value)` makes that for one alternative of `value` (already in lower case).
 * A query with an error lets every row pass: the reader is still typing. `sift` asks the row's JSON the same as far as
 * letters and digits of words tell: most rows need not be parsed for it. `left` asks a row of which each number is 0, for all
 * rows that differ from it by numbers only: null when none of them passes, else what remains to be asked of each. An `exact`
 * row stands for itself.
 * @template T
 * @param {string} text
 * @param {Fields<T>} fields
 * @returns {{ test: ((row: T) => boolean) | null, sift?: (json: string) => boolean, left?: (row: T, exact?: boolean) => Check<T>[] | null, error: string | null }}
 */
export function compileQuery(text, fields) {
  const { terms, error } = parseQuery(text, (key) => Object.hasOwn(fields.keys, key));
  if (error || !terms.length) return { test: null, error };
  const checks = terms.map((term) => {
    const guess = blurred(term);
    return { not: term.not, number: needOf(term, /\d+/, 'g'), next: 0, holds: askerOf(term, fields), may: askerOf(guess, fields), blind: guess === term };
  });
  const needs = terms.flatMap((term) => (term.not ? [] : needOf(term, /[a-z\d]+/i, 'i', '|\\\\u|[\u009b\u0130\u212a]') ?? []));
  /** @param {T} row @param {boolean} [exact] */
  function left(row, exact) {
    const rest = [];
    for (const check of checks) {
      const maybe = (exact ? check.holds : check.may)(row);
      if (maybe && !check.blind && !exact) rest.push(check);
      else if (maybe === check.not) return null;
    }
    return rest;
  }

  return { error, left, sift: (json) => needs.every((need) => need.test(json)), test: (row) => left(row, true) !== null };
}

/**
 * @template T
 * @param {Term} term
 * @param {Fields<T>} fields
 * @returns {(row: T) => boolean}
 */
function askerOf({ key, value, regex }, { text, keys }) {
  const word = value.toLowerCase();
  if (key) {
    const asked = word.split('|').filter(Boolean).map(keys[key]);
    return (row) => asked.some((ask) => ask(row));
  }
  if (regex) return (row) => regex.test(text(row));
  return (row) => text(row).toLowerCase().includes(word);
}

/** What is not written in the row as it is asked for. */
const WORKED_OUT = /-than:|-code:(?!(\d{3}\|?)+$)/;
/** These ask what a number is. */
const NUMERIC = /-(code|than)$/;

/**
 * What is found in the JSON of every row for which a term holds: a part of its words, or whatever `more` finds. Rows with
 * escapes (a colour may begin within a word), and with letters whose lower case is among a to z, may be anything.
 * @param {Term} term
 * @param {RegExp} part
 * @param {string} flags
 */
function needOf({ key, value, regex }, part, flags, more = '') {
  return regex || WORKED_OUT.test(`${key}:${value}`) ? null : new RegExp(value.split('|').map((word) => part.exec(word)?.[0]).join('|') + more, flags);
}

/** Expressions of which is known what they make of digits. */
const PLAIN = /^(?:[^\\[({]|\((?!\?[^:])|\\[^a-ce-rt-zA-Z\d])*$/;
/** What may take digits in them, and signs that only look so. */
const DIGITS = /((\\d|[\d.])[*+?]*)+|\\./g;

/**
 * A term that holds for a row with each number being 0 wherever the given one holds for the row: itself if it is blind for
 * numbers.
 * @param {Term} term
 * @returns {Term}
 */
function blurred(term) {
  const { key, value, regex } = term;
  if (!regex && !NUMERIC.test(`${key}`)) return /\d/.test(value) ? { ...term, value: value.replace(/\d+/g, '0') } : term;
  // As many signs as may be there, and no more: what is loosened must not take longer than what was asked.
  const source = regex && PLAIN.test(value) ? value.replace(DIGITS, (token, run) => (!run ? token : /\.[*+]/.test(token) ? '.*' : token.includes('.') ? `.{0,${token.length}}` : '[0]?')) : '';
  return source === value ? term : { ...term, key: null, regex: new RegExp(ENDLESS.test(source) ? '' : source, regex?.flags) };
}
