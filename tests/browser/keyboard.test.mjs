// A session without a mouse.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATIENCE, inEngines } from './engines.mjs';
import { enter, settledRows, shownTime, videoAt } from './page.mjs';
import { EXAMPLE, share } from './share.mjs';

const SHARE = share(EXAMPLE);
const PANEL = '.right > [role=tabpanel]:not([hidden])';

const focused = (page) => page.ev(() => {
  const { id, dataset, localName } = document.activeElement;
  return { id, row: dataset.id ?? null, name: localName, label: document.activeElement.getAttribute('aria-label'), filter: 'filter' in dataset, list: document.activeElement.matches('.rows') };
});
const paused = (page) => page.ev(() => document.querySelector('video').paused);
const openIs = (page, panel) => page.until((id) => !document.getElementById(id).hidden, `panel-${panel}`);

/** Runs in the page: whether the focused element looks different from how it looks without the focus. */
function lookOfFocus() {
  const one = document.activeElement;
  if (one === document.body) return { html: null, differs: false };
  const look = () => JSON.stringify([null, '::before', '::after'].map((part) => {
    const { outline, boxShadow, background, border, opacity } = getComputedStyle(one, part);
    return [outline, boxShadow, background, border, opacity];
  }));
  const focusedLook = look();
  one.blur();
  const plain = look();
  one.focus({ focusVisible: true });
  return { html: one.outerHTML.slice(0, 120), differs: focusedLook !== plain };
}

/** Tabs on until what has the focus fits; every stop on the way must be visible. */
async function tabTo(page, fits, limit = 60) {
  for (let i = 0; i < limit; i += 1) {
    await page.press('Tab');
    const now = await focused(page);
    assert.ok(await page.ev(() => document.activeElement === document.body || document.activeElement.checkVisibility()), `${JSON.stringify(now)} has the focus unseen`);
    if (fits(now)) return now;
  }
  return assert.fail('Tab does not lead there');
}

inEngines(['chromium'], ({ open }) => {
  const spec = (name, run) => test(name, { timeout: PATIENCE }, async (t) => {
    const page = await open();
    t.after(() => page.close());
    await enter(page, SHARE.url);
    await page.until(() => document.querySelector('video').readyState >= 2);
    await run(page);
  });

  spec('from the top to a row and into its details', async (page) => {
    await tabTo(page, ({ id }) => id === 'tab-console');
    await page.press('ArrowRight');
    await openIs(page, 'network');
    assert.equal((await focused(page)).id, 'tab-network');
    await page.press('End');
    await openIs(page, 'info');
    await page.press('Home');
    await openIs(page, 'timeline');
    await page.press('ArrowRight');
    await page.press('ArrowRight');
    await page.press('ArrowRight');
    await openIs(page, 'actions');
    await settledRows(page);
    await tabTo(page, ({ row, list }) => row || list);
    await page.press('Home');
    await page.press('ArrowDown');
    await page.press('ArrowDown');
    assert.equal((await focused(page)).row, 'a3');
    await page.press('End');
    assert.equal((await focused(page)).row, `a${SHARE.json.counts.actions}`);
    await page.press('ArrowUp');
    const { row } = await focused(page);
    await page.press('Enter');
    await page.until((panel, id) => document.querySelector(`${panel} [data-id="${id}"]`).getAttribute('aria-selected') === 'true' && !document.querySelector(`${panel} .drawer`).hidden, PANEL, row);
    await videoAt(page, Number(await page.ev((panel, id) => document.querySelector(`${panel} [data-id="${id}"]`).dataset.time, PANEL, row)));
    await page.press('Escape');
    await page.until((panel) => document.querySelector(`${panel} .drawer`).hidden, PANEL);
    assert.equal((await focused(page)).row, row, 'the focus stays on the row');
  });

  spec('every stop of the Tab key shows that it has the focus', async (page) => {
    const seen = new Set();
    for (let i = 0; i < 60; i += 1) {
      await page.press('Tab');
      const { html, differs } = await page.ev(lookOfFocus);
      if (!html || seen.has(html)) break;
      seen.add(html);
      assert.ok(differs, html);
    }
    assert.ok(seen.size > 15, `${seen.size} stops`);
  });

  spec('the player’s keys', async (page) => {
    await page.press('Space');
    await page.until(() => !document.querySelector('video').paused);
    await page.press('k');
    await page.until(() => document.querySelector('video').paused);
    await page.press('5');
    await videoAt(page, 18_800, 60);
    for (const [key, ms] of [['j', 8800], ['l', 18_800], ['ArrowLeft', 13_800], ['ArrowRight', 18_800], ['Shift+ArrowRight', 22_560], ['Shift+ArrowLeft', 18_800], ['.', 18_833], [',', 18_800], ['0', 0]]) {
      await page.press(key);
      await videoAt(page, ms, 60);
    }
    await page.press('>');
    await page.until(() => document.querySelector('video').playbackRate > 1);
    await page.press('<');
    await page.until(() => document.querySelector('video').playbackRate === 1);
    await page.press('m');
    await page.until(() => document.querySelector('video').muted);
    await page.press('ArrowDown');
    await page.until(() => document.querySelector('video').volume < 1);
    await page.press(']');
    assert.ok(await page.until(() => document.querySelector('video').currentTime > 0));
  });

  spec('panels by Shift and a letter, and by Ctrl and brackets', async (page) => {
    for (const [key, panel] of [['T', 'timeline'], ['W', 'network'], ['E', 'actions'], ['B', 'backend'], ['I', 'info'], ['C', 'console']]) {
      await page.press(`Shift+${key}`);
      await openIs(page, panel);
    }
    await page.press('Ctrl+]');
    await openIs(page, 'network');
    await page.press('Ctrl+[');
    await openIs(page, 'console');
  });

  spec('Ctrl+F and / lead to the filter, where letters are text', async (page) => {
    for (const key of ['Ctrl+f', '/']) {
      await page.press(key);
      assert.ok((await focused(page)).filter, `${key} leads to the filter`);
      await page.type('nk ?');
      assert.ok(await paused(page));
      assert.equal(await page.ev(() => document.querySelector('dialog[open]')), null);
      assert.equal(await page.ev(() => document.activeElement.value), 'nk ?');
      await page.until((panel) => / of /.test(document.querySelector(`${panel} .sums`).textContent), PANEL);
      await page.press('Escape');
      await page.until(() => document.activeElement.value === '');
      await page.ev(() => document.activeElement.blur());
    }
    await page.press('/');
    await page.type('pay');
    await page.until((panel) => / of /.test(document.querySelector(`${panel} .sums`).textContent), PANEL);
    await page.press('ArrowDown');
    await page.until(() => document.activeElement.dataset.id);
  });

  spec('? opens the help, which keeps the focus and gives it back', async (page) => {
    await tabTo(page, ({ id }) => id === 'tab-console');
    await page.press('?');
    await page.until(() => document.querySelector('dialog[open]') !== null);
    for (let i = 0; i < 5; i += 1) await page.press('Tab');
    assert.ok(await page.ev(() => document.activeElement === document.body || document.querySelector('dialog').contains(document.activeElement)));
    await page.press('k');
    assert.ok(await paused(page), 'no key acts behind the help');
    await page.press('Escape');
    await page.until(() => document.querySelector('dialog[open]') === null);
    assert.equal((await focused(page)).id, 'tab-console');
  });

  spec('single keys can be turned off, the rest goes on working', async (page) => {
    const before = await shownTime(page);
    await page.raw.locator('[aria-label="Settings and help"]').click();
    await page.raw.locator('.menu').getByLabel('Single-key shortcuts').uncheck();
    await page.press('Escape');
    for (const key of ['k', 'n', '0', '?', 'Shift+W']) await page.press(key);
    await page.ev(() => new Promise((done) => setTimeout(done, 200)));
    assert.ok(await paused(page));
    assert.equal(await shownTime(page), before);
    assert.equal(await page.ev(() => document.querySelector('dialog[open]')), null);
    assert.ok(await page.ev(() => document.getElementById('panel-network').hidden));
    await page.press('Ctrl+]');
    await openIs(page, 'network');
    await page.raw.reload();
    await page.until(() => document.documentElement.dataset.state === 'ready');
    await page.until(() => document.querySelector('.controls .time b').textContent !== '0:00.0');
    await page.press('0');
    assert.ok(await shownTime(page) > 0, 'the choice is remembered');
  });

  spec('Space presses a focused button and nothing else', async (page) => {
    await tabTo(page, ({ id }) => id === 'tab-console');
    await page.press('ArrowRight');
    await page.press('Space');
    assert.ok(await paused(page));
  });

  spec('the bar and the grip obey the arrow keys', async (page) => {
    await page.ev(() => document.querySelector('[role=slider]').focus());
    await page.press('Home');
    await videoAt(page, 0, 60);
    await page.press('ArrowRight');
    await page.until(() => document.querySelector('video').currentTime > 0.5);
    await page.press('End');
    await videoAt(page, 37_600, 200);
    assert.match(await page.ev(() => document.querySelector('[role=slider]').getAttribute('aria-valuetext')), /0:37/);
    await page.ev(() => document.querySelector('[role=separator]').focus());
    const width = await page.ev(() => document.querySelector('.right').getBoundingClientRect().width);
    await page.press('ArrowLeft');
    await page.press('ArrowLeft');
    assert.ok(await page.ev(() => document.querySelector('.right').getBoundingClientRect().width) > width + 10);
  });
});
