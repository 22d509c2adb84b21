/** @import { Sorting } from './panel.js' */
import { h } from './dom.js';
import { claim, modified } from './events.js';
import { label } from './label.js';

const NARROWEST = 30;
const WIDEST = 900;
const KEY_STEP = 10;

/**
 * The heads of a grid's columns. Those with keys sort the rows by a click: up, down, as they came. Their widths are
 * dragged, or moved by the arrow keys; one column takes the room that is left, so the grips look away from it.
 * @param {HTMLElement} grid  gets the widths as `--c0`, `--c1`, …
 * @param {string[]} names
 * @param {number} rest  the column that takes what is left
 * @param {((column: number) => void) | null} sort
 */
export function createColumns(grid, names, rest, sort) {
  const heads = names.map((name, at) => {
    if (!sort) return h('span', { role: 'columnheader' }, name);
    const resize = (/** @type {number} */ width) => grid.style.setProperty(`--c${at}`, `${Math.max(NARROWEST, Math.min(WIDEST, width))}px`);
    const head = h('span', { role: 'columnheader' }, h('button', { title: label('columnHint'), onclick: () => sort(at), onkeydown: press }, name));
    const grip = h('i', {
      class: at < rest ? 'after' : '',
      onpointerdown: (/** @type {PointerEvent} */ { pointerId }) => grip.setPointerCapture(pointerId),
      onpointermove: (/** @type {PointerEvent} */ { pointerId, clientX }) => {
        const fromLeft = at < rest === (getComputedStyle(head).direction === 'ltr');
        if (grip.hasPointerCapture(pointerId)) resize(Math.abs(clientX - head.getBoundingClientRect()[fromLeft ? 'left' : 'right']));
      },
    });
    if (at !== rest) head.append(grip);

    /** @param {KeyboardEvent} event */
    function press(event) {
      const step = { ArrowLeft: -KEY_STEP, ArrowRight: KEY_STEP }[event.key];
      if (!step || modified(event) || at === rest) return;
      resize(head.offsetWidth + step);
      claim(event);
    }
    return head;
  });

  return {
    heads,
    /** @param {Sorting | null} sorting */
    mark(sorting) {
      heads.forEach((head, at) => head.setAttribute('aria-sort', sorting?.column !== at ? 'none' : sorting.down ? 'descending' : 'ascending'));
    },
  };
}
