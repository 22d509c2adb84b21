// What is asked for, in which order, and how much of it: seen by the server, and by what the page decrypts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { PATIENCE, inEngines } from './engines.mjs';
import { enter, settledRows, stateIs, videoAt, withScheme } from './page.mjs';
import { EXAMPLE, folder, ndjson, share } from './share.mjs';

const SEALED = share(EXAMPLE, { layout: 'dir', args: ['--encrypt'] });
const HUGE = process.env.SEALCAST_ALL === '1' ? 200_000 : 40_000;

/** A sealed share of so many lines. @param {number} count */
const logOf = (count) => share(folder({
  'console.ndjson': ndjson(Array.from({ length: count }, (_, n) => ({ t: n * 10, level: 'info', type: 'console', text: `message number ${n} of a recording that went on and on` }))),
}), { args: ['--encrypt'] });
const LOGS = { small: logOf(2_000), huge: logOf(HUGE) };

/** Waits for what a server has seen. @param {() => unknown} sees @param {string} what */
async function seen(sees, what) {
  for (let turns = 0; !sees(); turns += 1) {
    assert.ok(turns < 600, `${what} was not seen`);
    await sleep(50);
  }
}

const spec = (open) => (name, run) => test(name, { timeout: PATIENCE }, async (t) => {
  const pages = [];
  t.after(() => Promise.all(pages.map((page) => page.close())));
  await run(async (options) => pages[pages.push(await open(options)) - 1]);
});

inEngines(['chromium', 'firefox', 'webkit'], ({ open }) => {
  const check = spec(open);

  check('a sealed folder asks for its worker before all else', async (fresh) => {
    const page = await fresh();
    await withScheme(SEALED, 'http', async (url, server) => {
      await enter(page, url + SEALED.hash);
      await seen(() => server.requests.some((request) => request.url.startsWith('/parts/')), 'a request for a part');
      const urls = server.requests.map((request) => request.url).filter((path) => !/favicon|apple-touch/.test(path));
      const worker = urls.indexOf('/sw.js');
      assert.ok(worker > 0, urls.join(' '));
      assert.ok(urls.slice(0, worker).every((path) => path.startsWith('/index.html')), `the page alone comes before it: ${urls.join(' ')}`);
    });
  });

  check('a tab that is shown again looks whether its share has expired', async (fresh) => {
    const page = await fresh();
    const brief = share(EXAMPLE, { args: ['--expires', '1h'] });
    await enter(page, brief.url);
    // As a browser that kept the page does, which those of tests do not. No timer has time to look.
    const shown = (persisted) => page.ev(async (kept) => {
      dispatchEvent(new PageTransitionEvent('pageshow', { persisted: kept }));
      for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => { setTimeout(resolve, 0); });
      return document.documentElement.dataset.state;
    }, persisted);
    assert.equal(await shown(true), 'ready');
    await page.ev(() => { const { now } = Date; Date.now = () => now() + 7_200_000; });
    assert.equal(await shown(false), 'ready');
    assert.equal(await shown(true), 'expired');
  });
});

inEngines(['chromium'], ({ open }) => {
  const check = spec(open);

  // The others read a video as short as this one to its end.
  check('a seek ends the transfer that ran', async (fresh) => {
    const page = await fresh();
    await withScheme(SEALED, 'http', async (url, server) => {
      await enter(page, url + SEALED.hash);
      await page.until(() => document.querySelector('video')?.readyState >= 1);
      const open = () => server.requests.filter(({ url: path, range }) => path.startsWith('/parts/') && /^bytes=\d+-$/.test(range ?? ''));
      await seen(() => open().length > 0, 'an open-ended request');
      const [first] = open();
      await page.ev(() => { document.querySelector('video').currentTime = 36; });
      await seen(() => first.cut, 'the end of the first transfer');
      await videoAt(page, 36_000);
    }, { pace: 60_000 });
  });

  check('the first rows of a huge sealed log need no more of it than those of a small one', async (fresh) => {
    const costs = {};
    for (const [name, one] of Object.entries(LOGS)) {
      const page = await fresh();
      await page.raw.addInitScript(() => {
        const { decrypt } = SubtleCrypto.prototype;
        globalThis.opened = 0;
        // What a page reads once it comes to rest is not asked here.
        globalThis.requestIdleCallback = () => 0;
        SubtleCrypto.prototype.decrypt = function counted(algorithm, key, data) {
          globalThis.opened += data.byteLength;
          return decrypt.call(this, algorithm, key, data);
        };
      });
      const start = Date.now();
      await page.go(`${one.url}${one.hash}&panel=console&t=0`);
      await page.until(stateIs, 'ready');
      assert.equal((await settledRows(page))[0].id, 'c1');
      costs[name] = { ms: Date.now() - start, opened: await page.ev(() => globalThis.opened), bytes: one.json.bytes };
    }
    console.log('first rows of a sealed log:', JSON.stringify(costs));
    const { small, huge } = costs;
    assert.ok(small.opened > 0);
    assert.ok(huge.opened < small.opened + 100_000, `${huge.opened} bytes were decrypted, of the small one ${small.opened}`);
  });
});
