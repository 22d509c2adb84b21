// Sound apart, captions, and videos that begin late: the parts that decide.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClock } from '../../assets/player/clock.js';
import { formatId, parseId, parsePlace } from '../../assets/player/fragment.js';
import { land } from '../../assets/player/landing.js';
import { panelsOf } from '../../assets/player/panels.js';
import { createStore } from '../../assets/player/store.js';
import { createGauge, followed } from '../../assets/player/sync.js';
import { moveCues, readCues, withTranscript } from '../../assets/player/transcript.js';
import { createVideo } from '../../assets/player/video.js';
import { cueText, parseVtt } from '../../assets/player/vtt.js';

const NOW = { want: 5000, at: 5000, length: 10_000, moving: true, late: 0 };
const STAY = { inside: true, play: true, to: null, ease: 0 };

test('sound in step is left alone, a small gap takes a little speed, a large one a jump', () => {
  assert.deepEqual(followed(NOW), STAY);
  assert.deepEqual(followed({ ...NOW, late: 18 }), STAY);
  assert.deepEqual(followed({ ...NOW, late: 60 }), { ...STAY, ease: 60 });
  assert.deepEqual(followed({ ...NOW, late: -60 }), { ...STAY, ease: -60 });
  assert.deepEqual(followed({ ...NOW, late: 200 }), { ...STAY, to: 5000 });
  assert.deepEqual(followed({ ...NOW, late: -200 }), { ...STAY, to: 5000 });
  assert.deepEqual(followed({ ...NOW, at: 4900, late: null }), STAY, 'one reading says nothing');
  assert.deepEqual(followed({ ...NOW, at: 2000, late: null }), { ...STAY, to: 5000 }, 'unless the reader went elsewhere');
});

test('an engine that loses time at a change of speed only jumps', () => {
  assert.deepEqual(followed({ ...NOW, late: 40, eases: false }), STAY);
  assert.deepEqual(followed({ ...NOW, late: 60, eases: false }), { ...STAY, to: 5000 });
});

test('the gap is the middle of the readings of a while', () => {
  const gauge = createGauge();
  for (const [at, value] of [[0, 900], [400, 3], [450, 3], [500, 118], [550, 4]]) gauge.add(at, value);
  assert.equal(gauge.middle(), null, 'too few that are not too old');
  gauge.add(600, 3);
  assert.equal(gauge.middle(), 3);
  gauge.clear();
  assert.equal(gauge.middle(), null);
});

test('the picture stands: so does the sound, at the same place', () => {
  assert.deepEqual(followed({ ...NOW, moving: false, at: 4980 }), { ...STAY, play: false, to: 5000 });
  assert.equal(followed({ ...NOW, moving: false }).to, null);
});

test('before and behind the sound there is silence', () => {
  const out = { inside: false, play: false, to: null, ease: 0 };
  assert.deepEqual(followed({ ...NOW, want: -300, at: 700 }), { ...out, to: 0 });
  assert.deepEqual(followed({ ...NOW, want: -300, at: 0 }), out);
  assert.deepEqual(followed({ ...NOW, want: 10_000 }), out);
  assert.deepEqual(followed({ ...NOW, want: 9_950, at: 10_000, ended: true }), out, 'an ended track would begin again');
  assert.deepEqual(followed({ ...NOW, want: 2_000, at: 10_000, ended: true }), { ...STAY, to: 2_000 }, 'but not when the reader goes back');
});

test('cues: times, lines, voices, entities; everything else is passed over', () => {
  const text = [
    '\ufeffWEBVTT - title', 'Kind: captions', '', 'STYLE', '::cue { color: red }', '', 'NOTE', 'not said', '',
    'one', '00:01.500 --> 00:02.000 align:start', 'Hello <b>there</b>', 'second line', '',
    '1:00:00.000 --> 1:00:01.250', '<v.loud Ann Lee>Hi &amp; bye</v> <v Bob>No &lt;b&gt;</v>', '',
    '00:04,000 --> 00:03,000', 'an SRT line', '00:05.000 --> 00:06.000', 'no blank before', '',
    '00:07.000 --> 00:08.000', '', 'after the blank', '', 'x --> y', 'no time',
  ].join('\r\n');
  assert.deepEqual(parseVtt(text), [
    { start: 1500, end: 2000, text: 'Hello there\nsecond line' },
    { start: 3_600_000, end: 3_601_250, text: 'Ann Lee: Hi & bye Bob: No <b>' },
    { start: 4000, end: 4000, text: 'an SRT line' },
    { start: 5000, end: 6000, text: 'no blank before' },
  ]);
});

test('hostile cues are text, and take no time', () => {
  assert.equal(cueText('<img src=x onerror=alert(1)>a<script>alert(1)</script>'), 'aalert(1)');
  assert.equal(cueText('&lt;script&gt;&#60;i&#x3e;&#0;&#xd800;&#x110000;&constructor;&toString;'), '<script><i>&#0;&#xd800;&#x110000;&constructor;&toString;');
  assert.equal(cueText('a<00:00:01.000>b<'), 'ab');
  assert.equal(cueText('<v>x</v>'), 'x');
  const began = performance.now();
  for (const piece of ['<', '<v ', '&', '-->', '00:00.000 --> ', '\n00:00.000 --> 00:01.000\n<', '1'.repeat(50)]) parseVtt(`WEBVTT\n\n00:00.000 --> 00:01.000\n${piece.repeat(100_000)}`);
  assert.ok(performance.now() - began < 5000);
});

const bytes = (text) => new TextEncoder().encode(text);

function bundleOf(files, starts = []) {
  const manifest = { captions: files.map((_, at) => ({ part: at + 1, type: 'text/vtt', start: starts[at] })), streams: {}, order: null, panels: null };
  const parts = { part: (id) => ({ id, length: bytes(files[id - 1]).length }), read: async (id, from, length) => {
    if (files[id - 1] === 'broken') throw new Error('broken');
    return bytes(files[id - 1]).subarray(from, from + length);
  } };
  return { manifest, parts };
}

test('the cues of all captions are rows of one stream, by time', async () => {
  const bundle = bundleOf(['WEBVTT\n\n00:01.000 --> 00:02.000\none\n\n00:05.000 --> 00:06.000\nthree', 'WEBVTT\n\n00:01.000 --> 00:02.000\ntwo', 'broken'], [0, 500]);
  const cues = await readCues(bundle);
  assert.deepEqual(cues.map(({ time, text, file }) => [time, text, file]), [[1000, 'one', 0], [1500, 'two', 1], [5000, 'three', 0]]);
  assert.equal(bundle.manifest.streams.transcript.count, 3);
  assert.deepEqual(panelsOf(bundle.manifest), ['transcript', 'info']);
  const source = withTranscript({ rows: async () => 'others', before: async () => 'others', detail: async () => 'others', index: async () => 'others' }, cues);
  assert.equal((await source.rows('transcript', 1, 9))[0].text, 'two');
  assert.equal(await source.rows('console', 1, 2), 'others');
  assert.equal(await source.before('transcript', 1500), 1);
  moveCues(cues, -300);
  moveCues(cues, 200);
  assert.equal(cues[0].time, 1200);
});

test('without a readable cue there is no transcript', async () => {
  const bundle = bundleOf(['broken', 'WEBVTT\n']);
  assert.deepEqual(await readCues(bundle), []);
  assert.deepEqual(panelsOf(bundle.manifest), ['info']);
});

test('a link leads to a cue', () => {
  assert.deepEqual(parseId('t5'), { stream: 'transcript', row: 4 });
  assert.equal(formatId('transcript', 4), 't5');
  const place = parsePlace('#panel=transcript&id=t2');
  const manifest = { streams: { transcript: { count: 2 } }, order: null, panels: null, failures: { first: null } };
  assert.deepEqual(land(manifest, place), { time: null, panel: 'transcript', selected: { stream: 'transcript', row: 1 }, q: null });
  assert.equal(land(manifest, parsePlace('#id=t3')).selected, null);
});

/** Just so much of a `<video>` as the player asks of it. */
class FakeVideo extends EventTarget {
  constructor() {
    super();
    Object.assign(this, { paused: true, ended: false, seeking: false, readyState: 4, duration: 10, currentTime: 0, playbackRate: 1, buffered: { length: 0 }, poster: 'x' });
  }
  play() {
    this.paused = false;
    this.dispatchEvent(new Event('play'));
    return Promise.resolve();
  }
  pause() {
    if (this.paused) return;
    this.paused = true;
    this.dispatchEvent(new Event('pause'));
  }
}

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

function playerOf(start, duration = 20_000) {
  globalThis.requestAnimationFrame = () => 0;
  globalThis.HTMLVideoElement = FakeVideo;
  const store = createStore({ time: 0, duration, paused: true, ended: false, rate: 1, nudge: 0 });
  const element = new FakeVideo();
  return { store, element, engine: createVideo(store, element, { part: 1, type: 'video/webm', start }, { onError: assert.fail }) };
}

test('before its start a video waits at its first picture while time runs, then begins', async () => {
  const { store, element, engine } = playerOf(300);
  engine.seek(100);
  assert.deepEqual([element.currentTime, element.paused, store.get().time], [0, true, 100]);
  engine.play();
  await wait(80);
  assert.ok(element.paused && !store.get().paused && store.get().time > 100, 'the clock runs');
  assert.ok(engine.moving() && engine.now() > 100 && engine.now() < 300);
  await wait(250);
  assert.equal(element.paused, false, 'the video has begun');
  assert.equal(engine.now(), 300);
  engine.seek(5300);
  assert.equal(element.currentTime, 5);
  engine.seek(50);
  assert.deepEqual([element.currentTime, element.paused, store.get().paused], [0, true, false], 'back before it, the clock goes on');
  engine.pause();
  const { time } = store.get();
  await wait(80);
  assert.equal(store.get().time, time);
});

test('held for its sound, a video stands without being paused, and seeks do not let it go', async () => {
  const { store, element, engine } = playerOf(0);
  engine.play();
  engine.hold(true);
  assert.deepEqual([element.paused, store.get().paused, store.get().waiting], [true, false, true]);
  engine.seek(3000);
  assert.equal(element.paused, true);
  engine.hold(false);
  assert.equal(element.paused, false);
  engine.hold(true);
  engine.pause();
  engine.hold(false);
  assert.deepEqual([element.paused, store.get().paused], [true, true], 'what the reader paused stays so');
});

test('a clock tells its time between its ticks', async () => {
  const store = createStore({ time: 1000, rate: 2, paused: true });
  const clock = createClock(store, { limit: () => 9000, onLimit: assert.fail });
  clock.run();
  const first = clock.now();
  await wait(20);
  assert.ok(clock.now() - first >= 30);
  clock.stop();
  assert.equal(clock.now(), store.get().time);
});
