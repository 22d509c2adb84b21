/** @import { Handle, WorkerClient, WorkerScope } from './seal.d.ts' */
import { Damage, importMessage, openRecords, recordsOf, sealedLength } from './cobblestone.js';
import { download } from './download.js';
import { totalOf } from './pieces.js';
import { answerTo } from './range.js';

// The service worker: answers a video's requests for stretches of a sealed part. It knows a part's keys only from
// the page that handed them in, gives its bytes to that page alone, and keeps nothing.

const scope = /** @type {WorkerScope} */ (/** @type {unknown} */ (self));

/** Version of the messages between page and worker. */
const VERSION = 1;
/** How long a page may take to hand in keys again, in ms. */
const ASK_WAIT = 3000;
const MEDIA = /^(video\/(mp4|webm|ogg|quicktime|x-matroska)|audio\/(mp4|webm|ogg|mpeg|wav))(;|$)/;
/** What a media element's request is for, and the page's own. */
const DESTINATIONS = ['video', 'audio', ''];

/** @type {Map<string, Map<string, Handle>>} By client and by path. */
const handles = new Map();

scope.addEventListener('install', () => void scope.skipWaiting());
scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()));
scope.addEventListener('message', (event) => event.waitUntil(hear(event.data ?? {}, event.source?.id, event.ports[0])));
scope.addEventListener('fetch', (event) => {
  const virtual = `${scope.registration.scope}__v/`;
  const url = event.request.url.split(/[?#]/)[0];
  if (url.startsWith(virtual)) event.respondWith(answer(event, url.slice(virtual.length)));
});

/**
 * @param {{ type?: string, path?: string, handle?: Handle }} message
 * @param {string | undefined} client
 * @param {MessagePort | undefined} port
 */
async function hear({ type, path, handle }, client, port) {
  if (!client) return;
  if (type === 'claim') await scope.clients.claim();
  if (type === 'forget') handles.delete(client);
  if (type === 'offer' && path && handle) {
    keep(client, path, handle);
    await dropClosed();
  }
  port?.postMessage(VERSION);
}

/**
 * @param {string} client
 * @param {string} path
 * @param {Handle} handle
 */
function keep(client, path, handle) {
  const own = handles.get(client) ?? new Map();
  handles.set(client, own.set(path, handle));
}

async function dropClosed() {
  const open = new Set((await scope.clients.matchAll({ includeUncontrolled: true })).map(({ id }) => id));
  for (const id of handles.keys()) if (!open.has(id)) handles.delete(id);
}

/**
 * @param {{ request: Request, clientId: string }} event
 * @param {string} path
 */
async function answer({ request, clientId }, path) {
  if (!clientId || !DESTINATIONS.includes(request.destination)) return new Response(null, { status: 403 });
  const client = await scope.clients.get(clientId);
  const handle = handles.get(clientId)?.get(path) ?? (client && await ask(client, path));
  if (!client || !handle) return new Response(null, { status: 503 });
  if (!MEDIA.test(handle.type) || !handle.pieces.every(([url]) => url.startsWith(scope.registration.scope))) return new Response(null, { status: 403 });
  const { status, headers, from, to } = answerTo(request.headers.get('range'), handle.length, handle.type);
  const body = status === 416 || request.method === 'HEAD' ? null : bodyOf(handle, from, to, request.signal, (reason) => client.postMessage({ type: 'failed', path, reason }));
  return new Response(body, { status, headers });
}

/**
 * Workers are ended when they idle, and forget everything then: the page is asked again.
 * @param {WorkerClient} client
 * @param {string} path
 * @returns {Promise<Handle | null>}
 */
function ask(client, path) {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    /** @param {Handle | null} handle */
    const done = (handle) => {
      clearTimeout(timer);
      port1.close();
      resolve(handle);
    };
    const timer = setTimeout(done, ASK_WAIT, null);
    port1.onmessage = ({ data }) => {
      if (data) keep(client.id, path, data);
      done(data);
    };
    client.postMessage({ type: 'ask', path }, [port2]);
  });
}

/**
 * Bytes [from, to) of what the handle plays, opened as they arrive and as they are wanted.
 * @param {Handle} handle
 * @param {number} from
 * @param {number} to
 * @param {AbortSignal} gone
 * @param {(reason: string) => void} onFail
 */
function bodyOf(handle, from, to, gone, onFail) {
  const abort = new AbortController();
  const stop = () => abort.abort();
  const chunks = play(handle, from, to, abort.signal);
  gone.addEventListener('abort', stop);
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        // Nobody reads on after a seek; an error would only fill the reader's console.
        if (abort.signal.aborted) return;
        onFail(error instanceof Damage ? 'damaged' : 'unreachable');
        controller.error(error);
      }
    },
    cancel: stop,
  });
}

/**
 * @param {Handle} handle
 * @param {number} from
 * @param {number} to
 * @param {AbortSignal} signal
 */
async function* play({ pieces, length, secret }, from, to, signal) {
  const get = fetch.bind(self);
  if (from >= to) return;
  if (!secret) return yield* download(pieces, from, to, { get, signal });
  const records = recordsOf(from, to - from);
  const size = sealedLength(length);
  if (totalOf(pieces) !== size) throw new Damage('the files have another length');
  // To the end of the file when the end is wanted, so that one request serves a whole playback.
  const sealed = download(pieces, records.from, Math.min(records.to, size), { get, signal });
  let skip = records.skip;
  let left = to - from;
  for await (const chunk of openRecords(await importMessage(secret), sealed, { first: records.first, toEnd: records.to >= size })) {
    yield chunk.subarray(skip, skip + left);
    left -= Math.min(left, chunk.length - skip);
    skip = 0;
  }
  if (left > 0) throw new Damage('the message is too short');
}
