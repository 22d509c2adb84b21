/** @import { App, Detail, Item } from './types.d.ts' */
import { choice, iconButton } from './buttons.js';
import { fill, h } from './dom.js';
import { chipWords } from './failure.js';
import { formatId } from './fragment.js';
import { oneLine } from './inert.js';
import { label } from './label.js';
import { relationsOf } from './related.js';
import { jsonNode } from './remote.js';
import { treeView } from './tree.js';

/** @typedef {[label: string, draw: () => Node, count?: number]} Section */
/**
 * @typedef {object} Content
 * @property {[text: string, kind: string]} badge
 * @property {string} title
 * @property {[label: string, text: string, what: string]} copy
 * @property {Section[]} sections
 */

/**
 * The details under a list, in sections. The one a reader was at is kept from row to row.
 * @param {App} app
 */
export function createDrawer(app) {
  const element = h('section', { class: 'drawer', 'aria-label': label('Details'), hidden: true });
  let wanted = '';

  return {
    element,
    /** @param {Content} content @param {Detail} detail @param {Item} item */
    open({ badge, title, copy: [words, text, what], sections }, detail, item) {
      const { _sealcast, ...record } = detail;
      /** @type {Section[]} */
      const all = Object.keys(record).length ? [...sections, [label('Record'), () => treeView([jsonNode(null, record)], label('The record as it came'))]] : sections;
      const body = h('div', { class: 'inside', role: 'group', tabindex: '0' });
      const names = choice(label('Details'), all.map(([name, , count]) => [name, name, '', String(count ?? '')]), (name) => {
        wanted = name;
        show();
      });
      names.group.className = 'tabs';

      function show() {
        const [shown, draw] = all.find(([name]) => name === wanted) ?? all[0];
        names.press(shown);
        body.setAttribute('aria-label', shown);
        fill(body, draw());
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
          iconButton(label('Close (Esc)'), app.deselect, '✕'),
        ),
        links(app, item, detail),
        names.group,
        body,
      );
      show();
      element.hidden = false;
    },
    close() {
      element.hidden = true;
      fill(element);
    },
  };
}

/**
 * What belongs to the row, as links; it comes when it is found.
 * @param {App} app
 * @param {Item} item
 * @param {Detail} detail
 */
function links(app, { stream, row }, detail) {
  const box = h('div', { class: 'links', role: 'group', 'aria-label': 'Related', hidden: true });
  relationsOf(app.source, stream, row, detail).then((relations) => {
    box.hidden = relations.length === 0;
    fill(box, ...relations.map((found) => h('button', {
      class: `chip ${found.stream}`, dir: 'auto', title: label('related', { why: found.why }), data: { link: formatId(found.stream, found.row) },
      onclick: () => app.select(found.stream, found.row, { seek: true, reveal: true }),
    }, h('span', {}, chipWords(found)))));
  }, () => {});
  return box;
}
