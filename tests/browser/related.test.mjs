// What belongs together is linked; and a video that lies wrong among the logs can be moved.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATIENCE, inEngines } from './engines.mjs';
import { assertQuiet, enter, videoAt } from './page.mjs';
import { EXAMPLE, share } from './share.mjs';

inEngines(['chromium'], ({ open }) => {
  const made = share(EXAMPLE);
  const links = (page) => page.ev(() => [...document.querySelectorAll('.drawer .links:not([hidden]) [data-link]')].map((chip) => [chip.dataset.link, chip.title]));

  test('a request names its action and its backend lines, and a click goes there', { timeout: PATIENCE }, async (t) => {
    const page = await open();
    t.after(() => page.close());
    await enter(page, `${made.url}#panel=network&id=n20`);
    await page.until(() => document.querySelectorAll('.drawer .links:not([hidden]) [data-link]').length > 1);
    const found = await links(page);
    assert.ok(found.some(([id, why]) => id.startsWith('b') && /trace or request id/.test(why)), JSON.stringify(found));
    const [action] = found.find(([id]) => id.startsWith('a'));
    await page.click(`.drawer [data-link="${action}"]`);
    await page.until((id) => document.querySelector(`[data-id="${id}"]`)?.getAttribute('aria-selected') === 'true', action);
    await assertQuiet(page, made, null);
  });

  test('the video is moved against the logs, and the option named that keeps it', { timeout: PATIENCE }, async (t) => {
    const page = await open();
    t.after(() => page.close());
    await enter(page, `${made.url}#panel=info&t=10`);
    await videoAt(page, 10_000);
    await page.click('.nudge [aria-label="Video 1 s later"]');
    await videoAt(page, 9_000, 60);
    await page.click('.nudge [aria-label="Video 0.1 s earlier"]');
    await videoAt(page, 9_100, 60);
    assert.match(await page.ev(() => document.querySelector('.nudge').textContent), /--offset 900/);
    const moved = share(EXAMPLE, { args: ['--offset', '900'] });
    assert.deepEqual(moved.json.timeline, { source: 'given', uncertainty_ms: 0 });
    await enter(page, `${moved.url}#panel=network&id=n20`);
    const time = await page.until(() => document.querySelector('[data-id="n20"]')?.dataset.time);
    await enter(page, `${made.url}#panel=network&id=n20`);
    const before = await page.until(() => document.querySelector('[data-id="n20"]')?.dataset.time);
    assert.ok(Math.abs(Number(before) - Number(time) - 900) < 1, `${before} became ${time}`);
  });
});
