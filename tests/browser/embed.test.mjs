// Shares in a frame of another site, as `sealcast embed` prints it: the player.js client and plain messages, the
// options, small frames, and what such a frame must never do to the page around it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { PATIENCE, inEngines } from './engines.mjs';
import { stateIs } from './page.mjs';
import { serve } from './server.mjs';
import { EXAMPLE, ROOT, folder, sealcast, share, withHeader } from './share.mjs';

const CLIENT = readFileSync(join(ROOT, 'node_modules/player.js/dist/player-0.1.0.js'), 'utf8');
const PLAIN = share(EXAMPLE, { layout: 'dir', args: ['--expires', 'never'] });
const FILE = share(EXAMPLE, { args: ['--expires', 'never'] });
const SEALED = share(EXAMPLE, { layout: 'dir', args: ['--encrypt'] });
const PASSWORD = join(folder({ password: 'open sesame' }), 'password');
const LOCKED = share(EXAMPLE, { args: ['--encrypt', '--password-file', PASSWORD] });
const EXPIRED = withHeader(FILE, (header) => ({ ...header, created: 1_000_000_000, expires: 1_000_000_001 }));
const STRANGER = 'sandbox="allow-scripts"';

/** What the host page writes down: all that the frame says, and what comes to the page itself. */
const HOST = `
  globalThis.heard = [];
  addEventListener('message', ({ data, origin, source }) => heard.push({ data: JSON.parse(data), text: String(data), origin, own: source === frames[0] }));
  globalThis.say = (message) => frames[0].postMessage(JSON.stringify({ context: 'player.js', version: '0.0.11', ...message }), '*');
  globalThis.keys = [];
  addEventListener('keydown', ({ key }) => keys.push(key));`;

/** The frame's code as the program prints it; `with` gives it other attributes, `size` its size. */
function snippet(made, url, args = []) {
  const run = sealcast('embed', made.page + made.hash, '--url', url, ...args);
  assert.equal(run.status, 0, run.stderr);
  return run.stdout.trim();
}

/**
 * @returns the frame in a page of another site; `host` is that page's server
 */
async function framed(t, open, made, { args = [], size = [1000, 600], change = (code) => code, script = '' } = {}) {
  const server = await serve(dirname(made.page));
  const code = change(snippet(made, server.url(basename(made.page)), args)).replace(/style="[^"]*"/, `width="${size[0]}" height="${size[1]}" style="border:0"`);
  const host = await serve(folder({
    'index.html': `<!doctype html><title>host</title><script>${HOST}</script><input id="field"><br>${code}<script src="client.js"></script><script>${script}</script>`,
    'client.js': CLIENT,
  }), { host: 'localhost' });
  t.after(() => (server.close(), host.close()));
  const page = await open();
  t.after(() => page.close());
  await page.resize(Math.max(size[0] + 40, 520), size[1] + 80);
  await page.go(host.url(''));
  return { page, frame: await page.frame('iframe'), server };
}

const ready = (frame) => frame.until(stateIs, 'ready');
const heard = (page, event) => page.until((name) => globalThis.heard.filter(({ data }) => data.event === name).at(-1), event);
const mediaOf = (server) => server.requests.filter(({ url }) => /\.(webm|mp4)|__v/.test(url)).length;
const uncaught = async (frame) => (await frame.seen()).errors.filter((text) => !/^error: [A-Z]+$/.test(text));
/** Started right after a seek, GStreamer now and then sleeps on; `again` pauses and plays. */
const moves = (page, again, fn) => page.untilIn(8000, fn).catch(async () => (await again(), page.untilIn(8000, fn))).catch(async () => (await again(), page.until(fn)));
const ask = async (page, method) => {
  await page.ev((name) => globalThis.say({ method: name, listener: `${name}-1` }), method);
  return page.until((name) => globalThis.heard.find(({ data }) => data.listener === `${name}-1`), method).then(({ data }) => data.value);
};

inEngines(['chromium', 'firefox', 'webkit'], ({ engine, open }) => {
  const spec = (name, run) => test(name, { timeout: PATIENCE }, run);

  spec('the player.js client steers it', async (t) => {
    const script = 'globalThis.player = new playerjs.Player(document.querySelector("iframe")); globalThis.told = []; player.on("ready", () => { told.push("ready"); for (const name of ["play", "pause", "timeupdate"]) player.on(name, (value) => told.push([name, value])); });';
    const { page, frame } = await framed(t, open, PLAIN, { script, args: ['--autoplay'] });
    await ready(frame);
    await page.until(() => globalThis.told[0] === 'ready');
    const get = (method) => page.ev((name) => new Promise((resolve) => globalThis.player[name](resolve)), method);
    assert.ok(Math.abs(await get('getDuration') - PLAIN.json.duration_ms / 1000) < 0.5);
    await page.ev(() => globalThis.player.mute());
    await page.ev(() => globalThis.player.play());
    await moves(page, () => page.ev(() => (globalThis.player.pause(), globalThis.player.play())), () => globalThis.told.some(([name, value]) => name === 'timeupdate' && value.seconds > 0 && value.duration > 30));
    assert.equal(await get('getPaused'), false);
    assert.equal(await get('getMuted'), true);
    await page.ev(() => globalThis.player.pause());
    await page.until(() => globalThis.told.some(([name]) => name === 'pause'));
    await page.ev(() => (globalThis.player.setCurrentTime(7), globalThis.player.setVolume(30), globalThis.player.setLoop(true)));
    await frame.until(() => Math.abs(document.querySelector('video').currentTime - 7) < 0.3);
    await page.until(() => new Promise((resolve) => globalThis.player.getCurrentTime((value) => resolve(Math.abs(value - 7) < 0.3))));
    await page.until(() => new Promise((resolve) => globalThis.player.getVolume((value) => resolve(value === 30))));
    assert.equal(await get('getLoop'), true);
    assert.ok(await page.ev(() => globalThis.player.supports('method', ['setLoop', 'selectPanel']) && globalThis.player.supports('event', ['panel', 'state'])));
    assert.deepEqual(await uncaught(frame), []);
  });

  spec('plain messages steer a sealed one, and nothing it says holds key or contents', async (t) => {
    const { page, frame } = await framed(t, open, SEALED, { args: ['--at', '5'] });
    await ready(frame);
    for (const value of ['ready', 'state', 'panel', 'timeupdate', 'play', 'pause', 'progress', 'error', 'ended']) await page.ev((event) => globalThis.say({ method: 'addEventListener', value: event, listener: event }), value);
    assert.equal((await heard(page, 'state')).data.value.state, 'ready');
    await page.ev(() => globalThis.say({ method: 'selectPanel', value: 'network' }));
    assert.deepEqual((await heard(page, 'panel')).data.value, { panel: 'network' });
    await frame.until(() => !document.querySelector('#panel-network').hidden);
    assert.equal(await ask(page, 'getCurrentTime'), 5);
    await page.ev(() => (globalThis.say({ method: 'mute' }), globalThis.say({ method: 'play' })));
    await heard(page, 'play');
    await moves(page, () => page.ev(() => (globalThis.say({ method: 'pause' }), globalThis.say({ method: 'play' }))), () => globalThis.heard.some(({ data }) => data.event === 'timeupdate'));
    for (const junk of ['{', 'null', '[]', '{"context":"player.js"}', '{"context":"player.js","method":"__proto__"}']) await page.ev((text) => globalThis.frames[0].postMessage(text, '*'), junk);
    await page.ev(() => (globalThis.say({ method: 'setCurrentTime', value: 'x' }), globalThis.say({ method: 'selectPanel', value: 'constructor' }), globalThis.say({ method: 'setVolume', value: null }), globalThis.say({ method: 'pause' })));
    await heard(page, 'pause');
    const all = await page.ev(() => globalThis.heard);
    const [key] = /[\w-]{43}/.exec(SEALED.hash);
    for (const { text, own, origin } of all) {
      assert.ok(own && origin !== 'null');
      for (const secret of [key, 'k=', 'Card payment', 'shop.acme', 'TypeError', '#']) assert.ok(!text.includes(secret), `${secret} in ${text}`);
    }
    assert.deepEqual(await uncaught(frame), []);
  });

  spec('nothing of the video is fetched before a click, and then it plays', async (t) => {
    const { page, frame, server } = await framed(t, open, PLAIN);
    await ready(frame);
    await frame.until(() => document.querySelector('.cover').checkVisibility());
    assert.equal(await frame.ev(() => document.querySelector('.top')), null);
    await page.ev(() => new Promise((done) => setTimeout(done, 500)));
    assert.equal(mediaOf(server), 0);
    await frame.ev(() => document.querySelector('.cover').click());
    await frame.until(() => { const video = document.querySelector('video'); return !video.paused && video.readyState >= 2; }).catch(async (error) => {
      // Without a real click some browsers want it silent.
      if (!(await frame.ev(() => document.querySelector('video').readyState >= 2))) throw error;
    });
    assert.ok(mediaOf(server) > 0);
  });

  spec('it starts at once where that is asked for, without sound', async (t) => {
    const { frame } = await framed(t, open, FILE, { args: ['--autoplay', '--loop', '--theme', 'dark', '--at', '1m'] });
    await ready(frame);
    await frame.until(() => { const video = document.querySelector('video'); return !video.paused && video.muted; });
    assert.ok(await frame.ev(() => document.querySelector('.cover').hidden));
    assert.equal(await frame.ev(() => document.documentElement.dataset.theme), 'dark');
  });

  spec('controls and panels can be left out; the way out stays', async (t) => {
    const { frame } = await framed(t, open, FILE, { args: ['--no-controls', '--no-panels', '--at', '3'] });
    await ready(frame);
    assert.deepEqual(await frame.ev(() => ['.controls', '.scrub', '[role=tab]', '.top'].map((part) => document.querySelector(part))), [null, null, null, null]);
    const { href, target, rel } = await frame.ev(() => { const { href, target, rel } = document.querySelector('.out'); return { href, target, rel }; });
    assert.deepEqual([href.replace(/^.*\?/, ''), target, rel], ['v=1#t=3&panel=timeline', '_blank', 'noopener']);
  });

  spec('a new tab keeps key and time, and leaves the frame behind', async (t) => {
    const { page, frame } = await framed(t, open, SEALED, { args: ['--at', '5', '--no-panels'] });
    await ready(frame);
    await page.ev(() => globalThis.say({ method: 'setCurrentTime', value: 9 }));
    await frame.until(() => { document.querySelector('.out').dispatchEvent(new PointerEvent('pointerdown', { bubbles: true })); return /t=9/.test(document.querySelector('.out').href); });
    assert.match(await frame.ev(() => document.querySelector('.out').hash), /^#k=[\w-]{43}&t=9&panel=timeline$/);
  });

  spec('below 500 px a button shows the events', async (t) => {
    const { frame } = await framed(t, open, FILE, { size: [420, 240] });
    await ready(frame);
    const shown = (part) => frame.ev((name) => document.querySelector(name).checkVisibility(), part);
    assert.deepEqual([await shown('.right'), await shown('button.events'), await shown('.out')], [false, true, true]);
    const fits = await frame.ev(() => [document.documentElement.scrollWidth <= innerWidth, document.querySelector('.controls').getBoundingClientRect().bottom <= innerHeight + 1]);
    assert.deepEqual(fits, [true, true]);
    await frame.ev(() => document.querySelector('button.events').click());
    await frame.until(() => document.querySelector('.right').checkVisibility() && document.querySelectorAll('.right [data-id]').length > 0);
    await frame.ev(() => document.querySelector('button.events').click());
    assert.equal(await shown('.right'), false);
  });

  spec('from 500 px on the events are there without', async (t) => {
    const { frame } = await framed(t, open, FILE, { size: [640, 360] });
    await ready(frame);
    assert.deepEqual(await frame.ev(() => ['.right', 'button.events'].map((part) => document.querySelector(part).checkVisibility())), [true, false]);
  });

  spec('it takes no focus and no key that the page around it has', async (t) => {
    const { page, frame } = await framed(t, open, FILE, { args: ['--at', '2'] });
    // The driver of WebKit gives a frame that it is asked about the focus: nothing is asked of it meanwhile.
    await page.click('#field');
    await heard(page, 'ready');
    await page.ev(() => (globalThis.say({ method: 'addEventListener', value: 'panel' }), globalThis.say({ method: 'selectPanel', value: 'network' })));
    assert.equal((await heard(page, 'panel')).data.value.panel, 'network');
    assert.equal(await page.ev(() => document.activeElement.id), 'field');
    for (const key of ['k', '3', 'l']) await page.press(key);
    await page.untilIn(8000, () => document.getElementById('field').value === 'k3l' && globalThis.keys.length === 3);
    assert.equal(await ask(page, 'getCurrentTime'), 2);
    assert.ok(await frame.ev(() => document.querySelector('video').paused && !document.querySelector('#panel-network').hidden));
  });

  spec('an expired one says so to the host, and takes no focus either', async (t) => {
    const { page, frame } = await framed(t, open, EXPIRED, { script: 'document.getElementById("field").focus()' });
    await frame.until(stateIs, 'expired');
    await page.ev(() => globalThis.say({ method: 'addEventListener', value: 'state', listener: 's' }));
    assert.deepEqual((await heard(page, 'state')).data.value, { state: 'expired' });
    await page.ev(() => globalThis.say({ method: 'play' }));
    assert.equal(await page.ev(() => document.activeElement.id), 'field');
    assert.deepEqual(await uncaught(frame), []);
  });

  spec('where nothing may be kept, nothing is thrown', async (t) => {
    const { page, frame } = await framed(t, open, FILE, { change: (code) => code.replace(/sandbox="[^"]*"/, STRANGER) });
    await ready(frame);
    await frame.ev(() => { document.querySelector('#tab-network').click(); document.querySelector('.controls button').click(); });
    await page.ev(() => (globalThis.say({ method: 'addEventListener', value: 'panel' }), globalThis.say({ method: 'selectPanel', value: 'console' })));
    assert.equal((await heard(page, 'panel')).origin, 'null');
    assert.deepEqual(await uncaught(frame), []);
    if (engine !== 'webkit') assert.deepEqual((await frame.seen()).violations, []);
  });

  spec('full screen is offered only where the frame may have it', async (t) => {
    const has = async (change) => {
      const { frame } = await framed(t, open, FILE, { change });
      await ready(frame);
      return frame.ev(() => [document.querySelector('[aria-label^="Full screen"]') !== null, document.fullscreenEnabled]);
    };
    assert.deepEqual(await has((code) => code), [true, true]);
    assert.deepEqual(await has((code) => code.replace('fullscreen *; ', '')), [false, false]);
  });

  spec('a password can be given in the frame', async (t) => {
    const { frame } = await framed(t, open, LOCKED, { args: ['--isolated', '--password-file', PASSWORD] });
    await frame.until(stateIs, 'needs-password');
    assert.ok(await frame.ev(() => document.querySelector('.state a[target=_blank]').hash.startsWith('#k=')));
    await frame.ev(() => { document.querySelector('#ask').value = 'open sesame'; document.querySelector('.ask button').click(); });
    await ready(frame);
  });

  spec('an isolated frame shows it', async (t) => {
    const { frame } = await framed(t, open, FILE, { args: ['--isolated'] });
    await ready(frame);
    await frame.until(() => document.querySelector('video').readyState >= 2);
    assert.equal(await frame.ev(() => globalThis.origin), 'null');
  });
});
