// Recordings that no browser could search as they were: their length is there at once, and a seek lands.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { PATIENCE, inEngines } from './engines.mjs';
import { assertQuiet, enter, videoAt, withScheme } from './page.mjs';
import { MEDIA, ROOM, share } from './share.mjs';

/** What the recorder left out, and what the share must say was done. */
const FILES = [
  { name: 'mediarecorder.webm', repairs: ['sizes added', 'length added', 'index added'] },
  { name: 'mediarecorder-vp9.webm', repairs: ['sizes added', 'length added', 'index added'] },
  { name: 'mediarecorder-alpha-cut.webm', repairs: ['sizes added', 'length added', 'index added', 'cut end dropped'] },
];

/** A minute of noise as a recorder streams it: without sizes, length and index. */
const LONG = join(ROOM, 'long.webm');
const PICTURES = '-nostdin -loglevel error -y -f lavfi -i color=gray:s=640x360:r=15:d=60,noise=alls=100:allf=t+u -c:v libvpx -deadline realtime -cpu-used 16 -b:v 4M -minrate 4M -maxrate 4M -g 30 -f webm -live 1'.split(' ');

inEngines(['chromium', 'firefox', 'webkit'], ({ engine, open }) => {
  let made = false;
  before(() => { made = spawnSync('ffmpeg', [...PICTURES, LONG]).status === 0; });

  test('a long one seeks without being read whole', { timeout: PATIENCE }, async (t) => {
    if (!made) return t.skip('no ffmpeg that could make it');
    const shared = share(LONG, { layout: 'dir' });
    assert.ok(shared.json.video.repairs.includes('index added'), `${shared.json.video.repairs}`);
    assert.ok(shared.json.bytes > 20e6, `${shared.json.bytes} bytes`);
    const page = await open();
    t.after(() => page.close());
    await withScheme(shared, 'http', async (url, server) => {
      await enter(page, url);
      await page.until(() => document.querySelector('video').readyState >= 2);
      const start = [server.sent(), Date.now()];
      await page.press('9');
      await videoAt(page, shared.json.duration_ms * 0.9, 50);
      const sent = server.sent() - start[0];
      t.diagnostic(`${engine}: ${Date.now() - start[1]} ms, ${sent} of ${shared.json.bytes} bytes`);
      // WebKitGTK reads on for as long as it may.
      if (engine !== 'webkit') assert.ok(sent <= shared.json.bytes / 10, `${sent} of ${shared.json.bytes} bytes`);
    }, { pace: 2_000_000 });
  });

  for (const { name, repairs } of FILES) {
    for (const args of [[], ['--encrypt']]) {
      test(`${name} is searched${args.length ? ', sealed' : ''}`, { timeout: PATIENCE }, async (t) => {
        const page = await open();
        t.after(() => page.close());
        const made = share(join(MEDIA, name), { layout: 'dir', args });
        assert.deepEqual(made.json.video.repairs, repairs);
        await withScheme(made, 'http', async (url, server) => {
          await enter(page, url + made.hash);
          await page.until(() => document.querySelector('video').readyState >= 1);
          const length = made.json.duration_ms;
          const duration = await page.ev(() => document.querySelector('video').duration * 1000);
          assert.ok(Math.abs(duration - length) <= 50, `${duration} ms of ${length}`);
          await page.press('9');
          await videoAt(page, length * 0.9, 150);
          await assertQuiet(page, made, server);
        });
      });
    }
  }
});
