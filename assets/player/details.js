/** @import { App, Detail, Item } from './types.d.ts' */
import { actionDetails } from './actions-panel.js';
import { logDetails } from './log-details.js';
import { networkDetails } from './network-details.js';
import { cueDetails } from './transcript-panel.js';

const DETAILS = { console: logDetails, network: networkDetails, actions: actionDetails, backend: logDetails, transcript: cueDetails };

/**
 * What the drawer shows of a row.
 * @param {App} app
 * @param {Item} item
 * @param {Detail} detail
 */
export function detailsOf(app, item, detail) {
  return DETAILS[item.stream](app, item, detail);
}
