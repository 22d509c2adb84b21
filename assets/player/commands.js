/** @import { App, PanelName } from './types.d.ts' */
/** @import { Command } from './finder.js' */
import { SPANS } from './controls.js';
import { keyWords } from './help.js';
import { SHORTCUTS } from './keymap.js';
import { label, labelOf } from './label.js';
import { THEMES } from './menu.js';
import { panelsOf } from './panels.js';
import { RATES } from './rates.js';
import { spanOf } from './span.js';

/**
 * All that the page can do and a word tells: what has a key of its own, the panels, spans, speeds and themes.
 * @param {App} app
 * @param {Record<string, ((event: any) => unknown) | null>} keyed what keys do, by name
 * @returns {Command[]}
 */
export function commandsOf({ store, playback, source, showPanel, setSpan }, keyed) {
  const panels = panelsOf(source.manifest);
  const bound = SHORTCUTS.flatMap(([, list]) => list).flatMap(([id, keys]) => {
    const panel = /** @type {PanelName} */ (id);
    const run = panels.includes(panel) ? () => showPanel(panel) : id === 'tenth' ? null : keyed[id];
    const words = panels.includes(panel) ? label(panel) : labelOf('key ', id);
    return run ? [/** @type {Command} */ ([`${words} (${keyWords(keys.split(' ')[0])})`, () => run(null)])] : [];
  });
  return [
    ...bound,
    ...SPANS.map(([mode, text]) => /** @type {Command} */ ([`${label('Show events of')}: ${text}`, () => setSpan(spanOf(store.get(), mode))])),
    ...RATES.map((rate) => /** @type {Command} */ ([`${label('Speed (< and >)')}: ${rate}×`, () => playback.setRate(rate)])),
    ...THEMES.map(([theme, text]) => /** @type {Command} */ ([`${label('Theme')}: ${text}`, () => store.set({ theme })])),
  ];
}
