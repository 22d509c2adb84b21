/** @import { App } from './types.d.ts' */
import { h } from './dom.js';

/** So near, in seconds, is the same picture. */
const SAME_PICTURE = 0.1;

/**
 * A small picture of what lies under the pointer, by seeks of a second element on the same address. It asks for one
 * moment at a time, and where that failed once it stays away; readers who save data are not asked to pay for it.
 * @param {App} app
 * @returns {{ element: HTMLVideoElement, show(ms: number): void } | null}
 */
export function createPreview({ playback, store, source: { manifest: { video } }, life }) {
  const main = playback.element;
  const { connection } = /** @type {any} */ (navigator);
  if (!main || !video || connection?.saveData || matchMedia('(prefers-reduced-data:reduce)').matches) return null;
  const element = h('video', { class: 'preview', playsinline: true, preload: 'auto', tabindex: '-1', 'aria-hidden': 'true', hidden: true });
  element.muted = true;
  let wanted = 0;
  let failed = false;

  function seek() {
    if (failed || element.seeking || element.readyState < 1 || Math.abs(element.currentTime - wanted) < SAME_PICTURE) return;
    element.currentTime = wanted;
  }

  function draw() {
    element.hidden = failed || element.readyState < 2 || !element.videoWidth;
  }

  function stop() {
    failed = true;
    element.removeAttribute('src');
    draw();
  }
  for (const type of ['loadeddata', 'seeked']) element.addEventListener(type, () => (draw(), seek()));
  element.addEventListener('loadedmetadata', seek);
  element.addEventListener('error', stop);
  life.addEventListener('abort', stop);

  return {
    element,
    show(ms) {
      const start = (video.start ?? 0) + store.get().nudge;
      const length = main.duration * 1000;
      if (failed || !main.currentSrc || !(length > 0) || length === Infinity || store.get().videoError) return;
      if (element.src !== main.currentSrc) element.src = main.currentSrc;
      wanted = Math.max(0, Math.min(ms - start, length - 50)) / 1000;
      draw();
      seek();
    },
  };
}
