/** @import { App } from './types.d.ts' */
import { h } from './dom.js';

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

/**
 * Moves the video against the logs while one looks, where nobody knows exactly when it started.
 * @param {App} app
 */
export function createNudge(app) {
  const { store, source: { manifest: { timeline } } } = app;
  const given = timeline.offset ?? 0;
  const said = h('p', { class: 'nudge-said', role: 'status' });
  const copy = h('button', { class: 'line', onclick: () => app.copy(offsetOption(given, store.get().nudge), 'Option') }, 'Copy option');

  /** @param {number} ms */
  function stepButton(ms) {
    const words = `${ms < 0 ? '−' : '+'}${Math.abs(ms) / 1000} s`;
    const label = `Video ${words.slice(1)} ${ms < 0 ? 'earlier' : 'later'}`;
    return h('button', { class: 'line', 'aria-label': label, title: label, onclick: () => app.nudge(store.get().nudge + ms) }, words);
  }

  store.watch(['nudge'], ({ nudge }) => {
    copy.hidden = nudge === 0;
    said.textContent = nudge === 0
      ? 'Does the picture lag behind the logs, or run ahead? Move the video until they meet.'
      : `The video starts ${Math.abs(nudge) / 1000} s ${nudge < 0 ? 'earlier' : 'later'} than the recording says. To keep it, export again with ${offsetOption(given, nudge)}.`;
  });
  return h('div', { class: 'nudge' }, said, h('div', { class: 'tools' }, ...NUDGES.map(stepButton), copy));
}
