/** @import { Manifest, PanelName, StreamName } from './types.d.ts' */
/** @import { Place } from './fragment.js' */
import { panelsOf } from './panels.js';

/**
 * @typedef {{ time: number | null, panel: PanelName, selected: { stream: StreamName, row: number } | null, q: string | null }} Landing
 * `time` null: the time of the selected row.
 */

/**
 * Where the page opens: where its link points, else at the first failure, else at the start.
 * @param {Manifest} manifest
 * @param {Place} place
 * @returns {Landing}
 */
export function land(manifest, place) {
  const panels = panelsOf(manifest);
  const selected = place.selected && place.selected.row < (manifest.streams[place.selected.stream]?.count ?? 0) ? place.selected : null;
  const wanted = place.panel && panels.includes(place.panel) ? place.panel : null;
  const shown = (/** @type {PanelName} */ panel) => (panels.includes(panel) ? panel : panels[0]);
  if (place.time !== undefined || wanted || selected || place.q) {
    const panel = wanted ?? (selected ? shown(selected.stream) : panels[0]);
    return { time: place.time ?? (selected ? null : 0), panel, selected, q: place.q ?? null };
  }
  const first = manifest.failures.first;
  if (!first) return { time: 0, panel: panels[0], selected: null, q: null };
  const [time, stream, row] = first;
  return { time: time ?? 0, panel: shown(stream), selected: { stream, row }, q: null };
}
