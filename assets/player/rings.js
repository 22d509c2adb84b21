/** @import { ActionRow, App } from './types.d.ts' */
import { fill, h } from './dom.js';
import { oneLine } from './inert.js';
import { isMeant, near } from './near.js';

/** So long a click or key is seen, in ms. */
const LASTS = 700;
/** A picture of another shape than the page's shows more than the page. */
const LIKE = 0.03;

/**
 * The page's size where the picture shows just the page; null where nobody can tell.
 * @param {{ metadata: Record<string, any>, video: { width?: number, height?: number } | null, frames?: { width?: number, height?: number } }} manifest
 */
export function pageIn({ metadata, video, frames }) {
  const { width, height } = metadata?.system?.viewport ?? {};
  const shape = width / height;
  const { width: wide = 0, height: high = 0 } = video ?? frames ?? {};
  return Math.abs(wide / high / shape - 1) < LIKE ? { width, height, shape } : null;
}

/** A key, a place, or nothing to show. @param {ActionRow} action @returns {string | [x: number, y: number] | null} */
export function drawnAt({ kind, value, x, y, ...rest }) {
  if (/^(key|press$)/i.test(kind)) return /up$/i.test(kind) || !value ? null : oneLine(value, 20);
  return x === undefined || y === undefined || !isMeant({ kind, ...rest }) ? null : [x, y];
}

/**
 * Rings around clicks, and the keys pressed, over the picture; null where it is not known what the picture shows.
 * @param {App} app
 */
export function createRings({ store, source }) {
  const page = pageIn(source.manifest);
  if (!page || !source.count('actions')) return null;
  const area = h('div');
  area.style.setProperty('--ratio', String(page.shape));
  let drawn = '';

  store.on(['time', 'rings'], async ({ time, rings }) => {
    const found = rings ? await near(source, 'actions', time - LASTS, time + 2).catch(() => []) : [];
    const rows = String(found.map(({ row }) => row));
    if (time !== store.get().time || rows === drawn) return;
    drawn = rows;
    fill(area, ...found.map(({ data }) => {
      const at = drawnAt(data);
      if (!Array.isArray(at)) return at && h('kbd', {}, at);
      const ring = h('i');
      ring.style.left = `${at[0] / page.width * 100}%`;
      ring.style.top = `${at[1] / page.height * 100}%`;
      return ring;
    }));
  });
  return h('div', { class: 'rings', 'aria-hidden': 'true' }, area);
}
