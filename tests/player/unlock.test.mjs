import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { bytesFrom } from '../../assets/player/carrier.js';
import { parseHeader } from '../../assets/player/header.js';
import { parseSecrets } from '../../assets/player/paste.js';
import { parseChecks, parseKey } from '../../assets/player/schedule.js';
import { createSealed } from '../../assets/player/sealed.js';
import { allowedOrigins, fetchShare, shareAddress } from '../../assets/player/share.js';
import { unlock } from '../../assets/player/unlock.js';
import { collect, createHost, inPieces, noise, seal, sealBundle } from './sealer.mjs';

const NOW = 1_700_000_060;
const damaged = { state: 'damaged' };

function opening({ header, checks, k }, { password, key = k, now = NOW, crypto = true, server = true, share = async () => assert.fail('no share is asked for') } = {}) {
  const bundle = { header: parseHeader(header), headerText: header, checks: parseChecks(checks) };
  return unlock(bundle, { k: key, password }, { now: () => now, crypto, server, share });
}

/** The word by which the vectors call a state. */
function classOf({ state, reason }) {
  return ['cut-key', 'newer-version', 'needs-share'].includes(reason) ? reason : state;
}

/** Sealed parts that all lie in the page. */
function inlineOf(sealed) {
  const blobs = new Map([...sealed].map(([id, bytes]) => [id, new Blob([bytes])]));
  return { has: (id) => blobs.has(id), part: async (id) => blobs.get(id), pieces: (id) => inPieces(sealed.get(id), 786_432) };
}

function sealedOf(root, sealed, { files = new Map(), ranges = true, get = createHost(files, { ranges }).get } = {}) {
  const host = { get };
  const read = async (path, offset, length) => {
    const answer = await host.get(`at:${path}`, { headers: { Range: `bytes=${offset}-${offset + length - 1}` } });
    const body = new Blob([await answer.arrayBuffer()]);
    return bytesFrom(body, answer.status === 206 ? 0 : offset, length);
  };
  const sizes = new Map([...sealed].map(([id, bytes]) => [id, { length: bytes.length }]));
  const inline = inlineOf(new Map([...sealed].filter(([id]) => !files.size || id === 0)));
  return createSealed({ root, inline, files: { read }, urlOf: (path) => `at:${path}`, get: host.get, sizes, onDamage: () => {} });
}

test('frozen vectors', async (t) => {
  const folder = new URL('../vectors/v1/', import.meta.url);
  if (!existsSync(folder)) return t.skip('tests/vectors/v1 is not there');
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  assert.ok(names.length > 50);
  for (const name of names) {
    await t.test(name, async () => {
      const vector = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
      const sealed = new Map(vector.parts.map(({ id, sealed }) => [id, Buffer.from(sealed, 'base64')]));
      try {
        const opened = await open(vector, sealed);
        assert.equal(opened.class, vector.expect.class);
        for (const { id, length, sha256 } of vector.expect.parts) {
          for (const plain of [opened.read.get(id), opened.whole.get(id)]) {
            if (plain) assert.deepEqual([plain.length, createHash('sha256').update(plain).digest('hex')], [length, sha256], `part ${id}`);
          }
        }
      } catch (error) {
        if (!error.state) throw error;
        assert.equal(classOf(error), vector.expect.class);
      }
    });
  }

  async function open({ header, checks, now, key, password, share }, sealed) {
    const half = async () => (share === null ? { state: 'needs-key', reason: 'needs-share' } : new Uint8Array(Buffer.from(share, 'base64url')));
    const result = await opening({ header, checks: JSON.stringify(checks), k: key ?? undefined }, { password: password ?? undefined, now, share: half });
    if (!result.root) throw result;
    const parts = sealedOf(result.root, sealed);
    const manifest = await parts.manifest();
    const { parts: list } = JSON.parse(Buffer.from(manifest).toString());
    parts.accept(list);
    const found = { class: 'ready', read: new Map([[0, manifest]]), whole: new Map() };
    for (const { id, length } of list) {
      found.read.set(id, await parts.read(id, 0, length));
      found.whole.set(id, await collect(parts.whole(id)));
    }
    return found;
  }
});

test('a key has one spelling', () => {
  const text = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
  assert.deepEqual([...parseKey(text)], Array.from({ length: 32 }, (_, i) => i));
  const cut = text.slice(0, 42);
  for (const wrong of ['', cut, `${text}A`, `${text}=`, `${cut}=`, `${cut}+`, `${cut}é`, `${cut}9`, `${cut}-`, `${cut}Ａ`, ` ${cut}`, `${text}\n`]) assert.equal(parseKey(wrong), null, wrong);
  for (let i = 0; i < 200; i++) {
    const key = randomBytes(32);
    assert.deepEqual(Buffer.from(parseKey(key.toString('base64url'))), key);
  }
});

test('the states come in their order', async () => {
  const share = randomBytes(32);
  const bundle = sealBundle(new Map([[1, noise(5)]]), { expires: NOW + 60, password: 'Zürich', share });
  const half = async () => new Uint8Array(share);
  const other = randomBytes(32).toString('base64url');
  const edited = { ...bundle, header: bundle.header.replace(`"expires":${NOW + 60}`, '"expires":0') };
  const isState = async (promise, state, reason) => {
    const { root, ...found } = await promise;
    assert.deepEqual(found, { state, ...(reason && { reason }) });
  };
  await isState(opening(bundle, { now: NOW + 60, key: undefined, crypto: false }), 'expired');
  await isState(opening(bundle, { key: other, crypto: false, server: false }), 'insecure-context');
  await isState(opening(bundle, { key: '', server: false }), 'unsupported', 'needs-server');
  await isState(opening(edited, { key: '' }), 'needs-key');
  await isState(opening(edited, { key: bundle.k.slice(1) }), 'wrong-key', 'cut-key');
  await isState(opening(edited, { key: other }), 'wrong-key');
  await isState(opening(edited, { password: 'wrong' }), 'damaged', 'header');
  await isState(opening({ ...bundle, checks: bundle.checks.replace(/"password":".*"/, '"password":null') }, {}), 'damaged', 'header');
  await isState(opening(bundle), 'needs-password');
  await isState(opening(bundle, { password: 'Zurich' }), 'wrong-password');
  await isState(opening(bundle, { password: 'Zu\u0308rich', share: async () => ({ state: 'revoked' }) }), 'revoked');
  const { root } = await opening(bundle, { password: 'Zu\u0308rich', share: half });
  const parts = sealedOf(root, bundle.sealed);
  parts.accept(JSON.parse(Buffer.from(await parts.manifest()).toString()).parts);
  assert.deepEqual(Buffer.from(await parts.read(1, 1, 3)), noise(5).subarray(1, 4));
});

test('nothing is computed from a password without the key', async (t) => {
  const bundle = sealBundle(new Map(), { password: 'secret' });
  const asked = [];
  const { subtle } = globalThis.crypto;
  const importKey = subtle.importKey.bind(subtle);
  t.mock.method(subtle, 'importKey', (...call) => (asked.push(call[2]?.name ?? call[2]), importKey(...call)));
  for (const key of ['', 'short', randomBytes(32).toString('base64url')]) await opening(bundle, { password: 'secret', key });
  assert.ok(!asked.includes('PBKDF2'), asked.join());
  await opening(bundle, { password: 'secret' });
  assert.ok(asked.includes('PBKDF2'));
});

test('a forgotten root opens nothing', async () => {
  const bundle = sealBundle(new Map([[1, noise(5)]]));
  const { root } = await opening(bundle);
  const parts = sealedOf(root, bundle.sealed);
  parts.accept(bundle.list);
  await parts.read(1, 0, 5);
  parts.close();
  await assert.rejects(parts.read(1, 0, 5), damaged);
});

test('checks have one spelling', () => {
  const check = (byte) => Buffer.alloc(16, byte).toString('base64url');
  const text = `{"key":"${check(1)}","header":"${check(2)}","password":null}`;
  assert.deepEqual(Buffer.from(parseChecks(text).header), Buffer.alloc(16, 2));
  assert.equal(parseChecks(text).password, null);
  assert.equal(parseChecks(text.replace('null', `"${check(3)}"`)).password[0], 3);
  for (const wrong of [null, '', `${text} `, text.replace('"key"', '"k"'), text.replace('AQ"', 'AR"'), text.replace('null', '""'), text.replace(',', ', ')]) {
    assert.throws(() => parseChecks(wrong), damaged, wrong);
  }
});

test('what is handed in is a key, a link, or a link that suffered', () => {
  const k = 'A'.repeat(43);
  for (const [text, found] of [
    ['', {}],
    [k, { k }],
    [` ${k}\n`, { k }],
    ['k', { k: 'k' }],
    [`#t=1&k=${k}`, { k }],
    [`#k=${k}&s=c2g&k=other`, { k, s: 'c2g' }],
    [`k=${k}&panel=network`, { k }],
    [`https://example.com/a/index.html?v=1#k=${k}`, { k }],
    [`<https://example.com/?v=1#k=${k.slice(0, 20)}\r\n${k.slice(20)}>`, { k }],
    [`https://example.com/?v=1%23k=${k}`, { k }],
    ['https://example.com/?v=1', {}],
    ['#t=1', {}],
    [`https://example.com/?k=${k}#t=1`, {}],
  ]) assert.deepEqual(parseSecrets(text), found, text);
});

test('a key share lies where the policy lets the page ask', () => {
  const policy = "default-src 'none'; connect-src 'self' https://keys.example http://127.0.0.1:8000 http://other.example; base-uri 'none'";
  const allowed = allowedOrigins(policy);
  assert.deepEqual(allowed, ['https://keys.example', 'http://127.0.0.1:8000', 'http://other.example']);
  assert.deepEqual([allowedOrigins(null), allowedOrigins("connect-src 'self'")], [[], []]);
  const at = (url) => shareAddress(Buffer.from(url).toString('base64url'), allowed);
  assert.equal(at('https://keys.example/a?sig=1'), 'https://keys.example/a?sig=1');
  assert.equal(at('http://127.0.0.1:8000/k'), 'http://127.0.0.1:8000/k');
  for (const refused of ['http://keys.example/a', 'http://other.example/k', 'https://evil.example/k', 'https://keys.example:444/k', 'https://keys.example.evil.example/', 'http://127.0.0.1/k',
    'https://me:pw@keys.example/k', 'https://keys.example@evil.example/k', 'ftp://keys.example/k', 'data:,x', '/k', '']) assert.equal(at(refused), null, refused);
  for (const broken of ['%%%', '!', 'gA']) assert.equal(shareAddress(broken, allowed), null);
});

test('a key share is 32 bytes, or a page state', async () => {
  const asked = [];
  const fetching = (...answers) => fetchShare('https://keys.example/k', {
    due: () => false,
    wait: 60,
    get: async (url, options) => {
      asked.push(options);
      const answer = answers.shift();
      return typeof answer === 'function' ? answer(options) : answer instanceof Error ? Promise.reject(answer) : answer;
    },
  });
  const share = randomBytes(32);
  assert.deepEqual(Buffer.from(await fetching(new Response(share))), share);
  const [{ credentials, referrerPolicy, cache, redirect, mode }] = asked;
  assert.deepEqual({ credentials, referrerPolicy, cache, redirect, mode }, { credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-store', redirect: 'manual', mode: 'cors' });
  assert.equal(asked[0].headers, undefined, 'a header of its own would need a preflight');
  for (const length of [0, 31, 33, 5000]) assert.deepEqual(await fetching(new Response(Buffer.alloc(length))), { state: 'damaged', reason: 'share' });
  for (const status of [403, 404, 410]) assert.deepEqual(await fetching(new Response('', { status })), { state: 'revoked' });
  assert.deepEqual(await fetchShare('x', { get: async () => new Response('', { status: 404 }), due: () => true }), { state: 'expired' });
  for (const status of [206, 401, 500, 503]) assert.deepEqual(await fetching(new Response('', { status })), { state: 'unreachable', reason: 'share' });
  assert.deepEqual(await fetching(Response.error()), { state: 'unreachable', reason: 'share' }, 'a redirect has no status');
  const failed = new TypeError('failed to fetch');
  assert.deepEqual(await fetching(failed, failed), { state: 'unreachable', reason: 'share' });
  assert.deepEqual(await fetching(failed, new Response('')), { state: 'unreachable', reason: 'cors' });
  const never = ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  assert.deepEqual(await fetching(never), { state: 'unreachable', reason: 'share' });
});

test('parts beside the page: one file or many, with Range or without', async () => {
  const plain = noise(300_000);
  const parts = new Map([[1, noise(20)], [2, plain]]);
  const sizes = [100_000, 56, 1, 150_000];
  const names = { 1: { file: 'parts/1.bin' }, 2: { files: [...sizes, 300_360 - 250_057].map((size, i) => [`parts/2.${i}.bin`, size]) } };
  const bundle = sealBundle(parts, { names });
  assert.equal(bundle.sealed.get(2).length, 300_360);
  const files = new Map([['at:parts/1.bin', bundle.sealed.get(1)]]);
  let at = 0;
  for (const [path, size] of names[2].files) files.set(`at:${path}`, bundle.sealed.get(2).subarray(at, at += size));
  for (const ranges of [true, false]) {
    const { root } = await opening(bundle);
    const sealed = sealedOf(root, bundle.sealed, { files, ranges });
    sealed.accept(JSON.parse(Buffer.from(await sealed.manifest()).toString()).parts);
    for (const [offset, length] of [[0, 1], [99_990, 20], [16_383, 2], [0, 300_000], [299_999, 1], [0, 0]]) {
      assert.deepEqual(Buffer.from(await sealed.read(2, offset, length)), plain.subarray(offset, offset + length), `${offset}+${length}`);
    }
    assert.deepEqual(await collect(sealed.whole(2)), plain);
    assert.deepEqual(Buffer.from(await sealed.read(1, 0, 20)), noise(20));
    await assert.rejects(sealed.read(2, 299_999, 2), damaged);
    await assert.rejects(sealed.read(3, 0, 1), damaged);
    const handle = await sealed.handle(2, 'video/webm');
    assert.deepEqual([handle.length, handle.pieces.length, handle.secret.key.length, handle.secret.nonce.length], [300_000, 5, 32, 12]);
  }
});

test('only the part that the manifest names is taken', async () => {
  const bundle = sealBundle(new Map([[1, noise(50)], [2, noise(60)]]));
  const again = seal(bundle.root, 'part\x001', noise(50));
  for (const [id, message] of [[1, again], [1, bundle.sealed.get(2)], [2, bundle.sealed.get(2).subarray(0, -1)]]) {
    const { root } = await opening(bundle);
    const parts = sealedOf(root, new Map(bundle.sealed).set(id, message));
    parts.accept(bundle.list);
    await assert.rejects(parts.read(id, 0, 10), damaged);
    await assert.rejects(collect(parts.whole(id)), damaged);
  }
  const { root } = await opening(bundle);
  const unnamed = sealedOf(root, bundle.sealed);
  unnamed.accept(bundle.list.map(({ commitment, ...part }) => part));
  await assert.rejects(unnamed.read(1, 0, 10), damaged);
});
