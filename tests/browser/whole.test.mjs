// Sealed folders where no service worker plays them, or only after some help.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PATIENCE, inEngines } from './engines.mjs';
import { assertQuiet, enter, plays, settledRows, showPanel, stateIs, videoAt, withScheme } from './page.mjs';
import { EXAMPLE, folder, share, withScript } from './share.mjs';

const SEALED = { layout: 'dir', args: ['--encrypt'] };
const SHARE = share(EXAMPLE, SEALED);

const sourceOf = (page) => page.ev(() => document.querySelector('video').currentSrc);

/** It plays, and goes near the end. */
async function playsAll(page, engine, made) {
  await plays(page, engine, made);
  const late = made.json.duration_ms * 0.9;
  await page.ev((ms) => { document.querySelector('video').currentTime = ms / 1000; }, late);
  await videoAt(page, late);
}

const spec = (open, name, run) => test(name, { timeout: PATIENCE }, async (t) => {
  const page = await open();
  t.after(() => page.close());
  await run(page);
});

/** The example with a video of some MB: nothing but an element that players pass over. */
function heavy() {
  const size = 6_000_000;
  const head = Buffer.alloc(9);
  head.writeUInt8(0xec);
  head.writeBigUInt64BE(0x0100000000000000n + BigInt(size), 1);
  const video = readFileSync(join(EXAMPLE, 'video.webm'));
  return folder({ 'video.webm': Buffer.concat([video, head, randomBytes(size)]) });
}

// Without site data there is no service worker, and even to ask for what is kept may throw.
inEngines(['chromium', 'firefox'], ({ engine, open }) => {
  spec(open, 'where sites may keep nothing, the video is loaded as a whole', async (page) => {
    await withScheme(SHARE, 'http', async (url, server) => {
      await enter(page, url + SHARE.hash);
      await playsAll(page, engine, SHARE);
      assert.match(await sourceOf(page), /^blob:/);
      const { errors, ...seen } = await page.seen();
      // The browser says so by itself, though the page caught it.
      const others = errors.filter((text) => !/ServiceWorker/.test(text));
      await assertQuiet({ seen: async () => ({ ...seen, errors: others }) }, SHARE, server);
    });
  });

  spec(open, 'a long load says how far it is', async (page) => {
    const made = share(heavy(), SEALED);
    assert.ok(made.json.bytes > 6_000_000, 'the export keeps what the video is padded with');
    await withScheme(made, 'http', async (url) => {
      await page.go(url + made.hash);
      const words = () => page.until(() => /^Loading the recording: (\d+) %$/.exec(document.querySelector('.stage-words:not([hidden])')?.textContent ?? '')?.[1]);
      const first = Number(await words());
      assert.ok(first > 0 && first < 100, `${first}`);
      await page.until(stateIs, 'ready');
      await page.until(() => document.querySelector('video').readyState >= 2 && document.querySelector('.stage-words').hidden);
      assert.match(await sourceOf(page), /^blob:/);
    }, { pace: 2_000_000 });
  });

  spec(open, 'before a very large video is loaded as a whole, the reader is asked', async (page) => {
    // A page for which 100 kB is very large.
    const wary = withScript(SHARE, (script) => script.replace('250000000', '100000'));
    await withScheme(wary, 'http', async (url, server) => {
      await enter(page, url + SHARE.hash);
      const words = await page.until(() => document.querySelector('.stage-words:not([hidden])')?.textContent);
      assert.match(words, /\(\d+ kB\) must be loaded as a whole/);
      await showPanel(page, 'console');
      await settledRows(page);
      assert.deepEqual(server.requests.filter((one) => one.url.startsWith('/parts/')), [], 'nothing is loaded before the answer');
      await page.click('.stage-words button');
      await playsAll(page, engine, SHARE);
      assert.ok(await page.ev(() => document.querySelector('.stage-words').hidden));
    });
  });
}, { siteData: false });

inEngines(['chromium'], ({ engine, open }) => {
  spec(open, 'a page that was reloaded past its worker is claimed, and plays', async (page) => {
    await withScheme(SHARE, 'http', async (url) => {
      await enter(page, url + SHARE.hash);
      await page.until(() => /\/__v\/\d+$/.test(document.querySelector('video').currentSrc));
      const driver = await page.raw.context().newCDPSession(page.raw);
      await page.ev(() => { globalThis.__before = true; });
      await driver.send('Page.reload', { ignoreCache: true });
      await page.until(() => !globalThis.__before && document.documentElement.dataset.state === 'ready');
      await playsAll(page, engine, SHARE);
      assert.match(await sourceOf(page), /\/__v\/\d+$/);
    });
  });

  spec(open, 'from a server without Range one download is better than one a seek', async (page) => {
    await withScheme(SHARE, 'http', async (url, server) => {
      await enter(page, url + SHARE.hash);
      await playsAll(page, engine, SHARE);
      assert.match(await sourceOf(page), /^blob:/);
      assert.ok(server.requests.filter((one) => one.url.startsWith('/parts/')).length <= 2);
    }, { ranges: false });
  });
});
