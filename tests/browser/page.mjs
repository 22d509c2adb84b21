// Words for what a reader does and sees, for use with any engine's page.
import assert from 'node:assert/strict';
import { basename, dirname, relative } from 'node:path';
import { serve } from './server.mjs';

export const TABS = ['Timeline', 'Console', 'Network', 'Actions', 'Backend', 'Info'];
export const LETTERS = { console: 'c', network: 'n', actions: 'a', backend: 'b' };

/** Whether the page has come to rest in a state. */
export const stateIs = (state) => document.documentElement.dataset.state === state;

/**
 * Opens an address and waits for the state.
 * @param {any} page
 * @param {string} url
 */
export async function enter(page, url, state = 'ready') {
  await page.go(url);
  await page.until(stateIs, state);
}

/**
 * The same share by both schemes; `run` gets its address and what was asked of the server.
 * @param {{ page: string, url: string, layout: string }} share
 * @param {'file' | 'http'} scheme
 * @param {(url: string, server: Awaited<ReturnType<typeof serve>> | null) => Promise<void>} run
 */
export async function withScheme(share, scheme, run, options = {}) {
  if (scheme === 'file') return run(share.url, null);
  const server = await serve(dirname(share.page), options);
  try {
    return await run(server.url(basename(share.page)), server);
  } finally {
    await server.close();
  }
}

/** Names of all tabs without their counts, which are hidden from those who hear the page. */
export const tabNames = (page) => page.ev(() => [...document.querySelectorAll('[role=tab]')].map((tab) => {
  const copy = tab.cloneNode(true);
  for (const hidden of copy.querySelectorAll('[aria-hidden=true]')) hidden.remove();
  return copy.textContent.trim();
}));

/** @param {string} name as in the fragment */
export async function showPanel(page, name) {
  await page.click(`#tab-${name}`);
  await page.until((id) => {
    const panel = document.getElementById(id);
    return panel && !panel.hidden && [...document.querySelectorAll('.right > [role=tabpanel]')].every((one) => one === panel || one.hidden);
  }, `panel-${name}`);
}

/** The rows that are drawn in the open panel. */
export const rows = (page) => page.ev(() => [...document.querySelectorAll('.right > [role=tabpanel]:not([hidden]) [data-id]')].map((row) => ({
  panel: row.dataset.panel, id: row.dataset.id, time: row.dataset.time === undefined ? null : Number(row.dataset.time),
  selected: row.getAttribute('aria-selected'), current: row.hasAttribute('data-current'), text: row.textContent,
})));

/** Waits until the open panel has drawn rows without placeholders. */
export async function settledRows(page) {
  await page.until(() => {
    const all = [...document.querySelectorAll('.right > [role=tabpanel]:not([hidden]) .layer > [role=row]')];
    return all.length > 0 && all.every((row) => row.dataset.id);
  });
  return rows(page);
}

/** The playhead in ms; of a recording without video, its clock. */
export const videoTime = (page) => page.ev(() => document.querySelector('video').currentTime * 1000);

/** Waits until the video rests within `near` ms of a time. */
export function videoAt(page, ms, near = 300) {
  return page.until((at, by) => {
    const video = document.querySelector('video');
    return !video.seeking && video.readyState >= 2 && Math.abs(video.currentTime * 1000 - at) <= by;
  }, ms, near);
}

/** What the page says where it is, in its own controls (m:ss.d), in ms. */
export const shownTime = (page) => page.ev(() => {
  const [minutes, seconds] = document.querySelector('.controls .time b').textContent.replace('-', '').split(':');
  return Math.round((Number(minutes) * 60 + Number(seconds)) * 1000);
});

/** The text in the open panel's totals line. */
export const totals = (page) => page.ev(() => document.querySelector('.right > [role=tabpanel]:not([hidden]) .sums')?.textContent ?? '');

/** Fills the open panel's filter as a person would. */
export async function filter(page, text) {
  await page.click('.right > [role=tabpanel]:not([hidden]) [data-filter]');
  await page.press('Ctrl+a');
  if (text) await page.type(text);
  else await page.press('Backspace');
}

/**
 * Nothing was asked for outside the bundle, nothing went wrong, nothing was refused by the policy.
 * @param {any} page
 * @param {{ page: string, url: string }} share
 * @param {Awaited<ReturnType<typeof serve>> | null} server
 */
export async function assertQuiet(page, share, server) {
  const { errors, violations, requests, dialogs } = await page.seen();
  assert.deepEqual(errors, [], 'errors');
  assert.deepEqual(violations, [], 'violations of the policy');
  assert.deepEqual(dialogs, [], 'dialogs');
  assert.deepEqual(foreign(requests, share, server), [], 'requests outside the bundle');
}

/** Requests that do not belong to the bundle. */
export function foreign(requests, share, server) {
  const home = server ? server.origin : share.url.replace(/[^/]*$/, '');
  return requests.filter((url) => !/^(blob|data):/.test(url) && url !== 'about:blank' && !belongs(url, home, server));
}

function belongs(url, home, server) {
  if (!url.startsWith(home)) return false;
  const path = new URL(url).pathname;
  return server ? /^\/([^/]+\.html|index\.html|sw\.js|parts\/[^/]+|__v\/\d+)?$/.test(path) : !relative(new URL(home).pathname, path).startsWith('..');
}

const moves = (page, ms, from) => page.untilIn(ms, (start) => document.querySelector('video').currentTime * 1000 > start + 600, from);

/** The video plays when asked to, and pauses. */
export async function plays(page, engine, { json }) {
  await page.until(() => document.querySelector('video').readyState >= 2);
  const duration = await page.until(() => document.querySelector('video').duration * 1000);
  assert.ok(Math.abs(duration - json.duration_ms) < 300, `the video reports ${duration} ms of ${json.duration_ms}`);
  assert.ok(await page.ev(() => document.querySelector('video').paused), 'it lands paused');
  const before = await videoTime(page);
  await page.click('[aria-label^="Play"]');
  if (engine === 'webkit') await moves(page, 5000, before).catch(() => startAgain(page));
  await moves(page, 30_000, before);
  await page.click('[aria-label^="Pause"]');
  await page.until(() => document.querySelector('video').paused);
}

/** Started right after a seek, GStreamer now and then sleeps on; a reader would press twice. */
async function startAgain(page) {
  await page.click('[aria-label^="Pause"]');
  await page.click('[aria-label^="Play"]');
}
