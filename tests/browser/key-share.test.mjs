// The second half of the key, on a server of its own: it opens, is taken back, or cannot be had.
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { PATIENCE, inEngines } from './engines.mjs';
import { assertQuiet, enter, stateIs, withScheme } from './page.mjs';
import { serve } from './server.mjs';
import { EXAMPLE, ROOM, folder, share } from './share.mjs';

const PASSWORD_FILE = join(ROOM, 'password');
writeFileSync(PASSWORD_FILE, 'Zürich');

const base64url = (text) => Buffer.from(text).toString('base64url');
const reasonOf = (page) => page.ev(() => document.documentElement.dataset.reason ?? null);

/** Waits for the state, which may have come with an earlier reason. */
const stands = (page, state, reason) => page.until((...wanted) => {
  const { dataset } = document.documentElement;
  return wanted[0] === dataset.state && wanted[1] === (dataset.reason ?? null);
}, state, reason);

/** Another server with a share's second half; it goes away with the test. */
async function keyServer(t, options = {}) {
  const root = folder({ half: '' });
  const server = await serve(root, { cors: '*', ...options });
  t.after(() => server.close());
  return Object.assign(server, { file: join(root, 'half'), half: server.url('half') });
}

/** A share whose second half lies on that server. */
function halved(server, args = []) {
  const made = share(EXAMPLE, { args: ['--encrypt', '--key-share', server.file, '--key-share-url', server.half, '--force', ...args] });
  const { k, s } = Object.fromEntries(new URLSearchParams(made.hash.slice(1)));
  assert.equal(Buffer.from(s, 'base64url').toString(), server.half);
  return { ...made, k, s };
}

const spec = (open, name, run) => test(name, { timeout: PATIENCE }, async (t) => {
  const page = await open();
  t.after(() => page.close());
  await run(page, t);
});

inEngines(['chromium', 'firefox', 'webkit'], ({ open }) => {
  spec(open, 'it opens with both halves; the second is asked for once, and learns nothing', async (page, t) => {
    const keys = await keyServer(t);
    const made = halved(keys);
    const cookie = { headers: { 'Set-Cookie': 'visitor=1; Path=/' } };
    await withScheme(made, 'http', async (url, server) => {
      await enter(page, url + made.hash);
      assert.equal(keys.requests.length, 1);
      const [{ method, url: path, headers }] = keys.requests;
      assert.deepEqual([method, path, headers.referer, headers.cookie, headers.origin], ['GET', '/half', undefined, undefined, server.origin]);
      for (const { url: asked, headers: sent } of [...keys.requests, ...server.requests]) assert.ok(!`${asked}${JSON.stringify(sent)}`.includes(made.k));
      const { requests, ...seen } = await page.seen();
      const others = { ...page, seen: async () => ({ ...seen, requests: requests.filter((one) => one !== keys.half) }) };
      await assertQuiet(others, made, server);
    }, cookie);
  });

  spec(open, 'once its second half is gone, nobody opens it', async (page, t) => {
    const keys = await keyServer(t);
    const made = halved(keys);
    rmSync(keys.file);
    await enter(page, made.url + made.hash, 'revoked');
    assert.equal(await page.ev(() => document.querySelectorAll('script[data-part], form').length), 0, 'the data left the page, and nothing can be tried again');
  });

  for (const scheme of ['file', 'http']) {
    spec(open, `without leave to read it says so, and tries again: ${scheme}`, async (page, t) => {
      const keys = await keyServer(t, { cors: undefined });
      const made = halved(keys);
      await withScheme(made, scheme, async (url, server) => {
        await enter(page, url + made.hash, 'unreachable');
        assert.equal(await reasonOf(page), 'cors');
        assert.equal(keys.requests[0].headers.origin, server ? server.origin : 'null');
        keys.options.cors = '*';
        await page.click('.ask button');
        await page.until(stateIs, 'ready');
        assert.equal(await reasonOf(page), null);
      });
    });
  }
});

inEngines(['chromium'], ({ open }) => {
  spec(open, 'a server that is down is said so; once it is up, “Try again” opens', async (page, t) => {
    const keys = await keyServer(t);
    const made = halved(keys);
    await keys.close();
    await enter(page, made.url + made.hash, 'unreachable');
    assert.equal(await reasonOf(page), 'share');
    await page.click('.ask button');
    await stands(page, 'unreachable', 'share');
    const again = await serve(join(keys.file, '..'), { cors: '*', port: keys.port });
    t.after(() => again.close());
    await page.click('.ask button');
    await page.until(stateIs, 'ready');
  });

  for (const status of [403, 410]) {
    spec(open, `${status}: it was taken back`, async (page, t) => {
      const keys = await keyServer(t);
      const made = halved(keys);
      keys.options.status = status;
      await enter(page, made.url + made.hash, 'revoked');
    });
  }

  spec(open, 'a server in trouble is no reason to call it taken back', async (page, t) => {
    const keys = await keyServer(t);
    const made = halved(keys);
    keys.options.status = 503;
    await enter(page, made.url + made.hash, 'unreachable');
    assert.equal(await reasonOf(page), 'share');
  });

  for (const length of [31, 33]) {
    spec(open, `${length} bytes are no half of a key`, async (page, t) => {
      const keys = await keyServer(t);
      const made = halved(keys);
      const half = readFileSync(keys.file);
      writeFileSync(keys.file, Buffer.concat([half, half]).subarray(0, length));
      await enter(page, made.url + made.hash, 'damaged');
      assert.equal(await reasonOf(page), 'share');
    });
  }

  spec(open, 'another 32 bytes open nothing', async (page, t) => {
    const keys = await keyServer(t);
    const made = halved(keys);
    writeFileSync(keys.file, Buffer.alloc(32, 7));
    await enter(page, made.url + made.hash, 'damaged');
  });

  spec(open, 'a redirect is not followed, wherever it leads', async (page, t) => {
    const keys = await keyServer(t);
    const made = halved(keys);
    const other = await keyServer(t);
    writeFileSync(other.file, readFileSync(keys.file));
    for (const target of [other.half, `${keys.origin}/elsewhere`]) {
      Object.assign(keys.options, { status: 302, headers: { Location: target } });
      await enter(page, `${made.url}?${target.length}${made.hash}`, 'unreachable');
      assert.equal(await reasonOf(page), 'share');
    }
    assert.deepEqual([...new Set(keys.requests.map(({ url }) => url))], ['/half']);
    assert.equal(other.requests.length, 0);
  });

  spec(open, 'a slow server is waited for', async (page, t) => {
    const keys = await keyServer(t, { delay: 2000 });
    const made = halved(keys);
    await enter(page, made.url + made.hash);
  });

  spec(open, 'a share that expires while its half is fetched has expired, whatever the server then says', async (page, t) => {
    const keys = await keyServer(t);
    const made = halved(keys, ['--expires', '6s']);
    Object.assign(keys.options, { delay: 7000, status: 404 });
    await enter(page, made.url + made.hash, 'expired');
    await new Promise((done) => setTimeout(done, 2500));
    assert.equal(keys.requests.length, 1);
    assert.ok(await page.ev(stateIs, 'expired'));
  });

  spec(open, 'an expired share asks no server', async (page, t) => {
    const keys = await keyServer(t, { status: 404 });
    const made = halved(keys, ['--expires', '1s']);
    await new Promise((done) => setTimeout(done, 1000));
    for (const s of [made.s, base64url('http://127.0.0.1:9/half')]) await enter(page, `${made.url}?${s.length}#k=${made.k}&s=${s}`, 'expired');
    assert.equal(keys.requests.length, 0);
  });

  spec(open, 'a link that names another place is refused, and the place not asked', async (page, t) => {
    const keys = await keyServer(t);
    const other = await keyServer(t);
    const made = halved(keys);
    writeFileSync(other.file, readFileSync(keys.file));
    const places = [other.half, keys.half.replace('127.0.0.1', 'localhost'), keys.half.replace('127.0.0.1', '192.0.2.1'), keys.half.replace('//', '//me:pw@'), 'half', ''];
    for (const [i, place] of places.entries()) {
      await enter(page, `${made.url}?${i}#k=${made.k}&s=${place ? base64url(place) : '!'}`, 'damaged');
      assert.equal(await reasonOf(page), 'link-altered', place);
    }
    assert.deepEqual([keys.requests.length, other.requests.length], [0, 0]);
    const { requests } = await page.seen();
    assert.deepEqual(requests.filter((url) => url.startsWith('http')), []);
  });

  spec(open, 'a link without the place asks for it; the whole link, pasted, opens and is kept', async (page, t) => {
    const keys = await keyServer(t);
    const made = halved(keys);
    await enter(page, `${made.url}#k=${made.k}`, 'needs-key');
    assert.equal(await reasonOf(page), 'needs-share');
    assert.equal(keys.requests.length, 0);
    await page.type(`https://example.com/${basename(made.page)}?v=1${made.hash}`);
    await page.press('Enter');
    await page.until(stateIs, 'ready');
    await page.ev(() => { navigator.clipboard.writeText = async (text) => void (globalThis.__copied = text); });
    await page.press('Shift+U');
    const copied = await page.until(() => globalThis.__copied);
    const pairs = new URLSearchParams(copied.split('#')[1]);
    assert.deepEqual([pairs.get('k'), pairs.get('s')], [made.k, made.s]);
    await page.go('about:blank');
    await enter(page, `${made.url}#${copied.split('#')[1]}`);
  });

  spec(open, 'password and half together: the half is asked for once the password fits', async (page, t) => {
    const keys = await keyServer(t);
    const made = halved(keys, ['--password-file', PASSWORD_FILE]);
    await enter(page, made.url + made.hash, 'needs-password');
    await page.type('Zurich');
    await page.press('Enter');
    await page.until(stateIs, 'wrong-password');
    assert.equal(keys.requests.length, 0);
    keys.options.cors = undefined;
    await page.type('Zürich');
    await page.press('Enter');
    await stands(page, 'unreachable', 'cors');
    keys.options.cors = '*';
    await page.click('.ask button');
    await page.until(stateIs, 'ready');
  });
});
