// Sealed playback beside plain: time to the first frame and to a seek to 90 %, and the bytes it took.
// usage: node benches/playback.mjs [--runs N] [VIDEO]   (makes a video of 300 MB with ffmpeg when none is given)
import { spawnSync } from 'node:child_process';
import { createReadStream, existsSync, mkdirSync, statSync } from 'node:fs';
import http from 'node:http';
import { extname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { launch } from '../tests/browser/engines.mjs';

const { values, positionals: [given] } = parseArgs({ options: { runs: { type: 'string', default: '5' } }, allowPositionals: true });
const ROOT = resolve(import.meta.dirname, '..');
const ROOM = join(ROOT, 'target/playback');
const PROGRAM = join(ROOT, 'target/release/sealcast');
const TYPES = { '.html': 'text/html; charset=utf-8', '.mp4': 'video/mp4', '.webm': 'video/webm', '.js': 'text/javascript' };
const LINKS = { loopback: { delay: 0, rate: Infinity }, '60 ms, 20 Mbit/s': { delay: 60, rate: 2_500_000 } };

mkdirSync(ROOM, { recursive: true });
const video = given ? resolve(given) : generated();
const shares = Object.fromEntries(['plain', 'sealed'].map((seal) => [seal, share(seal)]));
const browser = await launch('chromium');
for (const [name, link] of Object.entries(LINKS)) {
  const results = { plain: [], sealed: [] };
  for (let run = 0; run < Number(values.runs); run++) for (const seal of ['plain', 'sealed']) results[seal].push(await measure(seal, link));
  for (const [seal, list] of Object.entries(results)) console.log(`${name.padEnd(17)} ${seal.padEnd(6)} ${['ready', 'first', 'seek'].map((what) => `${what} ${middle(list, what)}`).join('   ')}   MB until first ${middle(list, 'firstBytes')}, until seek ${middle(list, 'seekBytes')}`);
}
await browser.close();

/** Median, and the span. */
function middle(list, what) {
  const sorted = list.map((one) => one[what]).sort((a, b) => a - b);
  const text = (value) => (what.endsWith('Bytes') ? (value / 1e6).toFixed(1) : `${Math.round(value)}`);
  return `${text(sorted[sorted.length >> 1])} (${text(sorted[0])}–${text(sorted.at(-1))})${what.endsWith('Bytes') ? '' : ' ms'}`;
}

async function measure(seal, link) {
  const { dir, hash } = shares[seal];
  const server = await serve(dir, link);
  const page = await browser.page();
  const begun = performance.now();
  await page.go(`${server.origin}/index.html${hash}`);
  const ready = page.until(() => document.documentElement.dataset.state === 'ready').then(() => performance.now() - begun);
  await page.until(() => document.querySelector('video')?.readyState >= 2);
  const first = performance.now() - begun;
  const firstBytes = server.sent();
  const known = { ready: await ready, first, firstBytes };
  const seek = await page.ev(() => new Promise((done) => {
    const element = document.querySelector('video');
    const start = performance.now();
    element.addEventListener('seeked', () => done(performance.now() - start), { once: true });
    element.currentTime = element.duration * 0.9;
  }));
  const result = { ...known, seek, seekBytes: server.sent() };
  await page.close();
  server.close();
  return result;
}

/** A server whose answers begin late and share a line of so many bytes a second. */
async function serve(root, { delay, rate }) {
  let sent = 0;
  let free = 0;
  const server = http.createServer((request, response) => {
    setTimeout(() => answer(request, response), delay);
  });
  function answer(request, response) {
    const file = join(root, new URL(request.url, 'http://h').pathname);
    if (!existsSync(file)) return response.writeHead(404).end();
    const size = statSync(file).size;
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const end = to === '' ? size - 1 : Math.min(Number(to), size - 1);
    const head = { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream', 'Content-Length': end - Number(from) + 1, 'Accept-Ranges': 'bytes' };
    if (request.headers.range) head['Content-Range'] = `bytes ${from}-${end}/${size}`;
    response.writeHead(request.headers.range ? 206 : 200, head);
    const stream = createReadStream(file, { start: Number(from), end, highWaterMark: 16_384 });
    response.on('close', () => stream.destroy());
    stream.on('data', (piece) => {
      stream.pause();
      const now = performance.now();
      free = Math.max(free, now) + (piece.length / rate) * 1000;
      const go = () => {
        if (response.destroyed) return;
        sent += piece.length;
        if (response.write(piece)) stream.resume();
        else response.once('drain', () => stream.resume());
      };
      if (free - now > 1) setTimeout(go, free - now);
      else go();
    });
    stream.on('end', () => setTimeout(() => response.end(), Math.max(0, free - performance.now())));
  }
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => { server.on('listening', resolve); });
  return { origin: `http://127.0.0.1:${server.address().port}`, sent: () => sent, close: () => (server.closeAllConnections(), server.close()) };
}

function share(seal) {
  const dir = join(ROOM, seal);
  const run = spawnSync(PROGRAM, ['export', video, '-o', dir, '--force', '--json', '--expires', 'never', ...(seal === 'sealed' ? ['--encrypt'] : [])], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr || 'run cargo build --release first');
  const hash = JSON.parse(run.stdout).link.split('#')[1];
  return { dir, hash: hash ? `#${hash}` : '' };
}

/** 300 s of moving noise at 8 Mbit/s, with its index in front. */
function generated() {
  const file = join(ROOM, 'noise.mp4');
  if (existsSync(file)) return file;
  const source = 'testsrc2=size=640x360:rate=25,noise=alls=60:allf=t';
  const run = spawnSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', source, '-t', '300', '-c:v', 'libx264', '-preset', 'ultrafast', '-b:v', '8M', '-minrate', '8M', '-maxrate', '8M', '-bufsize', '8M', '-x264-params', 'nal-hrd=cbr', '-g', '50', '-pix_fmt', 'yuv420p', '-movflags', '+faststart', file], { stdio: 'inherit' });
  if (run.status !== 0) throw new Error('ffmpeg could not make a video; name one');
  return file;
}
