import assert from 'node:assert/strict';
import { test } from 'node:test';
import { relationsOf } from '../../assets/player/related.js';
import { sourceOf } from './arrays.mjs';

const SHOP = {
  actions: [{ time: 13_900, kind: 'click', label: 'Pay now' }, { time: 13_950, kind: 'scroll' }, { kind: 'note' }],
  network: [
    { time: 13_910, duration: 5, method: 'GET', url: 'https://shop.example/logo.png', status: 200, kind: 'image' },
    { time: 14_000, duration: 296, method: 'POST', url: 'https://shop.example/api/pay', status: 500, failed: true, kind: 'fetch', trace: '7f3a91' },
    { time: 14_100, duration: 900, method: 'GET', url: 'https://shop.example/slow', status: 200, kind: 'fetch' },
    { time: 90_000, duration: 1, method: 'GET', url: 'https://shop.example/late', status: 200, kind: 'fetch', trace: '7f3a91' },
  ],
  console: [
    { time: 14_299, level: 'error', text: 'Failed to load resource: the server responded with a status of 500' },
    { time: 14_330, level: 'error', uncaught: true, text: 'TypeError: x' },
    { time: 14_400, level: 'info', text: 'hello' },
  ],
  backend: [{ time: 14_050, level: 'info', text: 'POST /api/pay', trace: '7f3a91' }, { time: 14_200, level: 'error', text: 'unrelated' }],
};

const related = async (stream, row) => (await relationsOf(sourceOf(SHOP), stream, row)).map((one) => `${one.stream[0]}${one.row + 1} ${one.why}`);

test('a request is linked by its ids, and by time where there are none', async () => {
  assert.deepEqual(await related('network', 1), ['c2 when it failed', 'a1 just before it', 'b1 same trace or request id']);
});

test('an action is linked to what it set off, but not to pictures', async () => {
  assert.deepEqual(await related('actions', 0), ['c2 soon after it', 'n2 right after it', 'n3 right after it']);
});

test('an error is linked to the request that failed just before, a message to what the reader did', async () => {
  assert.deepEqual(await related('console', 1), ['n2 failed just before it', 'a1 just before it']);
  assert.deepEqual(await related('console', 2), ['a1 just before it']);
});

test('the same id a minute later is another story; what has no time has no relations', async () => {
  assert.deepEqual(await related('backend', 0), ['n2 same trace or request id', 'a1 just before it']);
  assert.deepEqual(await related('actions', 2), []);
});

test('a request is linked to the script that asked for it', async () => {
  const streams = { network: [{ time: 10, url: 'https://shop.example/app.js', status: 200 }, { time: 500, url: 'https://shop.example/api', status: 200 }] };
  for (const _initiator of [{ type: 'script', url: 'https://shop.example/app.js' }, { type: 'script', stack: { callFrames: [{ url: 'https://shop.example/app.js' }] } }]) {
    const [found] = await relationsOf(sourceOf(streams), 'network', 1, { _initiator });
    assert.deepEqual([found.stream, found.row, found.why], ['network', 0, 'its initiator']);
  }
  assert.deepEqual(await relationsOf(sourceOf(streams), 'network', 1, { _initiator: { url: 7 } }), []);
});
