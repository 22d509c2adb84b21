/** @import { App, CueRow, Item } from './types.d.ts' */
/** @import { Content } from './drawer.js' */
/** @import { PanelSpec } from './panel.js' */
import { basics } from './basics.js';
import { captionName } from './captions.js';
import { cell, timeCell } from './cells.js';
import { together } from './dom.js';
import { oneLine } from './inert.js';
import { label } from './label.js';
import { longText, pairList, redactable } from './text.js';

/** @param {App} app @returns {PanelSpec} */
export function transcriptSpec({ source: { manifest: { captions } } }) {
  return {
    noun: 'nLines',
    hint: '"two words", -word',
    columns: ['Time', 'Text'],
    chips: captions.map((media, file) => ({ id: String(file), label: captionName(media), test: ({ data }) => data.file === file })),
    draw: (item) => [timeCell(item), cell('msg', redactable(oneLine(item.data.text)), oneLine(item.data.text, 2000))],
  };
}

/**
 * @param {App} app
 * @param {Item<CueRow>} item
 * @returns {Content}
 */
export function cueDetails({ source: { manifest: { captions } } }, item) {
  const { text, file } = item.data;
  return {
    badge: [label('said'), ''],
    title: text,
    copy: [label('Copy text'), text, label('Text')],
    sections: [[label('Text'), () => together(longText(text), pairList([...basics(item), [label('Captions'), captionName(captions[file])]]))]],
  };
}
