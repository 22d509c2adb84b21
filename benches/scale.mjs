// A million console lines and 100,000 requests: what the page takes to show, scroll, filter and hold them, beside its limits
// and, with --peers, beside Playwright's trace viewer and Chrome's developer tools with the same recording. See README.md here.
// usage: node benches/scale.mjs [--runs N] [--layouts dir,html] [--lines N] [--requests N] [--program FILE] [--peers]
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { launch, programOf } from '../tests/browser/engines.mjs';
import { serve } from '../tests/browser/server.mjs';
import { bareMemory } from './scale/bare.mjs';
import { LONG, RARE, recording } from './scale/data.mjs';
import { devtools } from './scale/devtools.mjs';
import { filterBy, rowsShown, scrollBy, seekTo, startFrames, switchTo, watchFirst } from './scale/in-page.mjs';
import { traceViewer } from './scale/peers.mjs';

const ROOT = resolve(import.meta.dirname, '..');
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' }, layouts: { type: 'string', default: 'dir,html' }, lines: { type: 'string', default: '1000000' }, requests: { type: 'string', default: '100000' },
    program: { type: 'string', default: join(ROOT, 'target/release/sealcast') }, peers: { type: 'boolean', default: false },
  },
});
const LINES = Number(values.lines);
const REQUESTS = Number(values.requests);
const ROOM = join(tmpdir(), 'sealcast-scale');
/** ms, frames at the 95th percentile too; memory in MB. */
const LIMITS = { 'first rows': 1000, frames: 50, filter: 150, 'whole search': 150, memory: 600 };
/** ms that another viewer may take. */
const PATIENCE = 100_000;
const PANELS = ['console', 'network'];
const FILTERS = {
  console: {
    'a word': 'Retry', 'not a word': '-Retry', 'a level': 'level:error', 'an expression': '/order .* items/', 'a number': '4711', 'an expression for numbers': '/order \\d+5 /', 'a word of one line': RARE.word, 'no filter again': '',
  },
  network: { 'a status': 'status-code:500', 'a word': 'checkout', 'not a domain': '-domain:cdn', 'slow ones': 'slower-than:280', 'no filter again': '' },
};
const SCROLLS = {
  'by the wheel, 120 px a frame': { frames: 300, by: 120 },
  'fast, 1,200 px a frame': { frames: 300, by: 1200 },
  'the bar dragged over all': { frames: 200, to: Array.from({ length: 200 }, (_, at) => at / 199) },
  'jumps': { frames: 100, to: Array.from({ length: 100 }, (_, at) => (at * 0.37) % 1) },
};
const FILLED = '.row [role=gridcell]:not(.wait)';

mkdirSync(ROOM, { recursive: true });
console.log(`load of this machine: ${loadavg().map((one) => one.toFixed(1)).join(' ')}`);
const files = await recording(ROOM, { lines: LINES, requests: REQUESTS, video: join(ROOT, 'examples/checkout-bug/video.webm') });
console.log(`recording: ${LINES.toLocaleString('en')} lines (${mega(size(files[1]))}), ${REQUESTS.toLocaleString('en')} requests (${mega(size(files[2]))}), video ${mega(size(files[0]))}, ${LONG / 60_000} min`);
const columns = {};
for (const layout of values.layouts.split(',').filter(Boolean)) columns[layout] = await measured(await share(layout));
if (values.peers) {
  columns['trace viewer'] = await peer();
  columns['devtools'] = await tools();
}
print(columns);

/** Exports the recording; gives the address of its page. @param {string} layout */
async function share(layout) {
  const out = join(ROOM, layout === 'dir' ? 'dir' : `page.${layout}`);
  const begun = performance.now();
  const run = spawnSync(resolve(values.program), ['export', ...files, '-o', out, '--layout', layout, '--expires', 'never', '--force', '--quiet'], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr || 'run cargo build --release first');
  console.log(`export as ${layout}: ${((performance.now() - begun) / 1000).toFixed(1)} s, ${mega(size(out))}`);
  if (layout !== 'dir') return { url: pathToFileURL(out).href, close() {} };
  const server = await serve(out);
  return { url: server.url('index.html'), close: () => server.close() };
}

/** All figures of a share, by name: a list with one of each run. @param {{ url: string, close: () => void }} share */
async function measured({ url, close }) {
  const figures = {};
  const add = (name, value) => (figures[name] ??= []).push(value);
  for (let run = 0; run < Number(values.runs); run += 1) {
    const browser = await launch('chromium');
    for (const panel of PANELS) {
      const page = await browser.page({ width: 1400, height: 900 });
      await page.raw.addInitScript(watchFirst, `.of-${panel} ${FILLED}`);
      await page.go(`${url}#panel=${panel}`);
      await page.untilIn(60_000, () => globalThis.first);
      const { first, load } = await page.ev(() => ({ first: globalThis.first, load: performance.getEntriesByType('navigation')[0].loadEventEnd }));
      add(`first rows: ${panel}, since the page's load`, Math.max(0, first - load));
      add(`first rows: ${panel}, since the navigation began`, first);
      await page.close();
    }
    const page = await browser.page({ width: 1400, height: 900 });
    await page.go(`${url}#panel=console`);
    await page.until((rows) => document.querySelector(rows), `.of-console ${FILLED}`);
    for (const panel of [...PANELS].reverse()) await used(page, panel, add);
    await seeks(page, add);
    add('memory: scripts, after collecting', await heap(page));
    await browser.close();
    const { resident, own, kept } = await bareMemory(programOf('chromium'), `${url}#panel=console`, [[rowsShown, `.of-console ${FILLED}`], ...[...PANELS].reverse().flatMap(usedSteps)]);
    add('memory: of the page, resident', resident);
    add('memory: of the page, its own', own);
    add('memory: of the page, its own after collecting', kept);
  }
  close();
  return figures;
}

/** The same as `used`, as functions to run in a page that no driver holds. */
function usedSteps(panel) {
  const rows = `.of-${panel} ${FILLED}`;
  const filter = (text) => [filterBy, { box: `.of-${panel} input`, rows, sums: `.of-${panel} .sums`, busy: '%', text }];
  return [
    [switchTo, { tab: `#tab-${panel}`, rows }],
    ...Object.values(SCROLLS).map((steps) => [scrollBy, { selector: `.of-${panel} .rows`, ...steps }]),
    ...Object.values(FILTERS[panel]).map(filter),
  ];
}

/** Scrolls and filters a panel as a reader would. */
async function used(page, panel, add) {
  add(`switching: to ${panel}`, await page.ev(switchTo, { tab: `#tab-${panel}`, rows: `.of-${panel} ${FILLED}` }));
  const list = `.of-${panel} .rows`;
  for (const [how, steps] of Object.entries(SCROLLS)) frames(add, `frames: ${panel}, ${how}`, await page.ev(scrollBy, { selector: list, ...steps }));
  await page.ev((selector) => { document.querySelector(selector).scrollTop = 0; }, list);
  await page.click(`.of-${panel} .row`);
  await page.ev(startFrames);
  for (let press = 0; press < 100; press += 1) await page.press('PageDown');
  frames(add, `frames: ${panel}, PageDown`, { times: await page.ev(() => globalThis.stopFrames()) });
  await page.press('Escape');
  for (const [what, text] of Object.entries(FILTERS[panel])) {
    const told = await page.ev(filterBy, { box: `.of-${panel} input`, rows: `.of-${panel} ${FILLED}`, sums: `.of-${panel} .sums`, busy: '%', text });
    // What one line matches is there once all was looked through.
    add(`${text === RARE.word ? 'whole search' : 'filter'}: ${panel}, ${what}, first rows`, told.first);
    if (text) add(`whole search: ${panel}, ${what}`, told.done);
    await new Promise((done) => { setTimeout(done, 200); });
  }
}

/** The row at the playhead after the bar was clicked somewhere. */
async function seeks(page, add) {
  await page.click('.of-console .follow').catch(() => {});
  for (const share of [0.9, 0.2, 0.6]) add('seeking: until the list follows', await page.ev(seekTo, { time: (LONG / 1000) * share, rows: `.of-console ${FILLED}` }));
}

/** The same of Playwright's trace viewer, as far as it is the same: first rows and memory; its console has no filter. */
async function peer() {
  const dir = await traceViewer(ROOM, { lines: LINES, requests: REQUESTS, modules: join(ROOT, 'node_modules') });
  console.log(`trace.zip: ${mega(size(join(dir, '../trace.zip')))}`);
  const server = await serve(dir);
  const browser = await launch('chromium');
  const page = await browser.page({ width: 1400, height: 900 });
  const figures = {};
  const add = (name, value) => (figures[name] ??= []).push(value);
  const begun = performance.now();
  try {
    await page.go(`${server.origin}/index.html?trace=${encodeURIComponent(`${server.origin}/trace.zip`)}`);
    for (const [panel, tab] of [['console', 'Console'], ['network', 'Network']]) {
      const asked = performance.now();
      await inTime(page.untilIn, (name) => [...document.querySelectorAll('[role=tab]')].find((one) => one.textContent.startsWith(name) && /\d/.test(one.textContent))?.click() === undefined && [...document.querySelectorAll('[role=tab]')].some((one) => one.textContent.startsWith(name) && one.getAttribute('aria-selected') === 'true'), tab);
      const rows = `.${panel === 'console' ? 'console-tab .list-view-entry' : 'network-grid-view .list-view-entry'}`;
      await inTime(page.untilIn, (selector) => document.querySelector(selector), rows);
      add(panel === 'console' ? 'first rows: console, since the navigation began' : 'switching: to network', performance.now() - (panel === 'console' ? begun : asked));
    }
  } catch (error) {
    console.log(`the trace viewer stopped after ${Math.round((performance.now() - begun) / 1000)} s: ${String(error.message).slice(0, 200)}`);
  }
  add('memory: of the page, resident', (await memory(page)).resident);
  await browser.close();
  await server.close();
  return figures;
}

/** The same of Chrome's developer tools, which load a HAR and no console's lines. */
async function tools() {
  const figures = {};
  const add = (/** @type {string} */ name, /** @type {number} */ value) => (figures[name] ??= []).push(value);
  await devtools(programOf('chromium'), files[2], { count: REQUESTS, filters: FILTERS.network, patience: PATIENCE, add }).catch((error) => console.log(`the developer tools: ${error.message}`));
  return figures;
}

/** A page that is too busy to answer does not answer that it is. */
function inTime(wait, ...what) {
  return Promise.race([wait(PATIENCE, ...what), new Promise((_, reject) => { setTimeout(() => reject(new Error(`nothing after ${PATIENCE / 1000} s`)), PATIENCE).unref(); })]);
}

/** The 95th percentile goes into the table. */
function frames(add, name, { times }) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  add(`${name}, p50`, at(0.5));
  add(`${name}, p95`, at(0.95));
  add(`${name}, longest`, at(1));
}

/** MB of the largest of the browser's processes that show pages: resident, and without what it shares with others. */
async function memory(page) {
  const client = await page.raw.context().browser().newBrowserCDPSession();
  const { processInfo } = await client.send('SystemInfo.getProcessInfo');
  const held = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => {
    const told = readFileSync(`/proc/${id}/status`, 'utf8');
    return ['VmRSS', 'RssAnon'].map((name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(told)?.[1]) / 1024);
  });
  const [resident, own] = held.sort(([one], [other]) => other - one)[0];
  return { resident, own };
}

async function heap(page) {
  const client = await page.raw.context().newCDPSession(page.raw);
  await client.send('HeapProfiler.enable');
  await client.send('HeapProfiler.collectGarbage');
  return (await client.send('Runtime.getHeapUsage')).usedSize / 1e6;
}

/** A line a figure: the median of the runs, and its limit. */
function print(columns) {
  const names = [...new Set(Object.values(columns).flatMap(Object.keys))];
  const median = (list) => (list ? [...list].sort((a, b) => a - b)[list.length >> 1] : null);
  const wide = Math.max(...names.map((name) => name.length));
  console.log(`load of this machine: ${loadavg().map((one) => one.toFixed(1)).join(' ')}`);
  console.log([''.padEnd(wide), 'limit', ...Object.keys(columns)].map((text) => text.padStart(12)).join(' '));
  let missed = 0;
  for (const name of names) {
    const limit = /p50|longest|scripts|began|collecting/.test(name) ? undefined : LIMITS[name.split(':')[0]];
    const cells = Object.entries(columns).map(([column, figures]) => {
      const value = median(figures[name]);
      const over = value !== null && value > limit && values.layouts.includes(column);
      missed += Number(over);
      return value === null ? '–' : `${over ? '! ' : ''}${Math.round(value)}`;
    });
    console.log([name.padEnd(wide), limit ?? '', ...cells].map((cell) => String(cell).padStart(12)).join(' '));
  }
  console.log(`ms and MB, medians of ${values.runs}; ${missed ? `${missed} over their limit (!)` : 'all within their limits'}`);
}

/** @param {string} path */
function size(path) {
  const stat = statSync(path);
  return stat.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + size(join(path, name)), 0) : stat.size;
}

function mega(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
