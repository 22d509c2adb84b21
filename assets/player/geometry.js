/**
 * Where the rows of a long list lie. Engines cap the height of an element (Firefox near 17.8 million px), so above
 * `TALLEST` the scroll bar moves through a shorter canvas than the rows would need, and the offset is kept apart.
 */
export const TALLEST = 8_000_000;

/**
 * @param {number} count
 * @param {number} rowHeight
 */
export function canvasHeight(count, rowHeight) {
  return Math.min(TALLEST, count * rowHeight);
}

/**
 * The offset among the rows that a scroll position stands for. Small steps move row by row, even on a shortened
 * canvas; larger ones (the bar was dragged) go by proportion.
 * @param {{ count: number, rowHeight: number, viewport: number }} size
 * @param {{ top: number, offset: number }} before
 * @param {number} top  the new scroll position
 */
export function offsetAfter(size, before, top) {
  const whole = Math.max(0, size.count * size.rowHeight - size.viewport);
  const travel = Math.max(0, canvasHeight(size.count, size.rowHeight) - size.viewport);
  if (whole <= travel) return Math.min(top, whole);
  if (top <= 0) return 0;
  if (top >= travel - 1) return whole;
  const step = top - before.top;
  if (Math.abs(step) < size.viewport * 2) return Math.min(whole, Math.max(0, before.offset + step));
  return (top / travel) * whole;
}

/**
 * The scroll position that stands for an offset.
 * @param {{ count: number, rowHeight: number, viewport: number }} size
 * @param {number} offset
 */
export function topOf(size, offset) {
  const whole = Math.max(0, size.count * size.rowHeight - size.viewport);
  const travel = Math.max(0, canvasHeight(size.count, size.rowHeight) - size.viewport);
  if (!whole) return 0;
  return whole <= travel ? Math.min(whole, Math.max(0, offset)) : (Math.min(whole, Math.max(0, offset)) / whole) * travel;
}

/**
 * Indexes [first, last) to draw.
 * @param {{ count: number, rowHeight: number, viewport: number }} size
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
 * @param {{ count: number, rowHeight: number, viewport: number }} size
 * @param {number} offset
 * @param {number} index
 * @param {{ middle?: boolean, margin?: number }} [how]  `margin` in rows
 */
export function offsetFor({ count, rowHeight, viewport }, offset, index, { middle = false, margin = 0 } = {}) {
  const whole = Math.max(0, count * rowHeight - viewport);
  const room = Math.min(margin * rowHeight, Math.max(0, (viewport - rowHeight) / 2));
  const above = index * rowHeight - room;
  const below = (index + 1) * rowHeight + room - viewport;
  let next = offset;
  if (offset > above) next = middle ? (above + below) / 2 : above;
  else if (offset < below) next = middle ? (above + below) / 2 : below;
  return Math.min(whole, Math.max(0, next));
}
