/**
 * The first of `count` ascending places that is not below a limit; `count` when all are.
 * @param {number} count
 * @param {(place: number) => boolean} below
 */
export function firstNot(count, below) {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (below(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
