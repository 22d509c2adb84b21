/** @import { ActionRow, App, ConsoleRow, Item, NetworkRow, StreamName } from './types.d.ts' */
/** @import { Chip, PanelSpec } from './panel.js' */
import { h } from './dom.js';
import { actionDetails } from './actions-panel.js';
import { backendDetails } from './backend-panel.js';
import { consoleDetails, timeCell } from './console-panel.js';
import { mergedFeed } from './feed.js';
import { isFailure } from './fields.js';
import { duration } from './format.js';
import { networkDetails } from './network-details.js';
import { oneLine } from './inert.js';
import { createPanel } from './panel.js';
import { cell, redactable } from './text.js';
import { rowWords, statusOf } from './words.js';

/** @type {[StreamName, string][]} */
const SOURCES = [['console', 'Console'], ['network', 'Network'], ['actions', 'Actions'], ['backend', 'Backend']];
const DETAILS = { console: consoleDetails, network: networkDetails, actions: actionDetails, backend: backendDetails };

/** What stands at the end of a line: the answer and its time, where a message came from, what was typed. @param {Item} item */
function tail({ stream, data }) {
  if (stream === 'network') return [statusOf(/** @type {NetworkRow} */ (data)), duration(data.duration)].filter(Boolean).join(' · ');
  if (stream === 'console') return oneLine(/** @type {ConsoleRow} */ (data).at ?? '', 80);
  return stream === 'actions' ? oneLine(/** @type {ActionRow} */ (data).value ?? '', 80) : '';
}

/** @param {Item} item */
function levelOf({ stream, data }) {
  return stream === 'console' || stream === 'backend' ? /** @type {ConsoleRow} */ (data).level : '';
}

/** @param {App} app */
export function createTimelinePanel(app) {
  const { streams } = app.source.manifest;
  /** @type {Chip[]} */
  const chips = SOURCES.filter(([stream]) => streams[stream]?.count).map(([stream, label]) => ({ id: stream, label, test: (item) => item.stream === stream }));
  if (SOURCES.some(([stream]) => streams[stream]?.failed)) chips.push({ id: 'failed', label: 'Failures', test: isFailure });
  /** @type {PanelSpec} */
  const spec = {
    name: 'timeline',
    label: 'Timeline',
    feed: mergedFeed(app.source),
    noun: ['event', 'events'],
    hint: 'Filter: text, /regex/, status-code:5xx, level:error',
    columns: ['Time', 'Source', 'Event', 'Result'],
    chips,
    draw: (item) => [
      timeCell(item),
      h('span', { class: `dot ${item.stream}`, title: item.stream }, h('span', { class: 'unseen' }, `${item.stream} ${levelOf(item)}`)),
      h('span', { class: 'msg' }, redactable(rowWords(item.stream, item.data))),
      cell('tail', tail(item)),
    ],
    dress(row, item) {
      row.classList.toggle('is-error', isFailure(item));
      row.classList.toggle('is-warn', levelOf(item) === 'warn');
    },
    details: (_app, item, detail) => DETAILS[item.stream](app, item, detail),
  };
  return createPanel(app, spec);
}
