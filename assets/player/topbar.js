/** @import { App } from './types.d.ts' */
import { h, icon } from './dom.js';
import { oneLine } from './inert.js';
import { label } from './label.js';
import { createMenu } from './menu.js';
import { summaryOf } from './summary.js';
import { formatClock, leftWords } from './time.js';

const MARK = 'M3 6h18v13H3zM10 10v5l4-2.5zM8 6a4 4 0 0 1 8 0';
const CHIP_TICK = 20_000;

/**
 * @param {App} app
 * @param {{ now: () => number, copyLink: (() => void) | null, share: HTMLElement, find: (start: string) => void, help: () => void }} actions
 */
export function createTopbar(app, { now, copyLink, share, find, help }) {
  const { source: { manifest, header }, store } = app;
  const summary = summaryOf(manifest);
  const copy = h('button', { class: 'main', title: label('Copy link at this time (Shift+U)'), onclick: copyLink });
  const mark = icon(MARK, { box: 24 });
  mark.setAttribute('class', 'logo');
  const title = oneLine(manifest.title || label('Recording'), 300);
  store.watch(['time'], ({ time }) => {
    const text = label('copyLinkAt', { time: formatClock(time) });
    if (copy.textContent !== text) copy.textContent = text;
  });
  return h('header', { class: 'top' },
    mark,
    h('div', { class: 'what' }, h('h1', { dir: 'auto', title }, title), summary && h('p', { dir: 'auto', title: summary }, summary)),
    header.expires ? expiryChip(header.expires, now) : null,
    copyLink && copy,
    share,
    createMenu(app, { find, help }));
}

/**
 * @param {number} expires
 * @param {() => number} now
 */
function expiryChip(expires, now) {
  const chip = h('span', { class: 'chip expiry' });
  const draw = () => void (chip.textContent = label('expiresIn', { time: leftWords(expires - now()) }));
  draw();
  const timer = setInterval(() => (chip.isConnected ? draw() : clearInterval(timer)), CHIP_TICK);
  return chip;
}
