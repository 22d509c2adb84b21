import { label } from './label.js';
import { partsOf } from './urls.js';

/**
 * Call frames of CDP and BiDi, which count from 0; people count from 1. A line of a stack that is no frame has no `url`.
 * @typedef {{ name: string, url: string, line: number | null, column: number | null, after?: string }} Frame
 */

const MOST_FRAMES = 200;
const MOST_CAUSES = 10;
/** “at name (url:1:2)”, “at url:1:2”, “name@url:1:2”. */
const FRAME_LINE = /^\s*(?:at (?:(.+) \()?|([^@]*)@)([^()\s]+?):(\d+):(\d+)\)?$/;
/** What nobody wrote who reads this. */
const FOREIGN = /\/node_modules\/|^(node|internal|[a-z-]+-extension):/;

/**
 * @param {any} stack  `{ callFrames, parent?, description? }`; of anything else nothing is taken
 * @returns {Frame[]}
 */
export function framesOf(stack) {
  /** @type {Frame[]} */
  const frames = [];
  for (let part = stack; Array.isArray(part?.callFrames) && frames.length < MOST_FRAMES; part = part.parent) {
    part.callFrames.slice(0, MOST_FRAMES - frames.length).forEach((/** @type {any} */ frame, /** @type {number} */ place) => {
      const after = part !== stack && place === 0 ? String(part.description ?? 'async') : undefined;
      frames.push({ name: String(frame?.functionName || label('(anonymous)')), url: String(frame?.url ?? ''), line: plusOne(frame?.lineNumber), column: plusOne(frame?.columnNumber), after });
    });
  }
  return frames;
}

/**
 * The frames of a stack that is text; what `said` tells already is left out.
 * @param {string} stack
 * @param {string} said
 * @returns {Frame[]}
 */
export function framesIn(stack, said) {
  const lines = stack.split('\n', MOST_FRAMES).filter((line) => !said.includes(line.trim()));
  return lines.map((line) => {
    const [, name, other, url = '', row, column] = FRAME_LINE.exec(line.slice(0, 1000)) ?? [];
    return { name: url ? name || other || label('(anonymous)') : line.trim(), url, line: row ? Number(row) : null, column: row ? Number(column) : null };
  });
}

/** The errors that an error was thrown for, with their frames. @param {any} error */
export function causesOf(error) {
  const frames = [];
  for (let cause = error?.cause, left = MOST_CAUSES; cause && left; cause = cause.cause, left -= 1) {
    const words = String(cause.message ?? cause);
    const stack = String(cause.stack ?? '');
    frames.push(...framesIn(label('causedBy', { error: stack.includes(words) ? stack : `${words}\n${stack}` }), ''));
  }
  return frames;
}

/**
 * The frames in order, those of others in lists of their own. Where all are of others, none is.
 * @param {Frame[]} frames
 * @param {string} [page]  the address of the page, when it is known
 */
export function foldFrames(frames, page = '') {
  const hosts = frames.map(({ url }) => partsOf(url).host);
  const { host } = partsOf(page);
  const known = hosts.includes(host) ? ['', host] : hosts;
  const own = frames.map(({ url }, place) => !FOREIGN.test(url) && known.includes(hosts[place]));
  if (!frames.some(({ url }, place) => url && own[place])) return frames;
  /** @type {(Frame | Frame[])[]} */
  const out = [];
  for (const [place, frame] of frames.entries()) {
    const last = out.at(-1);
    if (own[place]) out.push(frame);
    else if (Array.isArray(last)) last.push(frame);
    else out.push([frame]);
  }
  return out;
}

/** As a stack has it in text. @param {Frame} frame */
export function frameLine(frame) {
  return frame.url ? `    at ${frame.name} (${placeIn(frame)})` : frame.name;
}

/** @param {unknown} number */
function plusOne(number) {
  return typeof number === 'number' && number >= 0 ? number + 1 : null;
}

/** “checkout.js:118:9”. @param {Frame} frame */
export function frameWords(frame) {
  return placeIn(frame, partsOf(frame.url).file || frame.url);
}

/** The same with the whole address. @param {Frame} frame @param {string} [file] */
export function placeIn({ url, line, column }, file = url) {
  return [file, line, column].filter((part) => part !== null && part !== '').join(':');
}
