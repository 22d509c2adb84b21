import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chipsOf, errorWords, placeOf, requestWords, tellStory, titleOf } from '../../assets/player/failure.js';
import { sourceOf } from './arrays.mjs';

const SHOP = {
  actions: [{ time: 2_000, kind: 'click', label: 'Ireland' }, { time: 13_900, kind: 'click', label: 'Pay now' }, { time: 13_950, kind: 'scroll' }, { time: 20_000, kind: 'click', label: 'Close' }],
  network: [
    { time: 13_000, duration: 100, method: 'GET', url: 'https://shop.example/icon.svg', status: 404, failed: true },
    { time: 14_000, duration: 296, method: 'POST', url: 'https://shop.example/api/pay?x=1', status: 500, failed: true, trace: '7f3a91' },
    { time: 14_100, duration: 10, method: 'GET', url: 'https://shop.example/ok', status: 200 },
  ],
  console: [
    { time: 14_300, level: 'error', text: 'Failed to load resource: the server responded with a status of 500' },
    { time: 14_330, level: 'error', uncaught: true, text: "Uncaught (in promise) TypeError: Cannot read properties of undefined (reading 'total')", at: 'https://shop.example/js/checkout.js:118:9' },
    { time: 30_000, level: 'error', text: 'something else' },
  ],
  backend: [
    { time: 14_050, level: 'info', service: 'gateway', text: 'POST /api/pay', trace: '7f3a91' },
    { time: 14_150, level: 'error', service: 'cron', text: 'unrelated' },
    { time: 14_200, level: 'error', service: 'payments', text: 'no rate for IE', trace: '7f3a91' },
  ],
};

test('a failed request is told with its action, error and backend line', async () => {
  const story = await tellStory(sourceOf(SHOP), [14_000, 'network', 1, 'request']);
  assert.equal(titleOf(story), 'POST /api/pay answered 500, then “Cannot read properties of undefined”');
  assert.equal(placeOf(story, 0, true), 'First failure, 0.4 s after the click on “Pay now”');
  assert.deepEqual(chipsOf(story), [
    { stream: 'actions', row: 1, text: 'Click “Pay now” 0:13.9' },
    { stream: 'network', row: 1, text: 'POST /api/pay 500' },
    { stream: 'console', row: 1, text: 'TypeError checkout.js:118' },
    { stream: 'backend', row: 2, text: 'payments: no rate for IE' },
  ]);
});

test('an uncaught error finds the request that led to it', async () => {
  const story = await tellStory(sourceOf(SHOP), [14_330, 'console', 1, 'uncaught']);
  assert.equal(story.request.row, 1);
  assert.equal(story.backend.row, 2);
  assert.equal(story.action.row, 1);
  assert.equal(titleOf(story), 'POST /api/pay answered 500, then “Cannot read properties of undefined”');
  assert.equal(placeOf(story, 3, true), 'Main failure, 0.4 s after the click on “Pay now”');
});

test('ids join before nearness does', async () => {
  const shop = { ...SHOP, backend: [{ time: 14_001, level: 'error', service: 'near', text: 'n' }, { time: 16_900, level: 'warn', service: 'joined', text: 'j', trace: '7f3a91' }] };
  assert.equal((await tellStory(sourceOf(shop), [14_000, 'network', 1, 'request'])).backend.row, 1);
});

test('a failure that stands alone is told alone', async () => {
  const story = await tellStory(sourceOf(SHOP), [30_000, 'console', 2, 'console']);
  assert.equal(titleOf(story), 'something else');
  assert.equal(placeOf(story, 4, false), 'Failure 5, 10 s after the click on “Close”');
  assert.deepEqual(chipsOf(story).map(({ stream }) => stream), ['actions', 'console']);
  const bare = await tellStory(sourceOf({ console: [{ level: 'error', text: 'no time' }] }), [null, 'console', 0, 'console']);
  assert.equal(titleOf(bare), 'no time');
  assert.equal(placeOf(bare, 0, true), 'First failure, at an unknown time');
});

test('a request without an answer, and the echo of the browser', async () => {
  const network = [{ time: 100, duration: 50, method: 'GET', url: 'https://a.example/', status: 0, failed: true, error: 'net::ERR_CONNECTION_RESET' }];
  const story = await tellStory(sourceOf({ network, console: [SHOP.console[0]].map((row) => ({ ...row, time: 150 })) }), [100, 'network', 0, 'request']);
  assert.equal(titleOf(story), 'GET a.example failed (net::ERR_CONNECTION_RESET)');
  assert.equal(titleOf({ ...story, console: null, request: { ...story.request, data: { ...network[0], error: undefined } } }), 'GET a.example got no answer');
});

test('hostile text stays text of one short line', () => {
  assert.deepEqual(errorWords({ level: 'error', text: '\u001b[31mUncaught TypeError: a\u202eb\u001b[0m\n    at pay (x.js:1)' }), { name: 'TypeError', says: 'a⟦U+202E⟧b', text: 'TypeError: a⟦U+202E⟧b' });
  assert.deepEqual(errorWords({ level: 'error', text: 'RangeError' }), { name: 'RangeError', says: '', text: 'RangeError' });
  assert.ok(requestWords({ method: 'G'.repeat(500), url: `https://x/${'y'.repeat(1e6)}` }).length < 100);
});
