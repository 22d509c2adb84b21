// A recording of which only a span was kept: it has that length, plays, and each row still fits its picture.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PATIENCE, inEngines } from './engines.mjs';
import { enter, plays, settledRows, showPanel, videoAt, withScheme } from './page.mjs';
import { EXAMPLE, MEDIA, ROOM, share } from './share.mjs';

/** A recording of one file and actions at these times, in ms. */
function recording(file, times) {
  const folder = join(ROOM, `recording-${file}`);
  mkdirSync(folder, { recursive: true });
  cpSync(join(MEDIA, file), join(folder, file));
  writeFileSync(join(folder, 'actions.ndjson'), times.map((t) => `${JSON.stringify({ t, type: 'click', label: `at ${t}` })}\n`).join(''));
  return folder;
}

const CASES = [
  { name: 'WebM', input: () => EXAMPLE, span: ['8', '20'] },
  { name: 'fragmented MP4', input: () => recording('fragmented.mp4', [400, 1900, 2300]), span: ['1.7', '2.6'] },
  { name: 'QuickTime', input: () => recording('quicktime-rotated.mov', [400, 1600, 2100]), span: ['1.3', '2.5'] },
];

/** The picture that is shown, in a few pixels. */
const picture = (page) => page.ev(() => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [24, 16];
  const context = canvas.getContext('2d');
  context.drawImage(document.querySelector('video'), 0, 0, 24, 16);
  return [...context.getImageData(0, 0, 24, 16).data];
});

/** Opens a share at the action of a time, or the last; gives that and its picture. */
async function atAction(page, shared, time, look) {
  return withScheme(shared, 'http', async (url) => {
    await enter(page, url);
    await page.until(() => document.querySelector('video').readyState >= 2);
    await showPanel(page, 'actions');
    const list = await settledRows(page);
    const row = time === null ? list.at(-1) : list.find((one) => Math.abs(one.time - time) < 1);
    assert.ok(row, `there is no row at ${time}`);
    await page.click(`[role=tabpanel]:not([hidden]) [data-id="${row.id}"]`);
    await videoAt(page, row.time, 60);
    const shown = await picture(page);
    await look?.();
    return { ...row, shown, count: list.length };
  });
}

/** A row's text without its time. */
const words = (text) => text.replace(/^[-\d:.\s]+/, '');
const difference = (a, b) => a.reduce((sum, value, at) => sum + Math.abs(value - b[at]), 0) / a.length;

inEngines(['chromium', 'firefox', 'webkit'], ({ engine, open }) => {
  for (const { name, input, span: [from, to] } of CASES) {
    test(`a span of a ${name} plays, and its rows fit`, { timeout: PATIENCE }, async (t) => {
      const folder = input();
      const trimmed = share(folder, { layout: 'dir', args: ['--from', from, '--to', to] });
      const page = await open();
      t.after(() => page.close());
      const { cut_ms: cut } = trimmed.json.trim;
      const part = await atAction(page, trimmed, null, async () => {
        const length = await page.ev(() => document.querySelector('video').duration * 1000);
        assert.ok(Math.abs(length - trimmed.json.duration_ms) <= 50, `${length} ms of ${trimmed.json.duration_ms}`);
        await page.press('0');
        // Where the sound of an MP4 begins later than its picture, GStreamer takes a seek before that for one to it.
        await page.until((at) => {
          const video = document.querySelector('video');
          return !video.seeking && video.readyState >= 2 && video.currentTime * 1000 < at;
        }, engine === 'webkit' ? Number(from) * 1000 - cut + 60 : 60);
        await plays(page, engine, trimmed);
      });
      assert.ok(part.time > 0 && part.time <= trimmed.json.duration_ms);
      const whole = await atAction(page, share(folder, { layout: 'dir' }), part.time + cut);
      assert.equal(words(part.text), words(whole.text));
      assert.ok(part.count < whole.count, 'some rows lie outside');
      const off = difference(part.shown, whole.shown);
      assert.ok(off < 4, `the pictures differ by ${off}`);
    });
  }
});
