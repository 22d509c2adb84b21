/** @import { App, Detail } from './types.d.ts' */
import { iconButton } from './buttons.js';
import { fill, h } from './dom.js';
import { oneLine } from './inert.js';
import { jsonNode } from './remote.js';
import { tabStrip } from './tab-strip.js';
import { treeView } from './tree.js';

/** @typedef {[label: string, draw: () => Node, count?: number]} Section */
/**
 * @typedef {object} Content
 * @property {[text: string, kind: string]} badge
 * @property {string} title
 * @property {[label: string, text: string, what: string]} copy
 * @property {Section[]} sections
 */

let drawers = 0;

/**
 * The details under a list, in tabs. The section a reader was at is kept from row to row.
 * @param {App} app
 */
export function createDrawer(app) {
  const name = `drawer${++drawers}`;
  const element = h('section', { class: 'drawer', 'aria-label': 'Details', hidden: true });
  let wanted = '';

  return {
    element,
    /** @param {Content} content @param {Detail} detail */
    open({ badge, title, copy: [words, text, what], sections }, detail) {
      const { _sealcast, ...record } = detail;
      /** @type {Section[]} */
      const all = Object.keys(record).length ? [...sections, ['Record', () => treeView([jsonNode(null, record)], 'The record as it came')]] : sections;
      const body = h('div', { class: 'inside', id: `${name}-body`, role: 'tabpanel', tabindex: '0' });
      const { strip, tabs, mark } = tabStrip('Details', all.map(([label, , count], at) => [`${name}-${at}`, body.id, [label, count !== undefined && h('small', {}, count)]]), (at) => show(at, true));

      /** @param {number} at @param {boolean} chosen */
      function show(at, chosen) {
        if (chosen) wanted = all[at][0];
        mark(at);
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
          h('button', { onclick: () => app.copy(text, what) }, words),
          iconButton('Close (Esc)', app.deselect, '✕'),
        ),
        strip,
        body,
      );
      show(Math.max(0, all.findIndex(([label]) => label === wanted)), false);
      element.hidden = false;
    },
    close() {
      element.hidden = true;
      fill(element);
    },
  };
}
