/** @import { App, Detail } from './types.d.ts' */
import { fill, h } from './dom.js';
import { oneLine } from './inert.js';
import { jsonNode } from './remote.js';
import { treeView } from './tree.js';

/** @typedef {[label: string, draw: () => Node, count?: number]} Section */
/**
 * @typedef {object} Content
 * @property {[text: string, kind: string]} badge
 * @property {string} title
 * @property {[label: string, text: string, what: string][]} copies
 * @property {Section[]} sections
 */

let drawers = 0;

/**
 * The details under a list, in tabs. The section a reader was at is kept from row to row.
 * @param {App} app
 * @param {() => void} onclose
 */
export function createDrawer(app, onclose) {
  const name = `drawer${++drawers}`;
  const element = h('section', { class: 'drawer', 'aria-label': 'Details', hidden: true });
  let wanted = '';

  return {
    element,
    /** @param {Content} content @param {Detail} detail */
    open({ badge, title, copies, sections }, detail) {
      const { _sealcast, ...record } = detail;
      /** @type {Section[]} */
      const all = Object.keys(record).length ? [...sections, ['Record', () => treeView([jsonNode(null, record)], 'The record as it came')]] : sections;
      const body = h('div', { class: 'inside', id: `${name}-body`, role: 'tabpanel', tabindex: '0' });
      const tabs = all.map(([label, , count], at) => h('button', { role: 'tab', id: `${name}-${at}`, 'aria-controls': body.id, onclick: () => show(at, true) }, label, count !== undefined && h('small', {}, count)));

      /** @param {number} at @param {boolean} chosen */
      function show(at, chosen) {
        if (chosen) wanted = all[at][0];
        markTab(tabs, at);
        body.setAttribute('aria-labelledby', tabs[at].id);
        fill(body, all[at][1]());
        body.scrollTop = 0;
      }

      fill(
        element,
        h(
          'h2',
          {},
          h('span', { class: `badge ${badge[1]}` }, oneLine(badge[0], 24)),
          h('code', { title: oneLine(title, 2000) }, oneLine(title)),
          ...copies.map(([label, text, what]) => h('button', { 'aria-label': `${label === 'Copy' ? 'Copy' : `Copy as ${label}:`} ${what}`, onclick: () => app.copy(text, what) }, label)),
          h('button', { 'aria-label': 'Close (Esc)', onclick: onclose }, '✕'),
        ),
        h('div', { role: 'tablist', 'aria-label': 'Details', onkeydown: (/** @type {KeyboardEvent} */ event) => moveTab(event, tabs) }, ...tabs),
        body,
      );
      show(Math.max(0, all.findIndex(([label]) => label === wanted)), false);
      element.hidden = false;
    },
    close() {
      element.hidden = true;
      element.replaceChildren();
    },
  };
}

/**
 * Arrow keys, Home and End among tabs; the one reached is chosen.
 * @param {KeyboardEvent} event
 * @param {HTMLElement[]} tabs
 */
export function moveTab(event, tabs) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const at = tabs.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const forward = getComputedStyle(tabs[0]).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
  const next = event.key === 'Home' ? 0 : event.key === 'End' ? tabs.length - 1 : event.key === forward ? at + 1 : /^Arrow(Left|Right)$/.test(event.key) ? at - 1 : NaN;
  if (at < 0 || Number.isNaN(next)) return;
  event.preventDefault();
  event.stopPropagation();
  const tab = tabs[(next + tabs.length) % tabs.length];
  tab.focus();
  tab.click();
}

/**
 * @param {HTMLElement[]} tabs
 * @param {number} place
 */
export function markTab(tabs, place) {
  tabs.forEach((tab, at) => {
    tab.setAttribute('aria-selected', String(at === place));
    tab.tabIndex = at === place ? 0 : -1;
  });
}
