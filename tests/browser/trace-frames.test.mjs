// A trace without a video: its frames are the picture, each at its time, plain and sealed.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { PATIENCE, inEngines } from './engines.mjs';
import { assertQuiet, enter } from './page.mjs';
import { ROOT, share } from './share.mjs';

const TRACE = join(ROOT, 'tests/import/playwright/archive/input.zip');

/** Whether a picture is shown whose middle is mostly of this colour. */
const looksLike = (wanted) => {
  const image = document.querySelector('.stage > img');
  if (!image?.complete || !image.naturalWidth) return false;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d');
  context.drawImage(image, 8, 8, 1, 1, 0, 0, 1, 1);
  const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
  return (r > g && r > b ? 'red' : g > b ? 'green' : 'blue') === wanted;
};

inEngines(['chromium', 'firefox', 'webkit'], ({ open }) => {
  for (const args of [[], ['--encrypt']]) {
    test(`the frame of the playhead is shown${args.length ? ', sealed' : ''}`, { timeout: PATIENCE }, async (t) => {
      const page = await open();
      t.after(() => page.close());
      const made = share(TRACE, { args });
      await enter(page, made.url + (made.hash ?? ''));
      for (const [key, colour] of [['0', 'red'], ['8', 'green'], ['0', 'red']]) {
        await page.press(key);
        await page.until(looksLike, colour);
      }
      // It plays on, to the last frame.
      await page.press('k');
      await page.until(looksLike, 'blue');
      assert.equal(made.json.video, null);
      if (!args.length) await assertQuiet(page, made, null);
    });
  }
});
