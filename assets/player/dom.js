const SVG = 'http://www.w3.org/2000/svg';

/** @typedef {Node | string | number | null | false | undefined} Child null, false and undefined leave nothing */

/**
 * Makes an element. Strings become text nodes and nothing else: what a recording says is never markup.
 * Keys of `props`: `class`, `on…` (listeners), `data` (dataset), everything else is an attribute; null,
 * undefined and false leave it out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === 'class') element.className = value;
    else if (key === 'data') Object.assign(element.dataset, value);
    else if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? '' : value);
  }
  fill(element, ...children);
  return element;
}

/**
 * Replaces the children of an element.
 * @param {Element | DocumentFragment} parent
 * @param {...Child} children
 */
export function fill(parent, ...children) {
  const there = children.filter((child) => child !== null && child !== undefined && child !== false);
  parent.replaceChildren(.../** @type {(Node | string)[]} */ (there));
}

/** Several children as one. @param {...Child} children */
export function together(...children) {
  const box = document.createDocumentFragment();
  fill(box, ...children);
  return box;
}

/**
 * An element of a drawing.
 * @param {string} tag
 * @param {Record<string, string | number>} props
 * @param {...Element} children
 */
export function svg(tag, props, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(props)) element.setAttribute(key, `${value}`);
  element.append(...children);
  return element;
}

/**
 * An icon of 16 by 16 from path data of our own (never of a recording).
 * @param {string} path
 * @param {{ solid?: boolean, box?: number }} [options]
 */
export function icon(path, { solid = false, box = 16 } = {}) {
  /** @type {Record<string, string | number>} */
  const look = solid ? { fill: 'currentColor' } : { fill: 'none', stroke: 'currentColor', 'stroke-width': 1.5 };
  return svg('svg', { viewBox: `0 0 ${box} ${box}`, 'aria-hidden': 'true', ...look }, svg('path', { d: path }));
}
