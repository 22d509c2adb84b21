// A recording folder with something hostile in every text field there is.
import { ndjson } from './share.mjs';

const RUN = 'globalThis.pwned=1';

/** Each tries another door; all would set `pwned`, ask for something, or change what the reader sees. */
export const MARKERS = [
  `<script>${RUN}</script>`,
  `</script><script>${RUN}</script>`,
  `<!--<script>${RUN}</script>-->`,
  `<img src=x onerror=${RUN}>`,
  `"><svg onload=${RUN}><use href="data:,x#y"/></svg>`,
  `' onmouseover=${RUN} autofocus onfocus=${RUN} x='`,
  `javascript:${RUN}//`,
  `<iframe srcdoc="<script>parent.pwned=1</script>"></iframe><object data="javascript:${RUN}"></object>`,
  `<style>*{background:url(http://127.0.0.1:9/x)}</style><link rel=stylesheet href=http://127.0.0.1:9/x><base href=http://127.0.0.1:9/>`,
  `{{ 7 * 7 }}{% raw %}\${${RUN}} $& $1 $\` #{x} <%= 1 %>`,
  '\u202Egnp.exe\u202C \u2066a\u2069 \u200F\u061C',
  '\u001B[31mred\u001B[0m \u001B]8;;http://127.0.0.1:9/\u0007link\u001B]8;;\u0007 \u009B1m \u0000\u0007\u0008\u007F',
  'half \uD83D end \uDE00 whole 😀',
  'مرحبا שלום नमस्ते 漢字 e\u0301\u0301\u0301\u0301\u0301\u0301',
  `%c%s%d%o <b>x</b>`,
  ']]>&lt;script&gt;&#x3c;script&#x3e;\\u003cscript\\u003e',
];
const LONG = '<b>'.repeat(34_000);
const ALL = MARKERS.join(' ');

/** A marker by number, so that rows differ. @param {number} n */
const mark = (n) => MARKERS[n % MARKERS.length];

/** Every member of a value is hostile, keys included. */
const nested = (n) => ({ [mark(n)]: mark(n + 1), '__proto__x': ALL, list: [mark(n + 2), { [mark(n + 3)]: null }], deep: { [ALL.slice(0, 300)]: { constructor: mark(n) } } });

function consoleLines() {
  const frames = (n) => ({ callFrames: [{ functionName: mark(n), url: mark(n + 6), lineNumber: 3, columnNumber: 4 }, { functionName: ALL, url: `javascript:${RUN}`, lineNumber: -1, columnNumber: 1e9 }], parent: { description: mark(n + 1), callFrames: [{ functionName: mark(n), url: ALL, lineNumber: 0, columnNumber: 0 }] } });
  const remote = (n) => ({ type: 'object', subtype: mark(n), className: mark(n + 1), description: ALL, objectId: mark(n), preview: { type: 'object', description: mark(n), overflow: true, properties: [{ name: mark(n), type: 'string', value: mark(n + 1) }], entries: [{ key: { type: 'string', description: mark(n) }, value: { type: 'object', description: ALL } }] } });
  return MARKERS.map((text, n) => ({
    t: n * 100, level: ['error', 'warn', 'info', 'debug', mark(n)][n % 5], text: n === 2 ? LONG : text, type: ['javascript', mark(n)][n % 2], method: mark(n + 3),
    url: mark(n + 6), pageId: text, repeat: n === 3 ? mark(n) : n, args: [{ type: 'string', value: text }, remote(n), nested(n), { type: 'node', value: { nodeType: 1, localName: mark(n), attributes: { [mark(n)]: mark(n + 1) } } }],
    stackTrace: n % 2 ? frames(n) : ALL, traceId: mark(n), requestId: mark(n + 1), [mark(n)]: nested(n),
  }));
}

function headers(n) {
  return [{ name: mark(n), value: mark(n + 1) }, { name: 'Cookie', value: ALL }, { name: 'Location', value: `javascript:${RUN}` }, { name: 'traceparent', value: mark(n) }];
}

function harEntry(text, n) {
  const type = [mark(n), 'text/html', 'image/svg+xml', 'application/json', 'image/png'][n % 5];
  const bodies = [ALL, `<html><body onload=${RUN}>${ALL}`, `<svg xmlns="http://www.w3.org/2000/svg" onload="${RUN}"><script>${RUN}</script></svg>`, JSON.stringify(nested(n)), Buffer.from(`<script>${RUN}</script>`).toString('base64')];
  const cookies = [{ name: text, value: mark(n + 1), path: mark(n), domain: mark(n + 2), expires: mark(n + 3), sameSite: mark(n + 4), httpOnly: mark(n), secure: text }];
  return {
    startedDateTime: new Date(Date.UTC(2026, 0, 1, 0, 0, 0, n * 100)).toISOString(), time: 20 + n, pageref: text, serverIPAddress: text, connection: text, comment: text, _priority: text, _resourceType: ['fetch', text][n % 2],
    _error: n % 3 ? undefined : text,
    _initiator: { type: text, url: `javascript:${RUN}`, lineNumber: n, stack: { callFrames: [{ functionName: text, url: mark(n + 6), lineNumber: 1, columnNumber: 1 }] } },
    _webSocketMessages: [{ type: 'send', time: 1767225600 + n, opcode: 1, data: ALL }, { type: text, time: 1767225600, opcode: 2, data: text }],
    request: {
      method: n % 2 ? 'POST' : text, url: n % 3 ? `http://host.invalid/${text}?${encodeURIComponent(text)}=${text}#${text}` : text, httpVersion: text, headers: headers(n), cookies,
      queryString: [{ name: text, value: ALL }], headersSize: -1, bodySize: text.length, comment: text,
      postData: { mimeType: [text, 'application/x-www-form-urlencoded', 'application/json'][n % 3], text: bodies[(n + 3) % 5], params: [{ name: text, value: ALL, fileName: mark(n), contentType: text }], comment: text },
    },
    response: { status: [200, 404, 500, 0, 302][n % 5], statusText: text, httpVersion: text, headers: headers(n + 1), cookies, redirectURL: `javascript:${RUN}`, headersSize: -1, bodySize: 10, content: { size: 10, mimeType: type, text: bodies[n % 5], encoding: n % 5 === 4 ? 'base64' : undefined, comment: text }, _transferSize: text },
    cache: { beforeRequest: { expires: text, lastAccess: text, eTag: text, hitCount: 1 } },
    timings: { blocked: 1, dns: text, connect: -1, send: 1, wait: 5, receive: 3, ssl: text, comment: text, [text]: 3 },
    [text]: nested(n),
  };
}

function actionLines() {
  return MARKERS.map((text, n) => ({
    t: n * 110, type: ['click', 'change', 'navigate', 'keyDown', text][n % 5], label: text, selectors: [[mark(n + 1)], [ALL]], value: mark(n + 2), url: [`javascript:${RUN}`, text][n % 2], title: text, key: text,
    error: n % 4 ? undefined : text, group: text, tabId: text, target: mark(n + 3), box: { x: text, y: 1, width: LONG.length, height: -1 }, offsetX: text, [text]: nested(n),
  }));
}

function backendLines() {
  return MARKERS.map((text, n) => ({
    timestamp: new Date(Date.UTC(2026, 0, 1, 0, 0, 0, n * 120)).toISOString(), level: ['error', 'warn', 'info', text][n % 4], service: text, message: n === 4 ? LONG : mark(n + 1), traceId: text, requestId: mark(n + 2),
    fields: { ...nested(n), stack: ALL }, error: { message: text, stack: `${text}\n    at ${mark(n)} (${mark(n + 6)}:1:2)` },
  }));
}

function description() {
  const both = { name: mark(0), version: ALL, email: mark(5) };
  return {
    format: 'recording/1', id: 'x'.repeat(100), title: ALL, comment: ALL, startedDateTime: '2026-01-01T00:00:00Z', durationMs: 3000, creator: both,
    media: [{ kind: 'video', file: 'v<img>&\'.webm', mimeType: 'video/webm', label: mark(3), pageId: mark(0) }, { kind: 'captions', file: 'c.vtt', language: mark(4), label: mark(3) }, { kind: 'image', file: '<svg onload=alert(1)>.png', label: ALL }],
    panels: { console: 'console.ndjson', network: 'network.har', actions: 'actions.ndjson', backend: 'backend.ndjson' },
    metadata: {
      page: { url: `javascript:${RUN}`, title: ALL }, link: { href: `javascript:${RUN}`, text: mark(0) }, project: ALL, domain: mark(3), requester: both, reporter: both, notes: ALL,
      system: { browser: both, os: both, device: mark(4), userAgent: ALL, language: mark(10), timezone: mark(11), screen: { width: mark(0), height: mark(3) }, viewport: { width: 100, height: mark(3), deviceScaleFactor: ALL } },
      custom: { ...nested(0), long: LONG, [LONG.slice(0, 3000)]: 1 }, [mark(0)]: nested(4),
    },
  };
}

/** One transparent pixel. */
const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

/** @param {Buffer} video */
export function hostileRecording(video) {
  return {
    // The one file that is read strictly: half a surrogate pair in it is refused.
    'recording.json': JSON.stringify(description()).replace(/\\ud[89a-f]../g, '?'),
    'v<img>&\'.webm': video,
    '<svg onload=alert(1)>.png': PIXEL,
    'c.vtt': `WEBVTT\n\n00:00.000 --> 00:02.000\n${mark(0)}<c.x>${mark(3)}</c>\n`,
    'console.ndjson': ndjson(consoleLines()),
    'network.har': { log: { version: mark(0), creator: { name: mark(3), version: ALL }, pages: [{ id: mark(0), title: ALL, startedDateTime: '2026-01-01T00:00:00Z', pageTimings: {} }], entries: MARKERS.map(harEntry), comment: ALL } },
    'actions.ndjson': ndjson(actionLines()),
    'backend.ndjson': ndjson(backendLines()),
  };
}
