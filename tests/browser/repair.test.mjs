// Recordings that no browser could search as they were: their length is there at once, and a seek lands.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { PATIENCE, inEngines } from './engines.mjs';
import { assertQuiet, enter, videoAt, withScheme } from './page.mjs';
import { MEDIA, share } from './share.mjs';

/** What the recorder left out, and what the share must say was done. */
const FILES = [
  { name: 'mediarecorder.webm', repairs: ['sizes added', 'length added', 'index added'] },
  { name: 'mediarecorder-vp9.webm', repairs: ['sizes added', 'length added', 'index added'] },
  { name: 'mediarecorder-alpha-cut.webm', repairs: ['sizes added', 'length added', 'index added', 'cut end dropped'] },
];

inEngines(['chromium', 'firefox', 'webkit'], ({ open }) => {
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
