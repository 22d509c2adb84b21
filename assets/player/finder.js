/** @import { App } from './types.d.ts' */
/** @import { Group } from './everywhere.js' */
import { fill, h } from './dom.js';
import { HITS, searchAll } from './everywhere.js';
import { filterBox } from './filter-box.js';
import { label } from './label.js';

const TYPED = 150;

/** What the reader can have done, by its words. @typedef {[words: string, run: () => unknown]} Command */

/**
 * One box for all: what is in the recording, and after `>` what the page can do.
 * @param {App} app
 * @param {() => Command[]} commands
 */
export function createFinder(app, commands) {
  const name = label('key find');
  const input = filterBox(name, label('findHint'));
  const said = h('p', { role: 'status' });
  const list = h('div', {});
  const dialog = h('dialog', { class: 'help find', 'aria-label': name, onkeydown: walk, onclose: () => run.abort() }, input, said, list);
  let run = new AbortController();
  let timer = 0;

  function settle() {
    clearTimeout(timer);
    timer = 0;
    void look();
  }

  async function look() {
    run.abort();
    const { signal } = run = new AbortController();
    const text = input.value.trim();
    fill(said);
    fill(list);
    if (text[0] === '>' || !text) {
      const words = text.slice(1).toLowerCase().split(' ');
      return fill(list, ...commands().filter(([command]) => words.every((word) => command.toLowerCase().includes(word))).map(line));
    }
    const problem = await searchAll(app, text, signal, draw).catch(({ message }) => label('notAllRead', { reason: message }));
    if (problem && !signal.aborted) fill(said, problem);
  }

  /** @param {Group[]} groups @param {number} done */
  function draw(groups, done) {
    const found = groups.filter(([, hits]) => hits.length);
    said.textContent = done < 1 ? label('searched', { percent: Math.floor(done * 100) }) : found[0] ? '' : label('Nothing matches.');
    // What has the focus keeps it.
    const at = places().indexOf(/** @type {HTMLElement} */ (document.activeElement));
    fill(list, ...found.flatMap(([panel, hits]) => [
      h('h3', {}, `${label(panel)} ${hits.length}${hits.length < HITS ? '' : '+'}`),
      ...hits.map(({ row, text: [before, hit, after] }) => line([h('bdi', {}, before, h('mark', {}, hit), after), () => (
        panel === 'info' ? app.showPanel(panel) : app.select(panel, row, { seek: true, reveal: true }))])),
    ]));
    if (at > 0) places()[at]?.focus();
  }

  /** @param {[words: string | Node, run: () => unknown]} command */
  function line([words, act]) {
    return h('button', { onclick() { dialog.close(); act(); } }, words);
  }

  /** @returns {HTMLElement[]} */
  const places = () => [input, ...list.querySelectorAll('button')];

  /** @param {KeyboardEvent} event */
  function walk(event) {
    const all = places();
    const at = all.indexOf(/** @type {HTMLElement} */ (event.target));
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) all[(at + step + all.length) % all.length].focus();
    else if (event.key === 'Escape') dialog.close();
    else if (event.key === 'k' && (event.ctrlKey || event.metaKey)) open('>');
    else if (event.key === 'Enter' && !at && input.value && !event.isComposing) {
      // What is typed counts, not what was found before.
      if (timer) settle();
      places()[1]?.click();
    } else return;
    event.preventDefault();
  }

  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(settle, TYPED);
  });
  dialog.addEventListener('click', ({ target }) => target === dialog && dialog.close());
  /** @param {string} start what stands in the box */
  function open(start) {
    if (!dialog.open) dialog.showModal();
    if (start || input.value[0] === '>') input.value = start;
    input.select();
    if (start) input.setSelectionRange(1, 1);
    settle();
  }

  return { dialog, open };
}
