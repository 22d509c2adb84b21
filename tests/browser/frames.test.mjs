// Shares in a frame of another site, with and without a sandbox: they play, or say why not. Says at the end which way.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { PATIENCE, inEngines } from './engines.mjs';
import { stateIs, withScheme } from './page.mjs';
import { serve } from './server.mjs';
import { EXAMPLE, folder, share } from './share.mjs';

const SHARES = { 'plain dir': share(EXAMPLE, { layout: 'dir' }), 'sealed html': share(EXAMPLE, { args: ['--encrypt'] }), 'sealed dir': share(EXAMPLE, { layout: 'dir', args: ['--encrypt'] }) };
const SANDBOX = 'sandbox="allow-scripts"';

const results = [];
after(() => console.log(['', 'what plays in a frame of another site, and how:', ...results, ''].join('\n')));

/** The share in a frame of a page on another site. */
async function framed(t, page, made, { attributes = '', cors }) {
  await new Promise((resolve, reject) => {
    withScheme(made, 'http', async (url, server) => {
      const host = await serve(folder({ 'index.html': `<!doctype html><title>host</title><iframe src="${url}${made.hash}" width="1200" height="700" ${attributes}></iframe>` }), { host: 'localhost' });
      await new Promise((done) => {
        t.after(() => (host.close(), done()));
        page.go(host.url('')).then(() => resolve(server), reject);
      });
    }, { cors });
  });
  return page.frame('iframe');
}

/** Which way the video comes. */
const wayOf = (frame) => frame.ev(() => {
  const { currentSrc } = document.querySelector('video');
  return /^blob:/.test(currentSrc) ? 'as a whole' : /\/__v\/\d+$/.test(currentSrc) ? 'by the service worker' : 'from its file';
});

async function plays(frame) {
  await frame.until(stateIs, 'ready');
  await frame.until(() => document.querySelector('video').readyState >= 2);
  const start = () => frame.ev(async () => {
    const video = document.querySelector('video');
    video.muted = true;
    video.pause();
    await video.play();
    return video.currentTime;
  });
  const moves = async (ms) => frame.untilIn(ms, (before) => document.querySelector('video').currentTime > before + 0.5, await start());
  // Started right after a seek, GStreamer now and then sleeps on.
  await moves(5000).catch(() => moves(5000)).catch(() => moves(20_000));
  return wayOf(frame);
}

/** The panels are there, and the place of the video says why it is not. */
async function explains(frame) {
  await frame.until(stateIs, 'ready');
  await frame.until(() => /sandboxed.*tab of its own/.test(document.querySelector('.stage-words:not([hidden])')?.textContent ?? ''));
  assert.ok(await frame.until(() => document.querySelectorAll('[data-id]').length));
  return 'not at all, and says why';
}

/** What nobody caught; that an element could not load its file is its own affair. */
const uncaught = async (frame) => (await frame.seen()).errors.filter((text) => !/^error: [A-Z]+$/.test(text));

inEngines(['chromium', 'firefox', 'webkit'], ({ engine, open }) => {
  const spec = (name, options, { blocked = () => false, worker = false } = {}) => {
    for (const [kind, made] of Object.entries(SHARES)) {
      test(`${kind}, ${name}`, { timeout: PATIENCE }, async (t) => {
        const page = await open();
        t.after(() => page.close());
        const frame = await framed(t, page, made, options);
        const way = await (blocked(kind) ? explains : plays)(frame);
        if (kind === 'sealed dir' && worker) assert.equal(way, 'by the service worker');
        results.push(`  ${engine.padEnd(9)} ${kind.padEnd(12)} ${name.padEnd(42)} ${way}`);
        assert.deepEqual(await uncaught(frame), []);
      });
    }
  };

  // Firefox and WebKit may keep service workers from such frames; the video then comes as a whole.
  const worker = engine === 'chromium';
  spec('no attributes', {}, { worker });
  spec('sandboxed, its own origin', { attributes: 'sandbox="allow-scripts allow-same-origin"' }, { worker });
  // For WebKit a sandboxed page's own server is not 'self', which is all that its policy lets it load from.
  const strict = (kind) => engine === 'webkit' && kind.endsWith('dir');
  spec('sandboxed, the server lets all read', { attributes: SANDBOX, cors: '*' }, { blocked: strict });
  spec('sandboxed, the server lets nobody read', { attributes: SANDBOX }, { blocked: (kind) => strict(kind) || kind === 'sealed dir' });
});
