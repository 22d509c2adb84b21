// The labels: every one is used, every one used is there, and every other language has them all.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { label, number } from '../../assets/player/label.js';
import { ENGLISH } from '../../assets/player/labels.js';

const assets = new URL('../../assets/', import.meta.url);
const read = (path) => readFileSync(new URL(path, assets), 'utf8');
const modules = readdirSync(new URL('player/', assets)).filter((name) => name.endsWith('.js') && name !== 'labels.js');
const code = modules.map((name) => read(`player/${name}`)).join('\n');
const languages = readdirSync(new URL('labels/', assets)).map((name) => [name, JSON.parse(read(`labels/${name}`))]);
/** Names that a module puts behind a family. */
const FAMILIES = /^(state|key|phase|verb|clock|sign) /;
/** What the template shows. */
const TEMPLATE = ['opening', 'noScript', 'neutralTitle'];

/** The forms of a label by plural category. */
const formsOf = (found) => (typeof found === 'string' ? { other: found } : found);
const placeholders = (text) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort();

/** Labels that are their own keys. */
const plain = [...read('player/labels.js').matchAll(/^ \*   (\| .*)$/gm)].flatMap(([, line]) => [...line.matchAll(/'([^']+)'/g)].map(([, text]) => text));
const keys = [...Object.keys(ENGLISH), ...plain];

// That every label used is there is the type checker's to find.
test('every label is used, and stands in the list once', () => {
  const quoted = new Set([...code.matchAll(/'([^'\n]*)'/g)].map(([, text]) => text));
  // Filters and manifests name these; labels follow them.
  const named = ['debug', 'rage', 'dead', 'Space', 'Shift', 'Ctrl', 'timeline', 'transcript', 'failed', 'canceled'];
  assert.ok(plain.length > 100, `${plain.length}`);
  assert.deepEqual(keys.filter((key) => !quoted.has(key) && !FAMILIES.test(key) && !named.includes(key) && !TEMPLATE.includes(key)), []);
  assert.equal(new Set(keys).size, keys.length);
  // The page has those only by number.
  assert.deepEqual(named.filter((key) => code.includes(`label('${key}'`) && !code.replaceAll(`label('${key}'`, '').includes(`'${key}'`)), []);
});

test('families: every state, key, phase, verb and clock of the code has its label, and no other', () => {
  const states = new Set([...code.matchAll(/(?:StateError\(|state: )(?:due\(\) \? )?'([\w-]+)'(?:(?:,| : )(?: reason:)? '([\w-]+)')?/g)].map(([, state]) => state));
  for (const state of states) assert.ok(`state ${state}` in ENGLISH, state);
  const keymap = read('player/keymap.js');
  for (const key of Object.keys(ENGLISH).filter((one) => one.startsWith('key '))) assert.ok(keymap.includes(key.slice(4)), key);
  for (const key of Object.keys(ENGLISH).filter((one) => one.startsWith('phase '))) assert.ok(read('player/http.js').includes(`'${key.slice(6)}'`), key);
  for (const key of Object.keys(ENGLISH).filter((one) => one.startsWith('state '))) assert.equal(label(key).split('\n').length, 3, key);
});

test('every language has the same labels, with the same names in braces', () => {
  assert.deepEqual(languages.map(([name]) => name), ['de.json']);
  for (const [name, labels] of languages) {
    assert.deepEqual(Object.keys(labels).sort(), [...keys].sort(), name);
    const categories = new Intl.PluralRules(name.split('.')[0]).resolvedOptions().pluralCategories;
    for (const [key, found] of Object.entries(labels)) {
      const forms = formsOf(found);
      for (const [form, text] of Object.entries(forms)) {
        assert.ok(text, `${name}: ${key}`);
        assert.ok(form === 'other' || categories.includes(form), `${name}: ${key}: ${form}`);
        assert.deepEqual(placeholders(text), placeholders(formsOf(ENGLISH[key] ?? key).other), `${name}: ${key}`);
      }
      assert.equal(typeof found, typeof (ENGLISH[key] ?? key), `${name}: ${key}`);
      assert.equal(forms.other.split('\n').length, formsOf(ENGLISH[key] ?? key).other.split('\n').length, `${name}: ${key}`);
    }
  }
});

test('boot.js says labels', () => {
  const said = [...read('boot.js').matchAll(/'(state [^']+)'/g)].map(([, key]) => key);
  assert.deepEqual(said, ['state damaged/cut', 'state unsupported']);
  for (const key of said) assert.ok(key in ENGLISH, key);
});

test('values stand in the text as they are, numbers as the language writes them', () => {
  assert.equal(label('nRequests', { count: 1 }), '1 request');
  assert.equal(label('nRequests', { count: 60_000 }), '60,000 requests');
  assert.equal(label('actionNamed', { verb: 'Click', name: '{verb} $& $1' }), 'Click “{verb} $& $1”');
  assert.equal(number(1.25, 1), '1.3');
});
