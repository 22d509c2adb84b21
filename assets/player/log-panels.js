/** @import { App } from './types.d.ts' */
/** @import { PanelSpec } from './panel.js' */
import { cell, levelCell, levelChips, messageCell, timeCell } from './cells.js';
import { oneLine } from './inert.js';

/** @param {App} app @returns {PanelSpec} */
export function consoleSpec(app) {
  return {
    noun: 'nMessages',
    hint: 'level:error, -word',
    columns: ['Time', 'Level', 'Message', 'Location'],
    chips: levelChips(app, 'console'),
    draw: (item) => [timeCell(item), levelCell(item), messageCell(item), cell('at', oneLine(item.data.at, 200), oneLine(item.data.at))],
  };
}

/** @param {App} app @returns {PanelSpec} */
export function backendSpec(app) {
  return {
    noun: 'nLines',
    hint: 'service:name, trace:id',
    columns: ['Time', 'Level', 'Service', 'Message'],
    chips: levelChips(app, 'backend'),
    draw: (item) => [timeCell(item), levelCell(item), cell('svc', oneLine(item.data.service, 80)), messageCell(item)],
  };
}
