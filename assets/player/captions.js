/** @import { App, Media } from './types.d.ts' */
import { h } from './dom.js';
import { oneLine } from './inert.js';
import { label } from './label.js';

/** @param {Media} media */
export function captionName({ label: given, language, name }) {
  return oneLine(given ?? language ?? name ?? label('Captions'), 40);
}

/**
 * Shows the captions on the video; of several, those of the chosen language.
 * @param {App} app
 * @param {HTMLVideoElement} video
 */
export function addCaptions(app, video) {
  const { source, store } = app;
  const { captions, video: media } = source.manifest;
  const tracks = captions.map((one) => {
    const track = h('track', { kind: 'captions', srclang: one.language, label: captionName(one) });
    // A track counts from the start of its video, not of the recording.
    const shift = ((one.start ?? 0) - (media?.start ?? 0)) / 1000;
    if (shift) track.addEventListener('load', () => move(track.track, shift));
    video.append(track);
    addressOf(app, one).then((url) => void (track.src = url), () => {});
    return track;
  });
  store.watch(['captions', 'language'], (state) => {
    for (const [place, { track }] of tracks.entries()) track.mode = state.captions && place === state.language ? 'showing' : 'disabled';
  });
}

/**
 * Read as the transcript reads them, for the second reader of a sealed part finds its blocks gone from the page.
 * @param {App} app
 * @param {Media} media
 */
async function addressOf({ source, life }, { part }) {
  const length = source.manifest.parts.find(({ id }) => id === part)?.length ?? 0;
  const bytes = /** @type {Uint8Array<ArrayBuffer>} */ (await source.read(part, 0, length));
  const url = URL.createObjectURL(new Blob([bytes], { type: 'text/vtt' }));
  life.addEventListener('abort', () => URL.revokeObjectURL(url));
  return url;
}

/** @param {TextTrack} track @param {number} seconds */
function move(track, seconds) {
  for (const cue of [...track.cues ?? []]) {
    cue.startTime = Math.max(0, cue.startTime + seconds);
    cue.endTime += seconds;
  }
}

/** Of several captions, the one to show. @param {App} app */
export function languageMenu({ store, source: { manifest: { captions } } }) {
  const name = label('Language of the captions');
  const select = h('select', { class: 'rate', 'aria-label': name, title: name, onchange: () => store.set({ language: Number(select.value), captions: true }) },
    ...captions.map((media, place) => h('option', { value: place }, captionName(media))));
  return select;
}
