export const RATES = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4];

/**
 * @param {number} rate
 * @param {1 | -1} step
 */
export function nextRate(rate, step) {
  const next = step > 0 ? RATES.find((value) => value > rate) : RATES.findLast((value) => value < rate);
  return next ?? rate;
}
