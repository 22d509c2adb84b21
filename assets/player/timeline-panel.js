/** @import { App, Item } from './types.d.ts' */
/** @import { Chip, PanelSpec } from './panel.js' */
import { FAILED, cell, levelWords, sign, timeCell } from './cells.js';
import { duration } from './format.js';
import { oneLine } from './inert.js';
import { label } from './label.js';
import { STREAMS } from './panels.js';
import { redactable } from './text.js';
import { rowWords, statusText } from './words.js';

/** What stands at the end of a line: the answer and its time, where a message came from, what was typed. @param {Item} item */
function tail({ stream, data }) {
  if (stream === 'network') return [statusText(data), duration(data.duration)].filter(Boolean).join(' · ');
  return oneLine(stream === 'console' ? data.at : data.value, 80);
}

/** @param {App} app @returns {PanelSpec} */
export function timelineSpec({ source: { manifest } }) {
  const present = STREAMS.filter((stream) => manifest.streams[stream]?.count);
  /** @type {Chip[]} */
  const chips = present.map((stream) => ({ id: stream, label: label(stream), test: (item) => item.stream === stream }));
  return {
    noun: 'nEvents',
    hint: 'status-code:5xx, level:error',
    columns: ['Time', 'Source', 'Event', 'Result'],
    chips: [...chips, FAILED],
    draw: (item) => [
      timeCell(item),
      sign(`dot ${item.stream}`, '', [label(item.stream), item.data.level && levelWords(item.data.level)].filter(Boolean).join(' ')),
      cell('msg', redactable(rowWords(item.stream, item.data))),
      cell('tail', tail(item)),
    ],
  };
}
