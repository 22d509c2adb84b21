// The search over all panels: rows, their details, the metadata.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HITS, cutAround, searchAll } from '../../assets/player/everywhere.js';
import { parseQuery } from '../../assets/player/query.js';
import { sourceOf } from './arrays.mjs';

const BODY = { response: { content: { text: '{"error":"RateMissing"}' } } };

function sourceWith(streams, metadata = {}, panels = null) {
  const counted = Object.fromEntries(Object.entries(streams).map(([name, { length: count }]) => [name, { count }]));
  return {
    ...sourceOf(streams),
    manifest: { metadata, panels, streams: counted },
    text: async () => JSON.stringify(BODY),
    index: async (stream) => ({ rows: [[0, 0, 0, (streams[stream] ?? []).length, 0, 0]], details: [] }),
  };
}

async function search(source, words, signal = new AbortController().signal) {
  const reports = [];
  const problem = await searchAll({ source }, words, signal, (groups, done) => reports.push([structuredClone(groups), done]));
  const [groups, done] = reports.at(-1) ?? [[], null];
  return { problem, done, reports, found: groups.filter(([, hits]) => hits.length).map(([panel, hits]) => [panel, hits.map(({ row }) => row)]), groups };
}

test('rows, bodies and metadata are found, panel by panel, in the filter language', async () => {
  const source = sourceWith({
    console: [{ level: 'info', text: 'nothing' }, { level: 'error', text: 'a rate is missing' }],
    network: [{ method: 'GET', url: '/x', status: 200, kind: 'fetch', detail: [0, 1] }, { method: 'GET', url: '/rate', status: 404, kind: 'fetch' }],
  }, { ticket: 'RATE-7' });
  assert.deepEqual((await search(source, 'rate')).found, [['console', [1]], ['network', [0, 1]], ['info', [undefined]]]);
  assert.deepEqual((await search(source, '/"error":"rate/')).found, [['network', [0]]]);
  assert.deepEqual((await search(source, 'rate -missing status-code:404')).found, [['network', [1]]]);
  assert.match((await search(source, '/(/')).problem, /regular expression/);
  assert.equal((await search(source, 'rate')).done, 1);
});

test('a panel gives so many and no more; a search that was stopped says nothing more', async () => {
  const source = sourceWith({ console: Array.from({ length: 5000 }, (_, n) => ({ level: 'info', text: `line ${n}` })) });
  const { groups, done } = await search(source, 'line');
  assert.equal(groups[0][1].length, HITS);
  assert.equal(done, 1);
  const stop = new AbortController();
  stop.abort();
  assert.deepEqual((await search(source, 'line', stop.signal)).reports.filter(([, share]) => share === 1), []);
});

test('what the sharer shows no panel for is not found', async () => {
  const rows = { console: [{ level: 'info', text: 'rate' }], network: [{ method: 'GET', url: '/rate', status: 200, kind: 'fetch' }] };
  assert.deepEqual((await search(sourceWith(rows, { ticket: 'rate' }, ['console']), 'rate')).found, [['console', [0]]]);
});

test('what is found is shown with what stands around it', () => {
  const cut = (text, words) => cutAround(text, parseQuery(words, () => false).terms[0]);
  assert.deepEqual(cut('one two three', 'TWO'), ['one ', 'two', ' three']);
  assert.deepEqual(cut('one  two\nthree', '/t\\w+/'), ['one ', 'two', ' three']);
  const [before, hit, after] = cut(`${'a'.repeat(500)}needle${'b'.repeat(500)}`, 'needle');
  assert.deepEqual([before, hit, after], [`…${'a'.repeat(30)}`, 'needle', 'b'.repeat(120)]);
  assert.deepEqual(cut('row\u0000{"detail":1}', 'row'), ['', 'row', '']);
  assert.deepEqual(cut('row\u0000{"detail":1}', 'detail'), ['{"', 'detail', '":1}']);
});
