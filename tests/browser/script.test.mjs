// The page's own code: the same in every bundle, and the only code that runs.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'acorn';
import { analyze } from 'eslint-scope';
import { ENGLISH } from '../../assets/player/labels.js';
import { PATIENCE, inEngines } from './engines.mjs';
import { enter, withScheme } from './page.mjs';
import { EXAMPLE, MEDIA, ROOT, edited, share } from './share.mjs';

const SHARE = share(EXAMPLE);
const OTHERS = [share(EXAMPLE, { layout: 'dir', args: ['--title', '</script><script>alert(1)</script>', '--expires', 'never'] }), share(join(MEDIA, 'mediarecorder.webm'))];
const html = (made) => readFileSync(made.page, 'utf8');
const scripts = (made) => [...html(made).matchAll(/<script>([^]*?)<\/script>/g)].map((match) => match[1]);
const styles = (made) => [...html(made).matchAll(/<style>([^]*?)<\/style>/g)].map((match) => match[1]);
const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

test('script and style are the same bytes in every bundle', () => {
  assert.equal(scripts(SHARE).length, 2);
  assert.equal(styles(SHARE).length, 1);
  for (const other of OTHERS) {
    assert.deepEqual(scripts(other), scripts(SHARE));
    assert.deepEqual(styles(other), styles(SHARE));
  }
});

/** Words are data: the page has them in a block. */
const LABELS_OF_PAGE = JSON.parse(html(SHARE).match(/<script type="application\/json" id="labels">([^]*?)<\/script>/)[1]);
const LABELS = "const ENGLISH = JSON.parse(document.getElementById('labels').textContent);";

/** The modules of a table in src/assets.rs, as they stand in assets/player/, with nothing between them. */
function modules(table) {
  const list = readFileSync(join(ROOT, 'src/assets.rs'), 'utf8').match(new RegExp(`${table}: [^(]*\\("player":([^)]*)\\)`))[1];
  const texts = [...list.matchAll(/"([^"]+)"/g)].map(([, name]) => name === 'labels.js' ? LABELS : readFileSync(join(ROOT, 'assets/player', name), 'utf8'));
  return texts.join('\n').replace(/^import .*$/gm, '').replace(/^export (?=async|function|class|const)/gm, '');
}

// `const` and `let` are one: nothing constant is assigned to, the type checker sees to it.
const PLACES = new Set(['start', 'end', 'range', 'raw', 'shorthand', 'kind']);
const KEYED = new Set(['Property', 'MethodDefinition', 'PropertyDefinition']);
const isName = (node, field) => !node.computed && ((node.type === 'MemberExpression' && field === 'property') || (KEYED.has(node.type) && field === 'key'));

/** Calls back with every two nodes that stand at the same place of two trees, which must be of one shape. */
function together(one, other, each, place = '') {
  if (one === null || typeof one !== 'object' || one instanceof RegExp) return assert.equal(String(one), String(other), place);
  if (Array.isArray(one)) assert.equal(one.length, other.length, place);
  else assert.equal(one.type, other.type, place);
  if (one.type) each(one, other, place);
  if (one.type === 'Identifier') return;
  for (const field of Object.keys(one)) {
    if (PLACES.has(field)) continue;
    if (one.type && isName(one, field)) assert.equal(one[field].name ?? one[field].value, other[field].name ?? other[field].value, place);
    else together(one[field], other[field], each, `${place}/${field}`);
  }
}

/** A tree whose variables each have a declaration of their own, all of one kind; `!0` is true, `!1` is false, `void 0` is undefined. */
function apart(node) {
  if (node === null || typeof node !== 'object' || node instanceof RegExp) return node;
  for (const field of Object.keys(node)) node[field] = apart(node[field]);
  if (node.type === 'VariableDeclaration') node.kind = 'let';
  if (node.type === 'UnaryExpression' && node.operator === '!' && [0, 1].includes(node.argument.value)) return { ...node.argument, value: !node.argument.value };
  if (node.type === 'UnaryExpression' && node.operator === 'void' && node.argument.value === 0) return { ...node.argument, type: 'Identifier', name: 'undefined' };
  if (!Array.isArray(node)) return node;
  return node.flatMap((one) => (one?.type === 'VariableDeclaration' && one.declarations.length > 1 ? one.declarations.map((each) => ({ ...one, declarations: [each] })) : one));
}

/** Of each name in a script, the variable that it stands for; those of the browser have none. */
function variables(ast) {
  const found = new Map();
  for (const scope of analyze(ast, { ecmaVersion: 2022, sourceType: 'script' }).scopes) {
    for (const variable of scope.variables) variable.identifiers.forEach((name) => found.set(name, variable));
    for (const { identifier, resolved } of scope.references) if (resolved) found.set(identifier, resolved);
  }
  return found;
}

/** Whether a statement declares a constant that is a number or a text. */
const isConstant = ({ type, declarations }) => type === 'VariableDeclaration' && declarations[0].init?.type === 'Literal' && !declarations[0].init.regex;

/** A tree in which values stand for the variables that have one. */
function valued(node, variables, values) {
  if (node === null || typeof node !== 'object' || node instanceof RegExp) return node;
  if (node.type === 'Identifier') return values.get(variables.get(node)) ?? node;
  for (const field of Object.keys(node)) node[field] = valued(node[field], variables, values);
  return node;
}

/** Asserts that two scripts mean the same; `bodyOf` finds the statements of the second. Returns how many variables they have. */
function assertSame(text, script, bodyOf) {
  const [ours, theirs] = [text, script].map((code) => parse(code, { ecmaVersion: 2022, ranges: true }));
  const [before, after] = [ours, theirs].map(variables);
  const shipped = bodyOf(apart(theirs));
  const constants = new Map(apart(ours).body.filter(isConstant).map(({ declarations: [{ id, init }] }) => [before.get(id), init]));
  // Those that are still declared are few, and come in the same order.
  const kept = shipped.filter(isConstant).map(({ declarations }) => declarations[0].init.value);
  for (const [variable, { value }] of constants) if (kept[0] === value) constants.delete(variable) && kept.shift();
  assert.deepEqual(kept, []);
  const written = ours.body.filter((statement) => !isConstant(statement) || !constants.has(before.get(statement.declarations[0].id)));
  assert.equal(written.length, shipped.length);
  const [there, back] = [new Map(), new Map()];
  together(valued(written, before, constants), shipped, (one, other, place) => {
    if (one.type === 'CallExpression' && one.callee.name === 'label') sayLabel(one.arguments[0], other.arguments[0]);
    if (one.type !== 'Identifier') return;
    const [variable, short] = [before.get(one), after.get(other)];
    const what = `${one.name}, now ${other.name} ${place}`;
    assert.equal(Boolean(variable), Boolean(short), what);
    if (!variable) return assert.equal(other.name, one.name, what);
    assert.equal(there.get(variable) ?? short, short, what);
    assert.equal(back.get(short) ?? variable, variable, what);
    there.set(variable, short);
    back.set(short, variable);
  });
  return there.size;
}

/** Labels are asked for by number: puts the key in its place that it stands for. */
function sayLabel(key, number) {
  if (typeof number.value !== 'number') return;
  assert.deepEqual(LABELS_OF_PAGE[number.value], ENGLISH[key.value] ?? key.value);
  number.value = key.value;
}

test('what runs is what stands in assets/, but for the names of variables, small constants and the labels', () => {
  const folder = share(join(MEDIA, 'mediarecorder.webm'), { layout: 'dir', args: ['--encrypt'] });
  const linked = ({ body }) => body[0].expression.callee.body.body.slice(1);
  assert.ok(assertSame(modules('MODULES'), scripts(SHARE)[1], linked) > 2000);
  assert.ok(assertSame(modules('WORKER'), readFileSync(join(folder.page, '../sw.js'), 'utf8'), linked) > 100);
  assert.ok(assertSame(readFileSync(join(ROOT, 'assets/boot.js'), 'utf8'), scripts(SHARE)[0], ({ body }) => body) > 10);
});

test('the code names no address but that of SVG', () => {
  const addresses = [...scripts(SHARE), ...styles(SHARE)].join('\n').match(/(https?|wss?|ftp):\/\/[^\s'"`)]*/g) ?? [];
  assert.deepEqual([...new Set(addresses)], ['http://www.w3.org/2000/svg']);
});

test('the policy comes before all that it governs, and names the hashes of what the page carries', () => {
  for (const made of [SHARE, ...OTHERS]) {
    const page = html(made);
    const at = page.indexOf('http-equiv="Content-Security-Policy"');
    assert.ok(at > 0);
    for (const tag of ['<script', '<style', '<link', '<img', '<video', '<body']) assert.ok(page.indexOf(tag) < 0 || page.indexOf(tag) > at, tag);
    const policy = page.match(/Content-Security-Policy" content="([^"]*)"/)[1].replaceAll('&#x27;', "'").replaceAll('&#39;', "'");
    const directives = new Map(policy.split(';').map((one) => one.trim().split(/\s+/)).map(([name, ...values]) => [name, values]));
    assert.deepEqual(directives.get('default-src'), ["'none'"]);
    assert.deepEqual(directives.get('script-src'), scripts(made).map(hash));
    assert.deepEqual(directives.get('style-src'), styles(made).map(hash));
    assert.deepEqual(directives.get('require-trusted-types-for'), ["'script'"]);
    assert.deepEqual(directives.get('trusted-types'), ['sealcast']);
    for (const name of ['base-uri', 'form-action']) assert.deepEqual(directives.get(name), ["'none'"]);
    assert.ok(!/unsafe|\*|https?:/.test(policy), policy);
  }
});

/** What somebody might have put into the file on its way. */
const INTRUDERS = '<script>globalThis.pwned = 1</script><img src="x" onerror="globalThis.pwned = 2"><svg onload="globalThis.pwned = 3"></svg><a id="lure" href="javascript:globalThis.pwned = 4">x</a><iframe srcdoc="<script>parent.pwned = 5</script>"></iframe>';

inEngines(['chromium', 'firefox', 'webkit'], ({ open }) => {
  for (const scheme of ['file', 'http']) {
    test(`other code does not run: ${scheme}`, { timeout: PATIENCE }, async (t) => {
      const page = await open();
      t.after(() => page.close());
      const visited = edited(SHARE, (text) => text.replace('<div id="app">', () => `${INTRUDERS}<div id="app">`));
      await withScheme(visited, scheme, async (url) => {
        await enter(page, url);
        await page.ev(() => document.getElementById('lure')?.click());
        await page.ev(() => new Promise((done) => setTimeout(done, 300)));
        assert.equal(await page.ev(() => globalThis.pwned ?? null), null);
        const tries = await page.ev(() => {
          const attempt = (run) => {
            try {
              run();
              return 'went through';
            } catch (error) {
              return error.constructor.name;
            }
          };
          return {
            markup: attempt(() => { document.createElement('div').innerHTML = '<b>x</b>'; }),
            script: attempt(() => { document.createElement('script').textContent = 'globalThis.pwned = 6'; }),
            policy: attempt(() => trustedTypes.createPolicy('other', { createHTML: (text) => text })),
          };
        });
        assert.deepEqual(tries, { markup: 'TypeError', script: 'TypeError', policy: 'TypeError' });
        assert.equal(await page.ev(() => fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'refused')), 'refused');
      });
    });
  }
});
