/** @import { ActionRow, App } from './types.d.ts' */
import { setPressed } from './buttons.js';
import { h } from './dom.js';
import { label } from './label.js';
import { pageIn } from './rings.js';
import { playwrightTest, stepsText } from './step-text.js';

/** More are no steps that anybody repeats. */
const MOST_STEPS = 2000;

/** What can be done with all actions. @param {App} app */
export function reproButtons({ copy, store, source, toast }) {
  const { manifest } = source;

  /** @param {string} words @param {(rows: ActionRow[]) => string} make */
  const button = (words, make) => h('button', { onclick: () => void source.rows('actions', 0, Math.min(MOST_STEPS, source.count('actions'))).then((rows) => copy(make(/** @type {ActionRow[]} */ (rows)), words), (error) => toast(error.message)) }, label('copyOf', { what: words }));
  const rings = h('button', { onclick: () => store.set({ rings: !store.get().rings }) }, label('Clicks in the picture'));
  store.watch(['rings'], (state) => setPressed(rings, state.rings));
  return h('div', { class: 'seg' }, button(label('Steps'), stepsText), button(label('Playwright test'), (rows) => playwrightTest(rows, manifest)), pageIn(manifest) && rings);
}
