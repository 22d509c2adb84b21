/** @import { App } from './types.d.ts' */
/** @import { Options } from './fragment.js' */
import { createCard } from './card.js';
import { createControls } from './controls.js';
import { h } from './dom.js';
import { label } from './label.js';
import { createScrub } from './scrub.js';
import { createSplit } from './split.js';
import { createStage } from './stage.js';

/**
 * The frame of the page under the top bar: the recording, the grip, the data.
 * @param {App} app
 * @param {{ options: Options, createPanels: ((app: App) => HTMLElement) }} parts
 */
export function createLayout(app, { options, createPanels }) {
  const { manifest } = app.source;
  const left = h('section', { class: 'left', 'aria-label': label('Recording') });
  const fullscreen = fullscreenOf(left, app.playback.element);
  left.append(createStage(app));
  if (options.controls) {
    const card = createCard(app);
    left.append(createScrub(app), createControls(app, fullscreen));
    if (card) left.append(card);
  }
  const main = h('main', { class: options.panels ? 'split' : 'alone' }, left);
  if (options.panels) main.append(createSplit(main, Boolean(manifest.video ?? manifest.frames)), createPanels(app));
  return { main, fullscreen };
}

/**
 * Goes in or out of full screen; null where that is not allowed. Phones can only show the bare video.
 * @param {HTMLElement} frame
 * @param {HTMLVideoElement | null} video
 */
function fullscreenOf(frame, video) {
  const old = /** @type {any} */ (video);
  if (document.fullscreenEnabled) {
    return () => void (document.fullscreenElement ? document.exitFullscreen() : frame.requestFullscreen()).catch(() => {});
  }
  return old?.webkitSupportsFullscreen || old?.webkitEnterFullscreen ? () => old.webkitEnterFullscreen() : null;
}
