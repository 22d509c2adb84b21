/** ANSI escape sequences: CSI … final, OSC and its like up to BEL or ST, other escapes; the 8-bit CSI too. */
const ESCAPE = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\|$)|\u001b[ -/]*[0-~]/g;

/**
 * The text without what a terminal would take for orders: colours, cursor moves, titles, links.
 * @param {string} text
 */
export function stripAnsi(text) {
  return text.replace(ESCAPE, '');
}
