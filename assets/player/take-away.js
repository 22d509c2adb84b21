/** @import { App } from './types.d.ts' */
/** @import { Command } from './finder.js' */
import { isWeb } from './address.js';
import { fill, h } from './dom.js';
import { isSealed } from './header.js';
import { placeNow } from './keep-address.js';
import { label } from './label.js';
import { linkTo } from './link.js';
import { createSheet } from './menu.js';
import { qrCode } from './qr.js';
import { report } from './report.js';
import { follow, saveFrame, saveMedium, saveRows } from './save.js';
import { present } from './views.js';

/**
 * What a reader can take away: the Share menu, and the same as commands.
 * What the sharer withholds is in neither.
 * @param {App} app
 * @param {((place: object) => void) | null} copyLink  copies the link to a place
 * @param {() => import('./link.js').PageAddress} here  the page's address, out of a frame
 */
export function createTakeAway(app, copyLink, here) {
  const { store, playback, source: { header, manifest } } = app;
  const { video, audio, frames, streams, order, title, withheld = [] } = manifest;
  const { element } = playback;
  let keyed = false;

  /** The link for a text that is passed on: without the key, unless the reader wants it there. */
  function link() {
    const page = here();
    return linkTo(keyed ? page : { ...page, hash: page.hash.replace(/([#&])[ks]=[^&]*/g, '$1') }, placeNow(app));
  }
  const fail = (/** @type {Error} */ { message }) => app.toast(message);
  /** @typedef {[there: unknown, ...Command]} Offer */
  const may = (/** @type {string} */ id, /** @type {any} */ there = true) => there && !withheld.includes(id);
  /** @param {string} id @param {string} what @param {boolean} [full] @returns {Offer} */
  const copied = (id, what, full) => [may(id), `${label('Copy')}: ${what}`, () => report(app, link(), full).then((text) => app.copy(text, what), fail)];
  /** @param {string} id @param {unknown} there @param {string} what @param {() => unknown} run @returns {Offer} */
  const saved = (id, there, what, run) => [may(id, there), `${label('Save')}: ${what}`, run];
  const rows = (/** @type {'ndjson' | 'csv'} */ form) => saved('rows', order, label('thisPanel', { form: form.toUpperCase() }), () => saveRows(app, form, store.get().panel));

  const shared = present(/** @type {Offer[]} */ ([
    [copyLink, label('Copy link without the time'), () => copyLink?.({})],
    [may('mail'), label('Send by mail'), () => follow(`mailto:?subject=${encodeURIComponent(title ?? '')}&body=${encodeURIComponent(link())}`)],
    copied('report', label('Bug report')),
    copied('ai', label('aiText'), true),
  ]));
  const kept = present(/** @type {Offer[]} */ ([
    saved('frame', element ?? frames, label('Frame (PNG)'), () => saveFrame(app)),
    saved('har', streams.network, label('Requests (HAR)'), () => saveRows(app, 'har', 'network')),
    rows('ndjson'),
    rows('csv'),
    saved('video', video ?? audio, label('Video'), () => saveMedium(app)),
    [may('pip', element && document.pictureInPictureEnabled), label('Picture in picture'), () => element?.requestPictureInPicture().catch(fail)],
  ]));
  // The browser has a button of its own for it.
  if (element && !may('pip')) element.disablePictureInPicture = true;
  const canvas = h('canvas', { role: 'img', 'aria-label': label('QR code') });
  const name = h('summary', {}, label('QR code'));
  const code = h('details', { class: 'qr', ontoggle: draw }, name, canvas);

  function draw() {
    const rows = code.open && qrCode(link());
    canvas.hidden = !rows;
    name.textContent = rows === null ? label('Too long for a QR code') : label('QR code');
    if (!rows) return;
    // Readers ask for a margin of four squares.
    canvas.width = canvas.height = rows.length + 8;
    const pen = canvas.getContext('2d');
    rows.forEach((row, y) => row.forEach((dark, x) => dark && pen?.fillRect(x + 4, y + 4, 1, 1)));
  }

  const { menu, sheet, item } = createSheet(app, 'share', label('Share'), `${label('Share')} ▾`, draw);
  const hasCode = may('qr', isWeb(location.protocol));
  const items = (/** @type {Command[]} */ list) => list.map((command) => item(...command));
  fill(
    sheet,
    ...items(shared),
    hasCode && code,
    isSealed(header) && (shared[copyLink ? 1 : 0] || hasCode) && h('label', { class: 'menu-row' }, label('Put the key into these links'), h('input', { type: 'checkbox', onchange() { keyed = !keyed; draw(); } })),
    h('hr'),
    ...items(kept),
    withheld[0] && h('div', { class: 'note' }, label('withheld')),
  );
  return { menu, commands: [...shared, ...kept] };
}
