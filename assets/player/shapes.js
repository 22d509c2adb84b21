/** @import { Item, Judge, Source, StreamName } from './types.d.ts' */
import { exactJson } from './json.js';
import { decodeText } from './source.js';

/** Shorter logs are looked through soon enough. */
const WORTH = 25_000;
/** Characters kept, and how many more a shape counts for: it is asked by every filter. */
const ROOM = 80_000_000;
const SHAPE = 1300;
/** Within escapes, those of colours too, digits are no numbers: such lines stand for themselves. */
const AS_IS = /\\u|\x9b/;

/**
 * The rows of a long log without their numbers: few different lines, its shapes. A filter asks each of them once, and the
 * numbers of rows where they matter. The time and the place of the detail are left out, as no filter asks for them.
 * @param {Source} source
 * @param {StreamName} stream
 */
export function createShapes({ count, index, rows }, stream) {
  const total = count(stream);
  /** @type {Map<string, number>} */
  const ids = new Map();
  /** By row. @type {number[]} */
  const shapeOf = [];
  /** The numbers of a block's rows, a row a line, and where it ends. @type {[numbers: string, end: number][]} */
  const blocks = [];
  let room = 0;

  return {
    /** Reads all rows while the page has nothing else to do. */
    async learn() {
      if (room || total < WORTH) return;
      room = ROOM;
      try {
        /** @type {IdleDeadline | undefined} */
        let idle;
        for (const [, , , long] of (await index(stream)).rows) {
          if (!idle?.timeRemaining()) idle = await new Promise((go) => (globalThis.requestIdleCallback ?? setTimeout)(go));
          let numbers = '';
          const from = shapeOf.length;
          await rows(stream, from, from + long, (json) => {
            const line = json.replace(/^\{("time":[^"]*)?("detail":[^"]*)?/, '{');
            const shape = AS_IS.test(line) ? line : line.replace(/\d+/g, '0');
            const id = ids.get(shape) ?? ids.size;
            if (id === ids.size) room -= shape.length + SHAPE;
            ids.set(shape, id);
            shapeOf.push(id);
            numbers += `${line.replace(/\D+/g, ' ')}\n`;
            return false;
          });
          room -= numbers.length;
          if (room < 0) throw room;
          // Decoded, they take a byte a character, whatever else was in the rows.
          blocks.push([decodeText(new TextEncoder().encode(numbers)), shapeOf.length]);
        }
      } catch {
        // A log of too many shapes is looked through row by row; what cannot be read is the list's to tell.
        ids.clear();
        blocks.length = shapeOf.length = 0;
      }
    },

    /**
     * Adds the places of all rows that pass to a list, and says so; false where the shapes are not known.
     * @param {Judge} judge
     * @param {number[]} list
     * @param {(scanned: number) => Promise<boolean>} step  between pieces of the work, whether to stop it
     */
    async find(judge, list, step) {
      if (blocks.at(-1)?.[1] !== total) return false;
      const shapes = [...ids.keys()];
      const left = [];
      const item = (/** @type {string} */ json) => /** @type {Item} */ ({ stream, data: exactJson(json) });
      for (const shape of shapes) {
        left.push(judge(item(shape), AS_IS.test(shape)));
        if (await step(0)) return true;
      }
      let at = 0;
      for (const [numbers, end] of blocks) {
        if (await step(at)) break;
        const first = at;
        /** @type {string[]} */
        let lines;
        for (; at < end; at++) {
          const id = shapeOf[at];
          if (left[id]?.every(({ not, number, holds }) => {
            lines ??= numbers.split('\n');
            const line = lines[at - first];
            if (!number.test(line)) return not;
            const runs = line.split(' ');
            return holds(item(shapes[id].split('0').map((piece, place) => runs[place] + piece).join(''))) !== not;
          })) list.push(at);
        }
      }
      return true;
    },
  };
}
