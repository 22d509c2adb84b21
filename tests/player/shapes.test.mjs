// A filter answered from shapes gives what going through all rows gives.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIELDS } from '../../assets/player/fields.js';
import { streamFeed } from '../../assets/player/feed.js';
import { compileQuery } from '../../assets/player/query.js';

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

/** The places that pass, from shapes; what remains to be asked of rows is counted. */
async function found(feed, { test, left }, more = () => true) {
  const list = await feed.find((item, exact) => (more(item) ? (left ? left(item, exact) : []) : null), new AbortController().signal);
  assert.ok(list, 'the shapes are known');
  return [...list];
}

const WORDS = ['Order', 'order', 'Retry', 'cart', 'Łódź', 'naïve', '→', 'total', 'ΣΑΣ', 'İx', 'K', 'a"b', 'C:\\tmp', 'tab\there', '\u001b[31mred\u001b[0m', '\u009b31mblue', '\u001b(012x', 'x.y', 'user-', '[redacted auth#3]', 'e', '0', '٣'];
const QUERIES = [
  'order', 'ORDER', '-order', 'retry cart', '"order 1"', '"order 15"', '15', '-15', '-1', '7 -77', 'user-4', '-user-4', '5th', '"1 →"', 'ł', 'ΣΑΣ', 'σας', 'k', 'i̇x', 'red', '31', 'blue', '12x', 'ax', '"a\\"b"', 'x.y', '0', '00', '-0', '٣', 'nothing-has-this',
  'level:error', '-level:error', 'level:error|info', 'at:app', 'at:app-1', 'at:12', '-at:12', 'trace:ab1', 'trace:ab', 'request:7',
  '/order/', '/Order \\d+5 /', '/order .* cart/', '-/order .* cart/', '/order\\s+retry/', '/^order/', '/^order \\d/', '/\\d{3}/', '/o.der/', '/order|retry/', '/order 1|cart/', '/or?der/', '/ord+er/', '/\\bcart\\b/', '/x\\.y/', '/a.b/', '/-\\d*$/', '/e(?!\\d)/', '/(?<=\\d)e/', '/k/iu', '/ſ/iu', '/^cart/m', '/[0-4]e/', '/t(?:o|a).*/', '/n.*.*k/', '/\\S$/',
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

async function compared(stream, lines, queries, chips = {}) {
  const feed = streamFeed(sourceOf(lines), stream);
  await feed.learn();
  const items = lines.map((line, row) => ({ stream, row, place: row, data: JSON.parse(line) }));
  for (const query of queries) {
    const compiled = compileQuery(query, FIELDS);
    assert.ok(compiled.test, query);
    const wanted = items.filter(compiled.test).map(({ row }) => row);
    assert.deepEqual(await found(feed, compiled), wanted, query);
  }
  for (const [name, chip] of Object.entries(chips)) assert.deepEqual(await found(feed, {}, chip), items.filter(chip).map(({ row }) => row), name);
}

test('what shapes answer is what a scan finds', { timeout: 120_000 }, async () => {
  await compared('console', consoleLines(26_000, chance(3)), QUERIES, { error: ({ data }) => data.level === 'error' });
});
