/**
 * Where the rows of a long list lie. Engines cap the height of an element (Firefox near 17.8 million px), so above
 * `TALLEST` the scroll bar moves through a shorter canvas than the rows would need, and the offset is kept apart.
 */
export const TALLEST = 8_000_000;

/** @typedef {{ count: number, rowHeight: number, viewport: number }} Size of a list: its rows, and what is seen of them */

/** @param {Pick<Size, 'count' | 'rowHeight'>} size */
export function canvasHeight({ count, rowHeight }) {
  return Math.min(TALLEST, count * rowHeight);
}

/** An offset that lies within the rows. @param {Size} size @param {number} offset */
export function within({ count, rowHeight, viewport }, offset) {
  return Math.max(0, Math.min(count * rowHeight - viewport, offset));
}

/** The largest offset among the rows, and the largest scroll position. @param {Size} size */
function ends(size) {
  return { whole: within(size, Infinity), travel: Math.max(0, canvasHeight(size) - size.viewport) };
}

/**
 * The offset among the rows that a scroll position stands for. Small steps move row by row, even on a shortened
 * canvas; larger ones (the bar was dragged) go by proportion.
 * @param {Size} size
 * @param {{ top: number, offset: number }} before
 * @param {number} top  the new scroll position
 */
export function offsetAfter(size, before, top) {
  const { whole, travel } = ends(size);
  if (whole <= travel) return Math.min(top, whole);
  if (top <= 0) return 0;
  if (top >= travel - 1) return whole;
  const step = top - before.top;
  return Math.abs(step) < size.viewport * 2 ? within(size, before.offset + step) : (top / travel) * whole;
}

/**
 * The scroll position that stands for an offset.
 * @param {Size} size
 * @param {number} offset
 */
export function topOf(size, offset) {
  const { whole, travel } = ends(size);
  return within(size, offset) * (whole > travel ? travel / whole : 1);
}

/**
 * Indexes [first, last) to draw.
 * @param {Size} size
 * @param {number} offset
 * @param {number} [more] rows beyond the edges
 * @returns {[first: number, last: number]}
 */
export function drawn({ count, rowHeight, viewport }, offset, more = 8) {
  const first = Math.max(0, Math.floor(offset / rowHeight) - more);
  return [Math.min(first, count), Math.min(count, Math.ceil((offset + viewport) / rowHeight) + more)];
}

/**
 * The offset that brings a row into view: the same when it is, the nearest else, or with the row in the middle.
 * @param {Size} size
 * @param {number} offset
 * @param {number} index
 * @param {{ middle?: boolean, margin?: number }} [how]  `margin` in rows
 */
export function offsetFor(size, offset, index, { middle = false, margin = 0 } = {}) {
  const { rowHeight, viewport } = size;
  const room = Math.min(margin * rowHeight, Math.max(0, (viewport - rowHeight) / 2));
  const above = index * rowHeight - room;
  const below = (index + 1) * rowHeight + room - viewport;
  if (below <= offset && offset <= above) return within(size, offset);
  return within(size, middle ? (above + below) / 2 : offset > above ? above : below);
}
