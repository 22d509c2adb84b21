/** @import { App, Item } from './types.d.ts' */
import { h } from './dom.js';
import { duration } from './format.js';
import { label } from './label.js';
import { formatTime } from './time.js';

/** What every kind of row can have. @param {Item} item @returns {[string, string | null | undefined][]} */
export function basics({ data }) {
  return [[label('Time'), data.time === undefined ? null : formatTime(data.time)], [label('Duration'), duration(data.duration)], [label('Trace'), data.trace], [label('Request'), data.request]];
}

/**
 * Leads to the rows of another panel that belong to the same trace or request.
 * @param {App} app
 * @param {Item} item
 * @param {'network' | 'backend'} panel
 * @param {string} words
 */
export function relatedButton(app, { data }, panel, words) {
  const key = data.trace ? 'trace' : 'request';
  if (!data[key] || !app.source.count(panel)) return null;
  const open = () => {
    app.search(panel, `${key}:"${data[key]}"`);
    app.showPanel(panel);
  };
  return h('p', { class: 'note' }, h('button', { class: 'line', onclick: open }, words));
}
