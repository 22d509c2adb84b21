// Recordings of every shape: videos without a length, videos that cannot play, none at all, parts beside the page.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PATIENCE, inEngines } from './engines.mjs';
import { assertQuiet, enter, rows, settledRows, showPanel, shownTime, tabNames, videoAt, withScheme } from './page.mjs';
import { EXAMPLE, MEDIA, folder, ndjson, share } from './share.mjs';

const NAMELESS = join(MEDIA, 'mediarecorder.webm');
const LINES = ndjson(Array.from({ length: 25 }, (_, n) => ({ t: n * 100, level: n === 12 ? 'error' : 'info', type: 'console', text: `line ${n}` })));

/** The recorder's file, with a codec of its own invention. */
function strangeVideo() {
  const bytes = readFileSync(NAMELESS);
  const at = ['V_VP8', 'V_VP9'].map((name) => bytes.indexOf(name)).find((place) => place >= 0);
  assert.ok(at > 0, 'the fixture names its codec');
  bytes.write('V_XYZ', at);
  return bytes;
}

/** The panels work and the clock runs, whatever became of the picture. */
async function assertUsable(page) {
  await showPanel(page, 'console');
  const row = (await settledRows(page)).find(({ id }) => id === 'c6');
  await page.click(`#panel-console [data-id="${row.id}"]`);
  await page.until((text) => document.querySelector('.controls .time b').textContent === text, '0:00.5');
  await page.until(() => !document.querySelector('#panel-console .drawer').hidden);
  await page.press('k');
  await page.until(() => document.querySelector('.controls .time b').textContent > '0:00.9');
}

inEngines(['chromium', 'firefox', 'webkit'], ({ engine, open }) => {
  const spec = (name, run) => test(name, { timeout: PATIENCE }, async (t) => {
    const page = await open();
    t.after(() => page.close());
    await run(page);
  });

  spec('a recorder’s file without a length has a timeline and can be searched', async (page) => {
    const made = share(NAMELESS);
    await enter(page, made.url);
    const length = made.json.duration_ms;
    assert.ok(length > 1000);
    await page.until(() => document.querySelector('video').readyState >= 2);
    assert.ok(Math.abs(Number(await page.ev(() => document.querySelector('[role=slider]').getAttribute('aria-valuemax'))) - length / 1000) < 1, 'the bar has its length, in seconds');
    for (const tenth of [5, 9]) {
      await page.press(String(tenth));
      await videoAt(page, (length * tenth) / 10, 150);
    }
    await assertQuiet(page, made, null);
  });

  spec('a video this device cannot play is said so, and the panels stay usable', async (page) => {
    const made = share(folder({ 'video.webm': strangeVideo(), 'console.ndjson': LINES }));
    await enter(page, made.url);
    const words = await page.until(() => document.querySelector('.stage-words')?.checkVisibility() && document.querySelector('.stage-words').textContent);
    assert.match(words, /cannot (play|show)|damaged/);
    await assertUsable(page);
  });

  spec('without a video a clock runs over the logs', async (page) => {
    const made = share(join(EXAMPLE, 'network.har'));
    await enter(page, made.url);
    assert.equal(made.json.video, null);
    assert.deepEqual(await tabNames(page), ['Timeline', 'Network', 'Info']);
    await page.until(() => document.querySelector('.right > [role=tabpanel]:not([hidden]) [data-id][aria-selected=true]') !== null);
    const [row] = (await rows(page)).filter(({ selected }) => selected === 'true');
    assert.ok(Math.abs(await shownTime(page) - row.time) <= 100);
    const before = await shownTime(page);
    await page.click('[aria-label^="Play"]');
    await page.until((text) => document.querySelector('.stage-clock b').textContent > text, await page.ev(() => document.querySelector('.stage-clock b').textContent));
    await page.ev(() => new Promise((done) => setTimeout(done, 600)));
    assert.ok(await shownTime(page) > before);
    await page.click('[aria-label^="Pause"]');
    await assertQuiet(page, made, null);
  });

  if (engine !== 'chromium') return;

  spec('a video that the server does not give is said so, and the panels stay usable', async (page) => {
    const made = share(folder({ 'video.webm': readFileSync(NAMELESS), 'console.ndjson': LINES }), { layout: 'dir' });
    await withScheme(made, 'http', async (url) => {
      await enter(page, url);
      await page.until(() => document.querySelector('.stage-words').checkVisibility());
      await assertUsable(page);
    }, { down: /parts\/.*webm/ });
  });

  spec('a video alone has no panels but Info', async (page) => {
    const made = share(NAMELESS);
    await enter(page, made.url);
    assert.deepEqual(await tabNames(page), ['Info']);
    assert.equal(await page.ev(() => document.querySelector('.fail')), null);
  });

  spec('chosen panels only', async (page) => {
    await enter(page, share(EXAMPLE, { args: ['--panels', 'console,actions'] }).url);
    const names = await tabNames(page);
    assert.ok(names.includes('Console') && names.includes('Actions') && !names.includes('Network') && !names.includes('Backend'), names.join());
  });

  spec('captions and pictures', async (page) => {
    const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
    const made = share(folder({ 'video.webm': readFileSync(NAMELESS), 'captions.vtt': 'WEBVTT\n\n00:00.000 --> 00:02.000\nHello there\n', 'one.png': pixel, 'two.png': pixel }));
    await enter(page, made.url);
    await page.press('c');
    await page.until(() => {
      const [track] = document.querySelector('video').textTracks;
      return track?.mode === 'showing' && track.cues?.length === 1 && track.cues[0].text === 'Hello there';
    });
    await page.click('#tab-info');
    await page.until(() => [...document.querySelectorAll('.gallery img')].filter((image) => image.naturalWidth === 1).length === 2);
    await assertQuiet(page, made, null);
  });

  // Logs that do not fit into a folder's page: text that does not compress.
  const heavy = () => folder({ 'console.ndjson': ndjson(Array.from({ length: 11_000 }, (_, n) => ({ t: n, level: 'info', type: 'console', text: `line ${n} ${randomBytes(900).toString('base64')}` }))), 'actions.ndjson': ndjson([{ t: 5, type: 'click', label: 'Here' }]), 'video.webm': readFileSync(NAMELESS) });

  test('logs beside the page are read piece by piece, from any server', { timeout: 2 * PATIENCE }, async (t) => {
    const made = share(heavy(), { layout: 'dir' });
    const files = made.json.files.map((file) => file.path).filter((path) => path.endsWith('.bin'));
    assert.ok(files.length > 0, 'some logs are files');
    for (const ranges of [true, false]) {
      const page = await open();
      t.after(() => page.close());
      await withScheme(made, 'http', async (url, server) => {
        await enter(page, `${url}#panel=console&id=c8000`);
        await page.until(() => document.querySelector('#panel-console [data-id="c8000"]')?.textContent.includes('line 7999'));
        await page.until(() => document.querySelector('#panel-console .drawer').textContent.includes('line 7999'));
        const asked = server.requests.filter((request) => request.url.endsWith('.bin'));
        if (ranges) assert.ok(asked.every((request) => /^bytes=\d+-\d+$/.test(request.range)));
        else assert.ok(asked.length <= files.length * 2, `the whole is asked for once (${asked.length} requests)`);
        await assertQuiet(page, made, server);
      }, { ranges });
    }
    const page = await open();
    t.after(() => page.close());
    await enter(page, made.url);
    await showPanel(page, 'actions');
    assert.equal((await settledRows(page)).length, 1);
    await page.click('#tab-console');
    await page.until(() => /sealcast serve/.test(document.querySelector('#panel-console .problem').textContent));
    await page.until(() => document.querySelector('video').readyState >= 2);
  });
});
