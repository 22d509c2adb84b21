/** ANSI escape sequences: CSI … final, OSC and its like up to BEL or ST, other escapes; the 8-bit CSI too. */
const ESCAPE = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\|$)|\u001b[ -/]*[0-~]/g;
const COLOURS = ['black', 'red', 'green', 'olive', 'blue', 'magenta', 'teal', 'gray'];
/** Orders that make text look otherwise, as CSS; an empty value ends an earlier one. */
const LOOKS = /** @type {Record<string, string>} */ ({ 1: 'font-weight:bold', 3: 'font-style:italic', 4: 'text-decoration:underline', 22: 'font-weight:', 23: 'font-style:', 24: 'text-decoration:', 39: 'color:' });
/** All that styles of a recording may say. CSS itself refuses what is no value of the property. */
const RULE = /^\s*(color|font-weight|font-style|text-decoration)\s*:\s*([a-z-]*|\d00|#[\da-f]{3,8}|rgba?\([\d.,%/\s]+\))\s*$/i;
/** Characters of a style that are looked at. */
const LONGEST_CSS = 500;

/** @typedef {[text: string, css: string]} Piece  a text, and how its console wanted it to look */

/**
 * The text without what a terminal would take for orders: colours, cursor moves, titles, links.
 * @param {string} text
 */
export function stripAnsi(text) {
  return text.replace(ESCAPE, '');
}

/**
 * The same in pieces that look as a terminal would show them.
 * @param {string} text
 * @param {string} [css]  how it starts
 * @returns {Piece[]}
 */
export function ansiPieces(text, css = '') {
  const orders = text.match(ESCAPE) ?? [];
  return text.split(ESCAPE).map((part, place) => {
    const order = orders[place - 1] ?? '';
    // Colours out of 256 or more, and of the ground, are left out.
    const codes = /^\D+[\d;]*m$/.test(order) ? order.replace(/[34]8;[25][\d;]*/, '38').match(/\d+/g) ?? ['0'] : [];
    for (const code of codes) css = Number(code) ? `${css};${LOOKS[code] ?? (/^[39][0-7]$/.test(code) ? `color:${COLOURS[Number(code) % 10]}` : '')}`.slice(-LONGEST_CSS) : '';
    return /** @type {Piece} */ ([part, css]);
  });
}

/** What of a style may be shown, as names and values. @param {string} css */
export function safeRules(css) {
  return css.slice(0, LONGEST_CSS).split(';').flatMap((rule) => {
    const [, name, value = ''] = RULE.exec(rule) ?? [];
    return name ? [[name.toLowerCase(), value]] : [];
  });
}
