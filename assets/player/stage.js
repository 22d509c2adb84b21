/** @import { App, Manifest } from './types.d.ts' */
import { addCaptions } from './captions.js';
import { fill, h, together } from './dom.js';
import { bytes } from './format.js';
import { createFramesView } from './frames-view.js';
import { label } from './label.js';
import { createMasks } from './masks.js';
import { createRings } from './rings.js';
import { formatTime } from './time.js';

/**
 * The picture, or what stands in for it. Its box never changes with what it shows.
 * @param {App} app
 */
export function createStage(app) {
  const { store, playback, source: { manifest } } = app;
  const video = playback.element;
  const words = h('p', { class: 'stage-words', role: 'status', hidden: true });
  const spinner = h('span', { class: 'spinner', hidden: true });
  const time = h('b');
  const frames = !video && manifest.frames ? createFramesView(app, manifest.frames) : null;
  const stage = h('div', { class: video || frames ? 'stage' : 'stage clock' });
  if (video) {
    video.addEventListener('click', app.toggle);
    stage.append(video, spinner);
    addPoster(app, video);
    addCaptions(app, video);
    if (manifest.video?.masks) stage.append(createMasks(app, manifest.video));
  } else if (frames) {
    frames.element.addEventListener('click', app.toggle);
    stage.append(frames.element);
    void frames.load();
  } else stage.append(h('p', { class: 'stage-clock' }, time, h('span', {}, noVideo(manifest))));
  const rings = video || frames ? createRings(app) : null;
  if (rings) stage.append(rings);
  stage.append(words);
  // Heard, not seen.
  if (playback.audio) stage.append(playback.audio);

  store.on(['videoError', 'waiting', 'loaded', 'ask'], ({ videoError, waiting, loaded, ask }) => {
    const said = videoError ?? (ask && question(ask)) ?? (loaded === null ? null : label('loading', { percent: Math.floor(loaded * 100) }));
    if (video) video.hidden = videoError !== null && !video.videoWidth && !video.duration;
    words.hidden = said === null;
    fill(words, said);
    spinner.hidden = !waiting || videoError !== null || ask !== null;
  });
  if (!video) store.watch(['time'], (state) => void (time.textContent = formatTime(state.time)));
  return stage;
}

/**
 * Where nothing can play a sealed video piece by piece, all of it has to be loaded first: the reader decides.
 * @param {{ bytes: number, go(): void }} ask
 */
function question({ bytes: size, go }) {
  return together(
    label('loadWhole', { size: bytes(size) }),
    h('button', { class: 'line', onclick: go }, label('Load it')),
  );
}

/** @param {Manifest} manifest */
function noVideo(manifest) {
  return label(manifest.audio ? 'Sound without a picture' : 'clockOnly');
}

/**
 * @param {App} app
 * @param {HTMLVideoElement} video
 */
function addPoster({ source }, video) {
  const poster = source.manifest.poster;
  if (poster) source.url(poster.part, poster.type).then((url) => void (video.poster = url), () => {});
}
