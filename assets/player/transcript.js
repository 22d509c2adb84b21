/** @import { Bundle } from './opening.js' */
/** @import { CueRow, Source, StreamIndex } from './types.d.ts' */
import { firstNot } from './search.js';
import { parseVtt } from './vtt.js';

/**
 * The cues of all captions, by time; the manifest then counts them as the rows of a stream. Captions that cannot be
 * read are none: the recording is what matters.
 * @param {Pick<Bundle, 'manifest' | 'parts'>} bundle
 * @returns {Promise<CueRow[]>}
 */
export async function readCues({ manifest, parts }) {
  const lists = await Promise.all(manifest.captions.map(async ({ part, start = 0 }, file) => {
    try {
      const text = new TextDecoder().decode(await parts.read(part, 0, parts.part(part).length));
      return parseVtt(text).map((cue) => ({ given: cue.start + start, time: cue.start + start, duration: cue.end - cue.start, text: cue.text, file }));
    } catch {
      return [];
    }
  }));
  const cues = lists.flat().sort((a, b) => a.time - b.time);
  if (cues.length) manifest.streams.transcript = { index: 0, rows: 0, details: 0, count: cues.length, failed: 0, classes: [] };
  return cues;
}

/**
 * Cues as rows of a stream of their own, so that lists, filters, links and selection treat them as any other.
 * @param {Source} source
 * @param {CueRow[]} cues
 * @returns {Source}
 */
export function withTranscript(source, cues) {
  /** @type {<A extends [import('./types.d.ts').StreamName, ...any[]], T>(mine: (...rest: A) => Promise<T>, others: (...rest: A) => Promise<T>) => (...rest: A) => Promise<T>} */
  const either = (mine, others) => (...rest) => (rest[0] === 'transcript' ? mine(...rest) : others(...rest));
  return {
    ...source,
    rows: either(async (_, from, to) => cues.slice(from, to), source.rows),
    detail: either(async () => ({}), source.detail),
    before: either(async (_, ms) => firstNot(cues.length, (at) => cues[at].time < ms), source.before),
    index: either(async () => /** @type {StreamIndex} */ ({ rows: [[0, 0, 0, cues.length, null, null]], details: [] }), source.index),
  };
}

/**
 * What is said belongs to the video, and is moved with it.
 * @param {CueRow[]} cues
 * @param {number} nudge
 */
export function moveCues(cues, nudge) {
  for (const cue of cues) cue.time = cue.given + nudge;
}
