/** @import { App } from './types.d.ts' */
import { fill, h } from './dom.js';
import { visible } from './inert.js';
import { placeNow } from './keep-address.js';
import { label } from './label.js';
import { linkTo } from './link.js';
import { dateWords, formatTime } from './time.js';

/**
 * What goes on paper: where and when this is, the rows that the panel shows, the Info. The page itself, which shows a
 * screenful of them, stays off it. Keys stay off it too: paper is handed on.
 * @param {App} app
 * @param {() => (Node | null | undefined)[]} content
 */
export function printable(app, content) {
  const { life, source: { manifest }, store } = app;
  const paper = h('div', { class: 'paper' });
  addEventListener('beforeprint', () => {
    fill(paper, h('h1', {}, h('bdi', {}, visible(manifest.title ?? label('Recording')))), !manifest.withheld?.includes('link') && h('p', {}, h('bdi', {}, linkTo({ ...location, hash: '' }, placeNow(app)))),
      h('p', {}, `${formatTime(store.get().time)} · ${dateWords(Date.now())}`), ...content());
    document.body.append(paper);
  }, { signal: life });
  addEventListener('afterprint', () => paper.remove(), { signal: life });
  life.addEventListener('abort', () => paper.remove());
}
