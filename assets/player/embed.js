/** @import { App } from './types.d.ts' */
/** @import { Options } from './fragment.js' */
import { dress, setPressed } from './buttons.js';
import { h } from './dom.js';
import { drawing } from './icons.js';
import { oneLine } from './inert.js';
import { placeNow } from './keep-address.js';
import { label } from './label.js';
import { newTab } from './new-tab.js';
import { formatClock } from './time.js';

/** Keys that lead through a frame, or mean nothing by themselves. */
const PASSING = ['Tab', 'Shift', 'Control', 'Alt', 'Meta', 'Escape'];

/**
 * What the page has in a frame of another page instead of its own bar: a cover with a play button, a way out, and,
 * where there is no room for the panels, a button that shows them.
 * @param {App} app
 * @param {{ main: HTMLElement, stage: HTMLElement, controls: HTMLElement | null, options: Options }} page
 */
export function dressForFrame(app, { main, stage, controls, options }) {
  document.documentElement.classList.add('embed');
  const { manifest } = app.source;
  if (manifest.video ?? manifest.frames) stage.firstElementChild?.after(createCover(app, options));
  const out = newTab(() => placeNow(app), { class: 'out' });
  dress(out, label('Open in a new tab'), drawing('out'));
  out.addEventListener('click', app.pause);
  if (controls && options.panels) controls.append(eventsButton(main));
  (controls ?? stage).append(out);

  // Nothing is fetched before, to keep the host's page fast.
  const wake = (/** @type {Event} */ { target }) => (out.contains(/** @type {Node} */ (target)) ? undefined : app.playback.wake());
  main.addEventListener('click', wake);
  main.addEventListener('keydown', (event) => (PASSING.includes(event.key) ? undefined : wake(event)));
}

/**
 * Lies over the picture until it plays for the first time.
 * @param {App} app
 * @param {Options} options
 */
function createCover({ source, store, play }, { autoplay }) {
  const title = oneLine(source.manifest.title ?? '', 120);
  const cover = h('button', { class: 'cover', 'aria-label': label('Play the recording'), onclick: play }, h('i', {}, drawing('play')),
    h('span', {}, title && h('b', { dir: 'auto' }, title), formatClock(source.manifest.duration)));
  let played = false;
  store.watch(['paused', 'refused'], ({ paused, refused }) => {
    played ||= !paused;
    const focused = document.activeElement === cover;
    cover.hidden = played || (autoplay && !refused);
    if (focused && cover.hidden) /** @type {HTMLElement | null} */ (document.querySelector('.controls button'))?.focus();
  });
  return cover;
}

/** @param {HTMLElement} main */
function eventsButton(main) {
  const button = h('button', { class: 'line events', onclick() {
    const open = main.classList.toggle('opened');
    setPressed(button, open);
    (open ? main.querySelector('.right') : main)?.scrollIntoView();
  } }, label('Events'));
  setPressed(button, false);
  return button;
}
