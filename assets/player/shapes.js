/** @import { Check } from './query.js' */
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
 * numbers of rows where they matter. The time, the place of the detail and the phases of a request are left out, as no filter asks for them.
 * @param {Source} source
 * @param {StreamName} stream
 */
export function createShapes({ count, index, rows }, stream) {
  const total = count(stream);
  /** @type {Map<string, number>} */
  const ids = new Map();
  /** By row; there is room for fewer shapes than that. */
  let shapeOf = new Uint16Array();
  /** Where the numbers of each row begin among those of all, and where the last ones end. */
  let starts = new Uint32Array();
  /** The numbers of the rows, block by block. @type {string[]} */
  const blocks = [];
  /** By shape, as soon as they were asked. @type {(Item & { pieces: string[] })[]} */
  const shapes = [];
  let room = 0;
  let learned = false;

  /**
   * Looks through the rows of a block.
   * @param {string} numbers
   * @param {number} at
   * @param {(Check<any>[] | null)[]} left  by shape
   * @param {number[]} list
   */
  function look(numbers, at, left, list) {
    const base = starts[at];
    let from = 0;
    let to = base;
    const passes = (/** @type {Check<any>} */ check) => {
      const { number, not } = check;
      // It is looked for in all rows at once: few have it.
      if (number && check.next <= from) {
        number.lastIndex = from - base;
        check.next = base + (number.test(numbers) ? number.lastIndex : numbers.length);
      }
      if (check.next >= to) return not;
      const runs = numbers.slice(from - base, to - base).split(' ');
      let json = '';
      for (const [place, piece] of shapes[shapeOf[at]].pieces.entries()) json += runs[place] + piece;
      return check.holds({ stream, data: exactJson(json) }) !== not;
    };
    for (; to < base + numbers.length; at++) {
      from = to;
      to = starts[at + 1];
      const rest = left[shapeOf[at]];
      if (rest && (!rest[0] || rest.every(passes))) list.push(at);
    }
    return at;
  }

  return {
    /** Reads all rows while the page has nothing else to do. */
    async learn() {
      if (room || total < WORTH) return;
      room = ROOM;
      try {
        shapeOf = new Uint16Array(total);
        starts = new Uint32Array(total + 1);
        /** @type {IdleDeadline | undefined} */
        let idle;
        let at = 0;
        for (const [, , , long] of (await index(stream)).rows) {
          if (!idle?.timeRemaining()) idle = await new Promise((go) => (globalThis.requestIdleCallback ?? setTimeout)(go));
          const base = starts[at];
          let numbers = '';
          await rows(stream, at, at + long, (json) => {
            const line = json.replace(/^\{("time":[^"]*)?("detail":[^"]*)?/, '{').replace(/"wait":[^"]*("phases":[^"]*)?/, '');
            const shape = AS_IS.test(line) ? line : line.replace(/\d+/g, '0');
            const id = ids.get(shape) ?? ids.size;
            if (id === ids.size) room -= shape.length + SHAPE;
            ids.set(shape, id);
            shapeOf[at] = id;
            // Each with a blank before and after it.
            numbers += line.replace(/\D+/g, ' ');
            starts[++at] = base + numbers.length;
            return false;
          });
          room -= numbers.length;
          if (room < 0) throw room;
          // Decoded, they take a byte a character, whatever else was in the rows.
          blocks.push(decodeText(new TextEncoder().encode(numbers)));
        }
        learned = true;
      } catch {
        // A log of too many shapes is looked through row by row; what cannot be read is the list's to tell.
        ids.clear();
        blocks.length = 0;
      }
    },

    /**
     * Adds the places of all rows that pass to a list, and says so; false where the shapes are not known.
     * @param {Judge} judge  good for one search
     * @param {number[]} list
     * @param {(scanned: number) => Promise<boolean>} step  between pieces of the work, whether to stop it
     */
    async find(judge, list, step) {
      if (!learned) return false;
      const left = [];
      for (const [json, id] of ids) {
        shapes[id] ??= /** @type {any} */ ({ stream, data: exactJson(json), pieces: json.split('0') });
        left.push(judge(shapes[id], AS_IS.test(json)));
        if (await step(0)) return true;
      }
      let at = 0;
      for (const block of blocks) {
        if (await step(at)) break;
        at = look(block, at, left, list);
      }
      return true;
    },
  };
}
