// The console as it was, and actions that can be done again, in the real page.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PATIENCE, inEngines } from './engines.mjs';
import { assertQuiet, enter, rows, showPanel, videoAt } from './page.mjs';
import { EXAMPLE, folder, manifestOf, ndjson, share } from './share.mjs';

const text = (value) => ({ type: 'string', value });
const LINES = [
  { t: 100, level: 'info', text: 'first' },
  ...Array.from({ length: 5 }, (_, i) => ({ t: 200 + i * 100, level: 'error', text: 'same again' })),
  { t: 1300, level: 'error', text: 'same again' },
  { t: 2000, level: 'info', method: 'group', text: 'outer' },
  { t: 2010, level: 'info', method: 'groupCollapsed', text: 'inner' },
  { t: 2020, level: 'info', text: 'deep' },
  { t: 2030, level: 'info', method: 'groupEnd', text: '' },
  { t: 2040, level: 'info', text: 'less deep' },
  { t: 2050, level: 'info', method: 'groupEnd', text: '' },
  { t: 3000, level: 'info', text: 'Acme <b>', args: [text('%cAcme%c <b>'), text('color: white; position: fixed; background: url(https://evil.test/); font-weight: bold'), text('')] },
  { t: 3100, level: 'info', text: '\u001b[31mred\u001b[39m and [redacted auth#3]' },
  { t: 3200, level: 'info', method: 'table', text: 'Array(2)', args: [[{ id: 1, name: 'Ann' }, { id: 2, city: '<i>Bonn</i>' }]] },
  {
    t: 3300, level: 'error', text: 'Error: pay', stack: 'Error: pay\n    at pay (https://shop.test/app.js:2:3)\n    at run (https://shop.test/node_modules/x/i.js:1:1)\n    at go (https://cdn.test/y.js:1:1)\n    at main (https://shop.test/app.js:9:9)',
    error: { message: 'pay', cause: { message: 'declined', stack: 'TypeError: declined\n    at bank (https://shop.test/bank.js:4:4)' } },
  },
];
const CLICKS = [
  ...[0, 300, 600].map((late) => ({ t: 1000 + late, type: 'click', selector: '#buy', label: 'Buy', x: 320, y: 180 })),
  { t: 5000, type: 'click', selector: '#gone', x: 640, y: 360 },
  { t: 8000, type: 'navigate', url: 'https://shop.test/' },
];

inEngines(['chromium', 'firefox', 'webkit'], ({ open }) => {
  const made = share(folder({
    'recording.json': JSON.stringify({
      format: 'recording/1', durationMs: 9000, panels: { console: 'console.ndjson', actions: 'actions.ndjson' }, media: [{ kind: 'video', file: 'video.webm' }],
      metadata: { page: { url: 'https://shop.test/cart' }, system: { viewport: { width: 1280, height: 720 } } },
    }),
    'console.ndjson': ndjson(LINES), 'actions.ndjson': ndjson(CLICKS), 'video.webm': readFileSync(join(EXAMPLE, 'video.webm')),
  }), { args: ['--expires', 'never'] });

  const shown = (page) => page.ev(() => [...document.querySelectorAll('#panel-console [data-id]')].map((row) => [row.dataset.id, row.querySelector('.msg').textContent]));
  const open1 = async (t, place) => {
    const page = await open();
    t.after(() => page.close());
    await enter(page, made.url + place);
    return page;
  };

  test('equal lines are one row with a count, and a link to one of them leads to it', { timeout: PATIENCE }, async (t) => {
    assert.equal(manifestOf(made.page).streams.console.same, 6);
    const page = await open1(t, '#panel=console&id=c4');
    await page.until(() => document.querySelector('#panel-console [aria-selected=true]')?.dataset.id === 'c2');
    const found = await shown(page);
    assert.deepEqual(found.slice(0, 3), [['c1', 'first'], ['c2', '5×same again'], ['c7', 'same again']]);
    assert.match(await page.ev(() => document.querySelector('#panel-console .drawer').textContent), /same again/);
    await showPanel(page, 'timeline');
    await page.until(() => document.querySelector('#panel-timeline [data-id=c4]') !== null);
    await assertQuiet(page, made, null);
  });

  test('groups are set in; they close and open by click and by key', { timeout: PATIENCE }, async (t) => {
    const page = await open1(t, '#panel=console');
    await page.until(() => document.querySelectorAll('#panel-console .fold').length === 2);
    const inset = (id) => page.ev((one) => parseFloat(getComputedStyle(document.querySelector(`#panel-console [data-id=${one}] .msg`)).paddingInlineStart), id);
    assert.deepEqual([await inset('c8'), await inset('c9'), await inset('c10')], [0, 14, 28]);
    await page.click('#panel-console [data-id=c9] .fold');
    await page.until(() => !document.querySelector('#panel-console [data-id=c10]'));
    assert.ok(await page.ev(() => document.querySelector('#panel-console [data-id=c12]') !== null));
    assert.equal(await page.ev(() => document.querySelector('#panel-console [data-id=c9] .fold').getAttribute('aria-expanded')), 'false');
    assert.equal(await page.ev(() => document.querySelector('#panel-console [aria-selected=true]')), null);
    await page.ev(() => document.querySelector('#panel-console [data-id=c9] .fold').focus());
    await page.press('Enter');
    await page.until(() => document.querySelector('#panel-console [data-id=c10]') !== null);
    assert.ok(await page.ev(() => document.activeElement.className === 'fold'));
  });

  test('styles, tables, causes and frames of others', { timeout: PATIENCE }, async (t) => {
    const page = await open1(t, '#panel=console&id=c14');
    const drawer = (id) => page.until((words) => document.querySelector('#panel-console .drawer h2')?.textContent.includes(words) && document.querySelector('#panel-console .drawer .inside')?.textContent !== '', id);
    // Rows and frames may lie outside the view.
    const select = (id) => page.ev((one) => { location.hash = `panel=console&id=${one}`; }, id);
    await drawer('Acme');
    const style = () => page.ev(() => { const { fontWeight, position, backgroundImage, color } = getComputedStyle(document.querySelector('#panel-console .drawer .ink')); return { fontWeight, position, backgroundImage, color }; });
    const { color, ...rest } = await style();
    assert.deepEqual(rest, { fontWeight: '700', position: 'static', backgroundImage: 'none' });
    assert.equal(await page.ev(() => document.querySelector('#panel-console .drawer .text').textContent), 'Acme <b>');
    await select('c15');
    await drawer('red and');
    assert.notEqual((await style()).color, color);
    assert.equal(await page.ev(() => document.querySelector('#panel-console .drawer .text').textContent), 'red and [redacted auth#3]');
    assert.equal(await page.ev(() => document.querySelector('#panel-console .drawer .text .red').textContent), '[redacted auth#3]');
    await select('c16');
    await drawer('Array(2)');
    assert.deepEqual(await page.ev(() => [...document.querySelectorAll('#panel-console .drawer tr')].map((row) => [...row.children].map((cell) => cell.textContent))), [['', 'id', 'name', 'city'], ['0', '1', '"Ann"', ''], ['1', '2', '', '"<i>Bonn</i>"']]);
    await select('c17');
    await drawer('Error: pay');
    const items = () => page.ev(() => [...document.querySelectorAll('#panel-console .drawer .stack > li')].map((item) => item.querySelector('summary')?.textContent ?? item.textContent));
    assert.deepEqual(await items(), ['pay app.js:2:3', '2 more frames', 'main app.js:9:9', 'Caused by: TypeError: declined ', 'bank bank.js:4:4']);
    await page.ev(() => document.querySelector('#panel-console .drawer .stack summary').click());
    await page.until(() => document.querySelector('#panel-console .drawer .stack details').open);
    await assertQuiet(page, made, null);
  });

  test('rage and dead clicks are marked', { timeout: PATIENCE }, async (t) => {
    const page = await open1(t, '#panel=actions&id=a4');
    await page.until(() => document.querySelectorAll('#panel-actions [data-id]').length === 5);
    const marks = (await rows(page)).map((row) => /rage|dead/.exec(row.text)?.[0]);
    assert.deepEqual(marks, ['rage', 'rage', 'rage', 'dead', undefined]);
    await page.until(() => /Dead click: the logs show nothing/.test(document.querySelector('#panel-actions .drawer').textContent));
  });

  test('a ring is drawn where the click was, and can be switched off', { timeout: PATIENCE }, async (t) => {
    const page = await open1(t, '#panel=actions&id=a4');
    await videoAt(page, 5000, 100);
    const off = () => page.until(() => {
      const ring = document.querySelector('.rings i');
      if (!ring) return null;
      const [a, b] = [ring.parentElement.getBoundingClientRect(), document.querySelector('video').getBoundingClientRect()];
      // The picture is 16:9 within the video's box.
      const wide = Math.min(b.width, b.height * 16 / 9);
      const at = { x: a.left + ring.offsetLeft + ring.offsetWidth / 2, y: a.top + ring.offsetTop + ring.offsetHeight / 2 };
      return [Math.abs(a.width - wide), Math.abs(at.x - (b.left + b.width / 2)), Math.abs(at.y - (b.top + b.height / 2))];
    });
    for (const far of await off()) assert.ok(far < 2, String(await off()));
    await page.click('#panel-actions .tools .seg:last-of-type [aria-pressed]');
    await page.until(() => !document.querySelector('.rings i'));
  });
});
