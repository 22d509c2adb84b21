// The recording that is measured: console lines and requests as an application writes them, the same on every machine.
import { spawnSync } from 'node:child_process';
import { createWriteStream, existsSync, renameSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';

/** What begins at this moment, and how long it takes. */
export const ZERO = Date.parse('2026-03-02T09:00:00Z');
export const LONG = 30 * 60_000;
/** A word of one line only, and where it stands among the lines. */
export const RARE = { word: 'xylophone', share: 0.9 };

const HOST = 'https://shop.example.com';
const PARTS = ['cart', 'checkout', 'search', 'profile', 'catalog', 'payment', 'session', 'router', 'i18n', 'metrics'];
const VERBS = ['GET', 'GET', 'GET', 'GET', 'POST', 'POST', 'PUT', 'DELETE'];

/** Numbers from 0 to 1, the same in every run. @param {number} seed */
function chance(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** @param {() => number} next */
function pickers(next) {
  const whole = (/** @type {number} */ below) => Math.floor(next() * below);
  return { whole, one: (/** @type {any[]} */ list) => list[whole(list.length)], share: (/** @type {number} */ part) => next() < part };
}

const LINES = [
  ['debug', ({ one, whole }) => `[${one(PARTS)}] state changed: step ${whole(40)} → ${whole(40)}, ${whole(300)} listeners in ${whole(90)} ms`],
  ['debug', ({ one, whole }) => `render <${one(['ProductCard', 'CartLine', 'PriceTag', 'Header', 'CheckoutForm'])}> #${whole(90000)} took ${whole(400) / 10} ms`],
  ['debug', ({ one, whole }) => `cache ${one(['hit', 'hit', 'hit', 'miss'])} for ${one(PARTS)}/${whole(20000)} (age ${whole(600)} s)`],
  ['info', ({ one, whole }) => `${one(VERBS)} /api/v2/${one(PARTS)}/${whole(100000)} finished: ${one([200, 200, 200, 201, 204, 304])} in ${whole(900)} ms`],
  ['info', ({ one, whole }) => `Route changed from /${one(PARTS)} to /${one(PARTS)}/${whole(5000)}?page=${whole(40)}`],
  ['info', ({ whole }) => `Order ${100000 + whole(800000)} updated: ${whole(12)} items, total ${whole(90000) / 100} €`],
  ['warn', ({ one, whole }) => `[Violation] '${one(['click', 'message', 'setTimeout', 'requestAnimationFrame'])}' handler took ${50 + whole(400)}ms`],
  ['warn', ({ one, whole }) => `Retry ${1 + whole(4)} of 5 for ${HOST}/api/v2/${one(PARTS)}/${whole(100000)}: connection reset`],
  ['error', ({ one, whole }) => `TypeError: Cannot read properties of undefined (reading '${one(['price', 'id', 'items', 'name'])}') at line ${whole(900)}`],
  ['error', ({ one, whole }) => `Failed to load resource: the server responded with a status of ${one([404, 500, 502, 503])} (${one(PARTS)}/${whole(100000)})`],
];
/** How often a line of each kind comes, of 1,000. */
const SHARES = [180, 170, 160, 180, 120, 110, 35, 25, 12, 8];
const KINDS = SHARES.flatMap((count, kind) => Array(count).fill(kind));

/** @param {number} count */
export function* consoleLines(count) {
  const next = chance(7);
  const pick = pickers(next);
  let last = null;
  for (let row = 0; row < count; row += 1) {
    const time = ZERO + Math.floor((row / count) * LONG * 1000) / 1000;
    const [level, write] = LINES[pick.one(KINDS)];
    const file = `${HOST}/assets/${pick.one(PARTS)}-${(pick.whole(64) + 4096).toString(16)}.js`;
    const frames = level === 'error' || pick.share(0.02) ? 6 : 1;
    const stackTrace = { callFrames: Array.from({ length: frames }, (_, depth) => ({ functionName: depth ? pick.one(['dispatch', 'flush', 'onClick', 'run', 'next']) : 'log', url: file, lineNumber: pick.whole(4000), columnNumber: pick.whole(120) })) };
    let text = write(pick);
    if (row === Math.floor(count * RARE.share)) text = `Audit: the ${RARE.word} was sold`;
    const args = pick.share(0.1) ? [{ type: 'string', value: text }, { type: 'object', value: { id: pick.whole(100000), user: `user-${pick.whole(5000)}`, flags: [pick.share(0.5), pick.share(0.5)], total: pick.whole(9000) / 100 } }] : undefined;
    // Some lines come twice.
    if (last && pick.share(0.03)) yield { ...last, timestamp: time };
    else yield (last = { timestamp: time, level, type: 'console', method: { debug: 'debug', info: 'log', warn: 'warn', error: 'error' }[level], text, args, stackTrace });
  }
}

/** @param {number} count */
export function* entries(count) {
  const next = chance(11);
  const pick = pickers(next);
  for (let row = 0; row < count; row += 1) {
    const status = pick.share(0.03) ? pick.one([404, 404, 500, 503]) : pick.one([200, 200, 200, 200, 201, 204, 304]);
    const method = pick.one(VERBS);
    const wait = 5 + pick.whole(300);
    const text = JSON.stringify({ id: row, name: `item ${pick.whole(9000)}`, price: pick.whole(90000) / 100, tags: [pick.one(PARTS), pick.one(PARTS)], stock: pick.whole(500) });
    const headers = (/** @type {Record<string, string>} */ list) => Object.entries(list).map(([name, value]) => ({ name, value }));
    yield {
      _resourceType: 'fetch',
      startedDateTime: new Date(ZERO + (row / count) * LONG).toISOString(),
      time: wait + 4,
      request: {
        method, url: `${HOST}/api/v2/${pick.one(PARTS)}/${pick.whole(100000)}?page=${pick.whole(50)}&sort=${pick.one(['name', 'price', 'date'])}`, httpVersion: 'h2',
        headers: headers({ accept: 'application/json', 'accept-language': 'en', 'content-type': 'application/json', referer: `${HOST}/` }), queryString: [], cookies: [], headersSize: -1, bodySize: method === 'POST' ? 40 : 0,
        ...(method === 'POST' && { postData: { mimeType: 'application/json', text: JSON.stringify({ item: pick.whole(90000), count: pick.whole(9) }) } }),
      },
      response: {
        status, statusText: '', httpVersion: 'h2', headers: headers({ 'content-type': 'application/json', 'cache-control': 'no-cache', server: 'edge', 'content-length': String(text.length) }),
        cookies: [], content: { size: text.length, mimeType: 'application/json', text }, redirectURL: '', headersSize: -1, bodySize: text.length,
      },
      cache: {}, timings: { blocked: 1, dns: -1, connect: -1, ssl: -1, send: 1, wait, receive: 2 },
    };
  }
}

/** Writes a file once: from pieces, and under its name when it is whole. @param {string} path @param {Iterable<string>} pieces */
export async function written(path, pieces) {
  if (existsSync(path)) return path;
  const file = createWriteStream(`${path}.part`);
  let held = '';
  for (const piece of pieces) {
    held += piece;
    if (held.length < 1 << 20) continue;
    if (!file.write(held)) await once(file, 'drain');
    held = '';
  }
  file.end(held);
  await once(file, 'close');
  renameSync(`${path}.part`, path);
  return path;
}

/**
 * The files of the recording, made when they are not there yet.
 * @param {string} room @param {{ lines: number, requests: number, video: string }} want
 */
export async function recording(room, { lines, requests, video }) {
  function* ndjson() {
    for (const line of consoleLines(lines)) yield `${JSON.stringify(line)}\n`;
  }
  function* har() {
    yield '{"log":{"version":"1.2","creator":{"name":"scale","version":"1"},"entries":[\n';
    let between = '';
    for (const entry of entries(requests)) {
      yield between + JSON.stringify(entry);
      between = ',\n';
    }
    yield '\n]}}\n';
  }
  const long = join(room, `video-${LONG / 60_000}.webm`);
  if (!existsSync(long)) {
    const run = spawnSync('ffmpeg', ['-v', 'error', '-y', '-stream_loop', '-1', '-i', video, '-t', String(LONG / 1000), '-c', 'copy', long], { stdio: 'inherit' });
    if (run.status !== 0) throw new Error('ffmpeg is needed to make the video as long as the logs');
  }
  return [long, await written(join(room, `console-${lines}.ndjson`), ndjson()), await written(join(room, `network-${requests}.har`), har())];
}
