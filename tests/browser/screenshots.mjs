#!/usr/bin/env node
// Makes the pictures of the README: docs/player-light.png, docs/player-dark.png, docs/player-phone.png.
// usage: cargo build && node tests/browser/screenshots.mjs
import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { launch } from './engines.mjs';
import { enter, videoAt } from './page.mjs';
import { EXAMPLE, ROOM, ROOT, manifestOf, share } from './share.mjs';

const DOCS = join(ROOT, 'docs');
const LIMIT = 250_000;
/** The failing request rather than the error it led to: the panel with most to see. */
const PLACE = '#panel=network&id=n23';
const PICTURES = {
  light: { width: 1280, height: 800 },
  dark: { width: 1280, height: 800, dark: true },
  phone: { width: 390, height: 844, touch: true, zoom: 2 },
};

const made = share(EXAMPLE);
const [time] = manifestOf(made.page).failures.first;
mkdirSync(DOCS, { recursive: true });
const browser = await launch('chromium');
for (const [name, options] of Object.entries(PICTURES)) {
  const page = await browser.page(options);
  await enter(page, made.url + PLACE);
  await page.ev(() => document.querySelector('video').readyState);
  await videoAt(page, time, 500);
  await page.until(() => document.querySelector('.drawer:not([hidden]) h2') !== null && document.querySelectorAll('.fail .links button').length > 0);
  await page.until(() => { const video = document.querySelector('video'); return !video.seeking && video.readyState >= 2; });
  await page.ev(() => new Promise((done) => setTimeout(done, 1500)));
  const raw = join(ROOM, `${name}.png`);
  await page.shot(raw);
  await page.close();
  const target = join(DOCS, `player-${name}.png`);
  shrink(raw, target);
  const { size } = statSync(target);
  console.log(`${target} ${size} bytes${size > LIMIT ? ': TOO LARGE' : ''}`);
  if (size > LIMIT) process.exitCode = 1;
}
await browser.close();

/** Few colours are enough for a picture of a page; without a tool for that it stays as it is. */
function shrink(raw, target) {
  const few = join(ROOM, 'few.png');
  rmSync(few, { force: true });
  const tools = [
    ['pngquant', ['--force', '--speed', '1', '--output', few, '256', raw]],
    ['ffmpeg', ['-v', 'error', '-y', '-i', raw, '-vf', 'split[a][b];[a]palettegen=max_colors=256:stats_mode=full[p];[b][p]paletteuse=dither=none', '-compression_level', '100', few]],
  ];
  const done = tools.some(([tool, args]) => spawnSync(tool, args, { stdio: 'inherit' }).status === 0);
  renameAcross(done ? few : raw, target);
}

/** The temporary folder may lie on another disk. */
function renameAcross(from, to) {
  try {
    renameSync(from, to);
  } catch {
    spawnSync('cp', [from, to]);
  }
}
