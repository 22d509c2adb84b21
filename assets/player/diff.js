/** @typedef {[sign: ' ' | '-' | '+', text: string]} Line */

/**
 * The lines of two texts: those of both with a blank before them, those of one only with `-` or `+`. A line is paired
 * with the next of its kind, which is enough for texts of the same making.
 * @param {string[]} before
 * @param {string[]} after
 * @returns {Line[]}
 */
export function diffLines(before, after) {
  let at = 0;
  const added = (/** @type {number} */ to) => after.slice(at, to).map((text) => /** @type {Line} */ (['+', text]));
  /** @type {Line[]} */
  const lines = [];
  for (const text of before) {
    const next = after.indexOf(text, at);
    if (next < 0) lines.push(['-', text]);
    else {
      lines.push(...added(next), [' ', text]);
      at = next + 1;
    }
  }
  return [...lines, ...added(after.length)];
}
