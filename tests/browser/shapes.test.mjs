// A filter of a long log is answered from the shapes of its rows, as going through all of them would answer it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATIENCE, inEngines } from './engines.mjs';
import { enter, settledRows } from './page.mjs';
import { folder, ndjson, share, withScript } from './share.mjs';

const LINES = 30_000;
const PARTS = ['cart', 'checkout', 'search', 'profile'];
/** Every seventh line repeats the one before; the first lines of each thousand are a group. */
const line = (n) => ({
  t: n * 20, type: 'console', level: n % 50 ? (n % 9 ? 'info' : 'debug') : 'error',
  ...(n % 1000 === 0 && { method: 'group' }), ...(n % 1000 === 40 && { method: 'groupEnd' }),
  text: n === 27_123 ? 'the only xylophone' : n % 7 === 6 ? line(n - 1).text : `${PARTS[n % 4]} took ${n % 313} ms for order ${n * 7}${n % 100 ? '' : ' \u001b[31mred\u001b[0m'} ${'and so on '.repeat(20)}`,
});
const LONG = share(folder({ 'console.ndjson': ndjson(Array.from({ length: LINES }, (_, n) => line(n))) }), { args: ['--redact', 'off'] });
/** The same page where it never comes to rest. */
const NEVER = withScript(LONG, (script) => script.replace('globalThis.requestIdleCallback??setTimeout', '()=>{}'));
const QUERIES = ['checkout', '-checkout', 'xylophone', 'level:error', '313', '"order 2100"', '-took', '/cart took .* order/', '/order \\d+7 /', '/^search/ -7', 'red', 'no-line-has-this'];

/** Gives the page each query with one stroke, and takes down how many rows it finds and which are the first. */
async function answers(page) {
  const found = [];
  let said = '';
  for (const query of QUERIES) {
    await page.ev((text) => {
      const box = document.querySelector('.of-console [data-filter]');
      box.value = text;
      box.dispatchEvent(new Event('input', { bubbles: true }));
    }, query);
    said = await page.until((before) => {
      const words = document.querySelector('.of-console .sums').textContent;
      const [now] = /^[\d,]+ of [\d,]+/.exec(words) ?? [''];
      return !/%/.test(words) && now !== before && now;
    }, said);
    const rows = /^0 /.test(said) ? [] : await settledRows(page);
    found.push([query, said, rows.slice(0, 5).map(({ id }) => id)]);
  }
  return found;
}

/** Counts the blocks that the page inflates from here on. */
const counted = (page) => page.ev(() => {
  const Inflater = globalThis.DecompressionStream;
  globalThis.inflated = 0;
  globalThis.DecompressionStream = class extends Inflater {
    constructor(kind) {
      super(kind);
      globalThis.inflated += 1;
    }
  };
});

/** Waits until the page reads nothing for a while. */
const atRest = (page) => page.until(() => {
  const { inflated, last } = globalThis;
  if (inflated !== last?.inflated) globalThis.last = { inflated, since: performance.now() };
  else return performance.now() - last.since > 1500;
});

inEngines(['chromium', 'firefox', 'webkit'], ({ open }) => {
  test('a long log is filtered the same from shapes and by going through it', { timeout: 4 * PATIENCE }, async (t) => {
    const page = await open();
    t.after(() => page.close());
    const results = [];
    for (const share of [LONG, NEVER]) {
      await page.go('about:blank');
      await enter(page, `${share.url}#panel=console`);
      await settledRows(page);
      await counted(page);
      await atRest(page);
      const before = await page.ev(() => globalThis.inflated);
      const found = await answers(page);
      results.push({ before, found, read: await page.ev((from) => globalThis.inflated - from, before) });
    }
    const [quick, slow] = results;
    assert.deepEqual(quick.found, slow.found);
    assert.equal(quick.found.find(([query]) => query === 'xylophone')[1], '1 of 30,000');
    assert.ok(slow.before < 10, `${slow.before} blocks were read where the page never rests`);
    assert.ok(quick.read * 3 < slow.read, `${quick.read} blocks were read for ${QUERIES.length} filters, ${slow.read} by going through`);
    assert.deepEqual((await page.seen()).errors, []);
  });
});
