import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMedia } from '../../assets/player/media.js';
import { WHOLE_WARN_BYTES } from '../../assets/player/whole.js';
import { noise } from './sealer.mjs';

const VIDEO = 'video/webm';

/** A medium of part 7, and what was asked on the way: of the reader, and for the bytes. */
function medium({ length = 1000, inline = false, worker = null } = {}) {
  const state = { asked: [], loads: 0, progress: [], agree: () => {} };
  const parts = {
    part: () => ({ id: 7, length }),
    blob: async () => null,
    direct: () => null,
    async* whole() {
      state.loads++;
      yield noise(1000);
    },
    handle: async () => null,
  };
  const media = createMedia({
    parts, worker, isInline: () => inline, breathe: () => undefined, life: new AbortController().signal,
    onProgress: (part) => state.progress.push(part),
    agree: (bytes) => (state.asked.push(bytes), new Promise((resolve) => { state.agree = resolve; })),
  });
  return { media, state };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

test('nothing of a very large medium is loaded as a whole before the reader wants it', async () => {
  assert.equal(WHOLE_WARN_BYTES, 250_000_000);
  const { media, state } = medium({ length: WHOLE_WARN_BYTES + 1 });
  const url = media.url(7, VIDEO);
  await turn();
  assert.deepEqual([state.asked, state.loads], [[WHOLE_WARN_BYTES + 1], 0]);
  state.agree();
  assert.match(await url, /^blob:/);
  assert.deepEqual([state.asked.length, state.loads, state.progress.at(-1)], [1, 1, null]);
  media.close();
});

test('a smaller one, and one that came with the page, is not asked about', async () => {
  for (const one of [{ length: WHOLE_WARN_BYTES }, { length: 2 * WHOLE_WARN_BYTES, inline: true }]) {
    const { media, state } = medium(one);
    assert.match(await media.url(7, VIDEO), /^blob:/);
    assert.deepEqual([state.asked, state.loads], [[], 1]);
    media.close();
  }
});

test('what the worker plays is not loaded; when the worker fails, the reader is asked all the same', async () => {
  const worker = { url: async (name) => `https://a.example/__v/${name}` };
  const { media, state } = medium({ length: WHOLE_WARN_BYTES + 1, worker });
  assert.equal(await media.url(7, VIDEO), 'https://a.example/__v/7');
  assert.deepEqual([state.asked, state.loads], [[], 0]);
  const instead = media.instead(7, VIDEO);
  await turn();
  assert.deepEqual([state.asked.length, state.loads], [1, 0]);
  state.agree();
  assert.match(await instead, /^blob:/);
  assert.equal(await media.instead(7, VIDEO), null, 'there is no third way');
  media.close();
});
