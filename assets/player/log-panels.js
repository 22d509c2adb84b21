/** @import { App, ConsoleRow, Item } from './types.d.ts' */
/** @import { PanelSpec } from './panel.js' */
import { cell, levelCell, levelChips, messageCell, timeCell } from './cells.js';
import { h } from './dom.js';
import { claim } from './events.js';
import { oneLine } from './inert.js';
import { label } from './label.js';

/** @param {App} app @returns {PanelSpec} */
export function consoleSpec(app) {
  const { store, source } = app;
  const { same } = source.manifest.streams.console ?? {};
  return {
    noun: 'nMessages',
    hint: 'level:error, -word',
    columns: ['Time', 'Level', 'Message', 'Location'],
    chips: levelChips(app, 'console'),
    draw: (item) => [timeCell(item), levelCell(item), message(app, item), cell('at', oneLine(item.data.at, 200), oneLine(item.data.at))],
    hides() {
      const { closed } = store.get();
      return closed.length || same ? ({ data }) => data.same || data.groups?.some((/** @type {number} */ start) => closed.includes(start)) : null;
    },
    shown: () => (same && !store.get().closed.length ? unlike(source) : undefined),
  };
}

/** The rows of the console that do not only repeat the one above. @param {App['source']} source */
async function unlike({ count, index }) {
  const gone = new Uint8Array(count('console'));
  let row = 0;
  const { same = [] } = await index('console');
  for (const [at, long] of same.entries()) gone.fill(at % 2, row, row += Math.abs(long));
  return new Uint32Array(gone.length).map((_, at) => at).filter((at) => !gone[at]);
}

/** The text, as far in as its groups are deep. @param {App} app @param {Item<ConsoleRow>} item */
function message({ store }, item) {
  const { row, data: { groups = [], method = '' } } = item;
  const text = messageCell(item);
  text.style.setProperty('--in', String(groups.length));
  if (!/^(start)?group(collapsed)?$/i.test(method)) return text;
  const isOpen = () => !store.get().closed.includes(row);
  const button = h('button', {
    class: 'fold', 'aria-expanded': String(isOpen()), 'aria-label': label('Group'),
    onkeydown: (/** @type {KeyboardEvent} */ event) => [' ', 'Enter'].includes(event.key) && event.stopPropagation(),
    onclick(/** @type {Event} */ event) {
      claim(event);
      const others = store.get().closed.filter((one) => one !== row);
      store.set({ closed: isOpen() ? [...others, row] : others });
      button.setAttribute('aria-expanded', String(isOpen()));
    },
  });
  text.prepend(button);
  return text;
}

/** @param {App} app @returns {PanelSpec} */
export function backendSpec(app) {
  return {
    noun: 'nLines',
    hint: 'service:name, trace:id',
    columns: ['Time', 'Level', 'Service', 'Message'],
    chips: levelChips(app, 'backend'),
    draw: (item) => [timeCell(item), levelCell(item), cell('svc', oneLine(item.data.service, 80)), messageCell(item)],
  };
}
