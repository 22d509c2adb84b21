/** @import { App, Detail, Item } from './types.d.ts' */
/** @import { Content } from './drawer.js' */
import { stripAnsi } from './ansi.js';
import { basics, relatedButton } from './basics.js';
import { levelWords } from './cells.js';
import { together } from './dom.js';
import { framesOf, placeIn } from './frames.js';
import { leftOut } from './http.js';
import { label } from './label.js';
import { jsonNode } from './remote.js';
import { longText, note, pairList, stackView } from './text.js';
import { treeView } from './tree.js';

/**
 * A message of the console, or a line of the backend.
 * @param {App} app
 * @param {Item} item
 * @param {Detail} detail
 * @returns {Content}
 */
export function logDetails(app, item, detail) {
  const { stream, data: row } = item;
  const text = stripAnsi(String(detail.text || detail.message || row.text));
  const left = leftOut(detail, '/text');
  const frames = framesOf(detail.stackTrace ?? detail.stack);
  const args = Array.isArray(detail.args) ? detail.args.map((arg) => jsonNode(null, arg, true)) : [];
  const fields = Object.entries(detail.fields ?? {}).map(([key, value]) => jsonNode(key, value));
  const whole = [text, ...frames.map((frame) => `    at ${frame.name} (${placeIn(frame)})`)].join('\n');
  return {
    badge: [row.uncaught ? label('uncaught') : row.method ?? levelWords(row.level), row.level],
    title: text,
    copy: [label('Copy message'), whole, label('Message')],
    sections: [[label('Message'), () => together(
      longText(text),
      typeof detail.stack === 'string' && longText(detail.stack),
      left && note(left),
      args.some((node) => node.children) && treeView(args, label('Arguments')),
      stackView(frames),
      pairList([...basics(item), [label('Service'), row.service], [label('Kind'), row.type], [label('Location'), row.at], ['', row.repeat > 1 && label('repeated', { count: row.repeat })]]),
      stream === 'backend' && relatedButton(app, item, 'network', label('Show its request')),
      fields.length > 0 && treeView(fields, label('Fields')),
    )]],
  };
}
