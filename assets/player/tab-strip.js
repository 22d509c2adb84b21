/** @import { Child } from './dom.js' */
import { h } from './dom.js';
import { claim, modified, rightward } from './events.js';

/**
 * Tabs of which one is chosen, by click or by arrow keys, Home and End.
 * @param {string} label
 * @param {[id: string, controls: string, face: Child[]][]} list
 * @param {(place: number) => void} choose
 */
export function tabStrip(label, list, choose) {
  const tabs = list.map(([id, controls, face], place) => h('button', { role: 'tab', id, 'aria-controls': controls, onclick: () => choose(place) }, ...face));

  /** @param {KeyboardEvent} event */
  function onkeydown(event) {
    const at = tabs.findIndex((tab) => tab === event.target);
    const forward = rightward(tabs[0]);
    const next = { ArrowRight: at + forward, ArrowLeft: at - forward, Home: 0, End: -1 }[event.key];
    if (at < 0 || next === undefined || modified(event)) return;
    claim(event);
    const tab = tabs[(next + tabs.length) % tabs.length];
    tab.focus();
    tab.click();
  }

  return {
    strip: h('div', { class: 'tabs', role: 'tablist', 'aria-label': label, onkeydown }, ...tabs),
    tabs,
    /** @param {number} place */
    mark(place) {
      tabs.forEach((tab, at) => {
        tab.setAttribute('aria-selected', String(at === place));
        tab.tabIndex = at === place ? 0 : -1;
      });
    },
  };
}
