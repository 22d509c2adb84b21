import assert from 'node:assert/strict';
import test from 'node:test';
import { stripAnsi } from '../../assets/player/ansi.js';
import { curl, quote } from '../../assets/player/curl.js';
import { stretchesOf, streamFeed, mergedFeed } from '../../assets/player/feed.js';
import { FIELDS, amount } from '../../assets/player/fields.js';
import { bytes, duration } from '../../assets/player/format.js';
import { framesOf, frameWords } from '../../assets/player/frames.js';
import { TALLEST, canvasHeight, drawn, offsetAfter, offsetFor, topOf } from '../../assets/player/geometry.js';
import { cookies, messagesOf, phases, queryPairs, requestBody, responseBody } from '../../assets/player/http.js';
import { oneLine, visible } from '../../assets/player/inert.js';
import { prettyJson } from '../../assets/player/json.js';
import { pairsIn } from '../../assets/player/pairs.js';
import { compileQuery, parseQuery } from '../../assets/player/query.js';
import { label, number } from '../../assets/player/label.js';
import { jsonNode } from '../../assets/player/remote.js';
import { scan } from '../../assets/player/scan.js';
import { firstNot } from '../../assets/player/search.js';
import { createView } from '../../assets/player/view.js';
import { partsOf } from '../../assets/player/urls.js';
import { actionWords, requestName, rowWords, statusOf } from '../../assets/player/words.js';

test('hidden characters are shown by name, newline and tab stay', () => {
  assert.equal(visible('a\u0000b\u001b[31m\n\tc\r\nd'), 'a␀b␛[31m\n\tc\nd');
  assert.equal(visible('x\u202ey\u2066z\u0085'), 'x⟦U+202E⟧y⟦U+2066⟧z⟦U+0085⟧');
  assert.equal(visible('שלום\u200f'), 'שלום\u200f');
  assert.equal(visible(undefined), '');
});

test('messages say how long after the request they came, where that is known', () => {
  const entry = {
    startedDateTime: '2026-11-21T05:25:31.770Z',
    _webSocketMessages: [
      { type: 'send', time: 1795238731775.5, data: 'a' }, { type: 'receive', data: { b: 1 } }, { opcode: 2, time: 'soon', data: 'AQ==' }, 7,
    ],
  };
  assert.deepEqual(messagesOf(entry), [
    { sent: true, after: 5.5, text: 'a', base64: false }, { sent: false, after: NaN, text: '{"b":1}', base64: false }, { sent: false, after: NaN, text: 'AQ==', base64: true },
  ]);
  assert.deepEqual(messagesOf({ _eventSourceMessages: [{ time: 1, data: 'c' }] }), [{ sent: false, after: NaN, text: 'c', base64: false }]);
});

test('one line is cut between characters', () => {
  assert.equal(oneLine(' a \n\n b\tc '), 'a b c');
  assert.equal(oneLine('abcdef', 4), 'abc…');
  assert.equal(oneLine('ab😀cd', 4), 'ab…');
  assert.equal(oneLine('x'.repeat(5000), 10).length, 10);
});

test('numbers in words', () => {
  assert.deepEqual([0, 999, 1000, 84_200, 999_600, 4_400_000, 2e9].map(bytes), ['0 B', '999 B', '1.0 kB', '84 kB', '1.0 MB', '4.4 MB', '2.0 GB']);
  assert.deepEqual([0, 0.4, 38, 999.6, 1240, 42_800, 123_000, 3_900_000].map(duration), ['0 ms', '0.4 ms', '38 ms', '1.00 s', '1.24 s', '42.8 s', '2 min 3 s', '1 h 5 min']);
  assert.equal(duration(undefined), '');
  assert.equal(number(60000), '60,000');
  assert.equal(label('nRequests', { count: 1 }), '1 request');
  assert.equal(label('nRequests', { count: 29 }), '29 requests');
});

const knows = (key) => ['status-code', 'domain', 'method'].includes(key);
const terms = (text) => parseQuery(text, knows).terms.map(({ not, key, value, regex }) => (not ? '-' : '') + (key ? `${key}=` : '') + (regex ? `/${value}/` : value));

test('the filter language', () => {
  assert.deepEqual(terms('one  -two "three four" -"five six"'), ['one', '-two', 'three four', '-five six']);
  assert.deepEqual(terms('status-code:5xx|404 -domain:cdn.test other:thing'), ['status-code=5xx|404', '-domain=cdn.test', 'other:thing']);
  assert.deepEqual(terms('/a b/ -/c\\/d/i'), ['/a b/', '-/c\\/d/']);
  assert.deepEqual(terms('/api/pay /x'), ['/api/pay', '/x'], 'a path is no expression');
  assert.deepEqual(terms('-  method: "open'), ['-', 'method:', 'open']);
  for (const broken of ['/(/', '/(a+)+$/', '/(x*y)*z/', '/([a-z]+)*/', '/(a{2,})+/']) {
    assert.match(parseQuery(broken, knows).error ?? '', /cannot be used/, `${broken} is broken, or could run for ever`);
  }
  for (const fine of ['/a+b*/', '/(ab)+/', '/\\(a+\\)+/', '/(GET|POST) .*pay/']) assert.equal(parseQuery(fine, knows).error, null, fine);
  assert.equal(compileQuery('/(/', FIELDS).test, null);
});

const net = (data) => ({ stream: 'network', row: 0, place: 0, data: { method: 'GET', url: 'https://shop.acme.test/api/pay?x=1', status: 200, kind: 'fetch', ...data } });
const passes = (query, item, fields = FIELDS) => compileQuery(query, fields).test?.(item) ?? true;

test('network keys', () => {
  assert.ok(passes('status-code:5xx|404', net({ status: 404 })));
  assert.ok(passes('status-code:5xx|404', net({ status: 503 })));
  assert.ok(!passes('status-code:5xx', net({ status: 200 })));
  assert.ok(passes('domain:acme.test -method:post pay', net({})));
  assert.ok(!passes('domain:*.shop.acme.test', net({})));
  assert.ok(passes('larger-than:10k', net({ size: 10_001 })) && !passes('larger-than:10k', net({})));
  assert.ok(passes('slower-than:1s', net({ duration: 1001 })) && !passes('slower-than:1s', net({ duration: 900 })));
  assert.ok(passes('mime-type:json', net({ mime: 'application/json' })));
  assert.ok(passes('PAY', net({})) && !passes('-pay', net({})) && passes('/p.y\\?/', net({})));
  assert.ok(passes('status-code:failed', net({ status: 0, failed: true })));
  assert.ok(!passes('level:error', net({})) && passes('-level:error', net({})));
  assert.equal(amount('1.5m'), 1_500_000);
  assert.equal(amount('2s'), 2000);
  assert.ok(Number.isNaN(amount('many')));
});

test('console text is searched without its colours', () => {
  const item = { stream: 'console', row: 0, place: 0, data: { level: 'error', text: '\u001b[31mTypeError\u001b[0m: no', at: 'a.js:1' } };
  assert.ok(passes('"typeerror: no" level:err at:a.js', item, FIELDS));
});

test('ANSI codes are left out', () => {
  assert.equal(stripAnsi('a\u001b[1;31mb\u001b[0mc\u001b[38:5:9mx'), 'abcx');
  assert.equal(stripAnsi('\u001b]8;;javascript:alert(1)\u0007link\u001b]8;;\u0007 \u001b[2Kend\u009b31m!'), 'link end!');
  assert.equal(stripAnsi('\u001b]0;never closed'), '');
});

test('a recorded string never leaves its quotes in a shell', () => {
  assert.equal(quote("it's"), "'it'\\''s'");
  assert.equal(quote('a\nb\u001b!\\'), "'a'$'\\U0000000a''b'$'\\U0000001b''!\\'");
  const entry = { request: { method: 'post', url: '-o/etc/passwd', headers: [{ name: '@/etc/shadow', value: 'x' }, { name: ':method', value: 'GET' }, { name: 'X-A', value: '' }, { name: 'Content-Length', value: '3' }], postData: { text: '@file' } } };
  assert.equal(curl(entry), "curl --url '-o/etc/passwd' \\\n  -H 'X-A;' \\\n  --data-raw '@file'");
  const redacted = {
    request: {
      method: 'POST',
      url: 'https://a.test/?token=redacted-token-2&x=1',
      headers: [{ name: 'Authorization', value: 'Bearer [redacted auth#3]' }, { name: 'Cookie', value: "a=[redacted cookie#1]; b='" }],
      postData: { text: '{"key":"[redacted aws-key#1]"}' },
    },
  };
  assert.equal(curl(redacted), [
    `curl 'https://a.test/?token='"$TOKEN_2"'&x=1'`, `-H 'Authorization: Bearer '"$AUTH_3"`,
    `-H 'Cookie: a='"$COOKIE_1"'; b='\\'''`, `--data-raw '{"key":"'"$AWS_KEY_1"'"}'`,
  ].join(' \\\n  '));
  assert.equal(curl({ request: { method: 'GET; rm', url: 'https://a.test/[1-9]' } }), "curl --globoff 'https://a.test/[1-9]'");
  assert.equal(curl({ request: { method: 'DELETE', url: 'https://a.test/', headers: null } }), "curl 'https://a.test/' \\\n  -X 'DELETE'");
});

test('JSON keeps its digits and survives depth', () => {
  assert.equal(prettyJson('{"id":12345678901234567890,"a":[1.10,{}],"b":[]}'), '{\n  "id": 12345678901234567890,\n  "a": [\n    1.10,\n    {}\n  ],\n  "b": []\n}');
  assert.equal(prettyJson('{"a":'), null);
  assert.equal(prettyJson('{]}'), null);
  assert.equal(prettyJson('hello'), null);
  const deep = '['.repeat(20_000) + ']'.repeat(20_000);
  assert.ok((prettyJson(deep)?.length ?? 0) < 4_000_000);
});

test('console arguments of three kinds of recorders', () => {
  const words = (value) => jsonNode(null, value, true).text;
  assert.equal(words({ type: 'string', value: 'a' }), '"a"');
  assert.equal(words({ type: 'number', unserializableValue: '-0' }), '-0');
  assert.equal(words({ type: 'undefined' }), 'undefined');
  assert.equal(words({ type: 'object', subtype: 'null', value: null }), 'null');
  assert.equal(words({ type: 'function', className: 'Function', description: 'f() {}' }), 'f() {}');
  const cdp = { type: 'object', className: 'Cart', description: 'Cart', preview: { type: 'object', description: 'Cart', overflow: true, properties: [{ name: 'id', type: 'string', value: 'c' }, { name: 'n', type: 'number', value: '1' }, { name: 'in', type: 'object', value: 'Object', valuePreview: { type: 'object', description: 'Object', properties: [{ name: 'list', type: 'object', subtype: 'array', value: 'Array(2)' }] } }] } };
  assert.equal(words(cdp), '{id: "c", n: 1, in: {…}, …: not recorded}');
  assert.equal(jsonNode(null, cdp, true).children?.()[2].children?.()[0].text, 'Array(2)');
  const bidi = { type: 'object', value: [['a', { type: 'number', value: 1 }], ['b', { type: 'array', value: [{ type: 'null' }, { type: 'set', value: [] }] }], ['__proto__', { type: 'bigint', value: '9' }]] };
  assert.equal(words(bidi), '{a: 1, b: (2) […], __proto__: 9}');
  assert.equal(words({ type: 'regexp', value: { pattern: 'x', flags: 'g' } }), '{pattern: "x", flags: "g"}');
  assert.equal(words({ type: 'error', message: 'an object of the page' }), '{type: "error", message: "an object of the page"}');
  assert.equal(words({ type: 'map', value: [[{ type: 'number', value: 7 }, { type: 'string', value: 'x' }]] }), '{7: "x"}');
  assert.equal(words({ type: 'banana', value: 1 }), '{type: "banana", value: 1}');
  assert.equal(words({ type: 'object', value: { a: 1 } }), '{a: 1}');
  assert.equal(words(null), 'null');
  let deep = { type: 'null' };
  for (let at = 0; at < 20_000; at += 1) deep = { type: 'array', value: [deep] };
  assert.equal(words(deep), '[[…]]');
});

test('call frames count from 0, readers from 1', () => {
  const frames = framesOf({ callFrames: [{ functionName: '', url: 'https://a.test/js/x.js?v=1', lineNumber: 117, columnNumber: 8 }], parent: { description: 'Promise.then', callFrames: [{ functionName: 'f', url: 'y.js', lineNumber: 0, columnNumber: 0 }] } });
  assert.deepEqual(frames.map((frame) => [frame.name, frameWords(frame), frame.after]), [['(anonymous)', 'x.js:118:9', undefined], ['f', 'y.js:1:1', 'Promise.then']]);
  assert.deepEqual(framesOf(7), []);
  assert.equal(framesOf({ callFrames: [null, 3] })[0].name, '(anonymous)');
});

test('HAR entries with nothing in them', () => {
  for (const entry of [{}, { request: null, response: null, timings: null }]) {
    assert.equal(responseBody(entry).text, null);
    assert.deepEqual(requestBody(entry).params, []);
    assert.deepEqual(phases(entry).phases, []);
    assert.equal(curl(entry), "curl --url ''");
  }
  assert.deepEqual(phases({ timings: { blocked: 2, dns: -1, connect: 10, ssl: 4, wait: 5 } }).phases.map(({ kind, start, ms }) => [kind, start, ms]), [['blocked', 0, 2], ['connect', 2, 10], ['ssl', 8, 4], ['wait', 12, 5]]);
  assert.deepEqual(queryPairs('https://a.test/?a=1+2&b=%E0%A4%A&c#d=1'), [['a', '1 2'], ['b', '%E0%A4%A'], ['c', '']]);
  assert.deepEqual(pairsIn(''), []);
  assert.equal(cookies({ cookies: [{ name: 'a', value: 'b', httpOnly: true, sameSite: 'Lax' }, null] }, 'cookie').join(), 'a,b,httpOnly · sameSite Lax');
});

test('rows in words', () => {
  assert.equal(requestName('https://a.test/api/pay/?x=1#y'), 'pay?x=1');
  assert.equal(requestName('https://a.test'), 'a.test');
  assert.equal(requestName('data:text/html,<b>'), 'data:text/html,<b>');
  assert.equal(partsOf('https://u:p@a.test:8/x').host, 'a.test:8');
  assert.deepEqual(partsOf('/js/x.js?v=1?2#h'), { host: '', path: '/js/x.js', query: 'v=1?2', file: 'x.js' });
  assert.equal(statusOf({ status: 0, canceled: true }), 'canceled');
  assert.equal(actionWords({ kind: 'click', label: 'Pay now' }), 'Click “Pay now”');
  assert.equal(actionWords({ kind: 'customStep' }), 'CustomStep');
  assert.equal(rowWords('backend', { level: 'error', service: 'pay', text: 'no\nrate' }), 'pay: no rate');
});

test('a view over everything, over matches, over a stretch of them', () => {
  const all = createView([10, 20], null);
  assert.deepEqual([all.length, all.at(0), all.indexOf(19), all.indexOf(20), all.reach(15), all.reach(99)], [10, 10, 9, -1, 5, 10]);
  const some = createView([10, 20], { list: Uint32Array.of(3, 10, 14, 19, 20, 0), length: 5 });
  assert.deepEqual([some.length, some.at(0), some.indexOf(14), some.indexOf(15), some.reach(15), some.reach(0)], [3, 10, 1, -1, 2, 0]);
  assert.equal(firstNot(4, (place) => [1, 3, 3, 5][place] < 3), 1);
});

test('a million rows fit a canvas that engines accept', () => {
  const size = { count: 1_000_000, rowHeight: 36, viewport: 400 };
  assert.equal(canvasHeight(size), TALLEST);
  const whole = size.count * size.rowHeight - size.viewport;
  assert.equal(topOf(size, whole), TALLEST - size.viewport);
  assert.equal(offsetAfter(size, { top: 5, offset: 100 }, 0), 0);
  assert.equal(offsetAfter(size, { top: 0, offset: 0 }, TALLEST - size.viewport), whole);
  assert.equal(offsetAfter(size, { top: 1000, offset: 5000 }, 1100), 5100, 'small steps go row by row');
  assert.ok(Math.abs(offsetAfter(size, { top: 0, offset: 0 }, TALLEST / 2) / whole - 0.5) < 0.001, 'the dragged bar goes by proportion');
  assert.deepEqual(drawn(size, whole, 2), [999_986, 1_000_000]);
  const small = { count: 10, rowHeight: 28, viewport: 100 };
  assert.equal(offsetAfter(small, { top: 0, offset: 0 }, 50), 50);
  assert.deepEqual([offsetFor(small, 0, 1), offsetFor(small, 0, 5), offsetFor(small, 100, 0), offsetFor(small, 0, 9, { middle: true })], [0, 68, 0, 180]);
  assert.deepEqual(drawn({ count: 0, rowHeight: 28, viewport: 100 }, 0), [0, 0]);
});

const rows = Array.from({ length: 10_000 }, (_, i) => ({ time: i, level: i % 10 ? 'info' : 'error', text: `line ${i}` }));
const source = {
  count: () => rows.length,
  rows: async (_stream, from, to, sift = () => true) => rows.slice(from, to).map((row) => (sift(JSON.stringify(row)) ? row : undefined)),
  before: async (_stream, ms) => Math.min(rows.length, Math.max(0, Math.ceil(ms))),
  index: async () => ({ rows: [[0, 0, 0, 6000, 0, 5999, 600, 0, 5400, 0], [0, 0, 0, 4000, 6000, 9999, 0, 0, 4000, 0]], details: [] }),
};

test('a scan reports, and stops when told', async () => {
  const feed = streamFeed(source, 'console');
  const reports = [];
  const error = (item) => item.data.level === 'error';
  await scan({ feed, test: error, report: (found) => reports.push(found), signal: new AbortController().signal });
  const last = reports.at(-1);
  assert.deepEqual([last.done, last.length, last.scanned, last.list[599]], [true, 1000, 10_000, 5990]);
  const stop = new AbortController();
  stop.abort();
  await scan({ feed, test: error, report: () => assert.fail('reported after the end'), signal: stop.signal });
});

test('a scan reports nothing before it came to rows, so that the first ones are not late, unless that takes long', async () => {
  const reportsOf = async (/** @type {number} */ ms) => {
    const reports = [];
    const feed = {
      async find(judge, list, step) {
        for (const end = performance.now() + ms; performance.now() < end;);
        await step(0);
        list.push(3);
        await step(10);
        return true;
      },
    };
    await scan({ feed, test: () => true, judge: () => [], report: ({ length, done }) => reports.push([length, done]), signal: new AbortController().signal });
    return reports;
  };
  assert.deepEqual(await reportsOf(60), [[1, false], [1, true]]);
  assert.deepEqual((await reportsOf(500))[0], [0, false]);
});

test('a scan reads only so many stretches ahead, and tests what its sift lets pass', async () => {
  const [loaded, tested] = [[], []];
  const feed = {
    blocks: async () => Array.from({ length: 50 }, (_, at) => ({ from: at * 10, to: at * 10 + 10 })),
    async load(from, to, sift) {
      loaded.push(from);
      return rows.slice(from, to).filter((row) => sift(JSON.stringify(row))).map((data) => ({ stream: 'console', row: data.time, place: data.time, data }));
    },
  };
  const life = new AbortController();
  const { test: fits, sift } = compileQuery('"line 7"', FIELDS);
  const take = (item) => {
    tested.push(item.place);
    if (item.place === 7) life.abort();
    return fits(item);
  };
  await scan({ feed, sift, test: take, report() {}, signal: life.signal });
  assert.ok(loaded.length <= 5, `${loaded.length} stretches read for the first match`);
  let found = [];
  await scan({ feed, test: fits, sift: (json) => json.includes('7'), report: ({ list, length }) => { found = [...list.slice(0, length)]; }, signal: new AbortController().signal });
  assert.deepEqual(found, rows.slice(0, 500).filter(({ text }) => text.includes('line 7')).map(({ time }) => time));
});

test('no sift leaves out a row that its query finds', () => {
  const item = (stream, data) => ({ stream, data });
  const texts = ['Cart \u001b[31mre\u001b[0md', 'a "quoted" path C:\\\\x', 'Kelvin \u212a2', '\u0130stanbul', 'tab\there', '500 of 5', 'Ünder→score_x', 're\u009b31md', 'plain red'];
  const items = [
    ...texts.map((text) => item('console', { level: 'error', text, at: 'app-1f.js:3:4' })),
    item('network', { method: 'GET', url: 'https://api.example.com/a?b=c%20d', status: 500, kind: 'fetch', duration: 30, size: 9, mime: 'text/html', from: 'cache', failed: true }),
    item('network', { method: 'POST', url: 'https://xn--bcher-kva.example/', status: 404, error: 'unfinished', canceled: true }),
    item('actions', { kind: 'click', label: 'Pay', sign: 'rage', trace: 12345678901234 }),
  ];
  const queries = ['red', 'RED', '"re d"', 'k2', 'i', 'quoted"', '\\\\x', 'tab', 'here', 'under', 'ünder', 'score_x', '→', 'level:err', 'level:error|warn', 'at:app', '-red', '/r.d/', 'status-code:500', 'status-code:404|500', 'status-code:4xx', 'status-code:failed',
    'status-code:canceled', 'domain:bücher', 'domain:*.example.com', 'larger-than:3', 'slower-than:20ms', 'mime-type:html', 'method:get', 'from:cache', 'sign:rage', 'trace:12345678901234', 'url:example', 'cart red', 'level:|', '"|"'];
  for (const query of queries) {
    const { test: fits, sift } = compileQuery(query, FIELDS);
    for (const one of items) if (fits?.(one)) assert.ok(sift(JSON.stringify(one.data)), `${query}: ${JSON.stringify(one.data)}`);
  }
  const { sift } = compileQuery('level:error checkout', FIELDS);
  assert.deepEqual([sift('{"level":"info","text":"checkout"}'), sift('{"level":"error","text":"cart"}'), sift('{"level":"error","text":"Checkout"}')], [false, false, true]);
});

test('feeds keep what was fetched and load neighbours together', async () => {
  assert.deepEqual(stretchesOf([1, 2, 20, 100]), [[1, 21], [100, 101]]);
  const feed = streamFeed(source, 'console');
  await feed.fetch([5, 7]);
  assert.equal(feed.peek(7)?.data.text, 'line 7');
  assert.equal(feed.peek(500), undefined);
  const order = { count: 4, at: (place) => ({ stream: place % 2 ? 'network' : 'console', row: place >> 1 }), place: (stream, row) => row * 2 + (stream === 'network' ? 1 : 0), before: async () => 2 };
  const merged = mergedFeed({ ...source, order: async () => order, manifest: { order: { count: 4 } } });
  assert.deepEqual((await merged.load(1, 4)).map(({ stream, row, place }) => `${place}${stream[0]}${row}`), ['1n0', '2c1', '3n1']);
  assert.equal(await merged.place('network', 1), 3);
});
