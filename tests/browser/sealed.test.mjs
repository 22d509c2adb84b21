// Sealed shares: how the video gets to the reader, and what the page says when it does not open.
import assert from 'node:assert/strict';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PATIENCE, inEngines } from './engines.mjs';
import { assertQuiet, enter, plays, settledRows, showPanel, stateIs, videoAt, withScheme } from './page.mjs';
import { EXAMPLE, edited, share, withHeader } from './share.mjs';

const SHARES = { html: share(EXAMPLE, { args: ['--encrypt'] }), dir: share(EXAMPLE, { layout: 'dir', args: ['--encrypt'] }) };
const SPLIT = { layout: 'dir', args: ['--split', '200k'] };

const currentSrc = (page) => page.ev(() => document.querySelector('video').currentSrc);
const reasonOf = (page) => page.ev(() => document.documentElement.dataset.reason ?? null);
const videoFile = ({ json }) => json.files.find(({ path }) => path.startsWith('parts/')).path;

/** The key with one character changed, and still a key. */
const otherKey = (hash) => hash.replace(/k=(.)/, (_all, first) => `k=${first === 'A' ? 'B' : 'A'}`);

inEngines(['chromium', 'firefox', 'webkit'], ({ engine, open }) => {
  const spec = (name, run) => test(name, { timeout: PATIENCE }, async (t) => {
    const pages = [];
    t.after(() => Promise.all(pages.map((page) => page.close())));
    await run(async (options) => pages[pages.push(await open(options)) - 1]);
  });

  spec('a folder’s video plays through the service worker, and a seek gives up what it no longer needs', async (fresh) => {
    const page = await fresh();
    const { dir } = SHARES;
    await withScheme(dir, 'http', async (url, server) => {
      await enter(page, url + dir.hash);
      await plays(page, engine, dir);
      assert.match(await currentSrc(page), /\/__v\/\d+$/);
      await page.ev(() => { document.querySelector('video').currentTime = 34; });
      await videoAt(page, 34_000);
      const asked = server.requests.filter((request) => request.url.startsWith('/parts/'));
      assert.ok(asked.some(({ range }) => /^bytes=\d+-$/.test(range)), 'one open-ended request serves a playback');
      await assertQuiet(page, dir, server);
    });
  });

  spec('a server without Range is noticed, and the video loaded as a whole', async (fresh) => {
    const page = await fresh();
    const { dir } = SHARES;
    await withScheme(dir, 'http', async (url) => {
      await enter(page, url + dir.hash);
      await plays(page, engine, dir);
      assert.match(await currentSrc(page), /^blob:/);
      await page.ev(() => { document.querySelector('video').currentTime = 34; });
      await videoAt(page, 34_000);
    }, { ranges: false });
  });

  spec('the box takes a key, or a whole link', async (fresh) => {
    const page = await fresh();
    const { html } = SHARES;
    await enter(page, html.url, 'needs-key');
    await page.type('no key at all');
    await page.press('Enter');
    await page.until(stateIs, 'wrong-key');
    assert.equal(await reasonOf(page), 'cut-key');
    await page.type(otherKey(html.hash).slice(3));
    await page.press('Enter');
    await page.until(() => document.documentElement.dataset.state === 'wrong-key' && !document.documentElement.dataset.reason);
    await page.type(`https://files.example/x/share.html?v=1${html.hash}`);
    await page.press('Enter');
    await page.until(stateIs, 'ready');
    assert.equal(await reasonOf(page), null);
    assert.ok((await page.ev(() => location.hash)).includes(html.hash.slice(1)), 'the address keeps the key, for a reload');
    assert.equal(await page.ev(() => document.title), 'Card payment fails after changing the country');
  });

  spec('a link pasted over one without its key opens the page', async (fresh) => {
    const page = await fresh();
    const { html } = SHARES;
    await enter(page, html.url, 'needs-key');
    await page.ev((hash) => { location.hash = hash; }, html.hash);
    await page.until(stateIs, 'ready');
  });
});

inEngines(['chromium'], ({ open }) => {
  const spec = (name, run) => test(name, { timeout: PATIENCE }, async (t) => {
    const pages = [];
    t.after(() => Promise.all(pages.map((page) => page.close())));
    await run(async (options) => pages[pages.push(await open(options)) - 1], t);
  });

  for (const seal of ['plain', 'sealed']) for (const ranges of [true, false]) {
    spec(`a video cut into files plays: ${seal}, ${ranges ? 'with' : 'without'} Range`, async (fresh) => {
      const page = await fresh();
      const cut = share(EXAMPLE, { ...SPLIT, args: [...SPLIT.args, ...(seal === 'sealed' ? ['--encrypt'] : [])] });
      assert.ok(cut.json.files.filter(({ path }) => path.startsWith('parts/')).length > 2, 'the video is in several files');
      await withScheme(cut, 'http', async (url, server) => {
        await enter(page, url + cut.hash);
        await plays(page, 'chromium', cut);
        assert.match(await currentSrc(page), /\/__v\/\d+$/);
        await page.ev(() => { document.querySelector('video').currentTime = 34; });
        await videoAt(page, 34_000);
        await assertQuiet(page, cut, server);
      }, { ranges });
    });
  }

  spec('a worker that was ended asks the page again', async (fresh) => {
    const page = await fresh();
    const { dir } = SHARES;
    await withScheme(dir, 'http', async (url) => {
      await enter(page, url + dir.hash);
      await plays(page, 'chromium', dir);
      const devtools = await page.raw.context().newCDPSession(page.raw);
      await devtools.send('ServiceWorker.enable');
      await devtools.send('ServiceWorker.stopAllWorkers');
      await page.ev(() => { document.querySelector('video').currentTime = 34; });
      await videoAt(page, 34_000);
      assert.match(await currentSrc(page), /\/__v\/\d+$/);
    });
  });

  spec('a worker gives nothing to another page, nor to a page that did not hand in the key', async (fresh) => {
    const page = await fresh();
    const { dir } = SHARES;
    await withScheme(dir, 'http', async (url) => {
      await enter(page, url + dir.hash);
      const address = await currentSrc(page);
      const other = await page.raw.context().newPage();
      await other.goto(url);
      await other.waitForFunction(() => document.documentElement.dataset.state === 'needs-key');
      const status = await other.evaluate(async (target) => (await fetch(target)).status, address);
      assert.ok(status >= 400, `status ${status}`);
      const answer = await other.goto(address).catch(() => null);
      assert.ok(!answer || answer.status() >= 400, 'nor when it is opened');
      await other.close();
    });
  });

  spec('details and rows of a sealed folder come block by block', async (fresh) => {
    const page = await fresh();
    const { dir } = SHARES;
    await withScheme(dir, 'http', async (url) => {
      await enter(page, `${url}${dir.hash}&panel=network`);
      await showPanel(page, 'network');
      const [row] = await settledRows(page);
      await page.click(`.right > [role=tabpanel]:not([hidden]) [data-id="${row.id}"]`);
      await page.until(() => /Headers/.test(document.querySelector('.right > [role=tabpanel]:not([hidden]) .drawer')?.textContent ?? ''));
    });
  });

  spec('no request line, no Referer and no answer of a whole session holds the key', async (fresh) => {
    for (const args of [['--encrypt'], ['--encrypt', '--split', '300k']]) {
      const page = await fresh();
      const secret = share(EXAMPLE, { layout: 'dir', args });
      const key = secret.hash.slice(3);
      await withScheme(secret, 'http', async (url, server) => {
        await enter(page, `${url}?v=1${secret.hash}&t=3`);
        await plays(page, 'chromium', secret);
        for (const panel of ['console', 'network', 'actions', 'backend', 'timeline', 'info']) await showPanel(page, panel);
        await page.ev(() => { document.querySelector('video').currentTime = 30; });
        await videoAt(page, 30_000);
        await page.raw.reload();
        await page.until(stateIs, 'ready');
        const { requests } = await page.seen();
        const said = JSON.stringify([server.requests, requests.map((one) => one.split('#')[0])]);
        assert.ok(server.requests.length > 4);
        assert.ok(!said.includes(key) && !said.includes(key.slice(0, 12)), 'the key was sent');
        assert.deepEqual(server.requests.filter(({ referer }) => referer !== null), [], 'no Referer');
        const kept = await page.ev(async () => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, await caches.keys(), await indexedDB.databases()]));
        assert.ok(!kept.includes(key), 'the key is stored nowhere');
        await assertQuiet(page, secret, server);
      });
    }
  });

  const DAY = 86_400_000;
  spec('a clock set back a month does not reopen an expired share over http, nor does a fast one close another', async (fresh) => {
    const old = share(EXAMPLE, { layout: 'dir', args: ['--encrypt', '--expires', '1s'] });
    await new Promise((resolve) => { setTimeout(resolve, 1500); });
    await withScheme(old, 'http', async (url) => enter(await fresh({ clock: -30 * DAY }), url + old.hash, 'expired'));
    await withScheme(SHARES.dir, 'http', async (url) => enter(await fresh({ clock: DAY * 1.5 }), url + SHARES.dir.hash));
  });

  spec('a sealed share that expires while it plays stops, empties itself and opens nothing more', async (fresh) => {
    const page = await fresh();
    const brief = share(EXAMPLE, { layout: 'dir', args: ['--encrypt', '--expires', '8s'] });
    await withScheme(brief, 'http', async (url) => {
      await enter(page, url + brief.hash);
      await plays(page, 'chromium', brief);
      const address = await currentSrc(page);
      await page.until(stateIs, 'expired');
      assert.equal(await page.ev(() => document.querySelectorAll('video, script[data-part]').length), 0);
      const status = await page.ev(async (target) => (await fetch(target)).status, address);
      assert.ok(status >= 400, `the worker answers ${status}`);
      assert.ok(!(await page.ev(() => document.body.innerText + document.title)).includes('Card payment'));
    });
  });

  spec('a sealed folder from a file needs a server', async (fresh) => {
    const page = await fresh();
    await enter(page, SHARES.dir.url + SHARES.dir.hash, 'unsupported');
    assert.equal(await reasonOf(page), 'needs-server');
  });

  for (const [what, cut] of [['cut', (hash) => hash.slice(0, -1)], ['with stray low bits', (hash) => hash.slice(0, -1) + next(hash.at(-1))]]) {
    spec(`a key ${what} is a key that was cut`, async (fresh) => {
      const page = await fresh();
      await enter(page, SHARES.html.url + cut(SHARES.html.hash), 'wrong-key');
      assert.equal(await reasonOf(page), 'cut-key');
    });
  }

  spec('a gateway’s %23 is repaired before the first request, and the reader told', async (fresh) => {
    const page = await fresh();
    const { dir } = SHARES;
    await withScheme(dir, 'http', async (url, server) => {
      await enter(page, `${url}?v=1%23${dir.hash.slice(1)}&t=3`);
      assert.ok((await page.ev(() => location.href)).endsWith(`?v=1${dir.hash}&t=3`));
      assert.match(await page.ev(() => document.querySelector('.toast').textContent), /server’s log/);
      const [, ...later] = server.requests;
      assert.ok(!JSON.stringify(later).includes(dir.hash.slice(3, 15)), 'only the gateway’s own request holds it');
    });
  });

  const changes = {
    'a later expiry': [(html) => withHeader(html, (header) => ({ ...header, expires: header.expires + 60 })), 'damaged', 'header'],
    'no expiry': [(html) => withHeader(html, (header) => ({ ...header, expires: 0 })), 'damaged', 'header'],
    'another order in the header': [(html) => withHeader(html, ({ v, ...rest }) => ({ ...rest, v })), 'damaged', 'header'],
    'a member more in the header': [(html) => withHeader(html, (header) => ({ ...header, x: 1 })), 'damaged', 'header'],
    'a newer version': [(html) => withHeader(html, (header) => ({ ...header, v: 2 })), 'unsupported', 'newer-version'],
    'another suite': [(html) => withHeader(html, (header) => ({ ...header, suite: 'C512' })), 'unsupported', 'newer-version'],
    'a password asked for': [(html) => withHeader(html, (header) => ({ ...header, kdf: { alg: 'pbkdf2-sha256', iter: 600000, salt: 'A'.repeat(22) } })), 'damaged', 'header'],
    'too few rounds': [(html) => withHeader(html, (header) => ({ ...header, kdf: { alg: 'pbkdf2-sha256', iter: 99999, salt: 'A'.repeat(22) } })), 'damaged', 'header'],
    'no checks': [(html) => edited(html, (text) => text.replace(/<script type="application\/json" id="checks">[^\n]*\n/, '')), 'damaged', 'header'],
    'one bit of the manifest': [(html) => edited(html, (text) => flipped(text, 0)), 'damaged', null],
    'one bit of the video': [(html) => edited(html, (text) => flipped(text, largest(text))), 'damaged', null],
    'no end': [(html) => edited(html, (text) => text.slice(0, -2000)), 'damaged', 'cut'],
  };
  for (const [what, [change, state, reason]] of Object.entries(changes)) {
    spec(`${what}: ${state}`, async (fresh) => {
      const page = await fresh();
      const changed = change(SHARES.html);
      await enter(page, changed.url + SHARES.html.hash, state);
      assert.equal(await reasonOf(page), reason);
      const shown = await page.ev(() => document.body.innerText + document.title);
      assert.ok(!shown.includes('Card payment'), 'nothing of the recording shows');
    });
  }

  spec('one bit of a folder’s video stops the page when it is played', async (fresh) => {
    const page = await fresh();
    const broken = share(EXAMPLE, { layout: 'dir', args: ['--encrypt'] });
    const file = join(broken.dir, videoFile(broken));
    flipByte(file, Math.floor(broken.json.files[1].bytes * 0.6));
    await withScheme(broken, 'http', async (url) => {
      await page.go(url + broken.hash);
      await page.until(() => ['ready', 'damaged'].includes(document.documentElement.dataset.state));
      await page.ev(() => { const video = document.querySelector('video'); if (video) video.currentTime = 25; });
      await page.until(stateIs, 'damaged');
    });
  });

  spec('a plain folder that was cut opens by double click, but for its video', async (fresh) => {
    const page = await fresh();
    const cut = share(EXAMPLE, SPLIT);
    await enter(page, cut.url);
    assert.match(await page.until(() => document.querySelector('.stage-words').textContent), /sealcast serve/);
    await showPanel(page, 'console');
    assert.ok((await settledRows(page)).length > 0);
  });

  spec('a transfer that breaks off leaves the logs, whole and in pieces', async (fresh) => {
    for (const args of [[], ['--split', '200k']]) {
      const page = await fresh();
      const made = share(EXAMPLE, { layout: 'dir', args: ['--encrypt', ...args] });
      const file = join(made.dir, made.json.files.filter(({ path }) => path.startsWith('parts/')).at(-1).path);
      await withScheme(made, 'http', async (url) => {
        await page.raw.addInitScript(() => { delete Object.getPrototypeOf(navigator).serviceWorker; });
        await enter(page, url + made.hash);
        assert.match(await page.until(() => document.querySelector('.stage-words:not([hidden])')?.textContent.includes('could not') && document.querySelector('.stage-words').textContent), /could not be loaded/);
        assert.equal(await page.ev(() => document.documentElement.dataset.state), 'ready');
      }, { down: new RegExp(`/${file.split('/').at(-1)}$`) });
    }
  });

  spec('a video that is not there leaves the logs', async (fresh) => {
    const page = await fresh();
    await withScheme(SHARES.dir, 'http', async (url) => {
      await enter(page, url + SHARES.dir.hash);
      assert.match(await page.until(() => document.querySelector('.stage-words').textContent), /could not be loaded/);
      await showPanel(page, 'console');
      assert.ok((await settledRows(page)).length > 0);
    }, { down: /^\/parts\// });
  });
});

/** The character after this one, which spells the same bytes with a stray low bit. */
function next(character) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return letters[letters.indexOf(character) + 1];
}

/** A page in which one bit of a part was turned, its checksum in the end block left as it was. */
function flipped(text, part) {
  const at = text.indexOf(`data-part="${part}">`) + `data-part="${part}">`.length + 200;
  return text.slice(0, at) + next(text[at] === '_' || text[at] === '/' || text[at] === '+' ? 'A' : text[at]) + text.slice(at + 1);
}

function largest(text) {
  const { parts } = JSON.parse(/id="end">([^<]*)/.exec(text)[1]);
  return parts.sort((a, b) => b[1] - a[1])[0][0];
}

function flipByte(file, at) {
  const handle = openSync(file, 'r+');
  const byte = Buffer.alloc(1);
  readSync(handle, byte, 0, 1, at);
  writeSync(handle, Buffer.from([byte[0] ^ 1]), 0, 1, at);
  closeSync(handle);
}
