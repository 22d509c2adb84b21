/** @import { Block } from './carrier.js' */

/**
 * The data blocks of the page by part, in their order. Taking a block's text takes it out of the page.
 * @param {Document} page
 */
export function findBlocks(page) {
  /** @type {Map<number, Block[]>} */
  const found = new Map();
  for (const script of /** @type {NodeListOf<HTMLScriptElement>} */ (page.querySelectorAll('script[data-part]'))) {
    const id = Number(script.dataset.part);
    const list = found.get(id) ?? [];
    list.push({
      take() {
        const text = script.textContent ?? '';
        script.remove();
        return text;
      },
    });
    found.set(id, list);
  }
  return found;
}

/**
 * @param {Document} page
 * @param {string} id
 */
export function textOf(page, id) {
  const found = page.querySelectorAll(`script[type="application/json"][id="${id}"]`);
  return found.length === 1 ? found[0].textContent : null;
}
