// Long logs: what the page reads and draws does not depend on how long they are. Times are measured by benches/scale.mjs.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { PATIENCE, inEngines } from './engines.mjs';
import { enter, filter, settledRows, totals } from './page.mjs';
import { serve } from './server.mjs';
import { folder, ndjson, share } from './share.mjs';

const LINES = 24_000;
/** Text that does not pack, so that the rows become a file that is read in pieces. */
const noise = (n) => Array.from({ length: 12 }, (_, at) => createHash('sha256').update(`${n} ${at}`).digest('hex')).join(' ');
/** Every tenth line is the one before once more. */
const line = (n) => ({ t: n * 20, level: n % 1000 ? 'info' : 'error', type: 'console', text: n % 10 === 9 ? `line ${n - 1} ${noise(n - 1)}` : `line ${n} ${noise(n)}` });
const LONG = share(folder({ 'console.ndjson': ndjson(Array.from({ length: LINES }, (_, n) => line(n))) }), { layout: 'dir', args: ['--redact', 'off'] });
const drawn = () => document.querySelectorAll('.right > [role=tabpanel]:not([hidden]) .layer > [role=row]').length;

inEngines(['chromium', 'firefox', 'webkit'], ({ open }) => {
  test('a long log is read where it is looked at', { timeout: PATIENCE }, async (t) => {
    const server = await serve(LONG.dir);
    const page = await open();
    t.after(() => page.close().then(() => server.close()));
    const read = () => server.requests.filter(({ url, range }) => url.endsWith('.bin') && range).reduce((sum, { range }) => {
      const [from, to] = range.slice(6).split('-').map(Number);
      return sum + to - from + 1;
    }, 0);
    await enter(page, `${server.origin}/index.html#panel=console`);
    assert.match((await settledRows(page))[0].text, /line 0 /);
    await page.until(() => document.querySelector('.of-console .sums').textContent.includes('24,000'));
    assert.ok(read() > 0, 'the rows are a file');
    assert.ok(read() < 1_000_000, `${read()} bytes were read for the first rows`);
    assert.ok(await page.ev(drawn) < 80, 'only what is seen is drawn');
    await page.ev(() => { const box = document.querySelector('.of-console .rows'); box.scrollTop = box.scrollHeight; });
    await page.until((last) => document.querySelector('.of-console .layer').lastElementChild.dataset.id === last, `c${LINES - 1}`);
    assert.equal((await settledRows(page)).at(-1).text.includes(`line ${LINES - 2} `), true, 'the line that repeats it is not shown');
    assert.ok(read() < 2_000_000, `${read()} bytes were read for both ends`);
    assert.ok(await page.ev(drawn) < 80);
    await filter(page, '"line 23990 "');
    await page.until(() => /^1 of 24,000/.test(document.querySelector('.of-console .sums').textContent));
    assert.match((await settledRows(page))[0].text, /line 23990 /);
    const all = read();
    await filter(page, 'level:error');
    await page.until(() => /^24 of 24,000/.test(document.querySelector('.of-console .sums').textContent));
    assert.ok(read() - all < 2_000_000, 'what was read once is kept, as it is packed');
    await filter(page, '');
    await page.until(() => !/of/.test(document.querySelector('.of-console .sums').textContent));
    assert.match(await totals(page), /^24,000 messages/);
    assert.deepEqual((await page.seen()).errors, []);
  });
});
