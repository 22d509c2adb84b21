/** @import { App, PanelName } from './types.d.ts' */
import { createBreath } from './breath.js';
import { h } from './dom.js';
import { mergedFeed, streamFeed } from './feed.js';
import { FIELDS } from './fields.js';
import { label } from './label.js';
import { compileQuery } from './query.js';
import { rowsOut } from './rows-out.js';
import { formatTime } from './time.js';
import { gather } from './whole.js';

/** How long a file that was handed to the browser stays there, in ms. */
const KEPT_FOR = 60_000;

/** @typedef {{ life: AbortSignal, onProgress: (share: number) => void }} Job */

/** Opens an address as a click on a link does; with a name, to save what lies there. @param {string} href @param {string} [name] */
export function follow(href, name) {
  h('a', { href, download: name, target: name && '_blank', rel: 'noopener' }).click();
}

/**
 * Saves what `make` gives; says how far it is, and can be stopped.
 * @param {App} app
 * @param {string} ending
 * @param {(job: Job) => Promise<string | Blob>} make
 */
async function save(app, ending, make) {
  const title = (app.source.manifest.title ?? '').replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '').slice(0, 60);
  const name = `${title || 'recording'}${ending}`;
  const stop = new AbortController();
  const { signal } = stop;
  const said = h('span');
  const onProgress = (/** @type {number} */ share) => {
    const text = label('saving', { name, percent: Math.floor(share * 10) * 10 });
    if (said.textContent !== text) said.textContent = text;
  };
  onProgress(0);
  app.toast(said, h('button', { class: 'line', onclick: () => stop.abort() }, label('Cancel')));
  app.life.addEventListener('abort', () => stop.abort(), { signal });
  try {
    const made = await make({ life: signal, onProgress });
    signal.throwIfAborted();
    const url = typeof made === 'string' ? made : URL.createObjectURL(made);
    follow(url, name);
    if (url !== made) setTimeout(() => URL.revokeObjectURL(url), KEPT_FOR);
    app.toast();
  } catch (error) {
    app.toast(!signal.aborted && label('saveFailed', { name, reason: /** @type {Error} */ (error).message }));
  }
}

/**
 * The rows of a panel as a file: those that the span and the words of its filter leave.
 * @param {App} app
 * @param {keyof typeof import('./rows-out.js').ROW_FORMS} form
 * @param {PanelName} panel
 */
export function saveRows(app, form, panel) {
  const { source, store } = app;
  const merged = panel === 'timeline' || panel === 'info';
  const feed = merged ? mergedFeed(source) : streamFeed(source, panel);
  return save(app, merged || form === 'har' ? `.${form}` : `-${panel}.${form}`, async ({ life, onProgress }) => {
    const limits = app.spanLimits();
    const [from, to] = limits ? await Promise.all([feed.before(limits[0]), feed.before(limits[1] + 0.001)]) : [0, feed.count];
    const { test } = compileQuery(store.get().queries[panel] ?? '', FIELDS);
    const texts = rowsOut(source, feed, form, { from, to, test, onProgress });
    return gather(/** @type {any} */ (texts), { type: `${form === 'csv' ? 'text/csv' : 'application/json'};charset=utf-8`, life, breathe: createBreath() });
  });
}

/** @param {App} app */
export function saveMedium(app) {
  const { video, audio } = app.source.manifest;
  const { part, type } = /** @type {import('./types.d.ts').Media} */ (video ?? audio);
  const kind = type.replace(/^.*\/(x-)?|;.*/g, '');
  return save(app, `.${{ quicktime: 'mov', matroska: 'mkv' }[kind] ?? kind}`, (job) => app.source.whole(part, type, job));
}

/** Saves the picture that is shown, in its own size. @param {App} app */
export function saveFrame(app) {
  return save(app, `-${formatTime(app.store.get().time).replace(/\W/g, '-')}.png`, () => new Promise((resolve, reject) => {
    const refuse = () => reject(new Error(label('frameRefused')));
    const picture = /** @type {any} */ (app.playback.element ?? document.querySelector('.stage>img'));
    const canvas = h('canvas', { width: picture.videoWidth ?? picture.naturalWidth, height: picture.videoHeight ?? picture.naturalHeight });
    try {
      canvas.getContext('2d')?.drawImage(picture, 0, 0);
      canvas.toBlob((blob) => (blob ? resolve(blob) : refuse()), 'image/png');
    } catch {
      refuse();
    }
  }));
}
