// What a reader takes away, searches and narrows down, in the page itself.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import decodeQR from 'qr/decode.js';
import { PATIENCE, inEngines } from './engines.mjs';
import { assertQuiet, enter, filter, settledRows, showPanel, withScheme } from './page.mjs';
import { EXAMPLE, share } from './share.mjs';

const SHARE = share(EXAMPLE);
const SEALED = share(EXAMPLE, { args: ['--encrypt', '--no-download'] });
const NOTHING = share(EXAMPLE, { args: ['--encrypt', '--no-download=link,mail,qr,report,ai,frame,har,rows,video,pip'] });
const COUNTS = SHARE.json.counts;

/** Catches what the page would put on the clipboard or hand to the browser as a file. */
const watch = (page) => page.ev(() => {
  navigator.clipboard.writeText = async (text) => void (globalThis.__copied = text);
  const make = URL.createObjectURL;
  URL.createObjectURL = (blob) => make.call(URL, globalThis.__blob = blob);
  HTMLAnchorElement.prototype.click = function click() {
    globalThis.__saved = { name: this.download, href: this.href };
  };
});

/** Presses an item of the Share menu, by its place or its words. */
async function take(page, words) {
  await page.ev(() => { globalThis.__copied = globalThis.__saved = globalThis.__blob = null; });
  await page.click('[aria-label=Share]');
  await page.ev((text) => [...document.querySelectorAll('#share button')].find((button) => button.textContent.includes(text)).click(), words);
}

const copied = (page) => page.until(() => globalThis.__copied);
async function saved(page) {
  const { name } = await page.until(() => globalThis.__saved);
  return { name, text: await page.ev(() => globalThis.__blob.text()) };
}

const items = (page) => page.ev(() => [...document.querySelectorAll('#share button')].map((button) => button.textContent));

inEngines(['chromium', 'firefox', 'webkit'], ({ open, engine }) => {
  const spec = (name, run) => test(name, { timeout: PATIENCE }, async (t) => {
    const page = await open();
    t.after(() => page.close());
    await run(page);
  });

  spec('the Share menu draws the link of this time as a QR code, with the key only when asked', async (page) => {
    const drawn = async () => {
      const [size, ...cells] = await page.ev(() => {
        const canvas = document.querySelector('#share canvas');
        const { data, width } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        return [width, ...data.filter((_, i) => i % 4 === 3)];
      });
      // Readers want more than one pixel a square.
      const scale = 4;
      const pixels = new Uint8Array((size * scale) ** 2 * 4).fill(255);
      for (let i = 0; i < (size * scale) ** 2; i++) {
        const [x, y] = [i % (size * scale), Math.floor(i / (size * scale))].map((at) => Math.floor(at / scale));
        if (cells[y * size + x]) pixels.fill(0, i * 4, i * 4 + 3);
      }
      return decodeQR({ width: size * scale, height: size * scale, data: pixels });
    };
    const opened = async (url) => {
      await enter(page, url);
      await page.click('[aria-label=Share]');
      await page.click('#share .qr summary');
      // As made it would be 300 wide.
      await page.until(() => document.querySelector('#share canvas').width < 300);
    };
    await withScheme(SHARE, 'http', async (url) => {
      await opened(`${url}#t=3&panel=console`);
      const { href } = new URL(await drawn());
      assert.equal(href.split('#')[0], url.split('#')[0]);
      assert.match(href, /#t=3(\.\d+)?&panel=console/);
    });
    await withScheme(SEALED, 'http', async (url) => {
      const { hash } = SEALED;
      await opened(url + hash);
      assert.ok(!/[#&]k=/.test(await drawn()));
      await page.click('#share .menu-row input');
      assert.ok(new URL(await drawn()).hash.includes(hash.slice(1)));
    });
  });

  spec('the Share menu copies reports and saves requests, rows and the picture', async (page) => {
    await enter(page, SHARE.url);
    await watch(page);
    await take(page, 'Bug report');
    const report = await copied(page);
    assert.match(report, /^# Card payment fails after changing the country\n/);
    assert.match(report, /share\.html#t=/);
    assert.match(report, /TypeError: Cannot read properties of undefined/);
    assert.match(report, /POST .*\/api\/pay 500/);
    await take(page, 'AI assistant');
    assert.match(await copied(page), /RateMissing[^]*backend error rates: no VAT rate/);
    await take(page, 'HAR');
    const har = await saved(page);
    assert.equal(har.name, 'Card-payment-fails-after-changing-the-country.har');
    assert.equal(JSON.parse(har.text).log.entries.length, COUNTS.network);
    await showPanel(page, 'console');
    await filter(page, 'level:error');
    await page.until(() => /^\d+ of/.test(document.querySelector('#panel-console .sums').textContent));
    await take(page, 'CSV');
    const { text } = await saved(page);
    assert.ok(text.includes('\r\nc1,console,') && !text.includes(',info,'), text.slice(0, 300));
    await take(page, 'PNG');
    await page.until(() => globalThis.__saved);
    assert.deepEqual(await page.ev(async () => {
      const { width, height } = await createImageBitmap(globalThis.__blob);
      const video = document.querySelector('video');
      return [width, height, globalThis.__blob.type].join() === [video.videoWidth, video.videoHeight, 'image/png'].join();
    }), true);
    await take(page, 'Save: Video');
    await page.until(() => globalThis.__saved);
    assert.ok(await page.ev(() => globalThis.__blob.size > 100_000));
    await assertQuiet(page, SHARE, null);
  });

  spec('a sealed share gives no key with a report, unless asked for; what its sharer hides is not there', async (page) => {
    await enter(page, SEALED.url + SEALED.hash);
    await watch(page);
    assert.deepEqual((await items(page)).filter((text) => text.startsWith('Save')), []);
    await page.click('[aria-label=Share]');
    assert.ok(await page.ev(() => document.querySelector('#share').textContent.includes('a courtesy, not a protection')));
    await page.press('Escape');
    await take(page, 'Bug report');
    assert.doesNotMatch(await copied(page), /k=/);
    await page.click('[aria-label=Share]');
    await page.click('#share input');
    await page.press('Escape');
    await take(page, 'Bug report');
    assert.ok((await copied(page)).includes(SEALED.hash.slice(1)));
  });

  spec('what the sharer names is neither in the menu nor among the commands nor on a key', async (page) => {
    await enter(page, NOTHING.url + NOTHING.hash);
    await watch(page);
    const paper = await page.ev(() => {
      dispatchEvent(new Event('beforeprint'));
      const { textContent } = document.querySelector('.paper');
      dispatchEvent(new Event('afterprint'));
      return textContent;
    });
    assert.ok(!paper.includes('share.html'), 'no link on paper either');
    await page.click('[aria-label=Share]');
    const [buttons, code, words] = await page.ev(() => ['#share button', '#share :is(canvas, input)', '#share'].map((at) => [...document.querySelectorAll(at)].map((one) => one.textContent)));
    assert.deepEqual([buttons, code], [[], []]);
    assert.match(words[0], /a courtesy, not a protection/);
    for (const width of [1280, 500]) {
      await page.resize(width, 800);
      assert.ok(await page.ev(() => { const { clientHeight, scrollWidth, clientWidth } = document.querySelector('#share .note'); return clientHeight && scrollWidth <= clientWidth; }), `the note is read at ${width} px`);
    }
    await page.resize(1280, 800);
    assert.equal(await page.ev(() => document.querySelector('header .main')), null);
    assert.ok(await page.ev(() => !('disablePictureInPicture' in HTMLVideoElement.prototype) || document.querySelector('video').disablePictureInPicture));
    await page.press('Escape');
    await page.press('Shift+U');
    await page.press('Ctrl+k');
    await page.until(() => document.querySelectorAll('.find[open] button').length > 10);
    const commands = await page.ev(() => [...document.querySelectorAll('.find button')].map((one) => one.textContent));
    assert.deepEqual(commands.filter((text) => /Copy|Save|mail|Picture in/.test(text)), []);
    assert.equal(await page.ev(() => globalThis.__copied ?? null), null);
  });

  spec('the counts of the tabs follow the span, and Esc lets it go', async (page) => {
    await enter(page, `${SHARE.url}#panel=network&t=20`);
    await settledRows(page);
    const shows = (name, value) => page.until((id, text) => document.querySelector(`#${id} small`).textContent === text, `tab-${name}`, String(value));
    await shows('network', COUNTS.network);
    await page.click('.spans button:nth-child(2)');
    await page.until((id, all) => Number(document.querySelector(`#${id} small`).textContent) < all, 'tab-network', COUNTS.network);
    const rows = await page.until(() => document.querySelector('#panel-network .sums').textContent.match(/^\d+(?= of)/)?.[0]);
    await shows('network', rows);
    await page.ev(() => document.activeElement.blur());
    await page.press('Escape');
    await shows('network', COUNTS.network);
    await shows('console', COUNTS.console);
    assert.equal(await page.ev(() => document.querySelector('.spans [aria-pressed=true]').textContent), 'Whole');
  });

  spec('a search over everything finds bodies, and leads to the row', async (page) => {
    await enter(page, `${SHARE.url}#panel=console&t=0`);
    await page.press('Ctrl+Shift+f');
    await page.until(() => document.querySelector('dialog.find[open]') !== null);
    await page.type('RateMissing');
    await page.until(() => document.querySelectorAll('.find h3').length > 1 && !document.querySelector('.find p').textContent);
    const [heads, marks] = await page.ev(() => [[...document.querySelectorAll('.find h3')].map((head) => head.textContent), [...document.querySelectorAll('.find mark')].map((mark) => mark.textContent)]);
    assert.ok(heads.some((head) => head.startsWith('Network')) && heads.some((head) => head.startsWith('Backend')), String(heads));
    assert.ok(marks.length > 1 && marks.every((mark) => mark === 'RateMissing'));
    await page.press('Enter');
    await page.until(() => !document.querySelector('dialog[open]') && document.querySelector('[role=row][aria-selected=true]') && document.querySelector('.drawer:not([hidden])') !== null);
    await page.press('Ctrl+k');
    await page.until(() => document.querySelector('.find[open] button') !== null);
    // Enter runs what is typed, nothing while nothing is.
    await page.press('Escape');
    await page.until(() => !document.querySelector('dialog[open]'));
    await page.press('Ctrl+Shift+f');
    await page.press('Backspace');
    await page.until(() => document.querySelectorAll('.find[open] button').length > 10);
    await page.press('Enter');
    assert.ok(await page.ev(() => document.querySelector('.find[open]') !== null));
    await page.press('Ctrl+k');
    await page.until(() => document.querySelector('.find[open] input').value === '>');
    await page.type('theme dark');
    await page.until(() => document.querySelectorAll('.find button').length === 1);
    await page.press('ArrowDown');
    await page.press('Enter');
    await page.until(() => document.documentElement.dataset.theme === 'dark');
    if (engine !== 'webkit') await assertQuiet(page, SHARE, null);
  });
});
