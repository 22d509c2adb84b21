// What everybody meets first, in all engines, by both schemes, in both layouts.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { PATIENCE, inEngines } from './engines.mjs';
import { LETTERS, TABS, assertQuiet, enter, plays, settledRows, showPanel, tabNames, videoAt, withScheme } from './page.mjs';
import { EXAMPLE, PROGRAM, share } from './share.mjs';

const SHARES = { html: share(EXAMPLE), dir: share(EXAMPLE, { layout: 'dir' }) };

async function seeks(page) {
  await showPanel(page, 'actions');
  for (const { id, time } of (await settledRows(page)).filter(({ time }) => time > 1000).slice(0, 3)) {
    await page.click(`.right > [role=tabpanel]:not([hidden]) [data-id="${id}"]`);
    await videoAt(page, time, 300);
    assert.equal(await page.ev((row) => document.querySelector(`.right > [role=tabpanel]:not([hidden]) [data-id="${row}"]`).getAttribute('aria-selected'), id), 'true');
    await page.until(() => document.querySelector('.right > [role=tabpanel]:not([hidden]) .drawer:not([hidden])') !== null);
  }
}

/** The address that `serve` prints, on whichever stream. */
function printedUrl(server) {
  return new Promise((resolve, reject) => {
    let said = '';
    const listen = (text) => {
      said += text;
      const url = /http:\/\/[^\s]+/.exec(said);
      if (url) resolve(url[0]);
    };
    server.stdout.on('data', listen);
    server.stderr.on('data', listen);
    server.on('exit', () => reject(new Error(`serve ended: ${said}`)));
  });
}

async function lists(page) {
  for (const [panel, letter] of Object.entries(LETTERS)) {
    await showPanel(page, panel);
    for (const row of await settledRows(page)) {
      assert.equal(row.panel, panel);
      assert.match(row.id, new RegExp(`^${letter}[1-9]\\d*$`));
      assert.ok(Number.isFinite(row.time), `${row.id} has a time`);
      assert.match(row.selected, /^(true|false)$/);
    }
  }
  await showPanel(page, 'timeline');
  const merged = await settledRows(page);
  assert.ok(new Set(merged.map(({ panel }) => panel)).size > 1, 'the Timeline shows rows of several sources');
  for (const { panel, id } of merged) assert.equal(id[0], LETTERS[panel]);
  assert.deepEqual(merged.map(({ time }) => time), merged.map(({ time }) => time).sort((a, b) => a - b));
  await showPanel(page, 'info');
  const words = await page.ev(() => document.querySelector('#panel-info').textContent);
  for (const expected of ['Card payment fails after changing the country', 'Dana Reyes', 'The picture and sound are not redacted']) assert.ok(words.includes(expected), expected);
}

inEngines(['chromium'], ({ open }) => {
  test('only the panels are tabs, and only one of them shows', { timeout: PATIENCE }, async (t) => {
    const page = await open();
    t.after(() => page.close());
    await enter(page, SHARES.html.url);
    for (const panel of TABS.map((name) => name.toLowerCase())) {
      await showPanel(page, panel);
      assert.deepEqual(await tabNames(page), TABS);
      assert.deepEqual(await page.ev(() => [...document.querySelectorAll('[role=tabpanel]:not([hidden])')].map((one) => one.id)), [`panel-${panel}`]);
    }
  });
});

inEngines(['chromium'], ({ open }) => {
  for (const [layout, made] of Object.entries(SHARES)) {
    test(`sealcast serve shows it: ${layout}`, { timeout: PATIENCE }, async (t) => {
      const server = spawn(PROGRAM, ['serve', layout === 'dir' ? made.dir : made.page], { stdio: ['ignore', 'pipe', 'pipe'] });
      t.after(() => server.kill());
      const url = await printedUrl(server);
      const page = await open();
      t.after(() => page.close());
      await enter(page, url);
      await seeks(page);
      const { errors, violations, requests } = await page.seen();
      assert.deepEqual([...errors, ...violations], []);
      assert.ok(requests.every((request) => request.startsWith(new URL(url).origin) || request.startsWith('blob:')), String(requests));
    });
  }
});

inEngines(['chromium', 'firefox', 'webkit'], ({ engine, open }) => {
  for (const layout of ['html', 'dir']) {
    for (const scheme of ['file', 'http']) {
      test(`a share opens, plays, seeks and lists: ${layout} over ${scheme}`, { timeout: PATIENCE }, async (t) => {
        const page = await open();
        t.after(() => page.close());
        await withScheme(SHARES[layout], scheme, async (url, server) => {
          await enter(page, url);
          await plays(page, engine, SHARES[layout]);
          await seeks(page);
          await lists(page);
          await assertQuiet(page, SHARES[layout], server);
        });
      });
    }
  }
});
