// A filter answered from shapes gives what going through all rows gives.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIELDS } from '../../assets/player/fields.js';
import { streamFeed } from '../../assets/player/feed.js';
import { exactJson } from '../../assets/player/json.js';
import { compileQuery } from '../../assets/player/query.js';
import { createSieve } from '../../assets/player/sieve.js';

const goOn = async () => false;

/** Numbers from 0 to 1, the same in every run. */
function chance(seed) {
  let state = seed;
  return () => ((state = (state * 1103515245 + 12345) % 2147483648) / 2147483648);
}

const BLOCK = 700;

/** A source of rows as lines of JSON; those told of are read. */
function sourceOf(lines, reads = []) {
  return {
    manifest: { streams: {} },
    count: () => lines.length,
    index: async () => ({ rows: Array.from({ length: Math.ceil(lines.length / BLOCK) }, (_, at) => [0, 0, 0, Math.min(BLOCK, lines.length - at * BLOCK), null, null]) }),
    async rows(_stream, from, to, sift = () => true) {
      reads.push([from, to]);
      return lines.slice(from, to).map((line) => (sift(line) ? JSON.parse(line) : undefined));
    },
  };
}

/** The places that pass, from shapes. */
async function found(feed, sieve) {
  /** @type {number[]} */
  const list = [];
  assert.ok(await feed.find(sieve.judge, list, goOn));
  return list;
}

const WORDS = ['Order', 'order', 'Retry', 'cart', 'Łódź', 'naïve', '→', 'total', 'ΣΑΣ', 'İx', 'K', 'a"b', 'C:\\tmp', 'tab\there', '\u001b[31mred\u001b[0m', '\u009b31mblue', 'x1\u009b31m5', '\u001b(012x', 'x.y', 'user-', '[redacted auth#3]', 'e', '0', '٣'];
const QUERIES = [
  'order', 'ORDER', '-order', 'retry cart', '"order 1"', '"order 15"', '15', '-15', '-1', '7 -77', 'user-4', '-user-4', '5th', '"1 →"', 'ł', 'ΣΑΣ', 'σας', 'k', 'i̇x', 'red', '31', 'blue', '12x', 'ax', '"a\\"b"', 'x.y', '0', '00', '-0', '٣', 'nothing-has-this',
  'level:error', '-level:error', 'level:error|info', 'at:app', 'at:app-1', 'at:12', '-at:12', 'trace:ab1', 'trace:ab', 'request:7',
  '/order/', '/Order \\d+5 /', '/order .* cart/', '-/order .* cart/', '/order\\s+retry/', '/^order/', '/^order \\d/', '/\\d{3}/', '/o.der/', '/order|retry/', '/order 1|cart/', '/or?der/', '/ord+er/', '/\\bcart\\b/', '/x\\.y/', '/a.b/', '/-\\d*$/', '/e(?!\\d)/', '/(?<=\\d)e/', '/k/iu', '/ſ/iu', '/^cart/m', '/[0-4]e/', '/1(2|x)/', '/(\\d)(\\d) /', '/t(?:o|a).*/', '/n.*.*k/', '/x0?.y/', '/r0? /', '/-/r0? /', '/10.0.0.1:80/', '/(.)+#/', '/\\S$/',
  'order level:warn -15', '"order" /\\d+ cart/ -level:debug',
];

function consoleLines(count, next) {
  const one = (list) => list[Math.floor(next() * list.length)];
  const number = () => String(Math.floor(10 ** (next() * 5)));
  return Array.from({ length: count }, (_, row) => {
    const text = Array.from({ length: 1 + Math.floor(next() * 4) }, () => (next() < 0.4 ? number() : one(WORDS)) + one([' ', ' ', '', '-'])).join('');
    return JSON.stringify({
      ...(next() < 0.9 && { time: next() < 0.5 ? row : row / 8 }), ...(next() < 0.95 && { detail: [row * 40, 40] }), ...(next() < 0.2 && { groups: [Math.floor(next() * 4)] }),
      level: one(['error', 'warn', 'info', 'debug']), text, ...(next() < 0.7 && { at: `app-${number()}.js:${number()}:1` }), ...(next() < 0.1 && { trace: `ab${number()}` }), ...(next() < 0.1 && { same: true }),
    });
  });
}

function requests(count, next) {
  const one = (list) => list[Math.floor(next() * list.length)];
  const number = () => Math.floor(10 ** (next() * 5));
  return Array.from({ length: count }, (_, row) => JSON.stringify({
    time: row, detail: [row * 9, 9], method: one(['GET', 'POST']), url: `https://${one(['a', 'cdn', 'b4'])}.example/${one(['cart', 'pay'])}/${number()}?page=${number()}`,
    status: one([200, 200, 204, 304, 404, 500, 0]), kind: one(['fetch', 'image']), ...(next() < 0.5 && { mime: 'text/html' }), duration: number() / 8, size: number(), ...(next() < 0.1 && { failed: true }), ...(next() < 0.1 && { canceled: true, error: one(['unfinished', 'net::ERR_7']) }),
  }));
}

const TEXTS = ['5', '12 a 12', '"5', 'a\n5', '\t7 12', 'C:\\7', '007', '1.5', '-3', '1e5', '', 'x', '5-5', 'Ł5', '٣5', '\u001b[31m5', 'the end 12', '12\n12', '{"duration":7}', ',"size":12'];
const NUMBERS = ['0', '-0', '5', '-5', '12', '12.50', '100000.0', '1e3', '1.5E-3', '-2.25e+2', '12345678901234567890', '9007199254740993', '0.1', '1e400', '200', '404', '500', '5.0', '200.0', '2e2', '"12"', 'null', 'true', '[12,"5",1.50]', '{"a5":[12,{"b5":-0.5}],"a7":5}'];

/** Lines with numbers wherever JSON may have some, many of them like the one before. */
function oddLines(count, next) {
  const one = (list) => list[Math.floor(next() * list.length)];
  const number = () => (next() < 0.3 ? String(Math.floor(10 ** (next() * 4))) : one(NUMBERS));
  const text = () => JSON.stringify(one(TEXTS));
  const members = [
    ['x1', number], ['text', text], ['method', text], ['url', () => JSON.stringify(`/${one(TEXTS)}?${Math.floor(next() * 20)}`)], ['status', () => one([0, 200, 204, 404, 500, 5, 9007199254740993n])], ['error', text],
    ['at', text], ['duration', number], ['size', number], ['size', number], ['groups', () => `[${number()},${number()}]`],
  ];
  // Not too many of them, or no shapes are kept.
  const kinds = Array.from({ length: 3000 }, () => members.filter(() => next() < 0.6).map(([name, value]) => `"${name}":${value()}`).join());
  let last = '';
  return Array.from({ length: count }, (_, row) => {
    if (next() < 0.7) last = one(kinds).replace(/\d{3}|12/g, (number) => (next() < 0.5 ? number : String(100 + Math.floor(next() * 900))));
    return `{"time":${row}${last && ','}${last}}`;
  });
}

const ODD = [
  '5', '-5', '12', '12.5', '"12.50"', '12,5', '100000', '1000', '225', '007', '7', '1e5', '"5 12"', '"12 5"', 'object', '12345678901234567890', '901', 'infinity', '-12 -5', '12 5', '-"-5"',
  '/^5/', '/^5$/', '/5$/', '/\\d$/', '/-\\d/', '/^-?\\d+ /', '/\\n\\d/', '/12.*12/', '/^\\s*$/', '/\\d{16}/', '/1\\d\\d/', '/(^| )12( |$)/', '-/\\d/', '/\\.\\d/', '/\\d+5 /', '/[.]5/',
  'slower-than:5', '-slower-than:5', 'slower-than:4.9|7s', 'slower-than:0', 'larger-than:9007199254740992', 'larger-than:12k|11', '-larger-than:12 slower-than:11',
  'status-code:200', 'status-code:2xx', '-status-code:5xx', 'status-code:404|500', 'status-code:5|4xx', 'status-code:failed',
  'at:5', '-at:12', 'at:5|7', 'url:12', 'url:007|5', '-url:7 12', 'method:5', 'method:"12 a 12"', 'slower-than:5 -5 /\\d 5/ -status-code:200',
];

/** `chips` and `hidden` as a panel has them. */
async function compared(stream, lines, queries, chips = [], hidden = null) {
  const feed = streamFeed(sourceOf(lines), stream);
  await feed.learn();
  const items = lines.map((line, row) => ({ stream, row, place: row, data: exactJson(line) }));
  for (const query of queries) {
    const compiled = compileQuery(query, FIELDS);
    assert.equal(compiled.error, null, query);
    const sieve = createSieve(compiled, chips, hidden, hidden !== null);
    const wanted = items.filter((item) => (!compiled.test || compiled.test(item)) && (!chips.length || chips.some((chip) => chip.test(item))) && !hidden?.(item)).map(({ row }) => row);
    assert.deepEqual(await found(feed, sieve), wanted, query);
    assert.deepEqual(items.filter(sieve.test).map(({ row }) => row), wanted, query);
  }
}

const NETWORK = ['cart', '-cart', 'status-code:404', 'status-code:5xx', '-status-code:200', 'status-code:failed', 'status-code:canceled', 'status-code:200|500', 'domain:cdn', '-domain:b4', 'domain:*.example', 'larger-than:300', '-larger-than:3k', 'slower-than:1s', 'slower-than:x', 'method:post', 'mime-type:html', 'page=42', '404', 'url:4', 'err_7', 'kind:fetch -pay 20', '/pay\\/\\d+\\?/', '/\\?page=1$/'];

test('what shapes answer is what a scan finds', { timeout: 240_000 }, async () => {
  const lines = consoleLines(26_000, chance(3));
  await compared('console', lines, QUERIES);
  await compared('console', lines, ['', 'order', '15', '-cart /\\d/'], [{ test: ({ data }) => data.level === 'error' }, { test: ({ data }) => data.level === 'warn' }], ({ data }) => data.same || data.groups?.some((start) => start === 2));
  await compared('network', requests(26_000, chance(5)), NETWORK);
  const odd = oddLines(26_000, chance(7));
  await compared('network', odd, ODD);
  await compared('console', odd, ODD, [], ({ data }) => data.groups?.includes(12));
});

test('short logs, and those of which too much would be kept, are not learned', async () => {
  const reads = [];
  const short = streamFeed(sourceOf(consoleLines(2000, chance(1)), reads), 'console');
  await short.learn();
  assert.deepEqual([await short.find(() => [], [], goOn), reads.length], [false, 0]);
  const many = Array.from({ length: 70_000 }, (_, row) => JSON.stringify({ time: row, level: 'info', text: row.toString(26).replace(/\d/g, (digit) => 'qrstuvwxyz'[digit]) }));
  const varied = streamFeed(sourceOf(many, reads), 'console');
  await varied.learn();
  assert.equal(await varied.find(() => [], [], goOn), false);
  assert.ok(reads.length < 100, 'no more is read once there are too many');
  const broken = streamFeed({ ...sourceOf(consoleLines(26_000, chance(1))), rows: () => Promise.reject(new Error('not there')) }, 'console');
  await broken.learn();
  assert.equal(await broken.find(() => [], [], goOn), false);
});

test('shapes are learned on a page that is never at rest', async (t) => {
  t.after(() => delete globalThis.requestIdleCallback);
  globalThis.requestIdleCallback = (go, options) => options?.timeout && setImmediate(go, { timeRemaining: () => 0 });
  const feed = streamFeed(sourceOf(consoleLines(26_000, chance(1))), 'console');
  await feed.learn();
  assert.ok(await feed.find(() => [], [], goOn));
});

test('an expression that would take for ever once it is loosened is asked of all rows', () => {
  const { left } = compileQuery('/(.)+#/', { text: (row) => row, keys: {} });
  // What is loosened would find no # here, after trying all ways to cut the text.
  assert.equal(left('abc')?.length, 1);
});
