/** @import { App } from './types.d.ts' */

/**
 * Plays at once. Browsers that refuse sound before the reader's first click may still play without.
 * @param {App} app
 */
export function autoplay({ store, playback, play }) {
  store.on(['refused'], ({ refused, muted }) => {
    if (!refused || muted) return;
    playback.setMuted(true);
    play();
  });
  play();
}
