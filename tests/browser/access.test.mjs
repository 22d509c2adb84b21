// What helps people read the page their way: names for those who hear it, times in their zone, paper, writing from
// right to left, colours of the system's choice.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PATIENCE, inEngines } from './engines.mjs';
import { enter, settledRows, showPanel, stateIs } from './page.mjs';
import { EXAMPLE, ROOM, share } from './share.mjs';

const SHARE = share(EXAMPLE);
const SEALED = share(EXAMPLE, { args: ['--encrypt'] });
const CAPTIONS = join(ROOM, 'words.vtt');
writeFileSync(CAPTIONS, 'WEBVTT\n\n00:01.000 --> 00:03.000\nHello\n');
const SPOKEN = share([EXAMPLE, CAPTIONS]);
const PANELS = ['timeline', 'console', 'network', 'actions', 'backend', 'info'];
const PANEL = '.right > [role=tabpanel]:not([hidden])';

const overflow = (page) => page.ev(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
const press = (page, text) => page.ev((words) => [...document.querySelectorAll('.menu button')].find((one) => one.textContent === words).click(), text);

const declare = (open) => (name, options, run) => test(name, { timeout: PATIENCE }, async (t) => {
  const page = await open(options);
  t.after(() => page.close());
  await run(page);
});

inEngines(['chromium', 'firefox', 'webkit'], ({ open }) => {
  const spec = declare(open);

  spec('rows tell their times from the start, local, or in UTC, and name the zone; details tell all three', {}, async (page) => {
    await enter(page, `${SHARE.url}#panel=network&id=n3`);
    await settledRows(page);
    const head = () => page.ev((at) => document.querySelector(`${at} .cols > :first-child`).textContent, PANEL);
    const first = () => page.ev((at) => document.querySelector(`${at} [data-id=n1] > .t`).textContent, PANEL);
    assert.deepEqual([await head(), await first()], ['Time', '0:01.7']);
    await press(page, 'UTC');
    await page.until((at) => document.querySelector(`${at} .cols > :first-child`).textContent === 'UTC', PANEL);
    assert.match(await first(), /^\d\d:\d\d:\d\d\.\d$/);
    const utc = await first();
    await press(page, 'Local');
    await page.until((at) => document.documentElement.hasAttribute('data-times') && document.querySelector(`${at} .row .t`) !== null, PANEL);
    const zone = await page.ev(() => new Date(0).getTimezoneOffset());
    if (zone === 0) assert.equal(await first(), utc);
    assert.notEqual(await head(), 'Time');
    const details = await page.until((at) => document.querySelector(`${at} .drawer dl`)?.textContent, PANEL);
    assert.match(details, /Time0:01\.8Local time\d.*UTC\d.*\.\d{3} UTC/);
    await press(page, 'From start');
    await page.until((at) => document.querySelector(`${at} [data-id=n1] > .t`).textContent === '0:01.7', PANEL);
  });

  spec('paper gets the rows of the panel and the Info, the place and time, and neither controls nor the key', {}, async (page) => {
    await enter(page, `${SEALED.url}${SEALED.hash}&panel=network`);
    await settledRows(page);
    await page.until((at) => document.querySelector(`${at} .sums`).textContent.startsWith('26'), PANEL);
    await page.ev(() => void dispatchEvent(new Event('beforeprint')));
    const paper = await page.ev(() => ({
      rows: document.querySelectorAll('.paper .row').length, text: document.querySelector('.paper').textContent, shown: document.querySelector('.paper').checkVisibility(),
    }));
    assert.equal(paper.rows, 26);
    assert.equal(paper.shown, false, 'the screen shows nothing of it');
    assert.match(paper.text, /share\.html#t=.*panel=network/);
    assert.match(paper.text, /In this recording/);
    assert.ok(!paper.text.includes(/k=([\w-]{43})/.exec(SEALED.hash)[1]), 'the key stays off it');
    await page.ev(() => void dispatchEvent(new Event('afterprint')));
    assert.equal(await page.ev(() => document.querySelector('.paper')), null);
  });

  spec('written from right to left nothing hangs over, and recorded words keep their order', {}, async (page) => {
    await enter(page, SHARE.url);
    await page.ev(() => { document.documentElement.dir = 'rtl'; });
    for (const panel of PANELS) {
      await showPanel(page, panel);
      assert.ok(await overflow(page) <= 0, panel);
    }
    await showPanel(page, 'network');
    await settledRows(page);
    const { right, time } = await page.ev((at) => ({ right: document.querySelector('.right').getBoundingClientRect().right, time: document.querySelector(`${at} .row`).getBoundingClientRect().right }), PANEL);
    assert.ok(right < 800 && Math.abs(right - time) < 20, 'the panels are on the left, their rows begin on the right');
    await page.ev(() => document.querySelector('[role=slider]').focus());
    await page.press('Home');
    await page.until(() => document.querySelector('[role=slider]').getAttribute('aria-valuenow') === '0');
    await page.press('ArrowLeft');
    await page.until(() => document.querySelector('[role=slider]').getAttribute('aria-valuenow') === '5');
  });
});

inEngines(['chromium'], ({ open }) => {
  const spec = declare(open);

  spec('a phone keeps the buttons of the recording in one row, with captions too', { width: 390, height: 844, touch: true }, async (page) => {
    await enter(page, SPOKEN.url);
    for (const width of [390, 360, 320]) {
      await page.resize(width, 844);
      const tops = await page.ev(() => ['Play (Space)', '10 s on (L)', 'Mute (M)', 'Full screen (F)'].map((name) => Math.round(document.querySelector(`.controls [aria-label="${name}"]`).getBoundingClientRect().top)));
      assert.equal(new Set(tops).size, 1, `${width}: ${tops}`);
      assert.ok(await overflow(page) <= 0);
    }
    assert.ok(await page.ev(() => document.querySelector('.controls .cc').getBoundingClientRect().height >= 24));
  });

  spec('paper is black on white whatever the theme', { dark: true }, async (page) => {
    await enter(page, SHARE.url);
    await page.raw.emulateMedia({ media: 'print' });
    await page.ev(() => void dispatchEvent(new Event('beforeprint')));
    const look = await page.ev(() => {
      const paper = document.querySelector('.paper');
      const { color } = getComputedStyle(paper.querySelector('.row .t'));
      return { shown: paper.checkVisibility(), page: document.getElementById('app').checkVisibility(), color, back: getComputedStyle(document.body).backgroundColor, buttons: [...paper.querySelectorAll('button,input')].filter((one) => one.checkVisibility()).length };
    });
    assert.deepEqual(look, { shown: true, page: false, color: look.color, back: 'rgb(255, 255, 255)', buttons: 0 });
    assert.match(look.color, /^rgb\((\d|[1-5]\d), /, look.color);
  });

  spec('with the system’s own colours the chosen row, tab and marks still show', {}, async (page) => {
    await page.raw.emulateMedia({ forcedColors: 'active' });
    await enter(page, `${SHARE.url}#panel=network&id=n3`);
    await settledRows(page);
    const looks = await page.ev((at) => [`${at} [data-id=n3]`, '#tab-network'].map((one) => getComputedStyle(document.querySelector(one)).outlineStyle), PANEL);
    assert.deepEqual(looks, ['solid', 'solid']);
    const mark = await page.ev(() => getComputedStyle(document.querySelector('.lane .mark-error')).backgroundColor);
    assert.notEqual(mark, await page.ev(() => getComputedStyle(document.body).backgroundColor));
  });

  spec('everything that can be pressed or changed has a name, and lists say how long they are', {}, async (page) => {
    await enter(page, SHARE.url);
    for (const panel of PANELS) {
      await showPanel(page, panel);
      const nameless = await page.ev(() => [...document.querySelectorAll('button,input,select,summary,[role=slider],[role=separator],[role=grid],[role=tab],[role=tabpanel]')].filter((one) => one.checkVisibility()
        && !(one.getAttribute('aria-label') || one.textContent.trim() || one.labels?.length || document.getElementById(one.getAttribute('aria-labelledby')))).map((one) => one.outerHTML.slice(0, 120)));
      assert.deepEqual(nameless, [], panel);
      if (panel === 'info') continue;
      const rows = await settledRows(page);
      const grid = await page.ev((at) => {
        const one = document.querySelector(`${at} [role=grid]`);
        const found = [...one.querySelectorAll('[role=row][data-id]')].map((row) => Number(row.getAttribute('aria-rowindex')));
        return { count: Number(one.getAttribute('aria-rowcount')), columns: Number(one.getAttribute('aria-colcount')), cells: one.querySelector('[data-id]').children.length, found };
      }, PANEL);
      assert.ok(grid.count > rows.length - 1 && grid.columns === grid.cells, `${panel}: ${JSON.stringify(grid)}`);
      assert.deepEqual(grid.found, grid.found.map((_, i) => grid.found[0] + i), panel);
    }
  });

  spec('the focus comes back from the menu and its help, and Tab leads through the whole page and out', {}, async (page) => {
    await enter(page, SHARE.url);
    const opener = '[aria-label="Settings and help"]';
    const menu = `.menu:has(${opener})`;
    await page.ev((one) => document.querySelector(one).focus(), opener);
    await page.press('Enter');
    await page.until((at) => document.querySelector(at).open, menu);
    await page.press('Tab');
    assert.ok(await page.ev((at) => document.querySelector(`${at} .menu-sheet`).contains(document.activeElement), menu));
    await page.press('Escape');
    assert.ok(await page.ev((one, at) => !document.querySelector(at).open && document.activeElement === document.querySelector(one), opener, menu));
    await page.press('Enter');
    await press(page, 'Keyboard shortcuts (?)');
    await page.until(() => document.querySelector('dialog[open]'));
    await page.raw.locator('dialog').getByLabel('Single-key shortcuts').uncheck();
    await page.press('Escape');
    await page.until((one) => !document.querySelector('dialog[open]') && document.activeElement === document.querySelector(one), opener);
    await page.press('k');
    assert.ok(await page.ev((at) => document.querySelector('video').paused && !document.querySelector(`${at} input`).checked, menu), 'single keys are off, and both switches say so');
    await page.ev(() => document.activeElement.blur());
    let out = false;
    for (let i = 0; i < 80 && !out; i += 1) {
      await page.press('Tab');
      out = i > 10 && await page.ev(() => document.activeElement === document.body || document.activeElement.matches('.top .main'));
    }
    assert.ok(out, 'no trap');
  });

  spec('what goes when it was pressed does not take the focus with it', {}, async (page) => {
    await enter(page, `${SHARE.url}#panel=network&id=n3`);
    await settledRows(page);
    const within = (selector) => page.until((one) => document.activeElement.closest(one) !== null, selector);
    await page.until((at) => document.querySelector(`${at} .drawer:not([hidden]) h2`) !== null, PANEL);
    await page.ev((at) => document.querySelector(`${at} .drawer h2 [aria-label="Close (Esc)"]`).focus(), PANEL);
    await page.press('Enter');
    await within(`${PANEL} .rows`);
    await page.wheel(`${PANEL} .rows`, 300);
    await page.until((at) => !document.querySelector(`${at} .follow`).hidden, PANEL);
    await page.ev((at) => document.querySelector(`${at} .follow`).focus(), PANEL);
    await page.press('Enter');
    await within(`${PANEL} .rows`);
    await page.press('/');
    await page.type('nothing has this');
    await page.until((at) => document.querySelector(`${at} .empty button`) !== null, PANEL);
    await page.ev((at) => document.querySelector(`${at} .empty button`).focus(), PANEL);
    await page.press('Enter');
    await within('[data-filter]');
  });

  spec('the picture’s width changes without dragging too', {}, async (page) => {
    await enter(page, SHARE.url);
    const now = () => page.ev(() => Number(document.querySelector('[role=separator]').getAttribute('aria-valuenow')));
    const first = await now();
    await page.click('[role=separator]');
    assert.equal(await now(), 70);
    await page.click('[role=separator]');
    assert.equal(await now(), 30);
    await page.click('[role=separator]');
    assert.equal(await now(), first);
  });

  spec('what a box is for is read with it', {}, async (page) => {
    await page.go(`${SEALED.url}#k=short`);
    await page.until(stateIs, 'wrong-key');
    const said = await page.ev(() => document.activeElement.getAttribute('aria-describedby').split(' ').map((id) => document.getElementById(id).textContent).join(' '));
    assert.match(said, /The key is incomplete.*43 letters/);
  });
});

inEngines(['chromium'], ({ open }) => {
  declare(open)('where the browser keeps nothing, choices last as long as the page', {}, async (page) => {
    await enter(page, SHARE.url);
    await press(page, 'UTC');
    await page.until(() => document.documentElement.hasAttribute('data-times'));
    await page.ev(() => document.querySelector('.menu input').click());
    const { errors } = await page.seen();
    assert.deepEqual(errors, []);
  });
}, { siteData: false });
