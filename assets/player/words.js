/** @import { ActionRow, BackendRow, ConsoleRow, NetworkRow, Row, StreamName } from './types.d.ts' */
import { oneLine } from './inert.js';
import { stripAnsi } from './ansi.js';

/** How an action is told; what is not listed is told by its own name. */
const VERBS = /** @type {Record<string, string>} */ ({
  doubleclick: 'Double-click', navigate: 'Go to', change: 'Set', input: 'Type into', select: 'Choose', keydown: 'Press', keyup: 'Release',
  hover: 'Point at', setviewport: 'Set viewport', switchtab: 'Switch to tab', waitforelement: 'Wait for', assert: 'Check',
});

/** @param {string} kind */
export function verb(kind) {
  return VERBS[kind.toLowerCase()] ?? oneLine(kind.charAt(0).toUpperCase() + kind.slice(1), 40);
}

/** “Click “Pay now””. @param {ActionRow} row */
export function actionWords(row) {
  const name = row.label ?? row.target;
  if (name) return `${verb(row.kind)} “${oneLine(name, 120)}”`;
  if (row.url) return `${verb(row.kind)} ${requestName(row.url)}`;
  return row.value === undefined ? verb(row.kind) : `${verb(row.kind)} ${oneLine(row.value, 60)}`;
}

/**
 * The last part of the path and the query: what tells one request from the next.
 * @param {string} url
 */
export function requestName(url) {
  if (/^(data|blob):/i.test(url)) return oneLine(url, 60);
  const [, host = '', path = url] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)([^#]*)/i.exec(url) ?? [];
  const [way, ...query] = path.split('?');
  const last = way.replace(/\/+$/, '').split('/').pop() || host || '/';
  return oneLine([last, ...query].join('?'), 300);
}

/** “shop.example:8080”. @param {string} url */
export function hostOf(url) {
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]*)/i.exec(url)?.[1] ?? '';
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
 * @param {Row} row
 */
export function rowWords(stream, row) {
  if (stream === 'actions') return actionWords(/** @type {ActionRow} */ (row));
  if (stream === 'network') {
    const request = /** @type {NetworkRow} */ (row);
    return `${oneLine(request.method, 20)} ${requestName(request.url)}`;
  }
  const line = /** @type {ConsoleRow & BackendRow} */ (row);
  const text = oneLine(stripAnsi(line.text), 400);
  return stream === 'backend' && line.service ? `${oneLine(line.service, 60)}: ${text}` : text;
}
