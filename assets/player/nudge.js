/** @import { App } from './types.d.ts' */
import { h } from './dom.js';
import { label, number } from './label.js';

/** Steps by which the video can be moved against the logs, in ms. */
const NUDGES = [-1000, -100, 100, 1000];

/**
 * The option of `sealcast export` that makes a nudge lasting, on top of one that was given already.
 * @param {number} given ms
 * @param {number} nudge ms
 */
export function offsetOption(given, nudge) {
  return `--offset ${Math.round(given + nudge)}`;
}

/** @param {number} ms */
function secondsOf(ms) {
  return number(Math.abs(ms) / 1000, ms % 1000 ? 1 : 0);
}

/**
 * Moves the video against the logs while one looks, where nobody knows exactly when it started.
 * @param {App} app
 */
export function createNudge(app) {
  const { store, source: { manifest: { timeline } } } = app;
  const given = timeline.offset ?? 0;
  const said = h('p', { class: 'nudge-said', role: 'status' });
  const copy = h('button', { class: 'line', onclick: () => app.copy(offsetOption(given, store.get().nudge), label('Option')) }, label('Copy option'));

  /** @param {number} ms */
  function stepButton(ms) {
    const name = label(ms < 0 ? 'nudgeEarlier' : 'nudgeLater', { seconds: secondsOf(ms) });
    return h('button', { class: 'line', 'aria-label': name, title: name, onclick: () => app.nudge(store.get().nudge + ms) }, `${ms < 0 ? '−' : '+'}${secondsOf(ms)} s`);
  }

  store.watch(['nudge'], ({ nudge }) => {
    copy.hidden = nudge === 0;
    said.textContent = nudge === 0
      ? label('nudgeAsk')
      : label(nudge < 0 ? 'nudgedEarlier' : 'nudgedLater', { seconds: secondsOf(nudge), option: offsetOption(given, nudge) });
  });
  return h('div', { class: 'nudge' }, said, h('div', { class: 'tools' }, ...NUDGES.map(stepButton), copy));
}
