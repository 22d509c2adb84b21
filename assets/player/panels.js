/** @import { Manifest, PanelName, StreamName } from './types.d.ts' */

/** @type {StreamName[]} */
export const STREAMS = ['console', 'network', 'actions', 'backend'];

/**
 * The panels this recording has, in their order. The Timeline is there as soon as anything happened.
 * @param {Manifest} manifest
 * @returns {PanelName[]}
 */
export function panelsOf(manifest) {
  const wanted = manifest.panels ?? [...STREAMS, 'info'];
  const streams = STREAMS.filter((name) => wanted.includes(name) && (manifest.streams[name]?.count ?? 0) > 0);
  /** @type {PanelName[]} */
  const panels = [...streams];
  if (manifest.order?.count) panels.unshift('timeline');
  if (wanted.includes('info') || !panels.length) panels.push('info');
  return panels;
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
