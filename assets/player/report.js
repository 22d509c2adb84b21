/** @import { App } from './types.d.ts' */
/** @import { Found } from './near.js' */
import { detailsOf } from './details.js';
import { tellStory, titleOf } from './failure.js';
import { duration } from './format.js';
import { requestBody, responseBody } from './http.js';
import { oneLine, visible } from './inert.js';
import { label } from './label.js';
import { isMeant, momentOf, near } from './near.js';
import { STREAMS } from './panels.js';
import { placeOfRow } from './steps.js';
import { aboutOf } from './summary.js';
import { formatTime } from './time.js';
import { actionWords, rowWords, statusText } from './words.js';

/** The last steps and the first requests are told; the recording has all. */
const STEPS_TOLD = 50;
const REQUESTS_TOLD = 20;
/** Characters of a stack or a body. */
const LONGEST_BLOCK = 4000;
/** Characters of a text for an assistant: it shall leave room for answers. */
const WHOLE_TEXT = 30_000;
/** How far from the failure its surroundings reach, in ms. */
const SURROUNDINGS = 5000;

/**
 * The failure that is selected, else the first, as Markdown: where, with what, by which steps, what was said.
 * @param {App} app
 * @param {string} link
 * @param {boolean} [full]  with what was recorded around it, for a reader who cannot open the link
 */
export async function report(app, link, full = false) {
  const { source, store } = app;
  const { failures: { first }, marks: { failures }, title } = source.manifest;
  const failure = failures[placeOfRow(failures, store.get().selected)] ?? first;
  const story = failure && await tellStory(source, failure);
  const at = story?.at ?? store.get().time;
  const line = story?.console;
  const request = story?.request;
  const steps = (await near(source, 'actions', -Infinity, at + 1)).filter(({ data }) => isMeant(data));
  const asked = failures.filter(([, stream]) => stream === 'network').slice(0, REQUESTS_TOLD);
  const requests = await Promise.all(asked.map(async ([, , row]) => (await source.rows('network', row, row + 1))[0]));
  const out = [
    `# ${oneLine(title ?? label('Recording'), 300).replace(/[\\\x60*_[\]<>#&|~]/g, '\\$&')}`,
    [link, ...aboutOf(source.manifest).filter(([, value]) => value).map(([name, value]) => `- ${name}: ${code(value)}`)],
    steps.length && `## ${label('Steps')}`,
    steps.slice(-STEPS_TOLD).map(({ row, data }) => `${row + 1}. ${code(actionWords(data))} (${formatTime(data.time)})`),
    story && `## ${label('Failure')}`,
    story && `${code(titleOf(story))} (${formatTime(at)})`,
    line && block(detailsOf(app, { ...line, place: 0 }, await source.detail(line.stream, line.row)).copy[1]),
    requests.length && `## ${label('Failed requests')}`,
    requests.map((data) => `- ${data.time === undefined ? '' : formatTime(data.time)} ${code(requestLine(data))}`),
  ];
  if (full) {
    out.unshift(label('aiIntro'));
    // Its headers hold what lets people in; whoever needs them has the recording.
    const entry = request ? await source.detail('network', request.row) : {};
    for (const [words, { text }] of /** @type {const} */ ([['Payload', requestBody(entry)], ['Response', responseBody(entry)]])) {
      if (text) out.push(`## ${label(words)}`, block(text));
    }
    const lines = await surroundings(app, at, WHOLE_TEXT - paragraphs(out).length);
    out.push(`## ${label('aroundTime', { time: formatTime(at) })}`, block(lines, WHOLE_TEXT));
  }
  return paragraphs(out);
}

/** @param {unknown[]} parts those that are nothing are left out */
function paragraphs(parts) {
  return `${parts.map((part) => (Array.isArray(part) ? part.join('\n') : part)).filter(Boolean).join('\n\n')}\n`;
}

/**
 * The lines of all logs next to a moment, as many as fit, in the order of time.
 * @param {App} app
 * @param {number} at
 * @param {number} room in characters
 */
async function surroundings({ source }, at, room) {
  const lists = await Promise.all(STREAMS.map((stream) => near(source, stream, at - SURROUNDINGS, at + SURROUNDINGS)));
  const far = (/** @type {Found} */ { data }) => Math.abs(momentOf(data) - at);
  const all = lists.flat().sort((a, b) => far(a) - far(b)).map((found) => ({ time: found.data.time, text: lineOf(found) }));
  const fits = all.findIndex(({ text }) => (room -= text.length + 1) < 0);
  const kept = fits < 0 ? all : all.slice(0, fits);
  const lines = kept.sort((a, b) => a.time - b.time).map(({ text }) => text);
  if (kept.length < all.length) lines.push(label('nMore', { count: all.length - kept.length }));
  return lines.join('\n');
}

/** @param {Found} found */
function lineOf({ stream, data }) {
  return `${formatTime(data.time)} ${stream} ${stream === 'network' ? requestLine(data) : `${data.level ?? ''} ${rowWords(stream, data)}`}`;
}

/** @param {any} row */
function requestLine(row) {
  return `${row.method} ${oneLine(row.url, 300)} ${statusText(row)} ${duration(row.duration)}`;
}

/** Recorded text as code that nothing in it can end. @param {unknown} text */
function code(text) {
  const line = oneLine(text);
  const fence = fenceOf(line, 1);
  return fence[1] ? `${fence} ${line} ${fence}` : fence + line + fence;
}

/** The same for several lines. @param {string | null | undefined} text @param {number} [longest] */
function block(text, longest = LONGEST_BLOCK) {
  if (!text) return '';
  const shown = visible(text.slice(0, longest));
  const fence = fenceOf(shown, 3);
  return [fence, shown + (text.length > longest ? '…' : ''), fence].join('\n');
}

/** @param {string} text @param {number} least */
function fenceOf(text, least) {
  return '\x60'.repeat(Math.max(least, ...[...text.matchAll(/\x60+/g)].map(([run]) => run.length + 1)));
}
