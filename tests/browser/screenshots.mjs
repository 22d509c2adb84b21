#!/usr/bin/env node
// Makes the pictures of the README: docs/player-light.png, -dark, -phone, -embed and -expired.
// usage: cargo build && node tests/browser/screenshots.mjs
import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { launch } from './engines.mjs';
import { enter, videoAt } from './page.mjs';
import { serve } from './server.mjs';
import { EXAMPLE, ROOM, ROOT, folder, manifestOf, sealcast, share, withHeader } from './share.mjs';

const DOCS = join(ROOT, 'docs');
const LIMIT = 250_000;
/** The failing request rather than the error it led to: the panel with most to see. */
const PLACE = '#panel=network&id=n23';
const PICTURES = {
  light: { width: 1280, height: 800 },
  dark: { width: 1280, height: 800, dark: true },
  phone: { width: 390, height: 844, touch: true, zoom: 2 },
  embed: { width: 1200, height: 700 },
  expired: { width: 900, height: 420 },
};
/** A page of somebody else's, with the share in it. */
const HOST = (/** @type {string} */ frame) => `<!doctype html><meta charset="utf-8"><style>body{margin:28px 48px;font:16px/1.5 Georgia,serif;color:#222;background:#fdfcf9}iframe{width:100%;height:510px}</style><h2>Payment fails for Ireland</h2><p>Here is what Mara saw. The request behind it is beside the picture.</p>${frame}`;

const made = share(EXAMPLE, { args: ['--expires', 'never'] });
const old = withHeader(made, (header) => ({ ...header, created: Date.UTC(2026, 10, 19, 9) / 1000, expires: Date.UTC(2026, 10, 20, 9) / 1000 }));
const [time] = manifestOf(made.page).failures.first;
mkdirSync(DOCS, { recursive: true });
const browser = await launch('chromium');
for (const [name, options] of Object.entries(PICTURES)) {
  const page = await browser.page(options);
  await ({ embed, expired }[name] ?? whole)(page);
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

/** The page at its first failure. */
async function whole(page) {
  await enter(page, made.url + PLACE);
  await page.ev(() => document.querySelector('video').readyState);
  await videoAt(page, time, 500);
  await page.until(() => document.querySelector('.drawer:not([hidden]) h2') !== null && document.querySelectorAll('.fail .links button').length > 0);
  // What is painted is the frame of this time, not the one before.
  await page.ev((ms) => new Promise((done) => {
    const video = document.querySelector('video');
    video.requestVideoFrameCallback(done);
    video.currentTime = ms / 1000 + 0.02;
  }), time);
}

/** The frame as `sealcast embed` prints it, played a little. */
async function embed(page) {
  const server = await serve(dirname(made.page));
  const { stdout } = sealcast('embed', made.page, '--url', `${server.url(basename(made.page))}`, '--at', `${(time / 1000 - 2).toFixed(1)}s`);
  const host = await serve(folder({ 'index.html': HOST(stdout.trim()) }), { host: 'localhost' });
  await page.go(host.url(''));
  const frame = await page.frame('iframe');
  await frame.until(() => document.documentElement.dataset.state === 'ready');
  await frame.ev(() => document.querySelector('.cover button, button.cover, .cover')?.click());
  await frame.until(() => document.querySelector('video').currentTime > 1 && !document.querySelector('video').paused);
  await frame.ev(() => new Promise((done) => setTimeout(done, 1500)));
  await frame.ev(() => document.querySelector('video').pause());
  server.close();
  host.close();
}

async function expired(page) {
  await enter(page, old.url, 'expired');
}

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
