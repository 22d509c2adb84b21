import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { deriveSecret } from '../../assets/player/cobblestone.js';
import { download } from '../../assets/player/download.js';
import { stretches } from '../../assets/player/pieces.js';
import { answerTo, parseRange } from '../../assets/player/range.js';
import { gather } from '../../assets/player/whole.js';
import { createWorker } from '../../assets/player/worker.js';
import { collect, createHost, inPieces, inputKeyOf, noise, seal } from './sealer.mjs';

const SCOPE = 'https://host.example/share/';
const PATH = 'bundle/7';
const KEY = new Uint8Array(randomBytes(32));
const PLAIN = noise(900_000);
const SEALED = seal(KEY, 'part\x007', PLAIN);

/** What the worker's script sees around it. */
const listeners = {};
const clients = new Map();
let host = createHost(new Map());
const scope = {
  registration: { scope: SCOPE },
  clients: { claimed: 0, claim: async () => void scope.clients.claimed++, get: async (id) => clients.get(id), matchAll: async () => [...clients.values()] },
  skipWaiting: async () => {},
  addEventListener: (type, listen) => void (listeners[type] = listen),
};
globalThis.self = scope;
globalThis.fetch = (...request) => host.get(...request);
await import('../../assets/player/sw.js');

async function handleOf(pieces = [[`${SCOPE}parts/7.webm`, SEALED.length]], type = 'video/webm') {
  const secret = await deriveSecret(await inputKeyOf(KEY), new TextEncoder().encode('part\x007'), new Uint8Array(SEALED.subarray(0, 56)));
  return { pieces, length: PLAIN.length, type, secret };
}

function tell(data, client = 'page') {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = (event) => (port1.close(), resolve(event.data));
    listeners.message({ data, source: { id: client }, ports: [port2], waitUntil: () => {} });
  });
}

/** A request as the browser hands it to the worker; null when the worker lets it pass. */
function ask(url, { range, client = 'page', destination = 'video', method = 'GET', signal = new AbortController().signal } = {}) {
  let answer = null;
  const request = { url, method, destination, signal, headers: new Headers(range ? { range } : {}) };
  listeners.fetch({ request, clientId: client, respondWith: (promise) => (answer = promise) });
  return answer;
}

const video = (options) => ask(`${SCOPE}__v/${PATH}`, options);

function begin({ ranges = true, piece, files = new Map([[`${SCOPE}parts/7.webm`, SEALED]]), onMessage = () => {} } = {}) {
  host = createHost(files, { ranges, piece });
  clients.clear();
  clients.set('page', { id: 'page', postMessage: onMessage });
}

test('Range: what is asked for', () => {
  for (const [header, found] of [
    [null, null], ['', null], ['bytes=-', null], ['bytes=a-b', null], ['items=0-1', null], ['bytes=5-2', null], ['bytes=0-1,3-4', null],
    ['bytes=0-', { from: 0, to: 100 }], ['bytes=0-1', { from: 0, to: 2 }], ['bytes=99-', { from: 99, to: 100 }], ['bytes=50-5000', { from: 50, to: 100 }],
    ['bytes=-10', { from: 90, to: 100 }], ['bytes=-1000', { from: 0, to: 100 }],
    ['bytes=100-', 'none'], ['bytes=200-300', 'none'], ['bytes=-0', 'none'],
  ]) assert.deepEqual(parseRange(header, 100), found, String(header));
  assert.equal(parseRange('bytes=0-', 0), 'none');
  assert.equal(parseRange('bytes=-5', 0), 'none');
  const partly = answerTo('bytes=10-19', 100, 'video/mp4');
  assert.deepEqual([partly.status, partly.headers['Content-Range'], partly.headers['Content-Length'], partly.headers['Cache-Control']], [206, 'bytes 10-19/100', '10', 'no-store']);
  const none = answerTo('bytes=100-', 100, 'video/mp4');
  assert.deepEqual([none.status, none.headers['Content-Range'], none.headers['Content-Length']], [416, 'bytes */100', '0']);
  assert.equal(answerTo(null, 100, 'video/mp4').status, 200);
});

test('stretches of a part cut into files', () => {
  const pieces = [['a', 10], ['b', 1], ['c', 5]];
  const found = (from, to) => stretches(pieces, from, to).map(({ url, from, to }) => `${url}${from}-${to}`).join(' ');
  assert.deepEqual([found(0, 16), found(0, 10), found(9, 12), found(10, 11), found(15, 99), found(16, 20), found(3, 3)], ['a0-10 b0-1 c0-5', 'a0-10', 'a9-10 b0-1 c0-1', 'b0-1', 'c4-5', '', '']);
});

test('a server without Range sends all, and what lies before is passed over', async () => {
  const file = noise(200_000);
  const pieces = [['a', 120_000], ['b', 80_000]];
  const files = new Map([['a', file.subarray(0, 120_000)], ['b', file.subarray(120_000)]]);
  for (const ranges of [true, false]) {
    const { get, asked } = createHost(files, { ranges });
    assert.deepEqual(await collect(download(pieces, 100_000, 130_000, { get })), file.subarray(100_000, 130_000));
    assert.deepEqual(asked, [['a', 'bytes=100000-'], ['b', 'bytes=0-9999']]);
  }
  const short = createHost(new Map([['a', file.subarray(0, 50)]]));
  await assert.rejects(collect(download([['a', 60]], 0, 60, { get: short.get })), { message: /shorter/ });
  await assert.rejects(collect(download([['x', 60]], 0, 60, { get: short.get })), { message: /404/ });
  const elsewhere = async () => new Response('abc', { status: 206, headers: { 'content-range': 'bytes 0-2/60' } });
  await assert.rejects(collect(download([['a', 60]], 10, 13, { get: elsewhere })), { message: /206/ });
});

test('the worker answers from one open-ended request', async () => {
  begin();
  assert.equal(await tell({ type: 'offer', path: PATH, handle: await handleOf() }), 1);
  for (const [range, from, to] of [['bytes=0-', 0], ['bytes=500001-', 500_001], ['bytes=0-1', 0, 2], ['bytes=16383-16384', 16_383, 16_385], ['bytes=899999-', 899_999], ['bytes=-70000', 830_000]]) {
    host.asked.length = 0;
    const answer = await video({ range });
    const expected = PLAIN.subarray(from, to);
    assert.equal(answer.status, 206);
    assert.equal(answer.headers.get('content-range'), `bytes ${from}-${from + expected.length - 1}/${PLAIN.length}`);
    assert.equal(Number(answer.headers.get('content-length')), expected.length);
    assert.deepEqual([answer.headers.get('cache-control'), answer.headers.get('content-type')], ['no-store', 'video/webm']);
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), expected, range);
    assert.equal(host.asked.length, 1, range);
    if (to === undefined) assert.match(host.asked[0][1], /^bytes=\d+-$/);
  }
  assert.equal((await video({ range: 'bytes=900000-' })).status, 416);
  const whole = await video();
  assert.deepEqual([whole.status, (await whole.arrayBuffer()).byteLength], [200, PLAIN.length]);
  assert.equal((await (await video({ method: 'HEAD', range: 'bytes=0-' })).arrayBuffer()).byteLength, 0);
  assert.equal(host.open, 0);
});

test('it reads no further than is wanted, and a seek ends the transfer', async () => {
  begin({ piece: 20_000 });
  await tell({ type: 'offer', path: PATH, handle: await handleOf() });
  const reader = (await video({ range: 'bytes=0-' })).body.getReader();
  await reader.read();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(host.sent < 100_000, `${host.sent}`);
  await reader.cancel();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(host.open, 0);
  const gone = new AbortController();
  const other = (await video({ range: 'bytes=100000-', signal: gone.signal })).body.getReader();
  await other.read();
  gone.abort();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(host.open, 0);
});

test('servers without Range, and parts cut into files, play too', async () => {
  const cut = [[`${SCOPE}parts/7.0`, 300_000], [`${SCOPE}parts/7.1`, 300_000], [`${SCOPE}parts/7.2`, SEALED.length - 600_000]];
  const files = new Map([[`${SCOPE}parts/7.webm`, SEALED], ...cut.map(([url], i) => [url, SEALED.subarray(i * 300_000, i < 2 ? (i + 1) * 300_000 : undefined)])]);
  for (const pieces of [undefined, cut]) {
    for (const ranges of [true, false]) {
      begin({ files, ranges });
      await tell({ type: 'offer', path: PATH, handle: await handleOf(pieces) });
      const answer = await video({ range: 'bytes=330000-' });
      assert.deepEqual(Buffer.from(await answer.arrayBuffer()), PLAIN.subarray(330_000));
      assert.equal(host.asked.length, pieces ? 2 : 1);
    }
  }
  const plain = new Map(cut.map(([url, size], i) => [url, PLAIN.subarray(i * 300_000, i * 300_000 + size)]));
  begin({ files: plain });
  const list = [...plain].map(([url, bytes]) => [url, bytes.length]);
  await tell({ type: 'offer', path: PATH, handle: { ...await handleOf(list), secret: null } });
  assert.deepEqual(Buffer.from(await (await video({ range: 'bytes=299999-300000' })).arrayBuffer()), PLAIN.subarray(299_999, 300_001));
});

test('what is not the page’s own video is none of its business', async () => {
  begin();
  clients.set('other', { id: 'other', postMessage: (_, [port]) => port.postMessage(null) });
  await tell({ type: 'offer', path: PATH, handle: await handleOf() });
  for (const url of [SCOPE, `${SCOPE}parts/7.webm`, `${SCOPE}index.html?v=1`, 'https://elsewhere.example/share/__v/bundle/7']) assert.equal(ask(url), null, url);
  assert.equal((await video({ client: 'other' })).status, 503);
  assert.equal((await video({ client: 'closed' })).status, 503);
  assert.equal((await video({ client: '' })).status, 403);
  for (const destination of ['document', 'iframe', 'script', 'image', 'object']) assert.equal((await video({ destination })).status, 403, destination);
  for (const type of ['text/html', 'image/svg+xml', 'video/mp4x', 'application/pdf', '']) {
    await tell({ type: 'offer', path: PATH, handle: await handleOf(undefined, type) });
    assert.equal((await video({ range: 'bytes=0-' })).status, 403, type);
  }
  for (const url of ['https://elsewhere.example/7.webm', 'https://host.example/shared/7.webm']) {
    await tell({ type: 'offer', path: PATH, handle: await handleOf([[url, SEALED.length]]) });
    assert.equal((await video({ range: 'bytes=0-' })).status, 403, url);
  }
  assert.equal(host.asked.length, 0);
});

test('after it was ended it asks the page again; a closed page is forgotten', async () => {
  const asked = [];
  const handle = await handleOf();
  begin({ onMessage: (message, [port]) => (asked.push(message), port.postMessage(handle)) });
  await tell({ type: 'forget' });
  for (let i = 0; i < 2; i++) assert.equal((await (await video({ range: 'bytes=5-9' })).arrayBuffer()).byteLength, 5);
  assert.deepEqual(asked, [{ type: 'ask', path: PATH }]);
  clients.delete('page');
  clients.set('next', { id: 'next', postMessage: (_, [port]) => port.postMessage(null) });
  await tell({ type: 'offer', path: 'x/1', handle }, 'next');
  clients.set('page', { id: 'page', postMessage: (_, [port]) => port.postMessage(null) });
  assert.equal((await video({ range: 'bytes=5-9' })).status, 503);
});

test('a page that does not answer in 3 s gets 503', async (t) => {
  begin();
  await tell({ type: 'forget' });
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const answer = video({ range: 'bytes=0-' });
  await new Promise((resolve) => setImmediate(resolve));
  t.mock.timers.tick(3000);
  assert.equal((await answer).status, 503);
});

test('a damaged file ends the video, and the page hears why', async () => {
  const reasons = [];
  const spoilt = Buffer.from(SEALED);
  spoilt[400_000] ^= 1;
  for (const [file, reason] of [[spoilt, 'damaged'], [SEALED.subarray(0, 500_000), 'damaged'], [null, 'unreachable']]) {
    begin({ files: new Map(file ? [[`${SCOPE}parts/7.webm`, file]] : []), onMessage: ({ type, reason }) => reasons.push([type, reason]) });
    await tell({ type: 'offer', path: PATH, handle: await handleOf() });
    await assert.rejects((await video({ range: 'bytes=0-' })).arrayBuffer());
    assert.deepEqual(reasons.pop(), ['failed', reason]);
  }
});

/** `navigator.serviceWorker` with a worker that comes after `delay` ms, or not at all. */
function createContainer({ delay = 0, controlled = false, hard = false, answers = true, refuse = false } = {}) {
  const container = new EventTarget();
  const told = [];
  const script = `${SCOPE}sw.js`;
  const control = () => {
    container.controller = worker;
    container.dispatchEvent(new Event('controllerchange'));
  };
  const worker = {
    scriptURL: script,
    postMessage(message, [port] = []) {
      told.push(message);
      if (message.type === 'claim') setTimeout(control, delay);
      if (answers) port?.postMessage(1);
    },
  };
  return Object.assign(container, {
    told,
    worker,
    controller: controlled ? worker : null,
    startMessages: () => {},
    register: async (url) => {
      if (refuse) throw new DOMException('no', 'SecurityError');
      told.push(String(url));
      if (!controlled && !hard && Number.isFinite(delay)) setTimeout(control, delay);
      return { active: hard || controlled ? worker : null };
    },
  });
}

const workerOf = (container, options = {}) => createWorker({ container, script: `${SCOPE}sw.js`, base: SCOPE, wait: 80, handleOf, onFail: () => {}, ...options });

test('the page hands its keys to its own worker, or does without', async () => {
  const trusted = { createPolicy: (name, { createScriptURL }) => ({ createScriptURL: (url) => `${name}:${createScriptURL(url)}` }) };
  const container = createContainer({ delay: 5 });
  const worker = workerOf(container, { trusted });
  assert.equal(await worker.url(PATH), `${SCOPE}__v/${PATH}`);
  assert.equal(container.told[0], `sealcast:${SCOPE}sw.js`);
  assert.deepEqual([container.told.at(-1).type, container.told.at(-1).path, container.told.at(-1).handle.length], ['offer', PATH, PLAIN.length]);
  worker.close();
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual(container.told.at(-1), { type: 'forget' });
  assert.equal(await worker.url(PATH), null);

  assert.equal(await workerOf(createContainer({ controlled: true })).url(PATH), `${SCOPE}__v/${PATH}`);
  const hard = createContainer({ hard: true });
  assert.equal(await workerOf(hard).url(PATH), `${SCOPE}__v/${PATH}`);
  assert.deepEqual(hard.told[1], { type: 'claim' });
  for (const none of [null, createContainer({ refuse: true }), createContainer({ delay: Infinity }), createContainer({ answers: false })]) {
    assert.equal(await workerOf(none).url(PATH), null);
  }
});

test('the worker that asks again is answered, another is not', async () => {
  const container = createContainer();
  const failures = [];
  const worker = workerOf(container, { onFail: (reason) => failures.push(reason) });
  await worker.url(PATH);
  const said = (source, data) => new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const close = setTimeout(() => (port1.close(), resolve('silence')), 30);
    port1.onmessage = ({ data: answer }) => (clearTimeout(close), port1.close(), resolve(answer));
    container.dispatchEvent(Object.assign(new Event('message'), { data, source, ports: [port2] }));
  });
  assert.equal((await said(container.worker, { type: 'ask', path: PATH })).length, PLAIN.length);
  assert.equal(await said({ scriptURL: 'https://host.example/other.js' }, { type: 'ask', path: PATH }), 'silence');
  await said(container.worker, { type: 'failed', reason: 'damaged' });
  assert.deepEqual(failures, ['damaged']);
});

test('a part becomes a Blob piece by piece', async () => {
  const file = noise(3_000_000);
  const progress = [];
  const blob = await gather(inPieces(file, 262_144), { type: 'video/webm', onProgress: (done) => progress.push(done) });
  assert.equal(blob.type, 'video/webm');
  assert.deepEqual(Buffer.from(await blob.arrayBuffer()), file);
  assert.deepEqual([progress.length, progress.at(-1)], [3, 3_000_000]);
});

test('gathering stops when the page has closed itself, and with it the transfer', async () => {
  const life = new AbortController();
  let ended = false;
  async function* chunks() {
    try {
      for (let i = 0; i < 10; i++) {
        if (i === 3) life.abort();
        yield new Uint8Array(10);
      }
    } finally {
      ended = true;
    }
  }
  await assert.rejects(gather(chunks(), { type: 'video/webm', life: life.signal }), { name: 'AbortError' });
  assert.ok(ended);
});
