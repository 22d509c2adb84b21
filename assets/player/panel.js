/** @import { App, Item, PanelName, State } from './types.d.ts' */
/** @import { Matches } from './scan.js' */
/** @import { Child } from './dom.js' */
/** @import { Label } from './label.js' */
import { createBreath } from './breath.js';
import { choice } from './buttons.js';
import { toneOf } from './cells.js';
import { detailsOf } from './details.js';
import { fill, h } from './dom.js';
import { createDrawer } from './drawer.js';
import { claim, modified } from './events.js';
import { mergedFeed, streamFeed } from './feed.js';
import { FIELDS, isFailure } from './fields.js';
import { filterBox } from './filter-box.js';
import { label, number } from './label.js';
import { createList } from './list.js';
import { compileQuery } from './query.js';
import { timeHeading } from './row-time.js';
import { scan } from './scan.js';
import { createSieve } from './sieve.js';
import { sortPlaces, sortedView } from './sort.js';
import { formatClock, formatTime } from './time.js';
import { createView } from './view.js';

/**
 * A choice beside the filter box.
 * @typedef {{ id: string, label: string, count?: number, test: (item: Item) => boolean }} Chip
 */

/**
 * @typedef {object} PanelSpec
 * @property {Label} noun  how many rows there are
 * @property {string} hint  examples of the filter language
 * @property {Label[]} columns
 * @property {Chip[]} chips
 * @property {(item: Item) => HTMLElement[]} draw  the cells of a row
 * @property {((row: any) => string | number)[]} [keys]  what a click on a column's head sorts by
 * @property {number} [rest]  the column that takes the room left
 * @property {(sum: Sum) => string[]} [totals]
 * @property {() => ((item: Item) => boolean) | null} [hides]  what is not shown on its own, if there is any
 * @property {() => Promise<Uint32Array> | undefined} [shown]  the places that are left then, where they are known
 * @property {() => Child} [tools]  what stands beside the choice
 */

/** A column and the order of all places by it. @typedef {{ column: number, down: boolean, order: Uint32Array }} Sorting */
/** Over the rows shown: bytes, failures, and ms from the earliest start to the latest end. @typedef {{ size: number, failed: number, span: number }} Sum */

/** More rows than this are not added up, unless the totals line has more to say than how many failed. */
const SUMMED = 3000;
const SUM_STEP = 1000;

/**
 * The frame all lists share: filter line, list, totals line, details.
 * @param {App} app
 * @param {Exclude<PanelName, 'info'>} name
 * @param {PanelSpec} spec
 */
export function createPanel(app, name, { noun, hint, columns, chips, draw, keys, rest = 0, totals, hides, shown: known, tools: more }) {
  const { store, source } = app;
  const feed = name === 'timeline' ? mergedFeed(source) : streamFeed(source, name);
  const title = label(name);
  /** @type {Matches | null} */
  let matches = null;
  /** What is shown in the order of time, and as it is shown. */
  let timed = createView([0, feed.count], null);
  let view = timed;
  /** @type {Sorting | null} */
  let sorting = null;
  let ordering = new AbortController();
  /** @type {string[]} */
  let chosen = [];
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
  let askedForSome = false;

  const input = filterBox(label('filterOf', { panel: title }), label('filterHint', { examples: hint }), { 'aria-describedby': `${name}-problem` });
  const problem = h('p', { class: 'problem', id: `${name}-problem`, hidden: true });
  const buttons = choice(label('Show'), [['', label('All')], ...chips.map(chipOption)], (id, event) => pick(id, modified(event)));
  buttons.press('');
  const tools = h('div', { class: 'tools' }, input, chips.length > 1 && buttons.group, more?.(), problem);
  const list = createList({ title, feed, columns: names(), rest, sort: keys ? (column) => start(sort(column)) : null, draw, toneOf, choose, touched: () => follow(false), failed: complain });
  const empty = h('div', { class: 'empty', hidden: true });
  const sums = h('span', { class: 'sums' });
  const spoken = h('span', { class: 'unseen', role: 'status' });
  const followButton = h('button', { class: 'follow', onclick: keepUpAgain, hidden: true }, label('Follow the playhead'));
  const drawer = createDrawer(app);
  const body = h('div', { class: 'body' }, list.element, empty);
  const element = h('div', { class: `panel of-${name}` }, tools, body, h('div', { class: 'sum' }, sums, spoken, followButton), drawer.element);

  function names() {
    return columns.map((column) => (column === 'Time' ? timeHeading() : label(column)));
  }

  /** Says what could not be read; a page from a disk cannot fetch the parts beside it. @param {Error} reason */
  function complain({ message }) {
    problem.hidden = false;
    problem.textContent = label('notAllRead', { reason: message });
  }

  /** Lets work go on by itself. @param {Promise<unknown>} work */
  function start(work) {
    work.catch(complain);
  }

  /** @param {Item} item */
  function choose(item) {
    follow(!sorting);
    picked = true;
    app.select(item.stream, item.row, { seek: true });
  }

  /** @param {boolean} on */
  function follow(on) {
    following = on;
    followButton.hidden = on;
  }

  function keepUpAgain() {
    // The button goes: the focus must not go with it.
    list.focus();
    follow(true);
    start(keepUp(store.get().time, true));
  }

  /** @param {number} time @param {boolean} [middle] */
  async function keepUp(time, middle = false) {
    if (!following || !shown || !view.length) return;
    const below = await feed.before(time + 0.001);
    const index = timed.reach(below) - 1;
    if (following && shown && index >= 0 && time === store.get().time) list.reveal(timed.at(index), { middle, margin: 2 });
  }

  /** @param {Chip} chip @returns {[string, string, string, string | undefined]} */
  function chipOption({ id, label: text, count: rows }) {
    return [id, text, label('Ctrl-click adds to the choice'), rows ? number(rows) : undefined];
  }

  /** @param {string} id '' for all @param {boolean} add */
  function pick(id, add) {
    const others = add && id ? chosen.filter((one) => one !== id) : [];
    chosen = id && !chosen.includes(id) ? [...others, id] : others;
    buttons.press(...(chosen.length ? chosen : ['']));
    start(filter());
  }

  async function filter() {
    scanning.abort();
    scanning = new AbortController();
    const { signal } = scanning;
    query = store.get().queries[name] ?? '';
    const compiled = compileQuery(query, FIELDS);
    const active = chips.filter(({ id }) => chosen.includes(id));
    problem.hidden = !compiled.error;
    problem.textContent = compiled.error;
    input.setAttribute('aria-invalid', String(!problem.hidden));
    const hidden = hides?.();
    askedForSome = Boolean(compiled.test) || active.length > 0;
    const list = askedForSome ? undefined : await known?.();
    if (signal.aborted) return;
    if (list || (!askedForSome && !hidden)) {
      matches = list ? { list, length: list.length, scanned: 0, done: true } : null;
      return cut();
    }
    let first = true;
    await scan({
      feed,
      signal,
      ...createSieve(compiled, active, hidden, store.get().closed.length > 0),
      report(found) {
        matches = found;
        start(cut(!first));
        first = false;
        if (found.done && askedForSome) spoken.textContent = label('found', { rows: label(noun, { count: found.length }) });
      },
    });
  }

  /** By a column: up, then down, then in the order of time again. @param {number} column */
  async function sort(column) {
    ordering.abort();
    ordering = new AbortController();
    const again = sorting?.column === column ? sorting : null;
    const order = again ? again.order : keys && await sortPlaces(feed, keys[column], ordering.signal);
    if (!order) return;
    sorting = again?.down ? null : { column, down: Boolean(again), order };
    list.markSorting(sorting);
    follow(!sorting);
    await cut();
  }

  /** Cuts the list to the span. @param {boolean} [keep] */
  async function cut(keep = false) {
    const mine = ++turn;
    const limits = app.spanLimits();
    sliced = performance.now();
    const stretch = /** @type {[number, number]} */ (limits ? await Promise.all([feed.before(limits[0]), feed.before(limits[1] + 0.001)]) : [0, feed.count]);
    if (mine !== turn) return;
    timed = createView(stretch, matches);
    view = sorting ? sortedView(timed, sorting.order, sorting.down) : timed;
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
    const words = label(!matches ? 'Nothing in this span.' : matches.done ? 'Nothing matches.' : 'Searching …');
    fill(
      empty,
      h('p', {}, words),
      matches?.done && lineButton(label('Clear the filter'), clearAll),
      app.spanLimits() && lineButton(label('Show the whole recording'), showWhole),
    );
  }

  function showWhole() {
    app.setSpan({ ...store.get().span, mode: 'whole' });
    input.focus();
  }

  function clearAll() {
    app.search(name, '');
    pick('', false);
    input.focus();
  }

  async function total() {
    const mine = turn;
    const { length } = view;
    const rows = label(noun, { count: feed.count });
    const words = [length === feed.count || !(askedForSome || app.spanLimits()) ? rows : label('shownOf', { shown: length, rows })];
    const searching = matches?.done === false;
    if (matches && searching) words.push(label('searched', { percent: Math.floor((matches.scanned / feed.count) * 100) }));
    const tell = () => fill(sums, ...[...words, spanWords()].filter(Boolean).map((text) => h('span', {}, text)));
    tell();
    if (searching || (length > SUMMED && !totals)) return;
    const sum = await addUp(length, () => mine === turn);
    if (mine !== turn) return;
    if (totals) words.push(...totals(sum));
    if (sum.failed) words.push(label(name === 'console' || name === 'backend' ? 'nErrors' : 'nFailed', { count: sum.failed }));
    tell();
  }

  /** @param {number} length @param {() => boolean} wanted */
  async function addUp(length, wanted) {
    const breathe = createBreath();
    const sum = { size: 0, failed: 0, span: 0 };
    let first = Infinity;
    for (let from = 0; from < length && wanted(); from += SUM_STEP) {
      const places = Array.from({ length: Math.min(SUM_STEP, length - from) }, (_, index) => timed.at(from + index));
      await feed.fetch(places);
      await breathe();
      for (const item of places.flatMap((place) => feed.peek(place) ?? [])) {
        const { size = 0, time, duration: long = 0 } = item.data;
        sum.size += size;
        sum.failed += Number(isFailure(item));
        if (time === undefined) continue;
        first = Math.min(first, time);
        sum.span = Math.max(sum.span, time + long - first);
      }
    }
    return sum;
  }

  function spanWords() {
    const { span, time } = store.get();
    if (span.mode === 'around') return label('aroundTime', { time: formatClock(time) });
    return span.mode === 'range' ? label('fromTo', { from: formatTime(span.from), to: formatTime(span.to) }) : '';
  }

  /** @param {boolean} [middle] */
  async function showSelected(middle = false) {
    const { selected } = store.get();
    const place = selected ? await feed.place(selected.stream, selected.row) : -1;
    let seen = place;
    const hidden = place < 0 ? null : hides?.();
    if (hidden) {
      await feed.fetch([place]);
      const item = feed.peek(place);
      // The line above it stands for it.
      if (item && hidden(item)) seen = view.at(view.reach(place) - 1) ?? -1;
    }
    list.select(seen);
    if (seen >= 0) list.reveal(seen, { middle, margin: 1 });
    return place;
  }

  /** Without a selected row here, a panel just entered shows what happens at the playhead. @param {boolean} [entered] */
  async function openSelected(entered) {
    const { selected, time } = store.get();
    const mine = ++opened;
    const place = await showSelected(true);
    if (mine !== opened) return;
    if (!selected || place < 0) {
      closeDetails();
      return entered && keepUp(time, true);
    }
    await feed.fetch([place]);
    const item = feed.peek(place);
    if (!item || mine !== opened) return;
    const detail = await source.detail(selected.stream, selected.row).catch((/** @type {Error} */ { message }) => ({ [label('The details could not be read')]: message }));
    if (mine !== opened) return;
    drawer.open(detailsOf(app, item, detail), detail, item);
    list.reveal(place, { margin: 1 });
    if (picked) drawer.element.scrollIntoView({ block: 'nearest' });
    picked = false;
  }

  function closeDetails() {
    const within = drawer.element.contains(document.activeElement);
    drawer.close();
    if (within) list.focus();
  }

  let late = 0;
  input.addEventListener('input', () => app.search(name, input.value));
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown') list.focus();
    else if (event.key === 'Escape' && input.value) {
      input.value = '';
      app.search(name, '');
    } else return;
    claim(event);
  });

  /** @param {State} state */
  function onTime({ time, span }) {
    if (!shown) return;
    list.setTime(time);
    if (keys) element.style.setProperty('--now', String(time));
    clearTimeout(late);
    const rest = 100 - (performance.now() - sliced);
    if (span.mode !== 'around') start(keepUp(time));
    else if (rest > 0) late = setTimeout(() => onTime(store.get()), rest);
    else start(cut(true).then(() => keepUp(time)));
  }

  function onQuery() {
    const text = store.get().queries[name] ?? '';
    if (text === query) return;
    input.value = text;
    if (shown) start(filter());
  }

  store.on(['time'], onTime);
  store.on(['span', 'duration'], () => shown && start(cut()));
  store.on(['selected'], () => shown && start(openSelected()));
  store.on(['queries'], onQuery);
  if (hides) store.on(['closed'], () => start(filter()));
  store.on(name === 'transcript' ? ['times', 'nudge'] : ['times'], () => list.redraw(names()));

  return {
    element,
    /** The rows shown, as far as they are in memory, for paper. */
    print() {
      const places = Array.from({ length: Math.min(view.length, SUMMED) }, (_, index) => view.at(index));
      const items = places.flatMap((place) => feed.peek(place) ?? []);
      const left = view.length - items.length;
      const head = h('div', { class: 'cols' }, ...names().map((column) => h('span', {}, column)));
      return h('div', { class: element.className }, h('h2', {}, title), h('p', {}, [...sums.children].map((one) => one.textContent).join(' · ')), h('div', { class: 'grid' }, head,
        ...items.map((item) => h('div', { class: `row ${toneOf(item)}` }, ...draw(item)))), left > 0 && h('p', {}, label('nMore', { count: left })));
    },
    show() {
      shown = true;
      onQuery();
      if (sliced) start(cut(true));
      else start(filter().then(parent === window ? feed.learn : null));
      list.setTime(store.get().time);
      start(openSelected(true));
    },
    hide() {
      shown = false;
    },
  };
}

/** @param {Child} words @param {() => void} run */
function lineButton(words, run) {
  return h('button', { class: 'line', onclick: run }, words);
}
