// Where the page opens, how links lead into it and out of it.
import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { test } from 'node:test';
import { PATIENCE, inEngines } from './engines.mjs';
import { LETTERS, assertQuiet, enter, filter, settledRows, showPanel, shownTime, videoAt, videoTime, withScheme } from './page.mjs';
import { EXAMPLE, manifestOf, share } from './share.mjs';

const SHARE = share(EXAMPLE, { name: 'Ärger & 100% “Kasse”' });
const { failures, marks } = manifestOf(SHARE.page);
/** A request that the filter “api” leaves. */
const CALL = 'n23';
const idOf = ([, stream, row]) => `${LETTERS[stream]}${row + 1}`;

const openPanel = (page) => page.ev(() => document.querySelector('.right > [role=tabpanel]:not([hidden])').id.replace('panel-', ''));
const selected = (page) => page.ev(() => [...document.querySelectorAll('.right > [role=tabpanel]:not([hidden]) [aria-selected=true][data-id]')].map((row) => row.dataset.id));
const selectedIs = (page, id) => page.until((wanted) => document.querySelector('.right > [role=tabpanel]:not([hidden]) [data-id][aria-selected=true]')?.dataset.id === wanted, id);

/** The page's own way to the clipboard, kept where the test can read it. */
const watchClipboard = (page) => page.ev(() => {
  navigator.clipboard.writeText = async (text) => void (globalThis.__copied = text);
});
const copied = (page) => page.until(() => globalThis.__copied);

inEngines(['chromium', 'firefox', 'webkit'], ({ open }) => {
  test('it lands on the first failure, paused, its row selected', { timeout: PATIENCE }, async (t) => {
    const page = await open();
    t.after(() => page.close());
    await enter(page, SHARE.url);
    const [time, panel] = failures.first;
    assert.equal(await openPanel(page), panel);
    await selectedIs(page, idOf(failures.first));
    await videoAt(page, time, 100);
    assert.ok(await page.ev(() => document.querySelector('video').paused));
    await page.until(() => /POST \/api\/pay answered 500/.test(document.querySelector('.fail h2').textContent));
    await page.until(() => document.querySelector('.right > [role=tabpanel]:not([hidden]) .drawer:not([hidden])') !== null);
    await assertQuiet(page, SHARE, null);
  });
});

inEngines(['chromium'], ({ open }) => {
  const spec = (name, scheme, run) => test(`${name}: ${scheme}`, { timeout: PATIENCE }, async (t) => {
    const page = await open();
    t.after(() => page.close());
    await withScheme(SHARE, scheme, (url, server) => run(page, url, server));
  });

  for (const scheme of ['file', 'http']) {
    spec('n and Shift+N walk the failures in time order and stop at the ends', scheme, async (page, url) => {
      await enter(page, url);
      const at = marks.failures.findIndex((one) => idOf(one) === idOf(failures.first));
      assert.ok(at > 0 && marks.failures.length > at + 1, 'the example has failures before and after the first to land on');
      await page.press('n');
      await selectedIs(page, idOf(marks.failures[at + 1]));
      await page.press('Shift+N');
      await selectedIs(page, idOf(marks.failures[at]));
      await page.press('Shift+N');
      await selectedIs(page, idOf(marks.failures[at - 1]));
      await videoAt(page, marks.failures[at - 1][0], 100);
      for (let i = 0; i < marks.failures.length; i += 1) await page.press('n');
      await selectedIs(page, idOf(marks.failures.at(-1)));
      await videoAt(page, marks.failures.at(-1)[0], 100);
    });

    spec('a time in any spelling leads there', scheme, async (page, url) => {
      for (const [text, ms] of [['12.5', 12_500], ['12s', 12_000], ['0m13s', 13_000], ['0:14', 14_000], ['0:00:15', 15_000], ['16.25s', 16_250]]) {
        await enter(page, `${url}#t=${text}`);
        await videoAt(page, ms, 60);
        assert.ok(Math.abs(await shownTime(page) - ms) <= 100, `${text} shows as ${await shownTime(page)}`);
        await page.go('about:blank');
      }
      // Nonsense is as good as nothing.
      await enter(page, `${url}#t=soon&id=x9&panel=secrets`);
      await selectedIs(page, idOf(failures.first));
    });

    spec('panel, id and q lead to a row, in a fresh page and in an open one', scheme, async (page, url) => {
      await enter(page, `${url}#panel=network&id=${CALL}&q=api`);
      assert.equal(await openPanel(page), 'network');
      await selectedIs(page, CALL);
      const row = (await settledRows(page)).find(({ id }) => id === CALL);
      await videoAt(page, row.time, 100);
      assert.equal(await page.ev(() => document.querySelector('#panel-network [data-filter]').value), 'api');
      const addresses = await page.ev(() => [...document.querySelectorAll('#panel-network [data-id] .name')].map((cell) => cell.title));
      assert.ok(addresses.length > 0 && addresses.every((address) => /api/.test(address)), String(addresses));

      await page.ev(() => void (location.hash = '#t=3&panel=backend&id=b2'));
      await page.until(() => !document.querySelector('#panel-backend').hidden);
      await selectedIs(page, 'b2');
      await videoAt(page, 3000, 60);
    });

    spec('“Copy link at” gives a link that opens at the same place and keeps what it does not know about', scheme, async (page, url, server) => {
      await enter(page, `${url}?v=1#k=${'A'.repeat(43)}&theme=dark&t=9.3&panel=network&id=${CALL}`);
      await watchClipboard(page);
      await filter(page, 'api');
      await page.until(() => /of/.test(document.querySelector('#panel-network .sums').textContent));
      await page.click('button.main');
      const link = await copied(page);
      assert.match(link, new RegExp(`#k=${'A'.repeat(43)}&`));
      for (const part of ['theme=dark', 't=9.3', 'panel=network', `id=${CALL}`, 'q=api']) assert.ok(link.includes(part), `${part} in ${link}`);
      const [file, hash] = link.split('#');
      if (server) assert.equal(file, `${url}?v=1`);
      else assert.equal(file, basename(SHARE.page), 'a name and no local path');
      await page.go('about:blank');
      await enter(page, `${url}#${hash}`);
      assert.equal(await openPanel(page), 'network');
      await selectedIs(page, CALL);
      await videoAt(page, 9300, 110);
      assert.equal(await page.ev(() => document.querySelector('#panel-network [data-filter]').value), 'api');
    });

    spec('Shift+U copies the link, the menu copies it without the time', scheme, async (page, url) => {
      await enter(page, `${url}#k=abc&t=9.3`);
      await watchClipboard(page);
      await page.press('Shift+U');
      assert.match(await copied(page), /#k=abc&t=9\.3/);
      await page.ev(() => void delete globalThis.__copied);
      await page.click('[aria-label=Share]');
      await page.click('#share button');
      assert.match(await copied(page), /#k=abc$/);
    });

    spec('a link whose # became %23 is put right before anything is requested', scheme, async (page, url, server) => {
      await enter(page, `${url}?v=1%23t=7&panel=info`);
      assert.deepEqual(await page.ev(() => [location.search, location.hash]), ['?v=1', '#t=7&panel=info']);
      assert.equal(await openPanel(page), 'info');
      await videoAt(page, 7000, 60);
      if (server) {
        const own = server.requests.slice(1).map((request) => request.url);
        assert.ok(own.length > 0 && own.every((path) => !path.includes('?')), `the page's own requests carry no query: ${own}`);
      }
    });

    spec('the place is written into the address, for a reload', scheme, async (page, url) => {
      await enter(page, `${url}#theme=light`);
      await showPanel(page, 'backend');
      // The list opens at the playhead; the third row is far above it.
      await page.ev(() => { document.querySelector('#panel-backend .rows').scrollTop = 0; });
      await page.until(() => document.querySelector('#panel-backend [data-id="b3"]') !== null);
      const { id } = (await settledRows(page))[3];
      await page.click(`#panel-backend [data-id="${id}"]`);
      await page.until((row) => location.hash.includes(`panel=backend&id=${row}`), id);
      const time = await videoTime(page);
      await page.raw.reload();
      await page.until(() => document.documentElement.dataset.state === 'ready');
      assert.equal(await openPanel(page), 'backend');
      await selectedIs(page, id);
      await videoAt(page, time, 110);
      assert.deepEqual(await selected(page), [id]);
      assert.match(await page.ev(() => location.hash), /theme=light/);
    });
  }
});
