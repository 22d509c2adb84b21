// MP4 and QuickTime files as recorders leave them: once shared they tell their length, and seek without being read whole.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PATIENCE, inEngines } from './engines.mjs';
import { enter, videoAt, withScheme } from './page.mjs';
import { MEDIA, ROOM, ROOT, share } from './share.mjs';

/** The samples, which are no part of the repository. */
const SAMPLES = process.env.SEALCAST_SAMPLES ?? join(ROOT, '../shared/samples');

/** Files of the project, and arguments that make others out of ffmpeg's test pictures. */
const FILES = [
  { file: join(MEDIA, 'fragmented.mp4'), repair: 'fragments joined under one index' },
  { file: join(MEDIA, 'quicktime-rotated.mov'), repair: 'index moved to the front' },
  { file: join(SAMPLES, 'mediarecorder/mr_mp4.mp4'), repair: 'fragments joined under one index' },
  { file: join(SAMPLES, 'mediarecorder/mr_avcopus.mp4'), repair: 'fragments joined under one index' },
  { make: '-bf 2 -movflags frag_keyframe+empty_moov+default_base_moof fragments.mp4', repair: 'fragments joined under one index' },
  { make: '-bf 2 last.mp4', repair: 'index moved to the front' },
];
const PICTURES = '-nostdin -loglevel error -y -f lavfi -i color=gray:s=640x360:r=15:d=60,noise=alls=100:allf=t+u -f lavfi -i sine=d=60 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -b:v 4M -maxrate 4M -bufsize 2M -g 30 -c:a aac -b:a 32k'.split(' ');

/** The file, made when it has to be; null when that cannot be done here. */
function made({ file, make }) {
  if (file) return existsSync(file) ? file : null;
  const args = make.split(' ');
  const path = join(ROOM, args.pop());
  if (existsSync(path)) return path;
  return spawnSync('ffmpeg', [...PICTURES, ...args, path]).status === 0 ? path : null;
}

inEngines(['chromium', 'firefox', 'webkit'], ({ engine, open }) => {
  for (const one of FILES) {
    const name = one.make ?? one.file.split('/').at(-1);
    test(`${name} seeks`, { timeout: PATIENCE }, async (t) => {
      const file = made(one);
      if (!file) return t.skip('the file is not here, and no ffmpeg that could make it');
      const shared = share(file, { layout: 'dir' });
      const { video } = shared.json;
      assert.ok(video.repairs.includes(one.repair) && video.repairs.includes('metadata removed'), `${video.repairs}`);
      const page = await open();
      t.after(() => page.close());
      await withScheme(shared, 'http', async (url, server) => {
        await enter(page, url);
        await page.until(() => document.querySelector('video').readyState >= 2);
        const length = await page.ev(() => document.querySelector('video').duration * 1000);
        assert.ok(Math.abs(length - video.duration_ms) <= 50, `the video reports ${length} ms of ${video.duration_ms}`);
        const before = server.sent();
        const start = Date.now();
        await page.press('9');
        await videoAt(page, video.duration_ms * 0.9, 50);
        t.diagnostic(`${engine}: ${Date.now() - start} ms, ${server.sent() - before} of ${shared.json.bytes} bytes`);
        // WebKitGTK reads on for as long as it may, and small files are read whole.
        if (engine !== 'webkit' && shared.json.bytes > 20e6) assert.ok(server.sent() - before <= shared.json.bytes / 10);
      }, { pace: 2_000_000 });
    });
  }
});
