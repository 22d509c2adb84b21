/** @import { Body } from './http.js' */
import { hexDump, readBody } from './body.js';
import { choice } from './buttons.js';
import { fill, h, together } from './dom.js';
import { bytes } from './format.js';
import { exactJson, prettyJson } from './json.js';
import { label } from './label.js';
import { jsonNode } from './remote.js';
import { longText, note } from './text.js';
import { treeView } from './tree.js';

const LARGEST_JSON = 2_000_000;
/** The view chosen last stays chosen, for the next request too. @type {Record<string, string>} */
const wantedViews = {};

/**
 * One thing in several views, of which one is shown.
 * @param {string} title
 * @param {[name: string, draw: () => Node][]} list
 */
export function views(title, list) {
  const body = h('div');
  const names = choice(title, list.map(([name]) => [name, name]), (name) => {
    wantedViews[title] = name;
    show();
  });

  function show() {
    const [shown, draw] = list.find(([name]) => name === wantedViews[title]) ?? list[0];
    names.press(shown);
    fill(body, draw());
  }

  show();
  return h('div', { class: 'views' }, names.group, body);
}

/**
 * The entries of a list whose first member holds, without it.
 * @template {unknown[]} T
 * @param {[there: unknown, ...T][]} list
 * @returns {T[]}
 */
export function present(list) {
  return list.flatMap(([there, ...rest]) => (there ? [rest] : []));
}

/** @param {Body} body */
export function bodyView(body) {
  if (body.text === null) return note(body.left ?? label('Nothing was recorded.'));
  const { bytes: all, text, image } = readBody(body);
  const json = text !== null && text.length <= LARGEST_JSON ? prettyJson(text) : null;
  const about = [body.mime, bytes(body.size)].filter(Boolean).join(' · ');
  /** @type {[there: boolean, name: string, draw: () => Node][]} */
  const known = [
    [image, label('Preview'), () => picture(all, body.mime)],
    [json !== null, label('Pretty'), () => longText(json ?? '')],
    [json !== null, label('Tree'), () => jsonTree(text ?? '')],
    [text !== null, label('Raw'), () => longText(text ?? '')],
    [true, 'Hex', () => longText(hexDump(all))],
  ];
  return together(note(about), views(label('Show'), present(known)), body.left && note(body.left));
}

/** @param {string} text */
function jsonTree(text) {
  try {
    return treeView([jsonNode(null, exactJson(text))], label('Tree'));
  } catch {
    return longText(text);
  }
}

/** Only an image element sees these bytes; nothing of them is a page. @param {Uint8Array<ArrayBuffer>} content @param {string} type */
function picture(content, type) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const forget = () => URL.revokeObjectURL(url);
  return h('img', { src: url, alt: label('Preview'), onload: forget, onerror: forget });
}
