/** @import { Feed, Item } from './types.d.ts' */
/** @import { View } from './view.js' */
import { createColumns } from './columns.js';
import { h } from './dom.js';
import { claim, modified } from './events.js';
import { formatId } from './fragment.js';
import { canvasHeight, drawn, offsetAfter, offsetFor, topOf, within } from './geometry.js';
import { createView } from './view.js';

const ROW_MOVES = /** @type {Record<string, (index: number, page: number, last: number) => number>} */ ({
  ArrowDown: (index) => index + 1,
  ArrowUp: (index) => index - 1,
  PageDown: (index, page) => index + page,
  PageUp: (index, page) => index - page,
  Home: () => 0,
  End: (_index, _page, last) => last,
});

/**
 * A grid of any number of rows of one height, of which only those in view exist. Rows come from a feed by place,
 * possibly later than they are needed.
 * @param {object} spec
 * @param {string} spec.title
 * @param {Feed} spec.feed
 * @param {string[]} spec.columns
 * @param {number} spec.rest  the column that takes the room left
 * @param {((column: number) => void) | null} spec.sort  a column's head was pressed
 * @param {(item: Item) => HTMLElement[]} spec.draw  the cells of a row
 * @param {(item: Item) => string} spec.toneOf  the class that colours a row
 * @param {(item: Item) => void} spec.choose
 * @param {() => void} spec.touched  the reader moves through the list
 * @param {(reason: Error) => void} spec.failed
 */
export function createList({ title, feed, columns, rest: widest, sort, draw, toneOf, choose, touched, failed }) {
  const layer = h('div', { class: 'layer' });
  const canvas = h('div', { class: 'canvas' }, layer);
  const scroller = h('div', { class: 'rows', role: 'rowgroup', tabindex: '-1' }, canvas);
  const header = h('div', { class: 'cols', role: 'row', 'aria-rowindex': 1 });
  const element = h('div', { class: 'grid', role: 'grid', 'aria-label': title, 'aria-colcount': columns.length }, header, scroller);
  const { heads, mark } = createColumns(element, columns, widest, sort);
  header.append(...heads);

  /** @type {View} */
  let view = createView([0, 0], null);
  const size = { count: 0, rowHeight: 28, viewport: 0 };
  let offset = 0;
  let top = 0;
  let active = -1;
  let selected = -1;
  let wantsFocus = false;
  let time = NaN;
  let settle = 0;
  /** @type {Map<number, { row: HTMLElement, item: Item | null }>} */
  const rows = new Map();

  /** The list changed its height, perhaps for the details: what the reader is at stays in view. */
  function measure() {
    const index = view.indexOf(selected >= 0 ? selected : active);
    const seen = index >= 0 && offsetFor(size, offset, index) === offset;
    size.viewport = scroller.clientHeight;
    size.rowHeight = parseFloat(getComputedStyle(element).getPropertyValue('--row')) || 28;
    header.style.paddingInlineEnd = `calc(var(--s3) + ${scroller.offsetWidth - scroller.clientWidth}px)`;
    if (seen) offset = offsetFor(size, offset, index);
    arrange();
  }

  function arrange() {
    canvas.style.height = `${canvasHeight(size)}px`;
    moveTo(offset);
  }

  /** @param {number} next */
  function moveTo(next) {
    offset = within(size, next);
    scroller.scrollTop = topOf(size, offset);
    top = scroller.scrollTop;
    paint();
  }

  scroller.addEventListener('scroll', () => {
    if (Math.abs(scroller.scrollTop - top) < 1) return;
    size.viewport = scroller.clientHeight;
    offset = offsetAfter(size, { top, offset }, scroller.scrollTop);
    top = scroller.scrollTop;
    paint();
    // On a shortened canvas the bar drifts from the rows by small steps; put right once it rests.
    clearTimeout(settle);
    settle = setTimeout(() => scroller.scrollTop === top && moveTo(offset), 200);
  }, { passive: true });

  function paint() {
    const [first, last] = drawn(size, offset);
    const places = [];
    for (let index = first; index < last; index += 1) places.push(view.at(index));
    const wanted = new Set(places);
    for (const [place, entry] of rows) {
      if (wanted.has(place)) continue;
      if (entry.row.contains(document.activeElement)) keepFocus();
      entry.row.remove();
      rows.delete(place);
    }
    /** @type {Element | null} */
    let next = layer.firstElementChild;
    const missing = [];
    for (const [at, place] of places.entries()) {
      const entry = rowAt(place);
      if (!entry.item) missing.push(place);
      entry.row.setAttribute('aria-rowindex', String(first + at + 2));
      if (next === entry.row) next = next.nextElementSibling;
      else layer.insertBefore(entry.row, next);
    }
    layer.style.transform = `translateY(${Math.round(top + first * size.rowHeight - offset)}px)`;
    scroller.tabIndex = active >= 0 && rows.has(active) ? -1 : 0;
    if (rows.has(active) && (wantsFocus || document.activeElement === scroller)) focusActive();
    if (missing.length) load(missing);
  }

  /** The row with the focus leaves: the list itself takes it until the row is back, so that keys go on working. */
  function keepFocus() {
    scroller.tabIndex = 0;
    scroller.focus({ preventScroll: true });
  }

  /** @param {number[]} places */
  async function load(places) {
    await feed.fetch(places).catch(failed);
    if (places.some((place) => rows.get(place)?.item === null && feed.peek(place))) paint();
  }

  /** @param {number} place */
  function rowAt(place) {
    const known = rows.get(place);
    const item = known?.item ?? feed.peek(place) ?? null;
    if (known && known.item === item) return known;
    const row = known?.row ?? h('div', { class: 'row', role: 'row', 'aria-selected': String(place === selected), tabindex: place === active ? 0 : -1 });
    const entry = { row, item };
    rows.set(place, entry);
    if (item) fillRow(row, item);
    else row.append(h('span', { role: 'gridcell', class: 'wait' }, '…'));
    return entry;
  }

  /** @param {HTMLElement} row @param {Item} item */
  function fillRow(row, item) {
    const cells = draw(item);
    for (const cell of cells) cell.setAttribute('role', 'gridcell');
    row.replaceChildren(...cells);
    row.className = `row ${toneOf(item)}`;
    Object.assign(row.dataset, { panel: item.stream, id: formatId(item.stream, item.row) });
    if (item.data.time !== undefined) row.dataset.time = item.data.time;
    markCurrent(row, item);
  }

  /** @param {HTMLElement} row @param {Item | null} item */
  function markCurrent(row, item) {
    const from = item?.data.time;
    // A video tells its time in seconds: rounding may put it a hair before the row it was sent to.
    row.toggleAttribute('data-current', from <= time + 1 && time <= from + Math.max(item?.data.duration ?? 0, 500));
  }

  function focusActive() {
    wantsFocus = false;
    rows.get(active)?.row.focus({ preventScroll: true });
  }

  /** @param {number} place @param {boolean} [focus] */
  function activate(place, focus = false) {
    rows.get(active)?.row.setAttribute('tabindex', '-1');
    active = place;
    rows.get(active)?.row.setAttribute('tabindex', '0');
    scroller.tabIndex = rows.has(active) ? -1 : 0;
    if (focus) {
      wantsFocus = true;
      if (rows.has(active)) focusActive();
    }
  }

  /** @param {number} place @param {{ middle?: boolean, margin?: number }} [how] */
  function reveal(place, how) {
    const index = view.indexOf(place);
    // A list just shown may not have been measured yet.
    size.viewport ||= scroller.clientHeight;
    if (index >= 0 && size.viewport) moveTo(offsetFor(size, offset, index, how));
  }

  /** @param {number} place */
  function chooseAt(place) {
    const item = rows.get(place)?.item ?? feed.peek(place);
    if (item) choose(item);
  }

  scroller.addEventListener('keydown', (event) => {
    if (modified(event) || !size.count) return;
    if (event.key === 'Enter' || event.key === ' ') {
      chooseAt(active);
    } else if (event.key in ROW_MOVES) {
      const from = active >= 0 ? view.indexOf(active) : -1;
      const page = Math.max(1, Math.floor(size.viewport / size.rowHeight) - 1);
      const next = from < 0 && event.key.startsWith('Arrow') ? Math.ceil(offset / size.rowHeight) : ROW_MOVES[event.key](from, page, size.count - 1);
      touched();
      const place = view.at(Math.min(size.count - 1, Math.max(0, next)));
      activate(place, true);
      reveal(place);
    } else return;
    claim(event);
  });

  /** The place of the drawn row in which something happened. @param {Event} event */
  function placeOf({ target }) {
    return [...rows.keys()].find((place) => rows.get(place)?.row.contains(/** @type {Node} */ (target))) ?? -1;
  }

  layer.addEventListener('focusin', (event) => activate(placeOf(event)));
  layer.addEventListener('click', (event) => {
    const place = placeOf(event);
    activate(place);
    chooseAt(place);
  });
  for (const kind of ['wheel', 'touchmove']) scroller.addEventListener(kind, touched, { passive: true });
  // A press beside the rows is one on the scroll bar.
  scroller.addEventListener('pointerdown', ({ target }) => target === scroller && touched());

  new ResizeObserver(measure).observe(scroller);

  return {
    element,
    /** @param {View} next @param {boolean} [keep] whether to stay at the same rows */
    show(next, keep = false) {
      const anchor = keep && size.count ? view.at(Math.min(size.count - 1, Math.floor(offset / size.rowHeight))) : -1;
      const rest = offset % size.rowHeight;
      view = next;
      size.count = next.length;
      element.setAttribute('aria-rowcount', String(next.length + 1));
      if (anchor >= 0) offset = view.reach(anchor) * size.rowHeight + rest;
      arrange();
    },
    /** @param {number} place -1 for none */
    select(place) {
      rows.get(selected)?.row.setAttribute('aria-selected', 'false');
      selected = place;
      rows.get(selected)?.row.setAttribute('aria-selected', 'true');
      if (place >= 0) activate(place);
    },
    /** @param {number} ms */
    setTime(ms) {
      time = ms;
      for (const { row, item } of rows.values()) markCurrent(row, item);
    },
    /** Draws all again: rows may have come to tell another time. @param {string[]} names of the columns */
    redraw(names) {
      names.forEach((name, at) => void ((heads[at].querySelector('button') ?? heads[at]).textContent = name));
      for (const { row, item } of rows.values()) if (item) fillRow(row, item);
    },
    reveal,
    markSorting: mark,
    focus() {
      if (!size.count) return;
      const place = view.indexOf(active) >= 0 ? active : view.at(Math.ceil(offset / size.rowHeight));
      activate(place, true);
      reveal(place);
    },
  };
}
