/** @import { App, FrameRef, Frames } from './types.d.ts' */
import { createCache } from './cache.js';
import { h } from './dom.js';
import { label } from './label.js';
import { firstNot } from './search.js';
import { parse } from './source.js';
import { StateError } from './states.js';

/** Pictures kept: enough to go back and forth between neighbours. */
const PICTURES_KEPT = 16;

/**
 * Shows the picture of the playhead, of pictures that follow each other; the clock of the recording drives it.
 * @param {App} app
 * @param {Frames} frames
 */
export function createFramesView({ store, source, life }, frames) {
  const image = h('img', { alt: '', width: frames.width, height: frames.height });
  const pictures = createCache(PICTURES_KEPT);
  /** @type {FrameRef[]} */
  let list = [];
  let shown = -1;
  let url = '';

  /** @param {FrameRef} frame */
  const picture = ([offset, length]) => pictures(offset, async () => new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (await source.read(frames.part, offset, length))], { type: frames.type }));

  async function draw() {
    const { time } = store.get();
    // Before the first picture there is nothing else to show than that one.
    const place = Math.max(0, firstNot(list.length, (i) => list[i][2] <= time) - 1);
    if (place === shown || !list[place]) return;
    shown = place;
    const blob = await picture(list[place]);
    if (place !== shown || life.aborted) return;
    URL.revokeObjectURL(url);
    image.src = url = URL.createObjectURL(blob);
  }

  /** @param {unknown} error */
  function fail(error) {
    store.set({ videoError: error instanceof StateError ? error.message : label('The pictures could not be read.') });
  }

  async function load() {
    const length = source.manifest.parts.find(({ id }) => id === frames.index)?.length ?? 0;
    const index = parse(await source.read(frames.index, 0, length));
    if (!Array.isArray(index) || index.length !== frames.count) throw new StateError('damaged');
    list = index;
    await draw();
  }

  store.on(['time'], () => void draw().catch(fail));
  life.addEventListener('abort', () => URL.revokeObjectURL(url));
  return { element: image, load: () => load().catch(fail) };
}
