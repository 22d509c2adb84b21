/** @import { Check } from './query.js' */
/** @import { Item, Judge, Source, StreamName } from './types.d.ts' */
import { exactJson } from './json.js';
import { decodeText } from './source.js';

/** In `told` stands in the place of each number which one it is; `parts` are of what was asked for. @typedef {Item & { json: string, told?: any, parts: Record<string, any> }} Shape */

/** Shorter logs are looked through soon enough. */
const WORTH = 25_000;
/** Characters kept, and how many more a shape counts for: it is asked by every filter. */
const ROOM = 8e7;
const SHAPE = 1300;
/** Within escapes, those of colours too, and as exponents digits are no numbers: such lines stand for themselves. */
const AS_IS = /\\u|\x9b|[:[,][-.\d]+[eE][-+\d]+[\]},]/;

/**
 * The rows of a long log without their numbers: few different lines, its shapes. A filter asks each of them once, and the
 * numbers of rows where they matter. The time and the place of the detail are left out, as no filter asks for them.
 * @param {Source} source
 * @param {StreamName} stream
 */
export function createShapes({ count, index, rows }, stream) {
  const total = count(stream);
  /** By row; there is room for fewer shapes than that. @type {Uint16Array} */
  let shapeOf;
  /** Where the numbers of each row begin among those of all, and where the last ones end. @type {Uint32Array} */
  let starts;
  /** The numbers of the rows, block by block, once all are known. @type {string[] | undefined} */
  let blocks;
  /** Their numbers, by the shapes themselves. @type {Map<string, number>} */
  let known;
  /** By number, as soon as they were asked: made while they are learned, they had the page keep far more garbage. @type {Shape[]} */
  const shapes = [];
  /** What is asked for now: the row's shape, and where its numbers begin among those of its block. @type {Shape} */
  let shape;
  /** @type {string} */
  let numbers;
  let row = 0;
  /** Worked out is only what is read of a row. */
  const item = /** @type {Item} */ ({ stream, data: new Proxy(/** @type {any} */ ({}), {
    get(_, /** @type {string} */ name) {
      const value = shape.told[name];
      if (!value) return value;
      const isText = typeof value === 'string';
      const parts = shape.parts[name] ??= (isText ? value : JSON.stringify(value)).split(/(\d+)/);
      // The numbers of a member follow each other, each with a blank behind it.
      let end = row;
      for (let left = parts[1]; --left > 0;) end = numbers.indexOf(' ', end + 1);
      let [text] = parts;
      for (let at = 2; at < parts.length; at += 2) text += numbers.slice(end + 1, end = numbers.indexOf(' ', end + 1)) + parts[at];
      return isText ? text : exactJson(text);
    },
  }) });
  let room = 0;

  /**
   * Looks through the rows of a block.
   * @param {number} at
   * @param {(Check<any>[] | null)[]} left  by shape
   * @param {number[]} list
   */
  function look(at, left, list) {
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
      let count = 0;
      shape = shapes[shapeOf[at]];
      shape.told ??= JSON.parse(shape.json.replace(/0/g, /** @type {any} */ (() => ++count)));
      row = from - base;
      return check.holds(item) !== not;
    };
    for (; to < base + numbers.length; at++) {
      from = to;
      to = starts[at + 1];
      if (left[shapeOf[at]]?.every(passes)) list.push(at);
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
        const found = [];
        /** @type {Map<string, number>} */
        const ids = new Map();
        let at = 0;
        for (const [, , , long] of (await index(stream)).rows) {
          if (!idle?.timeRemaining()) idle = await new Promise((go) => (globalThis.requestIdleCallback ?? setTimeout)(go, { timeout: 50 }));
          const base = starts[at];
          let numbers = '';
          await rows(stream, at, at + long, (json) => {
            const line = json.replace(/^\{("time":[^"]*)?("detail":[^"]*)?/, '{');
            const bare = AS_IS.test(line) ? line : line.replace(/\d+/g, '0');
            const id = ids.get(bare) ?? ids.size;
            if (id === ids.size) {
              // Once as it is, once read.
              room -= 2 * bare.length + SHAPE;
              ids.set(bare, id);
            }
            shapeOf[at] = id;
            // Each with a blank before and after it.
            numbers += line.replace(/\D+/g, ' ');
            starts[++at] = base + numbers.length;
            return false;
          });
          room -= numbers.length;
          if (room < 0) throw room;
          // Decoded, they take a byte a character, whatever else was in the rows.
          found.push(decodeText(new TextEncoder().encode(numbers)));
        }
        known = ids;
        blocks = found;
      } catch {
        // A log of too many shapes is looked through row by row; what cannot be read is the list's to tell.
      }
    },

    /**
     * Adds the places of all rows that pass to a list, and says so; false where the shapes are not known.
     * @param {Judge} judge  good for one search
     * @param {number[]} list
     * @param {(scanned: number) => Promise<boolean>} step  between pieces of the work, whether to stop it
     */
    async find(judge, list, step) {
      if (!blocks) return false;
      const left = [];
      for (const [json, id] of known) {
        shapes[id] ??= /** @type {any} */ ({ stream, data: exactJson(json), json, parts: {} });
        left.push(judge(shapes[id], AS_IS.test(json)));
        if (await step(0)) return true;
      }
      let at = 0;
      for (const block of blocks) {
        if (await step(at)) break;
        numbers = block;
        at = look(at, left, list);
      }
      return true;
    },
  };
}
