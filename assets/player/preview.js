/** @import { App, Media, Preview } from './types.d.ts' */
import { h } from './dom.js';
import { keyframeAt, tileAt } from './keyframes.js';

/** So near, in seconds, is the same picture. */
const SAME_PICTURE = 0.1;

/**
 * A small picture of what lies under the pointer: out of the recording's own, or, where it has none, by seeks of a
 * second element on the same address. Where that failed once it stays away; readers who save data are not asked to
 * pay for it.
 * @param {App} app
 * @returns {{ element: HTMLElement, show(ms: number): void } | null}
 */
export function createPreview(app) {
  const { playback, store, source: { manifest: { video, preview } } } = app;
  const { connection } = /** @type {any} */ (navigator);
  if (!playback.element || !video || connection?.saveData || matchMedia('(prefers-reduced-data:reduce)').matches) return null;
  const { element, draw } = preview ? fromGrid(app, preview) : bySeeks(app, playback.element, video);
  return { element, show: (ms) => draw(ms - (video.start ?? 0) - store.get().nudge) };
}

/**
 * Out of the pictures that came with the recording, which are loaded once they are wanted.
 * @param {App} app
 * @param {Preview} preview
 */
function fromGrid({ source, life }, preview) {
  const { width, height } = preview;
  const element = h('canvas', { class: 'preview', width, height, 'aria-hidden': 'true', hidden: true });
  const picture = new Image();
  let wanted = 0;
  let asked = false;

  function paint() {
    if (!picture.naturalWidth || life.aborted) return;
    const [x, y] = tileAt(preview, wanted);
    element.getContext('2d')?.drawImage(picture, x, y, width, height, 0, 0, width, height);
    element.hidden = false;
  }
  picture.onload = paint;

  return {
    element,
    /** @param {number} ms */
    draw(ms) {
      wanted = ms;
      if (!asked) {
        asked = true;
        source.url(preview.part, preview.type).then((url) => void (picture.src = url), () => {});
      }
      paint();
    },
  };
}

/**
 * By seeks: one moment at a time is asked for.
 * @param {App} app
 * @param {HTMLVideoElement} main
 * @param {Media} video
 */
function bySeeks({ store, life }, main, video) {
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
    /** @param {number} ms */
    draw(ms) {
      const length = video.duration ?? main.duration * 1000;
      if (failed || !main.currentSrc || !(length > 0) || length === Infinity || store.get().videoError) return;
      if (element.src !== main.currentSrc) element.src = main.currentSrc;
      wanted = keyframeAt(video, Math.max(0, Math.min(ms, length - 50))) / 1000;
      draw();
      seek();
    },
  };
}
