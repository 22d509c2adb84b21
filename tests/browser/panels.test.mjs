// The lists: they follow the playhead, filter, keep to the span, and open details.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATIENCE, inEngines } from './engines.mjs';
import { assertQuiet, enter, filter, rows, settledRows, showPanel, shownTime, totals, videoAt } from './page.mjs';
import { EXAMPLE, folder, ndjson, share } from './share.mjs';

const SHARE = share(EXAMPLE);
const LINES = 900;
const LONG = share(folder({ 'console.ndjson': ndjson(Array.from({ length: LINES }, (_, n) => ({ t: n * 50, level: n % 10 ? 'info' : 'warn', type: 'console', text: `line ${n}` }))) }));

const PANEL = '.right > [role=tabpanel]:not([hidden])';
const button = (page, name) => page.raw.locator(PANEL).getByRole('button', { name, exact: false }).first();
const scrollTop = (page) => page.ev((panel) => document.querySelector(`${panel} .rows`).scrollTop, PANEL);
const totalIs = (page, pattern) => page.until((panel, source) => new RegExp(source).test(document.querySelector(`${panel} .sums`).textContent), PANEL, pattern.source);

/** The rows whose span holds the playhead are marked, and no others. */
async function assertCurrent(page) {
  const now = await shownTime(page);
  for (const { id, time, current } of await rows(page)) {
    if (current) assert.ok(time <= now + 250, `${id} of ${time} is marked at ${now}`);
    else assert.ok(!(time <= now - 250 && now - time <= 250), `${id} of ${time} is not marked at ${now}`);
  }
}

inEngines(['chromium'], ({ open }) => {
  const spec = (name, run) => test(name, { timeout: PATIENCE }, async (t) => {
    const page = await open();
    t.after(() => page.close());
    await run(page);
  });

  spec('rows at the playhead are marked, and the list scrolls along', async (page) => {
    await enter(page, `${LONG.url}#t=0&panel=console`);
    await settledRows(page);
    await page.press('k');
    await page.until((panel) => document.querySelector(`${panel} .rows`).scrollTop > 400, PANEL);
    await page.press('k');
    await assertCurrent(page);
    const now = await shownTime(page);
    const shown = await rows(page);
    assert.ok(shown.some(({ time, current }) => current && Math.abs(time - now) < 300), `a row at ${now} is in view`);
    await assertQuiet(page, LONG, null);
  });

  spec('a reader who scrolls is left alone, until “Follow” or a row is chosen', async (page) => {
    await enter(page, `${LONG.url}#t=20&panel=console`);
    await settledRows(page);
    await page.press('k');
    await page.wheel(`${PANEL} .rows`, -2500);
    await page.until((panel) => !document.querySelector(`${panel} .follow`).hidden, PANEL);
    await page.ev(() => new Promise((done) => setTimeout(done, 300)));
    const there = await scrollTop(page);
    await page.ev(() => new Promise((done) => setTimeout(done, 1500)));
    assert.equal(await scrollTop(page), there, 'the list stays where the reader put it');
    await button(page, 'Follow the playhead').click();
    await page.until((panel, top) => document.querySelector(`${panel} .rows`).scrollTop > top + 300, PANEL, there);
    assert.ok(await page.ev((panel) => document.querySelector(`${panel} .follow`).hidden, PANEL));
    const moving = await scrollTop(page);
    await page.until((panel, top) => document.querySelector(`${panel} .rows`).scrollTop > top + 20, PANEL, moving);
  });

  spec('text, words, negation and regular expressions filter', async (page) => {
    await enter(page, `${SHARE.url}#panel=console&t=0`);
    await settledRows(page);
    const all = SHARE.json.counts.console;
    for (const [text, keeps] of [['stock', (line) => /stock/i.test(line)], ['api -pay', (line) => /api/i.test(line) && !/pay/i.test(line)], ['/^\\[api\\] (GET|POST)/', (line) => /api/.test(line)], ['"payment attempt"', (line) => /payment attempt/.test(line)]]) {
      await filter(page, text);
      await totalIs(page, new RegExp(`^\\d+ of ${all}`));
      await page.until((panel, count) => document.querySelectorAll(`${panel} [data-id]`).length === Math.min(count, 40), PANEL, Number((await totals(page)).split(' ')[0]));
      const kept = await rows(page);
      assert.ok(kept.length > 0 && kept.length < all && kept.every((row) => keeps(row.text)), `${text} keeps ${kept.map((row) => row.text)}`);
      await filter(page, '');
      await totalIs(page, new RegExp(`^${all} `));
    }
    await filter(page, '/(/');
    await page.until((panel) => document.querySelector(`${panel} .problem`).checkVisibility(), PANEL);
    await filter(page, 'nothing says this');
    await button(page, 'Clear the filter').click();
    await totalIs(page, new RegExp(`^${all} `));
  });

  spec('levels, kinds and status classes filter, one or several', async (page) => {
    await enter(page, `${SHARE.url}#panel=console&t=0`);
    for (const panel of ['console', 'backend']) {
      await showPanel(page, panel);
      await settledRows(page);
      await button(page, 'Errors').click();
      await page.until((root) => {
        const drawn = [...document.querySelectorAll(`${root} [data-id]`)];
        return drawn.length > 0 && / of /.test(document.querySelector(`${root} .sums`).textContent) && drawn.every((row) => row.textContent.includes('error'));
      }, PANEL);
      const errors = (await rows(page)).length;
      await page.raw.locator(PANEL).getByRole('button', { name: 'Warnings' }).click({ modifiers: ['Control'] });
      await page.until((root, count) => document.querySelectorAll(`${root} [data-id]`).length > count, PANEL, errors);
      await button(page, 'All').click();
      await totalIs(page, /^\d+ (messages|lines)/);
    }
    await showPanel(page, 'network');
    await settledRows(page);
    const all = SHARE.json.counts.network;
    for (const [text, keeps] of [['status-code:5xx', /500/], ['status-code:404', /404/], ['method:post', /POST/], ['-method:get', /POST|OPTIONS|PATCH/]]) {
      await filter(page, text);
      await totalIs(page, new RegExp(`^\\d+ of ${all}`));
      const kept = await settledRows(page);
      assert.ok(kept.length > 0 && kept.every((row) => keeps.test(row.text)), `${text}: ${kept.map((row) => row.text)}`);
      await filter(page, '');
      await totalIs(page, new RegExp(`^${all} `));
    }
    await button(page, 'Failed').click();
    await totalIs(page, new RegExp(`^${SHARE.json.counts.failed_requests} of `));
    await button(page, 'All').click();
    for (const kind of ['Fetch', 'Doc', 'JS', 'Img']) {
      await button(page, kind).click();
      await totalIs(page, new RegExp(`^\\d+ of ${all}`));
    }
    await showPanel(page, 'timeline');
    await settledRows(page);
    await button(page, 'Actions').click();
    await totalIs(page, new RegExp(`^${SHARE.json.counts.actions} of `));
    assert.ok((await settledRows(page)).every(({ panel }) => panel === 'actions'));
    await showPanel(page, 'actions');
    await filter(page, 'pay now');
    await totalIs(page, /^\d of /);
    await showPanel(page, 'info');
    await filter(page, 'featureFlags');
    await page.until(() => {
      const text = document.querySelector('#panel-info .tree').textContent;
      return text.includes('featureFlags') && !text.includes('ticket');
    });
  });

  spec('the span cuts every list', async (page) => {
    await enter(page, `${SHARE.url}#panel=timeline&t=20`);
    await settledRows(page);
    await page.raw.getByRole('button', { name: '±5 s' }).click();
    await page.until((panel) => /±5 s around/.test(document.querySelector(`${panel} .sums`).textContent), PANEL);
    assert.ok((await settledRows(page)).every(({ time }) => time >= 15_000 && time <= 25_000));
    await page.press('j');
    await page.until((panel) => [...document.querySelectorAll(`${panel} [data-id]`)].every((row) => row.dataset.time <= 15_000), PANEL);
    await page.raw.getByRole('button', { name: 'Whole' }).click();
    await totalIs(page, /^120 events/);
  });

  spec('details open under the list, section by section, and close again', async (page) => {
    await enter(page, `${SHARE.url}#panel=network&id=n23`);
    const drawer = `${PANEL} .drawer`;
    const says = (words) => page.until((selector, text) => document.querySelector(selector).textContent.includes(text), drawer, words);
    await says('/api/pay');
    for (const [section, words] of [['Headers', 'content-type'], ['Payload', 'IE'], ['Response', 'error'], ['Timing', 'Waiting'], ['Record', 'startedDateTime']]) {
      await page.raw.locator(`${drawer} > .tabs > button`, { hasText: section }).first().click();
      await says(words);
    }
    await button(page, 'Close').click();
    await page.until((selector) => document.querySelector(selector).hidden, drawer);
    assert.equal(await page.ev((panel) => document.querySelectorAll(`${panel} [aria-selected=true][data-id]`).length, PANEL), 0);
  });

  spec('the failure card leads to each of the events behind a failure', async (page) => {
    await enter(page, SHARE.url);
    await page.until(() => document.querySelectorAll('.fail .links button').length === 4);
    for (const [at, panel] of ['actions', 'network', 'console', 'backend'].entries()) {
      await page.ev((place) => document.querySelectorAll('.fail .links button')[place].click(), at);
      await page.until((name) => !document.getElementById(`panel-${name}`).hidden && document.querySelector(`#panel-${name} [data-id][aria-selected=true]`) !== null, panel);
      const [row] = (await rows(page)).filter(({ selected }) => selected === 'true');
      await videoAt(page, row.time, 150);
    }
    assert.match(await page.ev(() => document.querySelector('#panel-backend .drawer').textContent), /RateMissing/);
  });
});
