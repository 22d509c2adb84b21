/** @import { App, Media } from './types.d.ts' */
import { svg } from './dom.js';

/**
 * Boxes that were made black in the video, outlined over it: whoever sees them knows that the sharer put them there.
 * The drawing lies in its box as the video lies in its own.
 * @param {App} app
 * @param {Media} medium
 */
export function createMasks({ store }, { masks = [], start = 0, width = 16, height = 9 }) {
  const boxes = masks.map((mask) => svg('rect', { x: mask.x * width, y: mask.y * height, width: mask.width * width, height: mask.height * height }));
  store.watch(['time'], ({ time }) => masks.forEach(({ from = -Infinity, to = Infinity }, i) => {
    const there = time - start >= from && time - start <= to;
    boxes[i].setAttribute('visibility', there ? 'visible' : 'hidden');
  }));
  return svg('svg', { class: 'masks', viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' }, ...boxes);
}
