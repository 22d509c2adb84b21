/** @import { App, Detail, Feed, Item, PanelName, State } from './types.d.ts' */
/** @import { Matches } from './scan.js' */
/** @import { Content } from './drawer.js' */
import { fill, h } from './dom.js';
import { count, countOf } from './format.js';
import { FIELDS, isFailure } from './fields.js';
import { createDrawer } from './drawer.js';
import { createList } from './list.js';
import { compileQuery } from './query.js';
import { scan } from './scan.js';
import { formatClock, formatTime } from './time.js';
import { createView } from './view.js';

/**
 * A choice beside the filter box. `classes` says which of a block's counts it looks for, so that blocks without any are passed over.
 * @typedef {{ id: string, label: string, count?: number, test: (item: Item) => boolean, classes?: number[] }} Chip
 */

/**
 * @typedef {object} PanelSpec
 * @property {PanelName} name
 * @property {string} label
 * @property {Feed} feed
 * @property {readonly [string, string]} noun
 * @property {string} hint
 * @property {string[]} columns
 * @property {Chip[]} chips
 * @property {(item: Item) => HTMLElement[]} draw
 * @property {(row: HTMLElement, item: Item) => void} dress
 * @property {(items: Item[]) => string[]} [totals]
 * @property {(app: App, item: Item, detail: Detail) => Content} details
 */

/** More rows than this are not added up for the totals line. */
const SUMMED = 3000;
const TYPING = 150;

/**
 * The frame all lists share: filter line, list, totals line, details.
 * @param {App} app
 * @param {PanelSpec} spec
 */
export function createPanel(app, spec) {
  const { store } = app;
  const { feed, name } = spec;
  /** @type {Matches | null} */
  let matches = null;
  let view = createView([0, feed.count], null);
  /** @type {Set<string>} */
  const chosen = new Set();
  let scanning = new AbortController();
  let following = true;
  let shown = false;
  let turn = 0;
  let opened = 0;
  /** The reader chose the row here: on a narrow page the details come into view. */
  let picked = false;
  let sliced = 0;
  /** What the list was last filtered by, so that a hidden panel catches up when shown. */
  let query = '';

  const input = h('input', { type: 'search', 'data-filter': '', 'aria-label': `Filter ${spec.label.toLowerCase()}`, 'aria-describedby': `${name}-problem`, placeholder: spec.hint, title: spec.hint, spellcheck: 'false', autocomplete: 'off', autocapitalize: 'off' });
  const problem = h('p', { class: 'problem', id: `${name}-problem`, hidden: true });
  const buttons = [{ id: '', label: 'All' }, ...spec.chips].map(chipButton);
  const tools = h('div', { class: 'tools' }, input, buttons.length > 2 && h('span', { class: 'seg', role: 'group', 'aria-label': 'Show' }, ...buttons), problem);
  const list = createList({ label: spec.label, feed, columns: spec.columns, draw: spec.draw, dress: spec.dress, choose, touched: () => follow(false), failed: complain });
  const empty = h('div', { class: 'empty', hidden: true });
  const sums = h('span', { class: 'sums' });
  const spoken = h('span', { class: 'unseen', role: 'status' });
  const followButton = h('button', { class: 'follow', onclick: () => follow(true), hidden: true }, 'Follow the playhead');
  const drawer = createDrawer(app, () => {
    app.deselect();
    list.focus();
  });
  const body = h('div', { class: 'body' }, list.element, empty);
  const element = h('div', { class: `panel of-${name}` }, tools, body, h('div', { class: 'sum' }, sums, spoken, followButton), drawer.element);

  /** @param {Item} item */
  function choose(item) {
    following = true;
    followButton.hidden = true;
    picked = true;
    app.select(item.stream, item.row, { seek: true });
  }

  /** @param {boolean} on */
  function follow(on) {
    following = on;
    followButton.hidden = on;
    if (on) keepUp(store.get().time, true).catch(complain);
  }

  /** @param {number} time @param {boolean} [middle] */
  async function keepUp(time, middle = false) {
    if (!following || !shown || !view.length) return;
    const below = await feed.before(time + 0.001);
    const index = view.reach(below) - 1;
    if (following && shown && index >= 0) list.reveal(view.at(index), { middle, margin: 2 });
  }

  /** @param {{ id: string, label: string, count?: number }} chip */
  function chipButton({ id, label, count: number }) {
    const onclick = (/** @type {MouseEvent} */ event) => pick(id, event.ctrlKey || event.metaKey || event.shiftKey);
    return h('button', { 'aria-pressed': String(!id), title: id && 'Ctrl-click adds to the choice', data: { chip: id }, onclick }, label, number !== undefined && h('small', {}, count(number)));
  }

  /** @param {string} id '' for all @param {boolean} [add] */
  function pick(id, add = false) {
    const had = chosen.has(id);
    if (!add || !id) chosen.clear();
    if (had) chosen.delete(id);
    else if (id) chosen.add(id);
    for (const button of buttons) button.setAttribute('aria-pressed', String(chosen.has(button.dataset.chip ?? '') || (!button.dataset.chip && !chosen.size)));
    filter().catch(complain);
  }

  /** Says what could not be read; a page from a disk cannot fetch the parts beside it. @param {Error} reason */
  function complain({ message }) {
    problem.hidden = false;
    problem.textContent = `Some of this could not be read. ${message}`;
  }

  async function filter() {
    scanning.abort();
    scanning = new AbortController();
    const { signal } = scanning;
    query = store.get().queries[name] ?? '';
    const { test, error } = compileQuery(query, FIELDS);
    const active = spec.chips.filter((chip) => chosen.has(chip.id));
    problem.hidden = !error;
    problem.textContent = error;
    input.setAttribute('aria-invalid', String(error !== null));
    if (!test && !active.length) {
      matches = null;
      return cut();
    }
    const classes = active.length && active.every((chip) => chip.classes) ? active.flatMap((chip) => chip.classes ?? []) : null;
    let first = true;
    await scan({
      feed,
      signal,
      test: (item) => (!active.length || active.some((chip) => chip.test(item))) && (!test || test(item)),
      mayHold: classes ? (counts) => classes.some((place) => counts[place] > 0) : undefined,
      report(found) {
        matches = found;
        cut(!first).catch(complain);
        first = false;
        if (found.done) spoken.textContent = `${countOf(found.length, spec.noun)} found`;
      },
    });
  }

  /** Cuts the list to the span. @param {boolean} [keep] */
  async function cut(keep = false) {
    const mine = ++turn;
    const limits = app.spanLimits();
    sliced = performance.now();
    const stretch = /** @type {[number, number]} */ (limits ? await Promise.all([feed.before(limits[0]), feed.before(limits[1] + 0.001)]) : [0, feed.count]);
    if (mine !== turn) return;
    view = createView(stretch, matches);
    const { duration } = store.get();
    const [from, to] = limits ?? [0, duration];
    element.style.setProperty('--from', String(from));
    element.style.setProperty('--long', String(Math.max(1, to - from)));
    list.show(view, keep);
    blank();
    if (!keep) await showSelected(true);
    await total();
  }

  function blank() {
    empty.hidden = view.length > 0;
    list.element.hidden = view.length === 0;
    if (view.length) return;
    const words = !matches ? `No ${spec.noun[0]} in this span.` : matches.done ? `No ${spec.noun[0]} matches.` : 'Searching …';
    fill(
      empty,
      h('p', {}, words),
      matches?.done && h('button', { class: 'line', onclick: clearAll }, 'Clear the filter'),
      app.spanLimits() && h('button', { class: 'line', onclick: () => app.setSpan({ ...store.get().span, mode: 'whole' }) }, 'Show the whole recording'),
    );
  }

  /** @param {string} text */
  function search(text) {
    store.set({ queries: { ...store.get().queries, [name]: text } });
  }

  function clearAll() {
    search('');
    pick('');
    input.focus();
  }

  async function total() {
    const mine = turn;
    const { length } = view;
    const words = [length === feed.count ? countOf(length, spec.noun) : `${count(length)} of ${countOf(feed.count, spec.noun)}`];
    if (matches && !matches.done) words.push(`searching … ${Math.floor((matches.scanned / feed.count) * 100)} %`);
    const items = length <= SUMMED ? await itemsOf() : [];
    if (mine !== turn) return;
    const failed = items.filter(isFailure).length;
    words.push(...(spec.totals?.(items) ?? []));
    if (failed) words.push(`${count(failed)} ${name === 'console' || name === 'backend' ? 'errors' : 'failed'}`);
    fill(sums, ...[...words, spanWords()].filter(Boolean).map((text) => h('span', {}, text)));
  }

  async function itemsOf() {
    const places = Array.from({ length: view.length }, (_, index) => view.at(index));
    await feed.fetch(places);
    return places.flatMap((place) => feed.peek(place) ?? []);
  }

  function spanWords() {
    const { span, time } = store.get();
    if (span.mode === 'around') return `±5 s around ${formatClock(time)}`;
    return span.mode === 'range' ? `${formatTime(span.from)} to ${formatTime(span.to)}` : '';
  }

  /** @param {boolean} [middle] */
  async function showSelected(middle = false) {
    const { selected } = store.get();
    const place = selected ? await feed.place(selected.stream, selected.row) : -1;
    list.select(place);
    if (place >= 0) list.reveal(place, { middle, margin: 1 });
    return place;
  }

  async function openSelected() {
    const { selected } = store.get();
    const mine = ++opened;
    const place = await showSelected(true);
    if (mine !== opened) return;
    if (!selected || place < 0) return drawer.close();
    await feed.fetch([place]);
    const item = feed.peek(place);
    if (!item || mine !== opened) return;
    const detail = await app.source.detail(selected.stream, selected.row).catch((/** @type {Error} */ { message }) => ({ 'The details could not be read': message }));
    if (mine === opened) drawer.open(spec.details(app, item, detail), detail);
    list.reveal(place, { margin: 1 });
    if (picked) drawer.element.scrollIntoView({ block: 'nearest' });
    picked = false;
  }

  let typing = 0;
  let late = 0;
  input.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(() => search(input.value), TYPING);
  });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown') list.focus();
    else if (event.key === 'Escape' && input.value) {
      search('');
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !store.get().selected || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    app.deselect();
    list.focus();
  });

  /** @param {State} state */
  function onTime({ time, span }) {
    if (!shown) return;
    list.setTime(time);
    clearTimeout(late);
    if (span.mode !== 'around') return void keepUp(time).catch(complain);
    const rest = 100 - (performance.now() - sliced);
    if (rest > 0) late = setTimeout(() => onTime(store.get()), rest);
    else cut(true).then(() => keepUp(time)).catch(complain);
  }

  store.on(['time'], onTime);
  store.on(['span', 'duration'], () => void (shown && cut().catch(complain)));
  store.on(['selected'], () => void (shown && openSelected().catch(complain)));
  store.on(['queries'], ({ queries }) => {
    const text = queries[name] ?? '';
    if (text === query) return;
    if (text !== input.value) input.value = text;
    if (shown) filter().catch(complain);
  });

  return {
    element,
    show() {
      shown = true;
      input.value = store.get().queries[name] ?? '';
      (input.value !== query || !sliced ? filter() : cut(true)).catch(complain);
      list.setTime(store.get().time);
      openSelected().catch(complain);
    },
    hide() {
      shown = false;
    },
  };
}
