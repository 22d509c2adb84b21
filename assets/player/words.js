/** @import { ActionRow, NetworkRow, StreamName } from './types.d.ts' */
import { stripAnsi } from './ansi.js';
import { oneLine } from './inert.js';
import { isLabel, label, labelOf } from './label.js';
import { partsOf } from './urls.js';

/** @param {string} word */
export function capital(word) {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** How an action is told; what has no label is told by its own name. @param {string} kind */
export function verb(kind) {
  const key = `verb ${kind.toLowerCase()}`;
  return isLabel(key) ? label(key) : oneLine(capital(kind), 40);
}

/** “Click “Pay now””. @param {ActionRow} row */
export function actionWords(row) {
  const told = (/** @type {string} */ name) => label('actionOn', { verb: verb(row.kind), name });
  if (row.label) return label('actionNamed', { verb: verb(row.kind), name: oneLine(row.label, 120) });
  if (row.target) return told(oneLine(row.target, 120));
  if (row.url) return told(requestName(row.url));
  return row.value === undefined ? verb(row.kind) : told(oneLine(row.value, 60));
}

/**
 * The last part of the path and the query: what tells one request from the next.
 * @param {string} url
 */
export function requestName(url) {
  if (/^(data|blob):/i.test(url)) return oneLine(url, 60);
  const { host, file, query } = partsOf(url);
  return oneLine((file || host || '/') + (query && `?${query}`), 300);
}

/** “Chrome 156.0.1”, “Dana”, or the text itself. @param {any} thing */
export function thingWords(thing) {
  if (typeof thing === 'string') return thing;
  return [thing?.name, thing?.version].filter((part) => typeof part === 'string').join(' ');
}

/** The same in the page's language. @param {NetworkRow} row */
export function statusText(row) {
  return labelOf('', statusOf(row));
}

/** What a filter calls it. @param {NetworkRow} row */
export function statusOf(row) {
  if (row.status) return String(row.status);
  if (row.canceled) return row.error === 'unfinished' ? row.error : 'canceled';
  return row.failed || row.error ? 'failed' : '–';
}

/**
 * One row in one line, as the Timeline tells it.
 * @param {StreamName} stream
 * @param {any} row
 */
export function rowWords(stream, row) {
  if (stream === 'actions') return actionWords(row);
  if (stream === 'network') return `${oneLine(row.method, 20)} ${requestName(row.url)}`;
  return `${row.service ? `${oneLine(row.service, 60)}: ` : ''}${oneLine(stripAnsi(row.text), 400)}`;
}
