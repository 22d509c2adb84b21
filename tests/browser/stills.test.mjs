// Pictures that ffmpeg takes out of the video: the poster before it plays, and the small ones on the scrub bar.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PATIENCE, inEngines } from './engines.mjs';
import { assertQuiet, enter, withScheme } from './page.mjs';
import { ROOM, folder, manifestOf, share } from './share.mjs';

const FFMPEG = spawnSync('ffmpeg', ['-version']).status === 0;

/** Red, then green, then blue, four seconds each; the very start is black. */
function colours() {
  const path = join(ROOM, 'colours.webm');
  const parts = [['black', 0.4], ['red', 3.6], ['lime', 4], ['blue', 4]].flatMap(([name, seconds]) => ['-f', 'lavfi', '-i', `color=${name}:s=320x180:r=10:d=${seconds}`]);
  const run = spawnSync('ffmpeg', ['-v', 'error', '-y', ...parts, '-filter_complex', '[0][1][2][3]concat=n=4', '-c:v', 'libvpx', '-g', '20', '-b:v', '100k', path], { encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  return readFileSync(path);
}

/** Runs in the page: whether a picture can be drawn, and its middle is of this colour. */
async function isColour(selector, wanted) {
  const place = document.querySelector(selector);
  if (!place || place.hidden || place.poster === '') return false;
  const image = new Image();
  if (place.poster) {
    image.src = place.poster;
    await image.decode();
  }
  const from = place.poster ? image : place;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d');
  context.drawImage(from, (from.naturalWidth ?? from.width) / 2, (from.naturalHeight ?? from.height) / 2, 1, 1, 0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return wanted === (red > 150 ? 'red' : green > 150 ? 'green' : blue > 150 ? 'blue' : 'black');
}

/** Runs in the page: the pointer comes to a share of the scrub bar. */
function pointAt(part) {
  const scrub = document.querySelector('.scrub');
  const { left, top, width, height } = scrub.getBoundingClientRect();
  scrub.dispatchEvent(new PointerEvent('pointermove', { bubbles: true, clientX: left + part * width, clientY: top + height / 2, pointerType: 'mouse' }));
}

const WAYS = [
  { layout: 'html', scheme: 'file', args: [] },
  { layout: 'html', scheme: 'file', args: ['--encrypt'] },
  { layout: 'dir', scheme: 'http', args: [] },
  { layout: 'dir', scheme: 'http', args: ['--encrypt'] },
];

if (FFMPEG) {
  const recording = folder({ 'video.webm': colours() });
  inEngines(['chromium', 'firefox', 'webkit'], ({ open }) => {
    for (const { layout, scheme, args } of WAYS) {
      const sealed = args.length > 0;
      test(`the poster stands before play and the bar shows small pictures: ${layout}, ${sealed ? 'sealed' : 'plain'}`, { timeout: 2 * PATIENCE }, async () => {
        const one = share(recording, { layout, args, stills: true });
        await withScheme(one, scheme, async (url, server) => {
          const page = await open();
          await enter(page, url + one.hash);
          // From behind the black start.
          await page.until(isColour, '.stage > video', 'red');
          assert.ok(await page.ev(() => document.querySelector('.stage > video').paused));
          for (const [part, colour] of [[0.5, 'green'], [0.9, 'blue'], [0.15, 'red']]) {
            await page.ev(pointAt, part);
            await page.until(isColour, '.preview', colour);
          }
          assert.equal(await page.ev(() => document.querySelectorAll('video').length), 1, 'no second video is loaded');
          if (layout === 'dir' && !sealed) {
            const { preview } = manifestOf(one.page);
            assert.ok(server.requests.some((asked) => asked.url.split('?')[0].endsWith(`/parts/${preview.part}.jpg`)), 'the pictures are a file of their own');
          }
          await assertQuiet(page, one, server);
          await page.close();
        });
      });
    }
  });
} else test('pictures of the video', { skip: 'ffmpeg is not there to take them' }, () => {});
