// Boxes of the video that were made black: black in the video itself, and outlined where they are, at every size.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { PATIENCE, inEngines } from './engines.mjs';
import { assertQuiet, enter } from './page.mjs';
import { ROOT, share } from './share.mjs';

const VIDEO = join(ROOT, 'tests/media/mediarecorder.webm');
const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;

/** How far the outline is from a quarter to three quarters of the picture, in pixels of the screen; null before there is one. */
const off = () => {
  const video = document.querySelector('.stage video');
  const box = document.querySelector('.masks rect')?.getBoundingClientRect();
  if (!video?.videoWidth || !box) return null;
  const room = video.getBoundingClientRect();
  const scale = Math.min(room.width / video.videoWidth, room.height / video.videoHeight);
  const [width, height] = [video.videoWidth * scale, video.videoHeight * scale];
  const left = room.left + (room.width - width) / 2 + width / 4;
  const top = room.top + (room.height - height) / 2 + height / 4;
  return Math.max(Math.abs(box.left - left), Math.abs(box.top - top), Math.abs(box.width - width / 2), Math.abs(box.height - height / 2));
};

/** How bright the middle of the video is, and of the lightest of its corners. */
const brightness = () => {
  const video = document.querySelector('.stage video');
  if (!video || video.readyState < 2) return null;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  const context = canvas.getContext('2d');
  context.drawImage(video, 0, 0);
  const at = (x, y) => Math.max(...context.getImageData(Math.floor(canvas.width * x), Math.floor(canvas.height * y), 1, 1).data.slice(0, 3));
  return { middle: Math.max(at(0.3, 0.3), at(0.5, 0.5), at(0.7, 0.7)), timed: document.querySelectorAll('.masks rect')[1].getAttribute('visibility') };
};

inEngines(['chromium', 'firefox', 'webkit'], ({ open }) => {
  test('a box is black and outlined', { timeout: PATIENCE, skip: !hasFfmpeg && 'there is no ffmpeg' }, async (t) => {
    const page = await open();
    t.after(() => page.close());
    const made = share(VIDEO, { args: ['--video-mask', '25%,25%,50%,50%', '--video-mask', '0,0,4,4@0.2-0.4'] });
    await enter(page, made.url);
    await page.until(() => (document.querySelector('.stage video')?.readyState ?? 0) >= 2);
    const seen = await page.until(brightness);
    assert.ok((await page.ev(off)) < 1.5, `${await page.ev(off)} pixels off`);
    const { middle, timed } = (typeof seen === 'object' && seen) || (await page.ev(brightness));
    assert.ok(middle < 40, `brightness ${middle}`);
    assert.equal(timed, 'hidden');
    await assertQuiet(page, made, null);
  });
});
