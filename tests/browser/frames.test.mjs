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
  const from = await frame.ev(() => {
    const video = document.querySelector('video');
    video.muted = true;
    video.play();
    return video.currentTime;
  });
  await frame.until((before) => document.querySelector('video').currentTime > before + 0.5, from);
  return wayOf(frame);
}

const uncaught = async (frame) => (await frame.seen()).errors;

inEngines(['chromium', 'firefox', 'webkit'], ({ engine, open }) => {
  const spec = (name, options, check) => {
    for (const [kind, made] of Object.entries(SHARES)) {
      test(`${kind}, ${name}`, { timeout: PATIENCE }, async (t) => {
        const page = await open();
        t.after(() => page.close());
        const frame = await framed(t, page, made, options);
        const way = await check(frame, kind);
        results.push(`  ${engine.padEnd(9)} ${kind.padEnd(12)} ${name.padEnd(42)} ${way}`);
        assert.deepEqual(await uncaught(frame), []);
      });
    }
  };

  spec('no attributes', {}, plays);
  spec('sandboxed, its own origin', { attributes: 'sandbox="allow-scripts allow-same-origin"' }, plays);
  spec('sandboxed, the server lets all read', { attributes: SANDBOX, cors: '*' }, plays);
  spec('sandboxed, the server lets nobody read', { attributes: SANDBOX }, plays);
});
