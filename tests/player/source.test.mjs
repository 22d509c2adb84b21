import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { createCache } from '../../assets/player/cache.js';
import { DATA_BLOCK_BYTES, createFiles, createInline } from '../../assets/player/carrier.js';
import { crc32 } from '../../assets/player/crc32.js';
import { inflate } from '../../assets/player/inflate.js';
import { createOrder } from '../../assets/player/order.js';
import { createPlain } from '../../assets/player/plain.js';
import { createSource } from '../../assets/player/source.js';

const text = (value) => Buffer.from(JSON.stringify(value));
const damaged = { state: 'damaged' };

/** Cuts raw bytes into deflated blocks of `size`. */
function pack(raw, size) {
  const refs = [];
  const packed = [];
  let offset = 0;
  for (let at = 0; at < raw.length; at += size) {
    const piece = raw.subarray(at, at + size);
    const bytes = deflateRawSync(piece);
    refs.push([offset, bytes.length, piece.length]);
    offset += bytes.length;
    packed.push(bytes);
  }
  return [Buffer.concat(packed), refs];
}

/** Data blocks as the page has them, with a count of how many were taken. */
function blocksOf(bytes) {
  const list = [];
  const state = { list, taken: 0 };
  for (let at = 0; at === 0 || at < bytes.length; at += DATA_BLOCK_BYTES) {
    list.push({ take: () => (state.taken++, bytes.subarray(at, at + DATA_BLOCK_BYTES).toString('base64')) });
  }
  return state;
}

/** A bundle of one console stream: rows three a block, details in blocks of 50 bytes. */
function bundle({ spoil = (parts) => parts, count = 10, reads = [] } = {}) {
  const rows = Array.from({ length: count }, (_, i) => ({ ...(i === 4 || i === 0 ? {} : { time: i * 100 }), level: 'info', text: `line ${i}` }));
  const details = rows.map((row, i) => text({ ...row, long: 'x'.repeat(i * 20), i }));
  let raw = 0;
  const lines = rows.map((row, i) => {
    const line = { ...row, detail: [raw, details[i].length] };
    raw += details[i].length;
    return `${JSON.stringify(line)}\n`;
  });
  const packed = [];
  const index = { rows: [], details: [] };
  let offset = 0;
  for (let at = 0; at < lines.length; at += 3) {
    const piece = Buffer.from(lines.slice(at, at + 3).join(''));
    const bytes = deflateRawSync(piece);
    const times = rows.slice(at, at + 3).flatMap(({ time }) => time ?? []);
    index.rows.push([offset, bytes.length, piece.length, Math.min(3, lines.length - at), times.length ? Math.min(...times) : null, times.length ? Math.max(...times) : null]);
    offset += bytes.length;
    packed.push(bytes);
  }
  const [detailBytes, detailRefs] = pack(Buffer.concat(details), 50);
  index.details = detailRefs;
  const [orderBytes, orderRefs] = pack(Buffer.alloc(count), 4);
  const parts = spoil(new Map([[1, text(index)], [2, Buffer.concat(packed)], [3, detailBytes], [4, orderBytes]]));
  const manifest = {
    streams: { console: { index: 1, rows: 2, details: 3, count, failed: 0, classes: [] } },
    order: { part: 4, count, blocks: orderRefs },
    parts: [...parts].map(([id, bytes]) => ({ id, length: bytes.length })),
  };
  const inline = { has: (id) => parts.has(id), part: async (id) => new Blob([parts.get(id)]) };
  const files = { read: async () => assert.fail('no file was needed'), whole: async () => null };
  const plain = createPlain({ inline, files, urlOf: () => null, get: async () => assert.fail('no request was needed') });
  plain.accept(manifest.parts);
  const counted = { ...plain, read: (...what) => (reads.push(what), plain.read(...what)) };
  return createSource({ header: {}, manifest, parts: counted, media: {} });
}

test('only rows that pass a sift are parsed', async () => {
  const seen = [];
  const rows = await bundle().rows('console', 1, 9, (json) => {
    seen.push(json);
    return json.includes('line 5');
  });
  assert.deepEqual(rows.map((row) => row?.text), [undefined, undefined, undefined, undefined, 'line 5', undefined, undefined, undefined]);
  assert.deepEqual(seen.map((json) => JSON.parse(json).text), rows.map((_, at) => `line ${at + 1}`));
});

test('the first rows need one block, and few blocks are kept', async () => {
  const reads = [];
  const source = bundle({ count: 300, reads });
  const rowReads = () => reads.filter(([part]) => part === 2).length;
  await source.rows('console', 0, 3);
  assert.deepEqual([reads.length, rowReads()], [2, 1], 'the index, and the block they lie in');
  for (let at = 0; at < 300; at += 3) await source.rows('console', at, at + 3);
  assert.equal(rowReads(), 100);
  await source.rows('console', 204, 300);
  assert.equal(rowReads(), 100, '32 blocks are kept');
  await source.rows('console', 201, 204);
  assert.equal(rowReads(), 101, 'and no more');
  for (const _ of [1, 2]) for (let at = 0; at < 300; at += 3) await source.rows('console', at, at + 3, () => false);
  assert.equal(rowReads(), 101 + 13, 'what is looked through is read 8 blocks at once, and once');
});

test('rows come by number, across blocks', async () => {
  const source = bundle();
  assert.equal(source.count('console'), 10);
  assert.equal(source.count('network'), 0);
  assert.deepEqual((await source.rows('console', 2, 7)).map((row) => row.text), ['line 2', 'line 3', 'line 4', 'line 5', 'line 6']);
  assert.deepEqual((await source.rows('console', 9, 99)).map((row) => row.text), ['line 9']);
  assert.deepEqual(await source.rows('console', 5, 5), []);
  assert.deepEqual(await source.rows('console', 0, 0), []);
});

test('a detail may span several blocks', async () => {
  const source = bundle();
  for (const row of [0, 1, 5, 9]) {
    const detail = await source.detail('console', row);
    assert.equal(detail.i, row);
    assert.equal(detail.long.length, row * 20);
  }
  await assert.rejects(source.detail('console', 10), damaged);
});

test('rows below a time; an untimed row counts with the one before it', async () => {
  const source = bundle();
  for (const [ms, count] of [[-1, 1], [100, 1], [101, 2], [300, 3], [301, 5], [400, 5], [500, 5], [901, 10], [1e9, 10]]) {
    assert.equal(await source.before('console', ms), count, `${ms}`);
  }
  assert.equal(await source.before('network', 5), 0);
});

test('the merged order finds rows and places', async () => {
  const order = await bundle().order();
  assert.equal(order.count, 10);
  assert.deepEqual(order.at(7), { stream: 'console', row: 7 });
  assert.equal(order.place('console', 7), 7);
  assert.equal(await order.before(500), 5);
  const mixed = Uint8Array.from({ length: 5000 }, (_, i) => [0, 1, 1, 2, 3][i % 5]);
  const long = createOrder(mixed, async () => 3);
  for (const place of [0, 1, 2, 1023, 1024, 1025, 4999]) {
    const { stream, row } = long.at(place);
    assert.equal(long.place(stream, row), place);
  }
  assert.equal(long.place('network', 2000), -1);
  assert.equal(await long.before(1), 12);
  assert.equal(createOrder(new Uint8Array(), async () => 0).place('console', 0), -1);
});

test('an inflated block is as long as declared, or refused', async () => {
  const raw = Buffer.from('a'.repeat(1000));
  const bytes = deflateRawSync(raw);
  assert.equal((await inflate(bytes, 1000)).length, 1000);
  await assert.rejects(inflate(bytes, 999), damaged);
  await assert.rejects(inflate(bytes, 1001), damaged);
  await assert.rejects(inflate(bytes.subarray(0, 4), 1000), damaged);
  await assert.rejects(inflate(Buffer.from([255, 255, 255]), 10), damaged);
});

test('an index, rows or details that disagree are damage', async () => {
  const cut = bundle({ spoil: (parts) => parts.set(1, text({ rows: [], details: [] })) });
  await assert.rejects(cut.rows('console', 0, 1), damaged);
  const nonsense = bundle({ spoil: (parts) => parts.set(1, Buffer.from('{')) });
  await assert.rejects(nonsense.rows('console', 0, 1), damaged);
  const garbage = bundle({ spoil: (parts) => parts.set(2, Buffer.alloc(parts.get(2).length, 255)) });
  await assert.rejects(garbage.rows('console', 0, 1), damaged);
  await assert.rejects(bundle().read(1, 0, 1e9), damaged);
  await assert.rejects(bundle().read(99, 0, 1), damaged);
  await assert.rejects(bundle().rows('backend', 0, 1), damaged);
});

test('inline parts are decoded once, checked, and leave the page', async () => {
  const bytes = Buffer.alloc(DATA_BLOCK_BYTES * 2 + 5, 7);
  const state = blocksOf(bytes);
  const inline = createInline(new Map([[1, state.list]]), new Map([[1, { length: bytes.length, crc: crc32(bytes) }]]));
  const [one, two] = await Promise.all([inline.part(1), inline.part(1)]);
  assert.equal(one, two);
  assert.equal(one.size, bytes.length);
  assert.equal(state.taken, 3);
  assert.equal(inline.has(1), true);
  assert.equal(inline.has(2), false);
});

test('an empty part is one empty block', async () => {
  const inline = createInline(new Map([[1, blocksOf(Buffer.alloc(0)).list]]), new Map([[1, { length: 0, crc: 0 }]]));
  assert.equal((await inline.part(1)).size, 0);
});

test('a changed, short, long, mis-cut or unlisted part is damage', async () => {
  const bytes = Buffer.alloc(DATA_BLOCK_BYTES + 5, 7);
  const end = { length: bytes.length, crc: crc32(bytes) };
  const flipped = Buffer.from(bytes);
  flipped[3] ^= 1;
  const half = { take: () => bytes.subarray(0, 10).toString('base64') };
  const cases = [
    [blocksOf(flipped).list, end], [blocksOf(bytes).list.slice(0, 1), end], [blocksOf(bytes).list, { ...end, length: 3 }],
    [[half, half], end], [blocksOf(bytes).list, undefined], [[{ take: () => '!' }], end],
  ];
  for (const [list, expected] of cases) {
    const inline = createInline(new Map([[1, list]]), new Map(expected ? [[1, expected]] : []));
    await assert.rejects(inline.part(1), damaged);
  }
});

test('files are read by range; a server without Range is asked once', async () => {
  const body = Buffer.from('0123456789');
  const asked = [];
  const ranged = createFiles({ urlOf: (path) => `https://a.example/${path}`, web: true, get: async (url, { headers }) => {
    asked.push([url, headers.Range]);
    const [, from, to] = /(\d+)-(\d+)/.exec(headers.Range);
    return new Response(body.subarray(Number(from), Number(to) + 1), { status: 206 });
  } });
  assert.equal(Buffer.from(await ranged.read('p/1', 2, 3)).toString(), '234');
  assert.deepEqual(asked, [['https://a.example/p/1', 'bytes=2-4']]);
  await assert.rejects(ranged.read('p/1', 8, 5), damaged);

  let times = 0;
  const plain = createFiles({ urlOf: (path) => path, web: true, get: async () => (times++, new Response(body)) });
  assert.equal(Buffer.from(await plain.read('p', 2, 3)).toString(), '234');
  assert.equal(Buffer.from(await plain.read('p', 9, 1)).toString(), '9');
  assert.equal(times, 1);

  times = 0;
  const busy = createFiles({ urlOf: (path) => path, web: true, get: async () => (times++, new Response(body)) });
  await Promise.all([0, 1, 2].map((at) => busy.read('p', at, 1)));
  assert.equal(times, 1, 'reads at the same time wait for the first answer');
});

test('a medium is kept whole only where the server knows no Range', async () => {
  const answers = (status, headers = {}) => createFiles({ urlOf: (path) => path, web: true, get: async () => new Response('0123', { status, headers }) });
  assert.equal(await answers(206).whole('v'), null);
  assert.equal((await answers(200, { 'content-length': '4' }).whole('v')).size, 4);
  assert.equal(await answers(200).whole('v'), null, 'of unknown length, it could be anything');
  assert.equal(await answers(200, { 'content-length': '300000000' }).whole('v'), null);
  assert.equal(await answers(404).whole('v'), null);
  assert.equal(await createFiles({ urlOf: (path) => path, web: false, get: () => assert.fail('no request') }).whole('v'), null);
});

test('files that cannot be had say why', async () => {
  const options = { urlOf: (path) => path, web: true, get: async () => new Response('', { status: 404 }) };
  await assert.rejects(createFiles(options).read('p', 0, 1), { state: 'unreachable' });
  await assert.rejects(createFiles({ ...options, get: () => Promise.reject(new TypeError('x')) }).read('p', 0, 1), { state: 'unreachable' });
  await assert.rejects(createFiles({ ...options, web: false }).read('p', 0, 1), { state: 'unsupported', reason: 'needs-server', message: /sealcast serve/ });
  await assert.rejects(createFiles({ ...options, urlOf: () => null }).read('../p', 0, 1), damaged);
});

test('a cache keeps what was used last, and no failures', async () => {
  const cache = createCache(2);
  let made = 0;
  const make = async () => ++made;
  assert.equal(await cache('a', make), 1);
  assert.equal(await cache('b', make), 2);
  assert.equal(await cache('a', make), 1);
  assert.equal(await cache('c', make), 3);
  assert.equal(await cache('b', make), 4);
  await assert.rejects(cache('x', async () => { throw new Error('no'); }));
  assert.equal(await cache('x', make), 5);
});
