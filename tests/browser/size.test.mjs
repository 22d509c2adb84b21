// Long logs: only what is in view is in the page, and everything can still be found.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATIENCE, inEngines } from './engines.mjs';
import { enter, filter, rows, settledRows, stateIs } from './page.mjs';
import { folder, ndjson, share } from './share.mjs';

const LINES = process.env.SEALCAST_ALL === '1' ? 400_000 : 60_000;
const OPENS_WITHIN = 5000;
const IN_PAGE = 300;

const lines = Array.from({ length: LINES }, (_, n) => ({ t: n * 10, level: n % 1000 === 999 ? 'error' : 'info', type: 'console', text: n === LINES - 5 ? 'a needle' : `message number ${n}` }));
const SHARE = share(folder({ 'console.ndjson': ndjson(lines) }));

const inPage = (page) => page.ev(() => document.querySelectorAll('[data-id]').length);
const totalIs = (page, text) => page.until((words) => document.querySelector('#panel-console .sums').textContent.startsWith(words), text);
const count = LINES.toLocaleString('en-US');

inEngines(['chromium', 'firefox', 'webkit'], ({ engine, open }) => {
  test(`${count} lines open, scroll and filter`, { timeout: 2 * PATIENCE }, async (t) => {
    const page = await open();
    t.after(() => page.close());
    const start = Date.now();
    await page.go(`${SHARE.url}#panel=console&t=0`);
    await page.until(stateIs, 'ready');
    const first = (await settledRows(page))[0];
    const took = Date.now() - start;
    assert.ok(took < OPENS_WITHIN, `it opened in ${took} ms`);
    assert.equal(first.id, 'c1');
    assert.ok(await inPage(page) < IN_PAGE);

    for (const part of [0.5, 0.99, 0.25]) {
      await page.ev((where) => {
        const list = document.querySelector('#panel-console .rows');
        list.scrollTop = (list.scrollHeight - list.clientHeight) * where;
      }, part);
      await page.until((near, off) => {
        const drawn = [...document.querySelectorAll('#panel-console .layer > [role=row]')];
        return drawn.length > 0 && drawn.every((row) => row.dataset.id) && Math.abs(Number(drawn[0].dataset.id.slice(1)) - near) < off;
      }, LINES * part, LINES * 0.02);
      assert.ok(await inPage(page) < IN_PAGE);
    }

    await page.ev(() => document.querySelector('#panel-console [data-id]').focus());
    await page.press('End');
    await page.until((id) => document.activeElement.dataset.id === id, `c${LINES}`);
    await page.press('Home');
    await page.until(() => document.activeElement.dataset.id === 'c1');

    await filter(page, 'needle');
    await totalIs(page, `1 of ${count}`);
    const [found] = await settledRows(page);
    assert.equal(found.id, `c${LINES - 4}`);
    await filter(page, 'level:error');
    await totalIs(page, `${(LINES / 1000).toLocaleString('en-US')} of ${count}`);
    assert.ok((await settledRows(page)).every(({ id }) => Number(id.slice(1)) % 1000 === 0));
    await filter(page, '');
    await totalIs(page, `${count} messages`);
    assert.ok((await rows(page)).length < IN_PAGE);
    assert.ok(engine);
  });
});
