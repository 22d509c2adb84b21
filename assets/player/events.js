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
 * How far along an element a pointer is, in the direction of reading: 0 at its start, 1 at its end.
 * @param {Element} element
 * @param {PointerEvent} event
 */
export function shareAt(element, { clientX }) {
  const { left, right, width } = element.getBoundingClientRect();
  const rtl = getComputedStyle(element).direction === 'rtl';
  const share = width ? (rtl ? right - clientX : clientX - left) / width : 0;
  return Math.max(0, Math.min(1, share));
}
