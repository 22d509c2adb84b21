/** @import { App, Redaction } from './types.d.ts' */
import { setPressed } from './buttons.js';
import { fill, h, together } from './dom.js';
import { filterBox } from './filter-box.js';
import { bytes, duration } from './format.js';
import { oneLine, visible } from './inert.js';
import { label, labelOf, number } from './label.js';
import { createNudge } from './nudge.js';
import { STREAMS } from './panels.js';
import { jsonNode } from './remote.js';
import { aboutOf, moment, sizeWords } from './summary.js';
import { heading, note, pairList, redactable } from './text.js';
import { treeView } from './tree.js';

/** Members of the metadata that have a line of their own. */
const KNOWN = /^(reporter|notes|custom|performance|storage)$/;

/** @param {App} app */
function inside({ source: { manifest, header } }) {
  const { video, frames, audio, timeline, streams } = manifest;
  const counts = STREAMS.filter((name) => streams[name]).map((name) => {
    const { count = 0, failed = 0 } = streams[name] ?? {};
    return label(failed ? 'countedFailed' : 'counted', { name: label(name), count, failed });
  });
  return pairList([
    [label('Events'), counts.join(' · ')],
    [label('Video'), video ? [video.type, video.codecs, sizeWords(video), video.rotation && `↻ ${video.rotation}°`].filter(Boolean).join(' · ') : label('none')],
    [label('Keyframes'), video?.keyframes && label('keyframesApart', { count: video.keyframes.count, time: duration(video.keyframes.gap) })],
    [label('Tracks'), (video?.tracks?.length ?? 0) > 1 && video?.tracks?.map(({ kind, codec }) => `${kind} ${codec ?? ''}`).join(' · ')],
    [label('Lacked'), video?.missing?.join(' · ')],
    [label('Mended'), video?.repairs?.join(' · ')],
    [label('Frames'), frames && [frames.type, number(frames.count), sizeWords(frames)].filter(Boolean).join(' · ')],
    [label('Audio'), audio?.type],
    [label('Clock'), `${labelOf('clock ', timeline.source)}${timeline.uncertainty === null ? '' : `, ± ${duration(timeline.uncertainty)}`}`],
    [label('Size'), bytes(manifest.parts.reduce((sum, { length }) => sum + length, 0))],
    [label('Made'), label('madeBy', { time: moment(header.created * 1000), producer: manifest.producer })],
    [label('Expires'), header.expires ? moment(header.expires * 1000) : label('never')],
    [label('Redacted'), redactedWords(manifest.redaction)],
    [label('Redacted in'), Object.entries(manifest.redaction?.by_place ?? {}).map((place) => place.join(' ')).join(' · ')],
    [label('Sealed'), label(header.suite === 'none' ? 'notSealed' : 'yes')],
    [label('Bundle'), header.bundle],
  ]);
}

/** “41 values · 12 cookie, 8 authorization” @param {Redaction | undefined} redaction */
function redactedWords(redaction) {
  if (!redaction) return null;
  const { level, total, by_rule, headers_not_listed: headers } = redaction;
  if (level === 'off') return label('nothing');
  const rules = Object.entries(by_rule).sort((a, b) => b[1] - a[1]).map(([rule, times]) => `${number(times)} ${rule}`);
  return [label('nValues', { count: total }), rules.join(', '), headers && label('unlistedHeaders', { count: headers })].filter(Boolean).join(' · ');
}

/** Pictures to look at; one grows when chosen. @param {App} app */
function gallery({ source }) {
  return h('div', { class: 'gallery' }, ...source.manifest.stills.map(({ part, type, name, label: given }, place) => {
    const alt = oneLine(name ?? given ?? label('picture', { place: place + 1 }), 200);
    const image = h('img', { alt });
    const button = h('button', { 'aria-pressed': 'false', title: alt, onclick: () => setPressed(button, button.getAttribute('aria-pressed') === 'false') }, image);
    source.url(part, type).then((url) => void (image.src = url), (error) => image.replaceWith(note(`${alt}: ${error.message}`)));
    return button;
  }));
}

/** What a sharer wrote of it, with a filter. @param {App} app @param {[string, any][]} entries */
function metadata(app, entries) {
  const input = filterBox(label('Filter metadata'), label('Filter metadata'));
  const place = h('div', {});

  function read() {
    const { info = '' } = app.store.get().queries;
    if (info !== input.value) input.value = info;
    const found = entries.filter((entry) => JSON.stringify(entry).toLowerCase().includes(info.trim().toLowerCase()));
    fill(place, found.length ? treeView(found.map(([key, value]) => jsonNode(key, value)), label('Metadata')) : note(label('Nothing matches.')));
  }
  input.addEventListener('input', () => app.search('info', input.value));
  app.store.watch(['queries'], read);
  return together(heading(label('Metadata')), h('div', { class: 'tools' }, input), place);
}

/** @param {App} app */
export function createInfoPanel(app) {
  const { manifest } = app.source;
  const { warnings, stills, video, frames, audio } = manifest;
  const data = /** @type {Record<string, any>} */ (manifest.metadata ?? {});
  const entries = [...Object.entries(data.custom ?? {}), ...Object.entries(data).filter(([key]) => !KNOWN.test(key))];
  const element = h(
    'div',
    { class: 'panel of-info', tabindex: '0', role: 'group', 'aria-label': label('About this recording') },
    h('h2', {}, h('bdi', {}, visible(manifest.title ?? label('Recording')))),
    ...[manifest.note, data.notes].filter(Boolean).map((text) => h('p', { class: 'words' }, redactable(text))),
    pairList(aboutOf(manifest)),
    entries.length > 0 && metadata(app, entries),
    ...[[label('Performance'), data.performance], [label('Storage'), data.storage]].map(([name, found]) => found && together(heading(name), treeView(Object.entries(found).map(([key, value]) => jsonNode(key, value)), name))),
    stills.length > 0 && together(heading(label('Pictures')), gallery(app)),
    heading(label('In this recording')),
    inside(app),
    (video || audio) && manifest.order && together(heading(label('Video and logs')), createNudge(app)),
    warnings.length > 0 && together(heading(label('Left out')), h('ul', { class: 'warnings' }, ...warnings.map((text) => h('li', {}, redactable(text))))),
    (video || frames || audio || stills.length > 0) && note(label('notRedacted')),
  );
  return { element, show() {}, hide() {} };
}
