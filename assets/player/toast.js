/** @import { Child } from './dom.js' */
import { fill, h } from './dom.js';

const SHOWN = 4000;

/** A line of news at the foot of the page, read out to those who do not see it. */
export function createToast() {
  const box = h('div', { class: 'toast', role: 'status' });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return {
    box,
    /** Words go by themselves; with a button they stay for the next. @param {...Child} news */
    show(...news) {
      clearTimeout(timer);
      fill(box, ...news);
      if (!news[1]) timer = setTimeout(() => fill(box), SHOWN);
    },
  };
}

/**
 * Puts text on the clipboard. Where the frame may not write, a selected text and the old command still can.
 * @param {string} text
 */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** @param {string} text */
function copyBySelection(text) {
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  const area = h('textarea', { class: 'unseen', 'aria-hidden': 'true', tabindex: '-1' });
  area.value = text;
  document.body.append(area);
  area.select();
  let done = false;
  try {
    done = document.execCommand('copy');
  } catch {
    done = false;
  }
  area.remove();
  before?.focus();
  return done;
}
