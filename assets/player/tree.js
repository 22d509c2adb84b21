/** @import { TreeNode } from './remote.js' */
import { h } from './dom.js';
import { visible } from './inert.js';
import { label } from './label.js';
import { redactable } from './text.js';

/** Children drawn at once; the rest waits behind a button. */
const PAGE = 100;
/** Longer values are cut in the row. */
const LONG = 10_000;

/**
 * A tree of disclosures, which the browser opens by click and key; it draws what was opened.
 * @param {TreeNode[]} roots
 * @param {string} label
 */
export function treeView(roots, label) {
  const tree = h('ul', { class: 'tree', 'aria-label': label });
  addPage(tree, roots, 0);
  const [first] = tree.querySelectorAll('details');
  if (first && roots.length === 1) first.open = true;
  return tree;
}

/** @param {Element} list @param {TreeNode[]} nodes @param {number} from */
function addPage(list, nodes, from) {
  list.append(...nodes.slice(from, from + PAGE).map((node) => h('li', {}, branch(node))));
  const left = nodes.length - from - PAGE;
  if (left <= 0) return;
  const more = h('li', {}, h('button', { class: 'line', onclick() {
    addPage(list, nodes, from + PAGE);
    more.remove();
  } }, label('nMore', { count: left })));
  list.append(more);
}

/** @param {TreeNode} node */
function branch({ key, text, kind, children }) {
  const value = redactable(text.length > LONG ? `${text.slice(0, LONG)}…` : text, `v-${kind}`);
  const line = [key !== null && h('b', {}, visible(key)), value];
  if (!children) return h('span', {}, ...line);
  const list = h('ul');
  const details = h('details', { ontoggle() {
    if (details.open && !list.firstChild) addPage(list, children(), 0);
  } }, h('summary', {}, ...line), list);
  return details;
}
