// Sizes, themes and accessibility: every panel, the overlays and every state, in both themes and at both widths.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PATIENCE, inEngines } from './engines.mjs';
import { TABS, enter, settledRows, showPanel, stateIs } from './page.mjs';
import { EXAMPLE, ROOM, edited, share, withHeader } from './share.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SHARE = share(EXAMPLE);
const PASSWORD_FILE = join(ROOM, 'password');
writeFileSync(PASSWORD_FILE, 'open sesame');
const SEALED = share(EXAMPLE, { args: ['--encrypt'] });
const LOCKED = share(EXAMPLE, { args: ['--password-file', PASSWORD_FILE] });
const HALVED = share(EXAMPLE, { args: ['--encrypt', '--key-share', join(ROOM, 'half'), '--key-share-url', 'http://127.0.0.1:9/half'] });
const STATES = {
  expired: withHeader(SHARE, (header) => ({ ...header, created: 1, expires: 2 })),
  damaged: edited(SHARE, (html) => html.slice(0, -2000)),
  unsupported: edited(SHARE, (html) => html.replace('"v":1,', '"v":2,')),
  'needs-key': SEALED,
  'wrong-key': { url: `${SEALED.url}#k=${'A'.repeat(43)}` },
  'needs-password': { url: LOCKED.url + LOCKED.hash },
  // Where the second half of a key lies, nobody listens: the state has a button to try again.
  unreachable: { url: HALVED.url + HALVED.hash },
};
const WIDE = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844, touch: true };
const PANELS = TABS.map((name) => name.toLowerCase());

const overflow = (page) => page.ev(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** What axe finds wrong, in one line each. `sizes`: targets are large enough, which what lies under a menu need not be. */
async function violations(page, sizes = true) {
  if (!await page.ev(() => 'axe' in globalThis)) await page.ev(`(() => { ${AXE} })()`);
  return page.ev(async (enabled) => {
    const { violations: found } = await globalThis.axe.run(document, { resultTypes: ['violations'], rules: { 'target-size': { enabled } } });
    return found.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html, failureSummary }) => `${html.slice(0, 160)} (${failureSummary.split('\n')[1]})`).join(' | ')}`);
  }, sizes);
}

async function openFirstRow(page) {
  const [row] = await settledRows(page);
  await page.click(`.right > [role=tabpanel]:not([hidden]) [data-id="${row.id}"]`);
  await page.until(() => document.querySelector('.right > [role=tabpanel]:not([hidden]) .drawer:not([hidden]) h2') !== null);
}

inEngines(['chromium'], ({ open }) => {
  const spec = (name, options, run) => test(name, { timeout: 2 * PATIENCE }, async (t) => {
    const page = await open(options);
    t.after(() => page.close());
    await run(page);
  });

  for (const dark of [false, true]) {
    for (const [size, options] of Object.entries({ wide: WIDE, phone: PHONE })) {
      const name = `${dark ? 'dark' : 'light'}, ${size}`;
      spec(`axe finds nothing wrong in any panel: ${name}`, { ...options, dark, reduced: true }, async (page) => {
        await enter(page, SHARE.url);
        for (const panel of PANELS) {
          await showPanel(page, panel);
          if (panel !== 'info') await openFirstRow(page);
          assert.deepEqual(await violations(page), [], panel);
        }
      });

      spec(`axe finds nothing wrong in details, overlays and choices: ${name}`, { ...options, dark, reduced: true }, async (page) => {
        await enter(page, `${SHARE.url}#panel=network&id=n23`);
        const sections = '.right > [role=tabpanel]:not([hidden]) .drawer > .tabs > button';
        await page.until((selector) => document.querySelectorAll(selector).length > 5, sections);
        const count = await page.ev((selector) => document.querySelectorAll(selector).length, sections);
        for (let i = 0; i < count; i += 1) {
          await page.ev((selector, at) => document.querySelectorAll(selector)[at].click(), sections, i);
          assert.deepEqual(await violations(page), [], `section ${i}`);
        }
        await page.ev(() => {
          const input = document.querySelector('#panel-network [data-filter]');
          input.value = '/(/';
          input.dispatchEvent(new Event('input'));
        });
        await page.until(() => document.querySelector('#panel-network .problem').textContent !== '');
        assert.deepEqual(await violations(page), [], 'a filter that cannot be read');
        await page.click('[aria-label="Settings and help"]');
        assert.deepEqual(await violations(page, false), [], 'menu');
        await page.press('Escape');
        await page.click('[aria-label=Share]');
        assert.deepEqual(await violations(page, false), [], 'share');
        await page.press('Escape');
        for (const words of ['', 'rate']) {
          await page.press(words ? 'Ctrl+Shift+f' : 'Ctrl+k');
          if (words) await page.type(words);
          await page.until((text) => document.querySelectorAll('.find[open] button').length > 1 && document.querySelectorAll('.find mark').length >= text.length, words);
          assert.deepEqual(await violations(page), [], `find ${words}`);
          await page.press('Escape');
        }
        await page.press('?');
        await page.until(() => document.querySelector('dialog[open]') !== null);
        assert.deepEqual(await violations(page), [], 'help');
      });

      spec(`axe finds nothing wrong in any state: ${name}`, { ...options, dark }, async (page) => {
        for (const [state, { url }] of Object.entries(STATES)) {
          await page.go(url);
          await page.until(stateIs, state);
          assert.deepEqual(await violations(page), [], state);
          assert.ok(await overflow(page) <= 0, `${state} overflows`);
          await page.go('about:blank');
        }
      });
    }
  }

  spec('a link to the last panel shows its tab on a phone', PHONE, async (page) => {
    await enter(page, `${SHARE.url}#panel=info`);
    await page.until(() => {
      const { right } = document.querySelector('#tab-info').getBoundingClientRect();
      return right > 0 && right <= innerWidth;
    });
  });

  spec('tabs beside the video begin with the first, which is chosen', { width: 900, height: 700 }, async (page) => {
    await enter(page, `${SHARE.url}#embed=1&panel=timeline`);
    const [scrolls, from] = await page.ev(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
      const { scrollWidth, clientWidth, scrollLeft } = document.querySelector('.right [role=tablist]');
      done([scrollWidth > clientWidth, scrollLeft]);
    }))));
    assert.deepEqual([scrolls, from], [true, 0]);
  });

  spec('a phone shows the video above the panels, nothing hangs over its side, and rows fit a finger', PHONE, async (page) => {
    await enter(page, SHARE.url);
    assert.ok(await page.ev(() => document.querySelector('video').getBoundingClientRect().bottom <= document.querySelector('.right').getBoundingClientRect().top + 1));
    for (const panel of PANELS) {
      await showPanel(page, panel);
      assert.ok(await overflow(page) <= 0, panel);
      if (panel === 'info') continue;
      await openFirstRow(page);
      assert.ok(await overflow(page) <= 0, `${panel} with details`);
      const heights = await page.ev(() => [...document.querySelectorAll('.right > [role=tabpanel]:not([hidden]) [data-id]')].map((row) => row.getBoundingClientRect().height));
      assert.ok(heights.every((height) => height >= 36), `${panel}: rows of ${heights[0]} px`);
    }
  });

  // 1280 x 1024 at 400 % is 320 x 256.
  for (const [width, height] of [[320, 640], [320, 256]]) {
    spec(`at ${width} x ${height} everything can be reached without scrolling sideways`, { width, height, zoom: 4 }, async (page) => {
      await enter(page, SHARE.url);
      for (const panel of PANELS) {
        await showPanel(page, panel);
        assert.ok(await overflow(page) <= 0, panel);
        const lost = await page.ev(() => [...document.querySelectorAll('header button,.controls button,.controls select,.right > [role=tabpanel]:not([hidden]) input')].filter((one) => {
          const { left, right, width: wide } = one.getBoundingClientRect();
          return wide > 0 && (left < -1 || right > innerWidth + 1);
        }).map((one) => one.outerHTML.slice(0, 120)));
        assert.deepEqual(lost, [], panel);
      }
      await showPanel(page, 'console');
      await openFirstRow(page);
      assert.ok(await overflow(page) <= 0, 'details');
      const list = await page.ev(() => document.querySelector('#panel-console .rows').getBoundingClientRect().height);
      assert.ok(list >= 72, `the list keeps two rows (${list} px)`);
    });
  }

  const background = (page) => page.ev(() => getComputedStyle(document.body).backgroundColor);
  spec('the theme follows the system, the link, and the reader, in this order of rank', { dark: true }, async (page) => {
    await enter(page, SHARE.url);
    const dark = await background(page);
    await page.go('about:blank');
    await enter(page, `${SHARE.url}#theme=light`);
    const light = await background(page);
    assert.notEqual(dark, light);
    await page.click('[aria-label="Settings and help"]');
    await page.raw.locator('.menu').getByRole('button', { name: 'Dark' }).click();
    await page.until((expected) => getComputedStyle(document.body).backgroundColor === expected, dark);
  });

  spec('who wants less motion gets none', { reduced: true }, async (page) => {
    await enter(page, SHARE.url);
    const moving = await page.ev(() => [...document.querySelectorAll('body *')].filter((one) => {
      // The sign of waiting has to turn, but it may turn slowly.
      if (!one.checkVisibility() || (one.className === 'spinner' && parseFloat(getComputedStyle(one).animationDuration) >= 9)) return false;
      const { animationName, animationDuration, transitionDuration } = getComputedStyle(one);
      return (animationName !== 'none' && parseFloat(animationDuration) > 0.01) || parseFloat(transitionDuration) > 0.01;
    }).map((one) => one.outerHTML.slice(0, 100)));
    assert.deepEqual(moving, []);
  });
});
