// What a page around the frame may say, what it hears, and what it never hears.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutFrame, withPlace } from '../../assets/player/link.js';
import { HOST_EVENTS, createMessages, sayableAddress } from '../../assets/player/messages.js';

const HOST = 'https://host.example';

function made() {
  const sent = [];
  const calls = [];
  const messages = createMessages((text, origin) => sent.push({ ...JSON.parse(text), to: origin }));
  const methods = { play: () => calls.push('play'), setVolume: (value) => calls.push(value), getVolume: () => 40, getPaused: () => false };
  const say = (message, origin = HOST) => messages.hear(JSON.stringify({ context: 'player.js', version: '0.0.11', ...message }), origin);
  return { sent, calls, messages, say, serve: () => messages.serve('https://s.example/', methods) };
}

test('ready goes out unasked, and again to whoever asks later', () => {
  const { sent, say, serve } = made();
  serve();
  assert.equal(sent.length, 1);
  const { context, version, event, value, listener, to } = sent[0];
  assert.deepEqual({ context, version, event, listener, to }, { context: 'player.js', version: '0.0.11', event: 'ready', listener: undefined, to: '*' });
  assert.equal(value.src, 'https://s.example/');
  assert.deepEqual(value.events, HOST_EVENTS);
  assert.deepEqual(value.methods, ['play', 'setVolume', 'getVolume', 'getPaused', 'addEventListener', 'removeEventListener']);
  say({ method: 'addEventListener', value: 'ready', listener: 'l1' });
  assert.deepEqual([sent[1].event, sent[1].listener, sent[1].to], ['ready', 'l1', HOST]);
});

test('answers go to who asked, under its listener', () => {
  const { sent, calls, say, serve } = made();
  serve();
  say({ method: 'getVolume', listener: 'a' });
  say({ method: 'getPaused', listener: 7 }, 'null');
  say({ method: 'getPaused' }, 'file://');
  say({ method: 'play' });
  say({ method: 'setVolume', value: 55 });
  assert.deepEqual(sent.slice(1).map(({ event, value, listener, to }) => [event, value, listener, to]), [['getVolume', 40, 'a', HOST], ['getPaused', false, 7, '*'], ['getPaused', false, undefined, '*']]);
  assert.deepEqual(calls, ['play', 55]);
});

test('only who listens hears, once a listener, until it stops', () => {
  const { sent, say, messages, serve } = made();
  serve();
  sent.length = 0;
  messages.emit('timeupdate', { seconds: 1 });
  assert.equal(sent.length, 0);
  for (const listener of ['a', 'a', 'b']) say({ method: 'addEventListener', value: 'timeupdate', listener });
  messages.emit('timeupdate', { seconds: 2 });
  assert.deepEqual(sent.map(({ listener, value }) => [listener, value.seconds]), [['a', 2], ['b', 2]]);
  say({ method: 'removeEventListener', value: 'timeupdate', listener: 'a' });
  messages.emit('timeupdate', { seconds: 3 });
  assert.deepEqual(sent.slice(2).map(({ listener }) => listener), ['b']);
});

test('a state that was told before is told at once to who asks', () => {
  const { sent, say, messages } = made();
  messages.keep('state', { state: 'expired' });
  say({ method: 'addEventListener', value: 'state', listener: 's' });
  assert.deepEqual(sent.map(({ event, value }) => [event, value.state]), [['state', 'expired']]);
});

test('nobody is served before it is ready, nor after the end', () => {
  const { sent, calls, say, messages, serve } = made();
  say({ method: 'play' });
  say({ method: 'getVolume' });
  assert.deepEqual([calls, sent], [[], []]);
  serve();
  messages.retire();
  sent.length = 0;
  say({ method: 'play' });
  say({ method: 'addEventListener', value: 'ready' });
  assert.deepEqual([calls, sent], [[], []]);
});

test('what is no message of the protocol is passed over in silence', () => {
  const { sent, calls, messages, serve } = made();
  serve();
  const context = 'player.js';
  const junk = ['', '{', 'null', '[]', '7', null, undefined, 7, [], {}, '"play"', { context }, { context, method: 7 }, { context: 'other', method: 'play' }, { method: 'play' },
    { context, method: 'play', listener: {} }, { context, method: 'play', listener: 'x'.repeat(201) }, JSON.stringify({ context, method: 'play', value: 'x'.repeat(5000) }),
    { context, method: 'constructor' }, { context, method: '__proto__' }, { context, method: 'toString' }, { context, method: 'addEventListener', value: 'constructor' },
    { context, method: 'addEventListener', value: ['play'] }, { context, method: 'addEventListener' }, { context, method: 'removeEventListener', value: {} }];
  for (const data of junk) messages.hear(data, HOST);
  assert.deepEqual([calls, sent.length], [[], 1]);
});

test('an unknown method is an error for those who listen to errors', () => {
  const { sent, say, serve } = made();
  serve();
  say({ method: 'addEventListener', value: 'error' });
  say({ method: 'selfDestruct' });
  assert.deepEqual([sent[1].event, sent[1].value.code], ['error', 2]);
  assert.ok(!JSON.stringify(sent[1]).includes('selfDestruct'));
});

test('listeners do not pile up', () => {
  const { sent, say, messages } = made();
  for (let listener = 0; listener < 5000; listener += 1) say({ method: 'addEventListener', value: 'play', listener });
  messages.emit('play');
  assert.equal(sent.length, 200);
});

test('an address with a key in it is told without', () => {
  const key = 'A'.repeat(43);
  assert.equal(sayableAddress('https://s.example/x.html?v=1#embed=1&t=3', false), 'https://s.example/x.html?v=1#embed=1&t=3');
  for (const [href, sealed] of [[`https://s.example/x.html?v=1#k=${key}&embed=1`, true], [`https://s.example/x.html?v=1#embed=1&k=${key}`, false], [`https://s.example/x.html?k=${key}`, false], [`https://s.example/x.html?v=1%23k=${key}`, true], [`https://s.example/x.html#${key}`, true], [`https://s.example/x.html#s=${key}`, false]]) {
    assert.equal(sayableAddress(href, sealed), 'https://s.example/x.html', href);
  }
});

test('out of its frame the page keeps its key and its place, and what signs its address', () => {
  const page = (search, hash) => ({ protocol: 'https:', origin: 'https://s.example', pathname: '/a/index.html', search, hash });
  const out = (search, hash, place = {}) => withPlace(withoutFrame(page(search, hash)), place);
  assert.equal(out('?v=1&embed=1&autoplay=1', '#k=KEY&embed=1&muted=1&theme=dark&panels=0&controls=0&loop', { time: 12_300, panel: 'network' }), '/a/index.html?v=1#k=KEY&theme=dark&t=12.3&panel=network');
  assert.equal(out('?embed=1', '#embed=1'), '/a/index.html');
  assert.equal(out('?X-Amz-Signature=1&embed', ''), '/a/index.html?X-Amz-Signature=1');
});
