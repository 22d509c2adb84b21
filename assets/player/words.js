/** @import { ActionRow, NetworkRow, StreamName } from './types.d.ts' */
import { stripAnsi } from './ansi.js';
import { oneLine } from './inert.js';
import { partsOf } from './urls.js';

/** How an action is told; what is not listed is told by its own name. */
const VERBS = /** @type {Record<string, string>} */ ({
  doubleclick: 'Double-click', navigate: 'Go to', change: 'Set', input: 'Type into', select: 'Choose', keydown: 'Press', keyup: 'Release',
  hover: 'Point at', setviewport: 'Set viewport', switchtab: 'Switch to tab', waitforelement: 'Wait for', assert: 'Check',
});

/** @param {string} word */
export function capital(word) {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** @param {string} kind */
export function verb(kind) {
  return (Object.hasOwn(VERBS, kind.toLowerCase()) && VERBS[kind.toLowerCase()]) || oneLine(capital(kind), 40);
}

/** “Click “Pay now””. @param {ActionRow} row */
export function actionWords(row) {
  if (row.label) return `${verb(row.kind)} “${oneLine(row.label, 120)}”`;
  if (row.target) return `${verb(row.kind)} ${oneLine(row.target, 120)}`;
  if (row.url) return `${verb(row.kind)} ${requestName(row.url)}`;
  return row.value === undefined ? verb(row.kind) : `${verb(row.kind)} ${oneLine(row.value, 60)}`;
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

/** @param {NetworkRow} row */
export function statusOf(row) {
  if (row.status) return String(row.status);
  if (row.canceled) return 'canceled';
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
