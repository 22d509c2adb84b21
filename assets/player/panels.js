/** @import { Manifest, PanelName, StreamName } from './types.d.ts' */

/** The logs, as FORMAT.md numbers them. @type {StreamName[]} */
export const STREAMS = ['console', 'network', 'actions', 'backend'];
/** @type {PanelName[]} */
export const PANELS = ['timeline', ...STREAMS, 'transcript', 'info'];

/**
 * The panels this recording has, in their order. The Timeline is there as soon as anything happened.
 * @param {Manifest} manifest
 * @returns {PanelName[]}
 */
export function panelsOf(manifest) {
  const { order, panels: wanted, streams } = manifest;
  const counts = { ...streams, timeline: order, info: { count: 1 } };
  const panels = PANELS.filter((name) => counts[name]?.count && (name === 'timeline' || !wanted || wanted.includes(name)));
  return panels.length ? panels : ['info'];
}

/**
 * The panel before or after, around the end.
 * @param {PanelName[]} panels
 * @param {PanelName} panel
 * @param {1 | -1} step
 */
export function neighbour(panels, panel, step) {
  return panels[(panels.indexOf(panel) + step + panels.length) % panels.length];
}
