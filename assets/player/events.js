/**
 * A key or click with a modifier means something else, to the browser or to the page.
 * @param {KeyboardEvent | MouseEvent} event
 */
export function modified({ ctrlKey, metaKey, altKey, shiftKey }) {
  return ctrlKey || metaKey || altKey || shiftKey;
}

/**
 * The event is dealt with: neither the browser nor the page does anything more about it.
 * @param {Event} event
 */
export function claim(event) {
  event.preventDefault();
  event.stopPropagation();
}

/**
 * Which way the arrow to the right goes: 1 on in the direction of reading, -1 back.
 * @param {Element} element
 */
export function rightward(element) {
  return getComputedStyle(element).direction === 'rtl' ? -1 : 1;
}

/**
 * How far along an element a pointer is, in the direction of reading: 0 at its start, 1 at its end.
 * @param {Element} element
 * @param {PointerEvent} event
 */
export function shareAt(element, { clientX }) {
  const { left, right, width } = element.getBoundingClientRect();
  const share = width ? (rightward(element) < 0 ? right - clientX : clientX - left) / width : 0;
  return Math.max(0, Math.min(1, share));
}
