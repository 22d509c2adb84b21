// Whatever a recording says stays text: markup, scripts, addresses, control characters in every field.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PATIENCE, inEngines } from './engines.mjs';
import { hostileRecording, MARKERS } from './hostile.mjs';
import { assertQuiet, settledRows, showPanel, enter, withScheme } from './page.mjs';
import { MEDIA, folder, manifestOf, share } from './share.mjs';

const video = readFileSync(join(MEDIA, 'mediarecorder.webm'));
const recording = folder(hostileRecording(video), 'a b’<img src=x onerror=alert(1)>&amp;"');
/** What a command line cannot carry. */
const plain = (text) => text.replaceAll('\0', '');
const SHARES = Object.fromEntries(['html', 'dir'].map((layout) => [layout, share(recording, {
  layout, name: '<svg onload=alert(1)> {{7*7}} $& ‮', args: ['--redact', 'off', '--title', plain(MARKERS.join(' ')), '--note', plain(MARKERS.join('\n')), '--meta', `<b>key</b>=${MARKERS[0]}`],
})]));

/** What may be in the page; anything else was made out of a recording's text. */
const KINDS = new Set('html head meta title link style script body div p noscript header main section span h1 h2 h3 button svg path circle b bdi small em strong select option input label dialog dl dt dd kbd ul ol li hr i s code pre video img time a table tbody tr td th details summary bdo mark textarea u track canvas'.split(' '));
const COUNTED = 'script,iframe,object,embed,form,base,link,meta,style,frame,template,marquee';

/** The page's inventory; the counted elements must never change in number. */
function inventory(kinds, counted) {
  const foreign = [...document.querySelectorAll('*')].map((one) => one.localName).filter((name) => !kinds.includes(name));
  const handlers = [...document.querySelectorAll('*')].filter((one) => [...one.attributes].some(({ name, value }) => /^on/i.test(name) || /^\s*javascript:/i.test(value) && name !== 'title' && !name.startsWith('data-') && name !== 'aria-label'));
  const links = [...document.querySelectorAll('a[href],area[href],use[href],image[href]')].map((one) => one.outerHTML.slice(0, 200));
  const pictures = [...document.querySelectorAll('img')].map((one) => one.src).filter((src) => !/^blob:/.test(src) && !/^parts\/\d+\.png$/.test(new URL(src).href.replace(new URL('.', location.href).href, '')));
  return { foreign, handlers: handlers.map((one) => one.outerHTML.slice(0, 200)), links, pictures, counted: document.querySelectorAll(counted).length };
}

/** Opens whatever can be opened: every section of the details, every node of every tree. Says how many. */
const openAll = (page) => page.ev(async () => {
  const root = document.querySelector('.right > [role=tabpanel]:not([hidden])');
  const rest = () => new Promise((done) => setTimeout(done, 0));
  let opened = 0;
  async function unfold() {
    for (let i = 0; i < 40; i += 1) {
      const closed = [...root.querySelectorAll('details:not([open])')];
      for (const one of closed) one.open = true;
      const more = [...root.querySelectorAll('.tree button')];
      for (const one of more) one.click();
      opened += closed.length + more.length;
      await rest();
      if (!closed.length && !more.length) return;
    }
  }
  const sections = () => [...root.querySelectorAll('.drawer > .tabs > button')];
  for (let i = 0; i < Math.max(1, sections().length); i += 1) {
    sections()[i]?.click();
    await rest();
    for (const button of root.querySelectorAll('.drawer .inside .seg button')) {
      button.click();
      await unfold();
    }
    await unfold();
  }
  return { sections: sections().length, opened };
});

async function inspect(page, before) {
  const now = await page.ev(inventory, [...KINDS], COUNTED);
  assert.deepEqual(now.foreign, [], 'elements that are not the player’s');
  assert.deepEqual(now.handlers, [], 'handlers or script addresses in attributes');
  assert.deepEqual(now.links, [], 'links made of recorded addresses');
  assert.deepEqual(now.pictures, [], 'pictures from recorded addresses');
  assert.equal(now.counted, before, COUNTED);
  assert.equal(await page.ev(() => globalThis.pwned ?? null), null, 'something ran');
}

/** No raw control or bidi override character reaches the screen. */
async function assertVisibleControls(page) {
  const raw = await page.ev(() => {
    const text = document.getElementById('app').textContent;
    return [...new Set(text.match(/[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g) ?? [])].map((one) => one.codePointAt(0).toString(16));
  });
  assert.deepEqual(raw, [], 'control characters in the page');
}

/** The rest of the combinations is for --all. */
const ALWAYS = ['chromium html file', 'chromium dir http'];

inEngines(process.env.SEALCAST_ALL === '1' ? ['chromium', 'firefox', 'webkit'] : ['chromium'], ({ engine, open }) => {
  for (const layout of ['html', 'dir']) {
    for (const scheme of ['file', 'http'].filter((one) => ALWAYS.includes(`${engine} ${layout} ${one}`) || process.env.SEALCAST_ALL === '1')) {
      test(`hostile content stays text: ${layout} over ${scheme}`, { timeout: 4 * PATIENCE }, async (t) => {
        const page = await open();
        t.after(() => page.close());
        await withScheme(SHARES[layout], scheme, async (url, server) => {
          await enter(page, url);
          await page.until(() => document.querySelectorAll('script[data-part]').length === 0);
          const { counted } = await page.ev(inventory, [...KINDS], COUNTED);
          const { streams } = manifestOf(SHARES[layout].page);
          for (const panel of ['timeline', ...Object.keys(streams), 'info']) {
            await showPanel(page, panel);
            if (panel !== 'info') await eachRow(page, counted, panel);
            else assert.ok((await openAll(page)).opened > 3, 'the metadata has trees to open');
            await inspect(page, counted);
            await assertVisibleControls(page);
          }
          assert.equal((await page.ev(() => location.href)).split('#')[0], url, 'no navigation');
          assert.deepEqual((await page.seen()).navigations.filter((where) => where.split('#')[0] !== url && where !== 'about:blank'), []);
          await assertQuiet(page, SHARES[layout], server);
        });
      });
    }
  }

  /** Details of every row, by the keyboard: the list is longer than the screen. */
  async function eachRow(page, counted, panel) {
    const all = panel === 'timeline' ? 12 : 200;
    await settledRows(page);
    await page.ev(() => {
      const first = document.querySelector('.right > [role=tabpanel]:not([hidden]) [data-id]');
      first.focus();
      first.click();
    });
    const seen = new Set();
    let most = 0;
    let opened = 0;
    for (let i = 0; i < all; i += 1) {
      const id = await page.until(() => {
        const panelNow = document.querySelector('.right > [role=tabpanel]:not([hidden])');
        return panelNow.querySelector('.drawer:not([hidden]) h2') && panelNow.querySelector('[data-id][aria-selected=true]')?.dataset.id;
      });
      if (seen.has(id)) break;
      seen.add(id);
      const now = await openAll(page);
      most = Math.max(most, now.sections);
      opened += now.opened;
      await inspect(page, counted);
      await page.ev(() => document.querySelector('.right > [role=tabpanel]:not([hidden]) [data-id][aria-selected=true]').focus());
      await page.press('ArrowDown');
      await page.press('Enter');
      await page.ev(() => new Promise((done) => setTimeout(done, 30)));
    }
    assert.equal(seen.size, panel === 'timeline' ? all : MARKERS.length, `${panel}: rows seen`);
    assert.ok(most >= (panel === 'network' ? 9 : 2) && opened > 10, `${panel}: ${most} sections, ${opened} nodes opened`);
  }
});
