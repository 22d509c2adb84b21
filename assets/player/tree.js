/** @import { TreeNode } from './remote.js' */
import { h } from './dom.js';
import { visible } from './inert.js';
import { redactable } from './text.js';

/** Children drawn at once; the rest waits behind a row. */
const PAGE = 100;
/** Longer values are cut in the row. */
const LONG = 10_000;

/** What a drawn row stands for. @type {WeakMap<Element, { open: (() => void) | null, node: TreeNode }>} */
const behind = new WeakMap();

/**
 * A tree that draws what was opened.
 * @param {TreeNode[]} roots
 * @param {string} label
 * @param {boolean} [open] whether a single root starts open
 */
export function treeView(roots, label, open = true) {
  const tree = h('ul', { class: 'tree', role: 'tree', 'aria-label': label, onkeydown: onKey, onclick: onClick });
  addPage(tree, roots, 0);
  const first = /** @type {HTMLElement | null} */ (tree.firstElementChild);
  if (first) first.tabIndex = 0;
  if (open && roots.length === 1 && first) toggle(first, true);
  return tree;
}

/** @param {Element} parent @param {TreeNode[]} nodes @param {number} from */
function addPage(parent, nodes, from) {
  const page = nodes.slice(from, from + PAGE);
  parent.append(...page.map(row));
  if (from + PAGE >= nodes.length) return;
  const more = row({ key: null, text: `${nodes.length - from - PAGE} more …`, kind: 'note' });
  behind.set(more, {
    node: nodes[from],
    open() {
      addPage(parent, nodes, from + PAGE);
      focusRow(/** @type {HTMLElement | null} */ (more.nextElementSibling));
      more.remove();
    },
  });
  parent.append(more);
}

/** @param {TreeNode} node */
function row(node) {
  const item = h('li', { role: 'treeitem', tabindex: '-1', 'aria-expanded': node.children ? 'false' : null });
  item.append(h('span', { class: 'line' }, node.key !== null && h('b', {}, visible(node.key)), h('span', { class: `v-${node.kind}` }, redactable(node.text.length > LONG ? `${node.text.slice(0, LONG)}…` : node.text))));
  behind.set(item, { node, open: null });
  return item;
}

/** @param {HTMLElement} item @param {boolean} on */
function toggle(item, on) {
  const entry = behind.get(item);
  if (entry?.open) return entry.open();
  if (!entry?.node.children || (item.getAttribute('aria-expanded') === 'true') === on) return;
  item.setAttribute('aria-expanded', String(on));
  if (!on) return item.querySelector('ul')?.remove();
  const group = h('ul', { role: 'group' });
  addPage(group, entry.node.children(), 0);
  item.append(group);
}

/** @param {Event} event */
function onClick({ target }) {
  const item = /** @type {HTMLElement | null} */ (/** @type {Element} */ (target).closest('[role=treeitem]'));
  if (!item || String(getSelection() ?? '')) return;
  toggle(item, item.getAttribute('aria-expanded') !== 'true');
  focusRow(item);
}

/** @param {HTMLElement | null | undefined} item */
function focusRow(item) {
  const tree = item?.closest('[role=tree]');
  if (!item || !tree) return;
  for (const other of tree.querySelectorAll('[tabindex="0"]')) /** @type {HTMLElement} */ (other).tabIndex = -1;
  item.tabIndex = 0;
  item.focus();
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const item = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest('[role=treeitem]'));
  const tree = item?.closest('[role=tree]');
  if (!item || !tree || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = /** @type {HTMLElement[]} */ ([...tree.querySelectorAll('[role=treeitem]')]);
  const at = all.indexOf(item);
  const open = item.getAttribute('aria-expanded');
  if (event.key === 'ArrowDown') focusRow(all[at + 1]);
  else if (event.key === 'ArrowUp') focusRow(all[at - 1]);
  else if (event.key === 'Home') focusRow(all[0]);
  else if (event.key === 'End') focusRow(all.at(-1));
  else if (event.key === 'ArrowRight') open === 'true' ? focusRow(all[at + 1]) : toggle(item, true);
  else if (event.key === 'ArrowLeft') open === 'true' ? toggle(item, false) : focusRow(item.parentElement?.closest('[role=treeitem]'));
  else if (event.key === 'Enter') toggle(item, open !== 'true');
  else return;
  event.preventDefault();
  event.stopPropagation();
}
