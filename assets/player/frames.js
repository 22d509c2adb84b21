import { label } from './label.js';
import { partsOf } from './urls.js';

/**
 * Call frames of CDP and BiDi, which count from 0; people count from 1.
 * @typedef {{ name: string, url: string, line: number | null, column: number | null, after?: string }} Frame
 */

const MOST_FRAMES = 200;

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
