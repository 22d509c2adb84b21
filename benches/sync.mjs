// How far the sound is from the picture, seen and heard from outside the browser: the screen and what the sound card
// would play are recorded together, in three engines, for sound that export put into the video's file, for sound that
// stays apart, and, as the measure, for a file that ffmpeg muxed.
// usage: node benches/sync.mjs [--program PATH] [--engines LIST] [--kinds LIST]
// needs: ffmpeg, Xvfb, pulseaudio, and for WebKitGTK gstreamer1.0-pulseaudio
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { launch, programOf } from '../tests/browser/engines.mjs';
import { sleep } from '../tests/browser/engines/face.mjs';
import { startScreen } from '../tests/browser/engines/webkit.mjs';

const ROOT = resolve(import.meta.dirname, '..');
const { values } = parseArgs({ options: {
  program: { type: 'string', default: join(ROOT, 'target/release/sealcast') },
  engines: { type: 'string', default: 'chromium,firefox,webkit' },
  kinds: { type: 'string', default: 'muxed,webm,mp4,apart' },
} });
const ROOM = mkdtempSync(join(tmpdir(), 'sealcast-sync-'));
process.on('exit', () => rmSync(ROOM, { recursive: true, force: true }));

/** The picture turns white each second for 0.3 s, and a beep sounds as long. */
const SECONDS = 60;
const ON = 'gte(mod(t\\,1)\\,0.7)';
const LATER = 0.2;
const PICTURE = ['-f', 'lavfi', '-i', `color=black:s=640x400:r=30:d=${SECONDS},drawbox=c=white:t=fill:enable='${ON}'`];
const beep = (later) => ['-f', 'lavfi', '-i', `aevalsrc='0.5*sin(2*PI*660*t)*gte(mod(t+${later}\\,1)\\,0.7)':d=${SECONDS - later}:s=48000`];
const VP8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '500k', '-g', '30'];
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '30'];
const OPUS = ['-c:a', 'libopus', '-b:a', '64k'];

/** What is played, by kind: files of a recording, and whether ffmpeg may be found. */
const KINDS = {
  muxed: () => ({ 'video.webm': [...PICTURE, ...beep(0), ...VP8, ...OPUS] }),
  webm: () => ({ 'video.webm': [...PICTURE, ...VP8], 'sound.webm': [...beep(LATER), ...OPUS] }),
  mp4: () => ({ 'video.mp4': [...PICTURE, ...H264], 'sound.webm': [...beep(LATER), ...OPUS] }),
  // MP3 does not go into WebM.
  apart: () => ({ 'video.webm': [...PICTURE, ...VP8], 'sound.mp3': [...beep(LATER), '-c:a', 'libmp3lame', '-b:a', '96k'] }),
};

const shares = Object.fromEntries(values.kinds.split(',').map((kind) => [kind, share(kind)]));
const screen = await startScreen();
const sound = await startSound();
const watcher = { DISPLAY: screen.name, PULSE_SERVER: sound.server };
Object.assign(process.env, watcher);
console.log('sound after picture in ms: middle (least to most) of the beeps; load', readFileSync('/proc/loadavg', 'utf8').split(' ')[0]);
for (const engine of values.engines.split(',')) {
  if (!programOf(engine)) {
    console.log(`${engine}: not installed`);
    continue;
  }
  for (const kind of Object.keys(shares)) {
    const browser = await launch(engine, { screen: screen.name });
    try {
      await measure(engine, kind, browser);
    } catch (error) {
      console.log(`${engine} ${kind}: ${error.message.slice(0, 300)}`);
    }
    await browser.close();
  }
}
screen.close();
sound.close();

/** Makes the files and exports them as one page. */
function share(kind) {
  const folder = join(ROOM, kind);
  mkdirSync(folder);
  const files = KINDS[kind]();
  for (const [name, args] of Object.entries(files)) {
    const { status, stderr } = spawnSync('ffmpeg', ['-v', 'error', '-y', ...args, join(folder, name)], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  }
  const media = Object.keys(files).map((file) => (file.startsWith('sound') ? { file, kind: 'audio', startMs: LATER * 1000 } : { file, kind: 'video' }));
  writeFileSync(join(folder, 'recording.json'), JSON.stringify({ format: 'recording/1', media }));
  const out = join(ROOM, `${kind}.html`);
  // Without ffmpeg at hand, so that own code has to do it.
  const { status, stderr } = spawnSync(resolve(values.program), ['export', folder, '-o', out, '--poster', 'none', '--quiet'], { encoding: 'utf8', env: { ...process.env, PATH: ROOM } });
  assert.equal(status, 0, stderr);
  return `${pathToFileURL(out)}?embed=1&panels=0&muted=0`;
}

/** A sound card that nobody hears. */
async function startSound() {
  const server = join(ROOM, 'card');
  const child = spawn('pulseaudio', ['-n', '--daemonize=no', '--exit-idle-time=-1', '--disallow-exit', '-L', 'module-null-sink sink_name=heard', '-L', `module-native-protocol-unix socket=${server} auth-anonymous=1`], { stdio: 'ignore', env: { ...process.env, HOME: ROOM, XDG_RUNTIME_DIR: ROOM } });
  await sleep(1500);
  assert.equal(child.exitCode, null, 'pulseaudio does not run');
  return { server: `unix:${server}`, close: () => child.kill() };
}

async function measure(engine, kind, browser) {
  const page = await browser.page();
  await page.go(shares[kind]);
  await page.until(() => document.documentElement.dataset.state === 'ready' && document.querySelector('video')?.readyState >= 3);
  const recorder = await record(join(ROOM, `${engine}-${kind}`));
  /** @type {[string, number, number][]} */
  const spans = [];
  const span = async (name, seconds) => {
    // What the sound needs to come up is not what is asked here.
    await sleep(1000);
    const from = Date.now() / 1000;
    await sleep(seconds * 1000);
    spans.push([name, from, Date.now() / 1000]);
  };
  const rate = (value) => page.ev((speed) => {
    const select = document.querySelector('.rate');
    select.value = speed;
    select.dispatchEvent(new Event('change'));
  }, String(value));
  await page.click('.stage button, .poster, [aria-label^="Play"]');
  await page.until(() => !document.querySelector('video').paused);
  await span('play', 8);
  await page.ev(() => { location.hash = '#t=25'; });
  await span('seek', 8);
  await page.press('k');
  await sleep(500);
  await page.press('k');
  await span('pause and play', 6);
  await rate(1.5);
  await span('1.5 times', 6);
  await rate(1);
  await span('once again', 5);
  await page.close();
  const { flashes, beeps } = await recorder.end();
  const told = spans.map(([name, from, to]) => `${name} ${gapsOf(flashes.filter((at) => at > from && at < to), beeps)}`);
  console.log(`${engine.padEnd(8)} ${kind.padEnd(5)}  ${told.join('   ')}`);
}

/** @param {number[]} flashes @param {number[]} beeps */
function gapsOf(flashes, beeps) {
  const gaps = flashes.map((flash) => beeps.map((beep) => (beep - flash) * 1000).sort((a, b) => Math.abs(a) - Math.abs(b))[0]).filter((gap) => Math.abs(gap) < 300).sort((a, b) => a - b);
  if (!gaps.length) return `nothing (${flashes.length} flashes, ${beeps.length} beeps)`;
  return `${gaps[gaps.length >> 1].toFixed(0)} (${gaps[0].toFixed(0)} to ${gaps.at(-1).toFixed(0)})`;
}

/** Records the middle of the screen and the sound card; times are seconds since 1970. */
async function record(path) {
  const grab = ['-thread_queue_size', '512', '-f', 'x11grab', '-framerate', '60', '-video_size', '16x16', '-i', `${screen.name}+600,300`];
  const hear = ['-thread_queue_size', '512', '-f', 'pulse', '-fragment_size', '960', '-i', 'heard.monitor'];
  const light = `scale=2:2,signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=${path}.light`;
  const loud = `aresample=48000,asetnsamples=96,astats=metadata=1:reset=1:measure_perchannel=none,ametadata=print:key=lavfi.astats.Overall.RMS_level:file=${path}.loud`;
  const child = spawn('ffmpeg', ['-v', 'fatal', '-y', '-copyts', ...grab, ...hear, '-map', '0:v', '-vf', light, '-f', 'null', '-', '-map', '1:a', '-af', loud, '-f', 'null', '-'], { stdio: ['pipe', 'inherit', 'inherit'], env: { ...process.env, ...watcher } });
  await sleep(1500);
  return {
    async end() {
      child.stdin.write('q');
      await once(child, 'exit');
      return { flashes: rises(`${path}.light`, 120, 1e6), beeps: rises(`${path}.loud`, -30, 48_000) };
    },
  };
}

/** When, in s, a measured value passes a limit upwards; times are told in so many parts of a second. */
function rises(file, limit, parts) {
  const found = [];
  let [time, above] = [0, true];
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [, at] = /pts:(\d+)/.exec(line) ?? [];
    const [, value] = /=(-?[\d.]+|-?inf)$/.exec(line) ?? [];
    if (at) time = Number(at) / parts;
    if (!value) continue;
    const is = Number(value.replace('inf', 'Infinity')) > limit;
    if (is && !above) found.push(time);
    above = is;
  }
  return found;
}
