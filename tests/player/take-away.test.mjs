// What a reader takes away: reports, HAR, NDJSON, tables; what is recorded stays data in all of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { report } from '../../assets/player/report.js';
import { csvCell, harEntry, rowsOut } from '../../assets/player/rows-out.js';
import { sourceOf } from './arrays.mjs';

const STARTED = Date.parse('2026-11-21T09:00:00Z');

/** An app over arrays; the details of a row stand in its `detail`. */
function appOf(streams, manifest = {}) {
  const plain = Object.fromEntries(Object.entries(streams).map(([name, rows]) => [name, rows.map(({ details, ...row }) => row)]));
  const failures = Object.entries(streams).flatMap(([stream, rows]) => rows.flatMap((row, at) => (row.failed || row.uncaught ? [[row.time, stream, at, 'uncaught']] : [])));
  const source = {
    ...sourceOf(plain),
    detail: async (stream, row) => streams[stream][row].details ?? {},
    manifest: { title: 'A *bug*', started: STARTED, duration: 9000, producer: 'sealcast 1', metadata: {}, failures: { count: failures.length, first: failures[0] ?? null }, marks: { failures, actions: [] }, ...manifest },
  };
  return { source, store: { get: () => ({ time: 0, selected: null }) } };
}

const feedOf = (app, stream) => ({ load: async (from, to) => (await app.source.rows(stream, from, to)).map((data, at) => ({ stream, row: from + at, place: from + at, data })) });

async function textOf(app, stream, form, more = {}) {
  let text = '';
  for await (const piece of rowsOut(app.source, feedOf(app, stream), form, { from: 0, to: app.source.count(stream), test: null, onProgress() {}, ...more })) text += piece;
  return text;
}

test('a cell is no formula, and its quotes are those of RFC 4180', () => {
  for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1']) assert.equal(csvCell(text), `'${text}`);
  assert.equal(csvCell('\r=1'), '"\'\r=1"');
  assert.equal(csvCell('=HYPERLINK("http://x","y")'), '"\'=HYPERLINK(""http://x"",""y"")"');
  assert.equal(csvCell('a,"b"\nc'), '"a,""b""\nc"');
  assert.equal(csvCell(-120.5), '-120.5');
  assert.equal(csvCell(undefined), '');
});

test('a table has a mark for UTF-8, a head, and a line for each row', async () => {
  const app = appOf({ console: [{ time: 1500, level: 'error', text: '=cmd|x' }, { level: 'info', text: 'a\r\nb' }] });
  const text = await textOf(app, 'console', 'csv');
  assert.ok(text.startsWith('\ufeffid,stream,clock,time,level,kind,method,text,'));
  const lines = text.split('\r\n');
  assert.equal(lines[1].slice(0, 65), "c1,console,2026-11-21T09:00:01.500Z,1500,error,,,'=cmd|x,,,,,,,,,");
  assert.match(text, /\r\nc2,console,,,info,,,"a\r\nb",,,,,,,,,,,,\r\n$/);
});

test('NDJSON has the row and its record on a line', async () => {
  const app = appOf({ backend: [{ time: 1, level: 'info', text: 'x', detail: [0, 9], details: { fields: { a: 1 } } }, { time: 2, level: 'warn', text: 'y' }] });
  const lines = (await textOf(app, 'backend', 'ndjson', { test: ({ data }) => data.text === 'x' })).trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(lines, [{ stream: 'backend', id: 'b1', time: 1, level: 'info', text: 'x', record: { fields: { a: 1 } } }]);
});

test('a HAR has all that version 1.2 asks for, also of a request that tells little', async () => {
  const app = appOf({ network: [{ time: 250, method: 'GET', url: 'https://a.example/?x=1', status: 0, kind: 'fetch' }, { time: 300, method: 'GET', url: 'u', status: 200, kind: 'xhr', details: { pageref: 'page_1', startedDateTime: '2026-01-01T00:00:00Z', response: { status: 200, content: { text: '{}', size: 2 } } } }] });
  const { log } = JSON.parse(await textOf(app, 'network', 'har'));
  assert.equal(log.version, '1.2');
  assert.deepEqual(Object.keys(log.creator), ['name', 'version']);
  assert.equal(log.entries.length, 2);
  for (const entry of log.entries) {
    for (const name of ['startedDateTime', 'time', 'request', 'response', 'cache', 'timings']) assert.ok(name in entry, name);
    for (const name of ['method', 'url', 'httpVersion', 'cookies', 'headers', 'queryString', 'headersSize', 'bodySize']) assert.ok(name in entry.request, name);
    for (const name of ['status', 'statusText', 'httpVersion', 'cookies', 'headers', 'content', 'redirectURL', 'headersSize', 'bodySize']) assert.ok(name in entry.response, name);
    for (const name of ['send', 'wait', 'receive']) assert.ok(entry.timings[name] >= 0, name);
    assert.ok('size' in entry.response.content && 'mimeType' in entry.response.content);
    assert.equal(entry.pageref, undefined, 'there are no pages to refer to');
  }
  assert.equal(log.entries[0].startedDateTime, '2026-11-21T09:00:00.250Z');
  assert.equal(log.entries[1].startedDateTime, '2026-01-01T00:00:00Z');
  assert.deepEqual(log.entries[1].response.content, { size: 2, mimeType: '', text: '{}' });
  assert.equal(harEntry({ duration: 7 }, {}, '').timings.wait, 7);
});

test('a report tells the steps before the failure, and nothing recorded leaves its quotes', async () => {
  const app = appOf({
    actions: [{ time: 10, kind: 'click', label: 'Pay `now`' }, { time: 500, kind: 'scroll' }, { time: 5000, kind: 'click', label: 'later' }],
    console: [{ time: 1000, level: 'error', uncaught: true, text: 'Uncaught Error: x\n````\n# owned' }],
    network: [{ time: 900, duration: 50, method: 'POST', url: 'https://a.example/pay', status: 500, kind: 'fetch', failed: true, details: { request: { headers: [{ name: 'authorization', value: 'secret' }], postData: { text: 'card=1' } }, response: { content: { text: 'no rate' } } } }],
    backend: [{ time: 950, level: 'error', text: 'no rate for IE' }],
  });
  const text = await report(app, 'x.html#t=1');
  assert.match(text, /^# A \\\*bug\\\*\n\nx\.html#t=1\n/);
  assert.match(text, /\n1\. `` Click “Pay `now`” `` \(0:00\.0\)\n\n/);
  assert.doesNotMatch(text, /later|scroll/i);
  assert.match(text, /\n`{5}\nUncaught Error: x\n````\n# owned\n`{5}\n/);
  assert.match(text, /\n- 0:00\.9 `POST https:\/\/a\.example\/pay 500 50 ms`/);
  assert.doesNotMatch(text, /card=1|no rate/);
  const full = await report(app, 'x.html', true);
  assert.match(full, /card=1/);
  assert.match(full, /no rate\n/);
  assert.match(full, /0:01\.0 backend error no rate for IE|0:00\.9 backend error no rate for IE/);
  assert.doesNotMatch(full, /secret/, 'no headers');
});

test('a text for an assistant stays below its bound, and keeps what is nearest', async () => {
  const lines = Array.from({ length: 380 }, (_, n) => ({ time: 1000 + n * 10, level: 'info', text: `line ${n} ${'x'.repeat(300)}` }));
  lines[100] = { time: 2000, level: 'error', uncaught: true, text: 'Error: here' };
  const text = await report(appOf({ console: lines }), '', true);
  assert.ok(text.length < 30_500 && text.length > 20_000, `${text.length}`);
  assert.match(text, /line 99 /);
  assert.doesNotMatch(text, /line 0 /);
  assert.match(text, /\n\d+ more …\n/);
});
