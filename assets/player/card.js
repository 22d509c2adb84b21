/** @import { App } from './types.d.ts' */
import { iconButton, setPressed } from './buttons.js';
import { fill, h } from './dom.js';
import { chipsOf, placeOf, tellStory, titleOf } from './failure.js';
import { formatId } from './fragment.js';
import { label, number } from './label.js';
import { placeOfRow } from './steps.js';

/**
 * The card under the bar: one failure, what came before it and what it set off. It follows the selection to
 * another failure, and otherwise stays where it is.
 * @param {App} app
 * @returns {HTMLElement | null} null when nothing failed
 */
export function createCard(app) {
  const { store, source } = app;
  const { failures, marks: { failures: list } } = source.manifest;
  if (!failures.first || !list.length) return null;
  const [, stream, row] = failures.first;
  const first = Math.max(0, placeOfRow(list, { stream, row }));
  const known = number(list.length);
  const total = list.length < failures.count ? `${known} (${label('ofTotal', { place: '', total: failures.count }).trim()})` : known;
  let shown = -1;

  const title = h('h2', { dir: 'auto' }, label('Failure'));
  const note = h('p', { dir: 'auto' });
  const links = h('div', { class: 'links' });
  const where = h('span', { 'aria-live': 'polite' });
  const back = iconButton(label('Previous failure (Shift+N)'), () => go(shown - 1), '‹');
  const on = iconButton(label('Next failure (N)'), () => go(shown + 1), '›');

  /** @param {number} place */
  function go(place) {
    if (list[place]) app.select(list[place][1], list[place][2], { seek: true, reveal: true });
  }

  /** @param {number} place */
  async function show(place) {
    if (place === shown) return;
    shown = place;
    where.textContent = ` ${label('ofTotal', { place: place + 1, total })} `;
    back.setAttribute('aria-disabled', String(place === 0));
    on.setAttribute('aria-disabled', String(place === list.length - 1));
    const story = await tellStory(source, list[place]).catch((error) => error);
    if (place !== shown) return;
    if (story instanceof Error) return fill(title, story.message);
    title.textContent = title.title = titleOf(story);
    note.textContent = placeOf(story, place, place === first);
    fill(links, ...chipsOf(story).map((chip) => h('button', {
      class: `chip ${chip.stream}`, dir: 'auto', data: { link: formatId(chip.stream, chip.row) },
      onclick: () => app.select(chip.stream, chip.row, { seek: true, reveal: true }),
    }, h('span', {}, chip.text))));
    return press();
  }

  function press() {
    const { selected } = store.get();
    for (const chip of /** @type {Iterable<HTMLElement>} */ (links.children)) {
      setPressed(chip, selected !== null && chip.dataset.link === formatId(selected.stream, selected.row));
    }
  }

  store.watch(['selected'], ({ selected }) => {
    const place = placeOfRow(list, selected);
    if (place >= 0 || shown < 0) show(place < 0 ? first : place);
    press();
  });
  return h('section', { class: 'fail', 'aria-label': label('Failure') }, title, h('span', { class: 'fail-steps' }, back, where, on), note, links);
}
