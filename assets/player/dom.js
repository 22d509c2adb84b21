const SVG = 'http://www.w3.org/2000/svg';

/**
 * Makes an element. Strings become text nodes and nothing else: what a recording says is never markup.
 * Keys of `props`: `class`, `text`, `on…` (listeners), `data` (dataset), properties the element knows are
 * set as properties, everything else as an attribute; null and false leave it out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [props]
 * @param {...(Node | string | number | null | false | undefined)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) setProp(element, key, value);
  append(element, children);
  return element;
}

/**
 * @param {HTMLElement} element
 * @param {string} key
 * @param {any} value
 */
function setProp(element, key, value) {
  if (value === null || value === undefined || value === false) return;
  if (key === 'class') element.className = value;
  else if (key === 'text') element.textContent = value;
  else if (key === 'data') Object.assign(element.dataset, value);
  else if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
  else element.setAttribute(key, value === true ? '' : String(value));
}

/**
 * @param {Element} parent
 * @param {(Node | string | number | null | false | undefined)[]} children
 */
export function append(parent, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(typeof child === 'number' ? String(child) : child);
  }
}

/**
 * Replaces the children of an element.
 * @param {Element} parent
 * @param {...(Node | string | number | null | false | undefined)} children
 */
export function fill(parent, ...children) {
  parent.replaceChildren();
  append(parent, children);
}

/**
 * An icon of 16 by 16 from path data of our own (never of a recording).
 * @param {string} path
 * @param {{ solid?: boolean, box?: number }} [options]
 */
export function icon(path, { solid = false, box = 16 } = {}) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${box} ${box}`);
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('fill', solid ? 'currentColor' : 'none');
  if (!solid) svg.setAttribute('stroke', 'currentColor');
  if (!solid) svg.setAttribute('stroke-width', '1.5');
  const shape = document.createElementNS(SVG, 'path');
  shape.setAttribute('d', path);
  svg.append(shape);
  return svg;
}
