/** @import { Media, Preview } from './types.d.ts' */
import { firstNot } from './search.js';

/** So far, in ms, may a small picture be from what was pointed at. */
const NEAR = 5000;

/** @type {WeakMap<Media, number[]>} */
const known = new WeakMap();

/** When the listed keyframes are shown, in ms of the video. @param {Media} video */
function timesOf(video) {
  let times = known.get(video);
  if (!times) {
    let at = 0;
    times = (video.keyframes?.times ?? []).map((distance) => (at += distance));
    known.set(video, times);
  }
  return times;
}

/**
 * The moment to seek to for a picture of about `ms`: the keyframe before it, which needs no frames but itself, where
 * one is near.
 * @param {Media} video
 * @param {number} ms
 */
export function keyframeAt(video, ms) {
  const times = timesOf(video);
  const time = times[firstNot(times.length, (place) => times[place] <= ms) - 1];
  return ms - time <= NEAR ? time : ms;
}

/**
 * Where the picture of a moment lies in the grid, in px.
 * @param {Preview} preview
 * @param {number} ms
 * @returns {[x: number, y: number]}
 */
export function tileAt({ width, height, columns, count, interval }, ms) {
  const tile = Math.max(0, Math.min(count - 1, Math.floor(ms / interval)));
  return [(tile % columns) * width, Math.floor(tile / columns) * height];
}
