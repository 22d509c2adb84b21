/** @import { Header } from './types.d.ts' */
import { fill, h, icon } from './dom.js';
import { label } from './label.js';
import { stateWords } from './states.js';
import { dateWords } from './time.js';

const WARNING = 'M12 3.5l9 16H3zM12 10v4.5M12 16.8v.4';
const LOCK = 'M5 11h14v9H5zM8 11V8a4 4 0 0 1 8 0v3M12 14.5v2';

/**
 * Empties the page and says why. With a box, in which the reader can do something about it, the data stays.
 * @param {string} state
 * @param {string | undefined} reason
 * @param {Header | null} header
 * @param {HTMLElement} [box]
 */
export function showState(state, reason, header, box) {
  const { title, cause, next } = stateWords(state, reason);
  if (!box) for (const block of document.querySelectorAll('script[data-part]')) block.remove();
  const root = document.documentElement;
  const when = state === 'expired' && header ? expiredWhen(header.expires) : null;
  const heading = h('h1', { tabindex: '-1' }, title);
  const sign = icon(/(key|password)$/.test(state) ? LOCK : WARNING, { box: 24 });
  fill(document.getElementById('app') ?? document.body, h('main', { class: 'state' },
    h('div', { class: 'state-card' }, sign, heading, h('p', {}, cause), when, h('p', { class: 'state-next' }, next), box)));
  (box?.querySelector('input') ?? heading).focus();
  document.title = title;
  if (reason) root.dataset.reason = reason;
  else delete root.dataset.reason;
  root.dataset.state = state;
}

/** @param {number} seconds */
function expiredWhen(seconds) {
  const ms = seconds * 1000;
  return h('p', {}, label('endedOn', { local: dateWords(ms), utc: dateWords(ms, 'UTC') }));
}
