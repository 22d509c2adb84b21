/** @import { App, Redaction } from './types.d.ts' */
import { setPressed } from './buttons.js';
import { fill, h, together } from './dom.js';
import { filterBox } from './filter-box.js';
import { bytes, count, duration } from './format.js';
import { oneLine, visible } from './inert.js';
import { createNudge } from './nudge.js';
import { STREAMS } from './panels.js';
import { jsonNode } from './remote.js';
import { heading, note, pairList, redactable } from './text.js';
import { dateWords, formatTime } from './time.js';
import { treeView } from './tree.js';
import { thingWords } from './words.js';

/** What the zero of the timeline rests on. @type {Record<string, string>} */
const CLOCKS = {
  given: 'the time given', measured: 'measured while recording', trace: 'the trace’s frames', 'har-page': 'the HAR’s page record',
  container: 'the date in the video file', filename: 'the date in the video’s name', mtime: 'the video file’s age', none: 'the earliest log entry',
};

/** Members of the metadata that have a line of their own. */
const KNOWN = /^(reporter|notes|custom)$/;

/** @param {number | null} ms epoch */
function moment(ms) {
  return ms === null ? null : `${dateWords(ms)} (${dateWords(ms, 'UTC')} UTC)`;
}

/** @param {App} app @param {Record<string, any>} data */
function about({ source: { manifest } }, { page, system, reporter }) {
  return pairList([
    ['Recorded', moment(manifest.started)],
    ['Duration', formatTime(manifest.duration)],
    ['Page', page?.url],
    ['Browser', thingWords(system?.browser)],
    ['System', thingWords(system?.os)],
    ['Viewport', sizeWords(system?.viewport)],
    ['Reporter', [thingWords(reporter), reporter?.email].filter(Boolean).join(' ')],
  ]);
}

/** “1280 × 800” @param {any} thing */
function sizeWords(thing) {
  return thing?.width && `${thing.width} × ${thing.height}`;
}

/** @param {App} app */
function inside({ source: { manifest, header } }) {
  const { video, frames, audio, timeline, streams } = manifest;
  const counts = STREAMS.filter((name) => streams[name]).map((name) => {
    const { count: all = 0, failed = 0 } = streams[name] ?? {};
    return `${name} ${count(all)}${failed ? ` (${count(failed)} failed)` : ''}`;
  });
  return pairList([
    ['Events', counts.join(' · ')],
    ['Video', video ? [video.type, video.codecs, sizeWords(video)].filter(Boolean).join(' · ') : 'none'],
    ['Frames', frames && [frames.type, count(frames.count), sizeWords(frames)].filter(Boolean).join(' · ')],
    ['Audio', audio?.type],
    ['Clock', `${CLOCKS[timeline.source] ?? timeline.source}${timeline.uncertainty === null ? '' : `, ± ${duration(timeline.uncertainty)}`}`],
    ['Size', bytes(manifest.parts.reduce((sum, { length }) => sum + length, 0))],
    ['Made', `${moment(header.created * 1000)} by ${manifest.producer}`],
    ['Expires', header.expires ? moment(header.expires * 1000) : 'never'],
    ['Redacted', redactedWords(manifest.redaction)],
    ['Redacted in', Object.entries(manifest.redaction?.by_place ?? {}).map(([place, number]) => `${place} ${count(number)}`).join(' · ')],
    ['Sealed', header.suite === 'none' ? 'no: whoever has the file can read it' : 'yes'],
    ['Bundle', header.bundle],
  ]);
}

/** “41 values: 12 cookie, 8 authorization” @param {Redaction | undefined} redaction */
function redactedWords(redaction) {
  if (!redaction) return null;
  const { level, total, by_rule, headers_not_listed: headers } = redaction;
  if (level === 'off') return 'nothing';
  const rules = Object.entries(by_rule).sort((a, b) => b[1] - a[1]).map(([rule, number]) => `${count(number)} ${rule}`);
  return [`${count(total)} values (${level})`, rules.join(', '), headers && `${count(headers)} values of unlisted headers`].filter(Boolean).join(' · ');
}

/** Pictures to look at; one grows when chosen. @param {App} app */
function gallery({ source }) {
  return h('div', { class: 'gallery' }, ...source.manifest.stills.map(({ part, type, name, label }, place) => {
    const alt = oneLine(name ?? label ?? `Picture ${place + 1}`, 200);
    const image = h('img', { alt });
    const button = h('button', { 'aria-pressed': 'false', title: alt, onclick: () => setPressed(button, button.getAttribute('aria-pressed') === 'false') }, image);
    source.url(part, type).then((url) => void (image.src = url), (error) => image.replaceWith(note(`${alt}: ${error.message}`)));
    return button;
  }));
}

/** What a sharer wrote of it, with a filter. @param {App} app @param {[string, any][]} entries */
function metadata(app, entries) {
  const input = filterBox('metadata', 'Filter metadata');
  const place = h('div', {});

  function read() {
    const { info = '' } = app.store.get().queries;
    if (info !== input.value) input.value = info;
    const found = entries.filter((entry) => JSON.stringify(entry).toLowerCase().includes(info.trim().toLowerCase()));
    fill(place, found.length ? treeView(found.map(([key, value]) => jsonNode(key, value)), 'Metadata') : note('Nothing matches.'));
  }
  input.addEventListener('input', () => app.search('info', input.value));
  app.store.watch(['queries'], read);
  return together(heading('Metadata'), h('div', { class: 'tools' }, input), place);
}

/** @param {App} app */
export function createInfoPanel(app) {
  const { manifest } = app.source;
  const { warnings, stills, video, frames, audio } = manifest;
  const data = /** @type {Record<string, any>} */ (manifest.metadata ?? {});
  const entries = [...Object.entries(data.custom ?? {}), ...Object.entries(data).filter(([key]) => !KNOWN.test(key))];
  const element = h(
    'div',
    { class: 'panel of-info', tabindex: '0', role: 'group', 'aria-label': 'About this recording' },
    h('h2', {}, h('bdi', {}, visible(manifest.title ?? 'Recording'))),
    ...[manifest.note, data.notes].filter(Boolean).map((text) => h('p', { class: 'words' }, redactable(text))),
    about(app, data),
    entries.length > 0 && metadata(app, entries),
    stills.length > 0 && together(heading('Pictures'), gallery(app)),
    heading('In this recording'),
    inside(app),
    (video || audio) && manifest.order && together(heading('Video and logs'), createNudge(app)),
    warnings.length > 0 && together(heading('Left out'), h('ul', { class: 'warnings' }, ...warnings.map((text) => h('li', {}, redactable(text))))),
    (video || frames || audio || stills.length > 0) && note('The picture and sound are not redacted.'),
  );
  return { element, show() {}, hide() {} };
}
