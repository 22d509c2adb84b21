/** @import { App, Detail, Item } from './types.d.ts' */
/** @import { Content } from './drawer.js' */
import { stripAnsi } from './ansi.js';
import { basics, relatedButton } from './basics.js';
import { levelWords } from './cells.js';
import { styledPieces, tableOf } from './console-args.js';
import { together } from './dom.js';
import { causesOf, frameLine, framesIn, framesOf } from './frames.js';
import { leftOut } from './http.js';
import { label } from './label.js';
import { jsonNode } from './remote.js';
import { longText, note, pairList, stackView, styledText, table } from './text.js';
import { treeView } from './tree.js';

/** A message in more pieces is shown without its styles: each is an element. */
const PIECES = 2000;

/**
 * A message of the console, or a line of the backend.
 * @param {App} app
 * @param {Item} item
 * @param {Detail} detail
 * @returns {Content}
 */
export function logDetails(app, item, detail) {
  const { stream, data: row } = item;
  const raw = String(detail.text || detail.message || row.text);
  const text = stripAnsi(raw);
  const left = leftOut(detail, '/text');
  const given = Array.isArray(detail.args) ? detail.args : [];
  const args = given.map((arg) => jsonNode(null, arg, true));
  const styled = styledPieces(raw, given);
  const rows = row.method === 'table' && tableOf(args[0]);
  const error = detail.error ?? detail.err ?? detail;
  const stack = detail.stack ?? error.stack;
  const frames = [...framesOf(detail.stackTrace ?? stack), ...typeof stack === 'string' ? framesIn(stack, text) : [], ...causesOf(error)];
  const fields = Object.entries(detail.fields ?? {}).map(([key, value]) => jsonNode(key, value));
  const whole = [text, ...frames.map(frameLine)].join('\n');
  return {
    badge: [row.uncaught ? label('uncaught') : row.method ?? levelWords(row.level), row.level],
    title: text,
    copy: [label('Copy message'), whole, label('Message')],
    sections: [[label('Message'), () => together(
      styled.length < PIECES && styled.some(([, css]) => css) ? styledText(styled) : longText(text),
      rows && table(...rows),
      left && note(left),
      args.some((node) => node.children) && treeView(args, label('Arguments')),
      stackView(frames, /** @type {any} */ (app.source.manifest.metadata).page?.url),
      pairList([...basics(item), [label('Service'), row.service], [label('Kind'), row.type], [label('Location'), row.at], ['', (row.repeat > 1 || row.again) && label('repeated', { count: (row.repeat ?? 1) * ((row.again ?? 0) + 1) })]]),
      stream === 'backend' && relatedButton(app, item, 'network', label('Show its request')),
      fields.length > 0 && treeView(fields, label('Fields')),
    )]],
  };
}
