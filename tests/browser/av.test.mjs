// Sound apart from its video, captions and their transcript, videos that begin late or black, the preview on the bar.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PATIENCE, inEngines } from './engines.mjs';
import { assertQuiet, enter, filter, rows, settledRows, showPanel, shownTime, tabNames, withScheme } from './page.mjs';
import { ROOM, folder, ndjson, share } from './share.mjs';

const FFMPEG = spawnSync('ffmpeg', ['-version']).status === 0;

/** @param {string} name @param {string[]} args */
function made(name, args) {
  const path = join(ROOM, name);
  const run = spawnSync('ffmpeg', ['-v', 'error', '-y', ...args, '-fflags', '+bitexact', path], { encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  return readFileSync(path);
}

const VP8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '200k', '-g', '30'];
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '30'];
const video = (name, seconds) => made(name, ['-f', 'lavfi', '-i', `testsrc=s=320x240:r=30:d=${seconds}`, ...VP8]);
const tone = (name, seconds, codec = ['-c:a', 'libopus', '-b:a', '32k']) => made(name, ['-f', 'lavfi', '-i', `sine=frequency=330:duration=${seconds}`, ...codec]);
const LOGS = ndjson(Array.from({ length: 30 }, (_, n) => ({ t: n * 500, level: 'info', type: 'console', text: `line ${n}` })));
const VTT = 'WEBVTT\n\n00:01.000 --> 00:02.500\n<v Ann>Hello there</v>\n\n00:04.000 --> 00:06.000\nNow I press\nthe <i>red</i> button\n\n00:08.000 --> 00:09.000\n&lt;img src=x onerror=alert(1)&gt;\n';

/** A recording whose tracks start where `starts` says. */
function recording(files, media) {
  return folder({ ...files, 'recording.json': { format: 'recording/1', media, panels: { console: 'console.ndjson' } } });
}

/** A video that has sound, if only silence, gets no other: that stays apart. */
const audible = (seconds) => made(`q${seconds}.webm`, ['-f', 'lavfi', '-i', `testsrc=s=320x240:r=30:d=${seconds}`, '-f', 'lavfi', '-i', `anullsrc=d=${seconds}`, ...VP8, '-c:a', 'libopus', '-b:a', '16k']);
const apart = (starts, seconds = [12, 12]) => recording(
  { 'video.webm': audible(seconds[0]), 'sound.webm': tone(`a${seconds[1]}.webm`, seconds[1]), 'console.ndjson': LOGS },
  [{ file: 'video.webm', kind: 'video', startMs: starts[0] }, { file: 'sound.webm', kind: 'audio', startMs: starts[1] }],
);

/** A picture that turns white each second for 0.3 s, and a beep at the same time; the sound begins so many ms later. */
function clapper(later, [name, codec] = ['webm', VP8]) {
  const picture = made(`clap.${name}`, ['-f', 'lavfi', '-i', 'color=black:s=160x120:r=30:d=12', '-vf', `drawbox=c=white:t=fill:enable='gte(mod(t,1),0.7)'`, ...codec]);
  const beep = made(`clap${later}.webm`, ['-f', 'lavfi', '-i', `aevalsrc='0.5*sin(2*PI*660*t)*gte(mod(t+${later / 1000},1),0.7)':d=${12 - later / 1000}:s=48000`, '-c:a', 'libopus', '-b:a', '64k']);
  return recording({ [`video.${name}`]: picture, 'sound.webm': beep, 'console.ndjson': LOGS }, [{ file: `video.${name}`, kind: 'video', startMs: Math.max(0, -later) }, { file: 'sound.webm', kind: 'audio', startMs: Math.max(0, later) }]);
}

/** Runs in the page: how many ms after the picture turned white the beep is heard, in the middle of some tries. */
async function clap(ms) {
  const video = document.querySelector('.stage video');
  if (!globalThis.tap) {
    const sound = new AudioContext();
    await sound.resume();
    const meter = sound.createAnalyser();
    meter.fftSize = 256;
    sound.createMediaElementSource(video).connect(meter);
    meter.connect(sound.destination);
    globalThis.tap = { meter, picture: document.createElement('canvas').getContext('2d', { willReadFrequently: true }) };
  }
  const { meter, picture } = globalThis.tap;
  const [flashes, beeps] = [[], []];
  let [white, loud, live] = [true, true, true];
  const look = (_now, { expectedDisplayTime, mediaTime }) => {
    picture.drawImage(video, 0, 0, 1, 1);
    const is = picture.getImageData(0, 0, 1, 1).data[0] > 128;
    // The first white frame may have been passed over.
    if (is && !white) flashes.push(expectedDisplayTime - (mediaTime - Math.floor(mediaTime) - 0.7) * 1000 / video.playbackRate);
    white = is;
    if (live) video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
  const wave = new Float32Array(256);
  const timer = setInterval(() => {
    meter.getFloatTimeDomainData(wave);
    const is = wave.some((value) => Math.abs(value) > 0.1);
    if (is && !loud) beeps.push(performance.now());
    loud = is;
  }, 3);
  await new Promise((done) => setTimeout(done, ms));
  live = false;
  clearInterval(timer);
  const gaps = flashes.map((flash) => beeps.map((beep) => beep - flash).sort((a, b) => Math.abs(a) - Math.abs(b))[0]);
  return gaps.sort((a, b) => a - b)[gaps.length >> 1] ?? null;
}

/** Runs in the page: how far, in ms, the sound is from the picture, at most and in the middle, over some time. */
function gapsIn(ms, videoStart, audioStart) {
  const [video, audio] = ['video', 'audio'].map((name) => document.querySelector(`.stage > ${name}`));
  const gaps = [];
  return new Promise((done) => {
    const timer = setInterval(() => gaps.push(Math.abs(audio.currentTime * 1000 + audioStart - video.currentTime * 1000 - videoStart)), 20);
    setTimeout(() => {
      clearInterval(timer);
      gaps.sort((a, b) => a - b);
      done({ most: gaps.at(-1), nearly: gaps[Math.floor(gaps.length * 0.9)], usual: gaps[gaps.length >> 1], count: gaps.length, playing: !video.paused && !audio.paused, rate: audio.playbackRate, at: video.currentTime });
    }, ms);
  });
}

/** Lets both come to run, then measures. */
async function inStep(page, what, starts, { limit = 50, settle = 1700 } = {}) {
  await page.ev((ms) => new Promise((done) => setTimeout(done, ms)), settle);
  const gap = await page.ev(gapsIn, 1500, ...starts);
  if (process.env.SHOW_GAPS) console.log(`${what}: at most ${gap.most.toFixed(1)} ms, usually ${gap.usual.toFixed(1)} ms, at ${gap.at.toFixed(2)} s, rate ${gap.rate}`);
  assert.ok(gap.playing, `${what}: both play`);
  // How far apart they are can only be told on a machine at rest.
  if (!ALL) return;
  // Single readings lie: an engine tells the times of its two elements one after the other.
  assert.ok(gap.nearly <= limit, `${what}: ${gap.nearly} ms apart`);
}

const ready = (page) => page.until(() => ['video', 'audio'].every((name) => document.querySelector(`.stage > ${name}`)?.readyState >= 3));
const seekTo = (page, text) => page.ev((at) => { location.hash = `${location.hash.replace(/[#&]t=[^&]*/, '')}&t=${at}`; }, text);

/** On a busy machine a browser's own timers are late: the exact limit is for `--all`, on a machine at rest. */
const ALL = process.env.SEALCAST_ALL === '1';

inEngines(['chromium', 'firefox', 'webkit'], ({ engine, open }) => {
  const spec = (name, run) => test(name, { timeout: 2 * PATIENCE, skip: !FFMPEG && 'ffmpeg is not installed' }, async (t) => {
    const page = await open();
    t.after(() => page.close());
    await run(page);
  });

  for (const [layout, scheme, args] of [['html', 'file', []], ['html', 'file', ['--encrypt']], ['dir', 'http', ['--encrypt']]]) {
    const kind = `${args.length ? 'sealed' : 'plain'} ${layout} by ${scheme}`;
    if (engine === 'chromium' ? !ALL && layout === 'html' : !ALL || kind === 'plain html by file') continue;
    spec(`sound apart keeps step with the picture, ${kind}`, async (page) => {
      const starts = [0, 700];
      const one = share(apart(starts, [16, 16]), { layout, args });
      await withScheme(one, scheme, async (url, server) => {
        // Without a sound device Firefox plays sound only when it is muted.
        await enter(page, `${url}${one.hash || '#'}&muted=1`);
        await ready(page);
        await seekTo(page, '1.5');
        await page.click('[aria-label^="Play"]');
        await inStep(page, 'playing', starts);
        await seekTo(page, '6');
        await inStep(page, 'after a seek', starts);
        await page.ev(() => { const rate = document.querySelector('.rate'); rate.value = '1.5'; rate.dispatchEvent(new Event('change')); });
        await seekTo(page, '1');
        // GStreamer needs several jumps for that, and now and then sleeps on.
        if (engine !== 'webkit') await inStep(page, 'at 1.5 times the speed', starts, { settle: 3000 });
        await page.ev(() => { const rate = document.querySelector('.rate'); rate.value = '1'; rate.dispatchEvent(new Event('change')); });
        if (engine !== 'webkit') await inStep(page, 'at its own speed again', starts);
        await page.click('[aria-label^="Pause"]');
        await page.until((from, most) => {
          const [video, audio] = ['video', 'audio'].map((name) => document.querySelector(`.stage > ${name}`));
          return video.paused && audio.paused && Math.abs(audio.currentTime * 1000 + from - video.currentTime * 1000) <= most;
        }, starts[1], 50);
        await page.press('m');
        await page.until(() => !document.querySelector('audio').muted);
        await page.press('ArrowDown');
        await page.until(() => document.querySelector('audio').volume < 0.95);
        await assertQuiet(page, one, server);
      });
    });
  }

  const film = () => made('v12.mp4', ['-f', 'lavfi', '-i', 'testsrc=s=320x240:r=30:d=12', ...H264]);
  const PAIRS = {
    'VP8 and Opus in WebM': () => ['video.webm', video('v12.webm', 12), 'sound.webm', tone('a14.webm', 14)],
    'H.264 and AAC in MP4': () => ['video.mp4', film(), 'sound.m4a', tone('a14.m4a', 14, ['-c:a', 'aac'])],
    'H.264 in MP4 and MP3': () => ['video.mp4', film(), 'sound.mp3', tone('a14.mp3', 14, ['-c:a', 'libmp3lame', '-write_xing', '1'])],
    'H.264 in MP4 and bare AAC': () => ['video.mp4', film(), 'sound.aac', tone('a14.aac', 14, ['-c:a', 'aac'])],
    'H.264 in MP4 and Opus in WebM': () => ['video.mp4', film(), 'sound.webm', tone('a14.webm', 14)],
    'H.264 in MP4 and Opus that began earlier': () => ['video.mp4', film(), 'sound.webm', tone('a14.webm', 14), -300],
    'VP8 in WebM and Opus in MP4': () => ['video.webm', video('v12.webm', 12), 'sound.mp4', tone('a14.mp4', 14, ['-c:a', 'libopus', '-b:a', '32k'])],
  };
  for (const [kind, files] of Object.entries(PAIRS)) {
    const sealed = kind.includes('WebM');
    spec(`sound apart becomes sound of the video: ${kind}`, async (page) => {
      const [picture, pictures, sound, sounds, later = 700] = files();
      const one = share(recording({ [picture]: pictures, [sound]: sounds, 'console.ndjson': LOGS }, [{ file: picture, kind: 'video', startMs: Math.max(0, -later) }, { file: sound, kind: 'audio', startMs: Math.max(0, later) }]), sealed ? { layout: 'dir', args: ['--encrypt'] } : {});
      assert.equal(one.json.video.repairs[0], 'sound put in');
      await withScheme(one, sealed ? 'http' : 'file', async (url, server) => {
        await enter(page, `${url}${one.hash || '#'}&muted=1`);
        await page.until(() => document.querySelector('.stage video')?.readyState >= 3);
        assert.equal(await page.ev(() => document.querySelectorAll('.stage audio').length), 0);
        const { duration, volume } = await page.ev(() => ({ duration: document.querySelector('video').duration, volume: document.querySelector('[aria-label^="Unmute"], [aria-label^="Mute"]') !== null }));
        const end = 14 + later / 1000;
        assert.ok(Math.abs(duration - end) <= 0.05, `${duration}`);
        assert.ok(volume, 'the sound can be turned down');
        await page.click('[aria-label^="Play"]');
        await page.until(() => document.querySelector('video').currentTime > 1.2);
        // Each engine tells in its own words that it decodes sound.
        await page.until(() => {
          const element = document.querySelector('video');
          return element.mozHasAudio || element.webkitAudioDecodedByteCount > 0 || element.audioTracks?.length === 1;
        });
        await seekTo(page, '10');
        await page.until(() => { const at = document.querySelector('video').currentTime; return at > 10.2 && at < 12; });
        // The picture is over, the sound goes on.
        await seekTo(page, '13.5');
        await page.until((to) => document.querySelector('video').currentTime > to - 0.2, end);
        await page.until(() => document.querySelector('video').paused);
        await assertQuiet(page, one, server);
      });
    });
  }

  spec('a video that begins late: logs first, then the picture', async (page) => {
    const one = share(apart([3000, 1000], [6, 3]));
    await enter(page, `${one.url}#t=0.5&muted=1`);
    await ready(page);
    await page.click('[aria-label^="Play"]');
    await page.until(() => document.querySelector('audio').currentTime > 0.2);
    assert.deepEqual(await page.ev(() => [document.querySelector('video').currentTime, document.querySelector('video').paused]), [0, true], 'the sound is first');
    const shown = await shownTime(page);
    assert.ok(shown > 1000 && shown < 3000, `${shown}`);
    await page.until(() => document.querySelector('video').currentTime > 0.3);
    await page.until(() => document.querySelector('audio').paused && document.querySelector('video').currentTime > 1.5);
    assert.ok(Math.abs(await shownTime(page) - 3000 - await page.ev(() => document.querySelector('video').currentTime * 1000)) < 400);
    await page.click('[aria-label^="Pause"]');
    await seekTo(page, '1.2');
    await page.until(() => document.querySelector('video').currentTime === 0);
    assert.ok(Math.abs(await shownTime(page) - 1200) <= 100);
  });

  spec('captions on the video, and as a transcript to search and click', async (page) => {
    const one = share(folder({ 'video.webm': video('v12.webm', 12), 'captions.vtt': VTT, 'console.ndjson': LOGS }), { args: engine === 'chromium' ? [] : ['--encrypt'] });
    await enter(page, `${one.url}${one.hash}`);
    await page.press('c');
    await page.until(() => {
      const [track] = document.querySelector('video').textTracks;
      return track?.mode === 'showing' && track.cues?.length === 3;
    });
    assert.deepEqual(await tabNames(page), ['Timeline', 'Console', 'Transcript', 'Info']);
    await showPanel(page, 'transcript');
    const list = await settledRows(page);
    assert.deepEqual(list.map(({ panel, id, time }) => [panel, id, time]), [['transcript', 't1', 1000], ['transcript', 't2', 4000], ['transcript', 't3', 8000]]);
    assert.match(list[0].text, /Ann: Hello there/);
    assert.match(list[2].text, /<img src=x onerror=alert\(1\)>/);
    await page.click('#panel-transcript [data-id="t2"]');
    await page.until(() => Math.abs(document.querySelector('video').currentTime - 4) < 0.2);
    await page.until(() => document.querySelector('#panel-transcript .drawer').textContent.includes('the red button'));
    assert.equal((await rows(page)).find(({ id }) => id === 't2').current, true);
    await filter(page, 'hello');
    await page.until(() => document.querySelectorAll('#panel-transcript [data-id]').length === 1);
    await assertQuiet(page, one, null);
    await page.go('about:blank');
    await enter(page, `${one.url}${one.hash ? `${one.hash}&` : '#'}panel=transcript&id=t3`);
    await page.until(() => document.querySelector('#panel-transcript [data-id="t3"]')?.getAttribute('aria-selected') === 'true');
    await page.until(() => Math.abs(document.querySelector('video').currentTime - 8) < 0.2);
    await showPanel(page, 'info');
    await page.click('.nudge [aria-label="Video 1 s later"]');
    await showPanel(page, 'transcript');
    const moved = await settledRows(page);
    assert.deepEqual(moved.map(({ id, time }) => [id, time]), [['t1', 2000], ['t2', 5000], ['t3', 9000]], 'what is said moves with the video');
    assert.match(moved[2].text, /0:09/);
  });

  spec('a black start gives way to the first picture, and the playhead stays', async (page) => {
    const black = made('black.webm', ['-f', 'lavfi', '-i', 'color=black:s=320x240:r=30:d=0.4', '-f', 'lavfi', '-i', 'testsrc=s=320x240:r=30:d=4', '-filter_complex', '[0][1]concat=n=2', ...VP8]);
    const one = share(folder({ 'video.webm': black }));
    await enter(page, one.url);
    await page.until(() => Math.abs(document.querySelector('video').currentTime - 0.5) < 0.05 && !document.querySelector('video').seeking);
    assert.equal(await shownTime(page), 0);
    await page.click('[aria-label^="Play"]');
    await page.until(() => document.querySelector('video').currentTime > 0.6);
    const plain = share(folder({ 'video.webm': video('v12.webm', 12) }));
    await enter(page, plain.url);
    await page.until(() => document.querySelector('video').readyState >= 2);
    await page.ev(() => new Promise((done) => setTimeout(done, 300)));
    assert.equal(await page.ev(() => document.querySelector('video').currentTime), 0);
  });

  spec('the bar shows a picture of what lies under the pointer, not under a finger', async (page) => {
    const one = share(folder({ 'video.webm': video('v12.webm', 12) }));
    await enter(page, one.url);
    await page.until(() => document.querySelector('.stage video').readyState >= 2);
    const point = (kind) => page.ev((pointerType) => {
      const bar = document.querySelector('.scrub');
      const { left, width, top } = bar.getBoundingClientRect();
      bar.dispatchEvent(new PointerEvent('pointermove', { bubbles: true, pointerType, clientX: left + width * 0.75, clientY: top + 18 }));
    }, kind);
    await point('touch');
    assert.equal(await page.ev(() => document.querySelector('.tip video').getAttribute('src')), null);
    await point('mouse');
    await page.until(() => {
      const picture = document.querySelector('.tip video');
      // It is that of the keyframe before, of which there is one a second.
      return picture.checkVisibility() && Math.abs(picture.currentTime - 8.6) < 0.7 && !picture.seeking && picture.readyState >= 2;
    });
    assert.ok(await page.ev(() => document.querySelector('.tip video').muted && document.querySelector('.stage video').currentTime < 0.1));
  });

  if (engine !== 'chromium') return;

  spec('what is seen and heard at once is so in the share', async (page) => {
    const gapsOf = async (one) => {
      await enter(page, one.url);
      await page.until(() => document.querySelector('.stage video')?.readyState >= 3);
      await page.click('[aria-label^="Play"]');
      const gaps = { playing: await page.ev(clap, 3300) };
      await seekTo(page, '7.2');
      gaps['after a seek'] = await page.ev(clap, 3300);
      await seekTo(page, '1.5');
      await page.until(() => document.querySelector('video').currentTime < 5);
      await page.press(' ');
      await page.until(() => document.querySelector('video').paused);
      await page.press(' ');
      gaps['after a pause'] = await page.ev(clap, 3300);
      await page.ev(() => { const rate = document.querySelector('.rate'); rate.value = '1.5'; rate.dispatchEvent(new Event('change')); });
      await seekTo(page, '1');
      gaps['at 1.5 times the speed'] = await page.ev(clap, 3300);
      await page.go('about:blank');
      return gaps;
    };
    clapper(0);
    // Sound is measured before it is heard: how long before, a file that somebody else put together tells.
    const usual = await gapsOf(share(folder({ 'video.webm': made('both.webm', ['-i', join(ROOM, 'clap.webm'), '-i', join(ROOM, 'clap0.webm'), '-c', 'copy']) })));
    const mp4 = ['mp4', H264];
    for (const [later, kind] of ALL ? [[0], [700], [0, mp4], [700, mp4], [-300, mp4]] : [[700], [700, mp4]]) {
      for (const [what, gap] of Object.entries(await gapsOf(share(clapper(later, kind))))) {
        assert.ok(gap !== null && usual[what] !== null, what);
        const off = gap - usual[what];
        if (process.env.SHOW_GAPS) console.log(`${kind?.[0] ?? 'webm'}, ${later} ms later, ${what}: ${gap.toFixed(1)} ms, ${off.toFixed(1)} ms more than usual`);
        // How far apart they are can only be told on a machine at rest.
        assert.ok(Math.abs(off) <= (ALL ? 50 : 300), `${what}: ${off} ms apart`);
      }
    }
  });

  spec('sound that ends with an error lets the video go on, with a note', async (page) => {
    const one = share(apart([0, 0]), { layout: 'dir' });
    const audio = one.json.files.filter(({ content_type: type }) => type.startsWith('audio/')).map(({ path }) => path);
    assert.equal(audio.length, 1);
    await withScheme(one, 'http', async (url) => {
      await enter(page, url);
      await page.until(() => document.querySelector('.sound .problem')?.checkVisibility());
      await page.click('[aria-label^="Play"]');
      await page.until(() => document.querySelector('video').currentTime > 0.8);
    }, { down: new RegExp(audio[0]) });
  });

  spec('when the sound has to load, the picture waits, and both end where they shall', async (page) => {
    const one = share(apart([0, 0], [9, 7]));
    await enter(page, `${one.url}#t=0&loop=1`);
    await ready(page);
    await page.click('[aria-label^="Play"]');
    await page.until(() => document.querySelector('video').currentTime > 0.5);
    await page.ev(() => Object.defineProperty(document.querySelector('audio'), 'readyState', { get: () => 2, configurable: true }));
    await page.until(() => document.querySelector('.stage video').paused);
    assert.ok(await page.ev(() => document.querySelector('[aria-label^="Pause"]') !== null), 'no pause of the reader’s');
    await page.until(() => document.querySelector('audio').paused);
    await page.ev(() => { delete document.querySelector('audio').readyState; });
    await inStep(page, 'after it was waited for', [0, 0]);
    await page.until(() => document.querySelector('video').currentTime > 7.4);
    assert.ok(await page.ev(() => document.querySelector('audio').paused), 'it ends first');
    await page.until(() => document.querySelector('video').currentTime < 1);
    await inStep(page, 'in the next round', [0, 0], { settle: 1500 });
  });

  spec('a choice among captions of several languages', async (page) => {
    const one = share(folder({ 'video.webm': video('v12.webm', 12), 'captions.en.vtt': VTT, 'captions.de.vtt': VTT.replace('Hello there', 'Guten Tag') }));
    await enter(page, one.url);
    await page.ev(() => { const menu = document.querySelector('[aria-label^="Language"]'); menu.value = '1'; menu.dispatchEvent(new Event('change')); });
    await page.until(() => [...document.querySelector('video').textTracks].map(({ mode }) => mode).join() === 'disabled,showing');
    await page.press('Shift+S');
    await page.until(() => document.querySelectorAll('#panel-transcript [data-id]').length === 6);
    await page.ev(() => [...document.querySelectorAll('#panel-transcript .tools button')].at(-1).click());
    await page.until(() => document.querySelectorAll('#panel-transcript [data-id]').length === 3);
  });
});
