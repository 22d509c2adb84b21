// The console's details: styles, tables, stacks. No DOM.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ansiPieces, safeRules } from '../../assets/player/ansi.js';
import { styledPieces, tableOf } from '../../assets/player/console-args.js';
import { causesOf, foldFrames, framesIn } from '../../assets/player/frames.js';
import { jsonNode } from '../../assets/player/remote.js';

const said = (value) => ({ type: 'string', value });

/** What of each piece is shown, and how. */
const shown = (pieces) => pieces.filter(([text]) => text).map(([text, css]) => [text, ...[...new Map(safeRules(css))].filter(([, value]) => value).map((rule) => rule.join(':'))]);

test('ANSI codes become styles, and end', () => {
  const of = (text) => shown(ansiPieces(text));
  assert.deepEqual(of('a\u001b[1;31mb\u001b[0mc\u001b[2Kd'), [['a'], ['b', 'font-weight:bold', 'color:red'], ['c'], ['d']]);
  assert.deepEqual(of('\u001b[31mr\u001b[39m \u001b[4mu\u001b[24mx'), [['r', 'color:red'], [' '], ['u', 'text-decoration:underline'], ['x']]);
  assert.deepEqual(of('\u001b[96mx\u001b[48;5;1my\u001b[38;2;1;2;3mz'), [['x', 'color:teal'], ['y', 'color:teal'], ['z', 'color:teal']]);
  assert.deepEqual(of('\u009b1mb\u001b[mx\u001b]0;title\u0007y'), [['b', 'font-weight:bold'], ['x'], ['y']]);
});

test('styles of %c: nothing but colour, weight, slope and lines', () => {
  assert.deepEqual(safeRules('color: #0a0; font-weight:bold;font-style: italic; Text-Decoration : underline;'), [['color', '#0a0'], ['font-weight', 'bold'], ['font-style', 'italic'], ['text-decoration', 'underline']]);
  for (const css of ['background:url(https://x.test/a)', 'color:url(x)', 'color: var(--bg)', 'color:expression(1)', 'font-size:900px', 'position:fixed', 'constructor:x', '__proto__:bold', 'color', '--ink:red', 'x;color:u\\72l(a)', '']) assert.deepEqual(safeRules(css), [], css);
});

test('a message is put together from its format and arguments', () => {
  const pieces = styledPieces('', [said('%cAcme%c v%d %s 100%% %q'), said('color:red'), said(''), { type: 'number', value: 3 }, said('x'), { type: 'number', value: 7 }]);
  assert.equal(pieces.map(([text]) => text).join(''), 'Acme v3 x 100% %q 7');
  assert.deepEqual(shown(pieces)[0], ['Acme', 'color:red']);
  assert.deepEqual(shown(pieces)[1], [' v']);
  assert.deepEqual(shown(styledPieces('plain', [said('%s'), said('plain')])), [['plain']]);
  assert.deepEqual(shown(styledPieces('\u001b[31mplain', [])), [['plain', 'color:red']]);
  assert.equal(styledPieces('', [said('%c%c only'), said('color:red')]).map(([text]) => text).join(''), '%c only');
});

test('tables have a column for every member', () => {
  const rows = tableOf(jsonNode(null, [{ a: 1, b: 'x' }, { c: null }, 5], true));
  assert.deepEqual(rows, [['', 'a', 'b', 'c', ''], [['0', '1', '"x"', '', ''], ['1', '', '', 'null', ''], ['2', '', '', '', '5']]]);
  assert.equal(tableOf(jsonNode(null, 5, true)), null);
  assert.equal(tableOf(undefined), null);
});

test('frames are read from stacks of text, of all three engines', () => {
  const at = (line) => framesIn(line, '').map(({ name, url, line: row, column }) => [name, url, row, column])[0];
  assert.deepEqual(at('    at buy (https://a.test/x.js:2:49)'), ['buy', 'https://a.test/x.js', 2, 49]);
  assert.deepEqual(at('    at async Cart.pay (https://a.test/x.js:2:49)'), ['async Cart.pay', 'https://a.test/x.js', 2, 49]);
  assert.deepEqual(at('    at https://a.test/x.js:2:49'), ['(anonymous)', 'https://a.test/x.js', 2, 49]);
  assert.deepEqual(at('buy@https://a.test/x.js:2:49'), ['buy', 'https://a.test/x.js', 2, 49]);
  assert.deepEqual(at('@https://a.test/x.js:2:49'), ['(anonymous)', 'https://a.test/x.js', 2, 49]);
  assert.deepEqual(framesIn('TypeError: no\n    at a (x.js:1:2)\n  [cause]: Error: why', 'TypeError: no').map(({ name }) => name), ['a', '[cause]: Error: why']);
  const start = performance.now();
  framesIn(`    at ${'a ('.repeat(40_000)}`, '');
  assert.ok(performance.now() - start < 500);
});

test('causes of causes, and no endless ones', () => {
  const error = { message: 'a', cause: { name: 'TypeError', message: 'b', stack: 'TypeError: b\n    at f (x.js:1:2)', cause: 'just words' } };
  assert.deepEqual(causesOf(error).map(({ name }) => name), ['Caused by: TypeError: b', 'f', 'Caused by: just words']);
  const ring = { message: 'r' };
  ring.cause = ring;
  assert.equal(causesOf(ring).length, 10);
  assert.deepEqual([causesOf(undefined), causesOf('x'), causesOf({ cause: null })], [[], [], []]);
});

test('frames of others are folded, unless all are', () => {
  const frame = (url, after) => ({ name: 'f', url, line: 1, column: 1, after });
  const shape = (urls, page) => foldFrames(urls.map((url) => frame(url)), page).map((part) => (Array.isArray(part) ? part.length : 'own'));
  const own = 'https://a.test/app.js';
  assert.deepEqual(shape([own, 'https://a.test/node_modules/x/i.js', 'chrome-extension://abc/x.js', own]), ['own', 2, 'own']);
  assert.deepEqual(shape([own, 'https://cdn.test/x.js'], 'https://a.test/cart'), ['own', 1]);
  assert.deepEqual(shape(['https://cdn.test/x.js', 'https://cdn.test/y.js'], 'https://a.test/cart'), ['own', 'own']);
  assert.deepEqual(shape([own, 'https://cdn.test/x.js']), ['own', 'own']);
});
