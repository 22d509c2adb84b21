// A plain file server on loopback with Range, which takes down every request and can be made to misbehave.
import { once } from 'node:events';
import { createReadStream, statSync } from 'node:fs';
import http from 'node:http';
import { extname, join, normalize } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const TYPES = { '.html': 'text/html; charset=utf-8', '.webm': 'video/webm', '.mp4': 'video/mp4', '.png': 'image/png', '.vtt': 'text/vtt', '.json': 'application/json', '.js': 'text/javascript' };

/**
 * @typedef {object} Options May be changed while the server runs.
 * @property {string} [address] to listen at; this computer alone unless told
 * @property {string} [host] the name it goes by, for one computer as two sites
 * @property {number} [port] a free one unless told
 * @property {number} [skew] ms its clock is off
 * @property {boolean} [ranges] false: it answers 200 with the whole
 * @property {RegExp} [down] paths that answer 500
 * @property {Date} [modified] Last-Modified of all
 * @property {string} [cors] whom it lets read: Access-Control-Allow-Origin
 * @property {Record<string, string>} [headers] more of them, in every answer
 * @property {number} [status] that of every answer, without a body
 * @property {number} [delay] ms before it answers
 * @property {number} [pace] bytes a second
 */

/**
 * @param {string} root
 * @param {Options} [options]
 */
export async function serve(root, options = {}) {
  const requests = [];
  const sockets = [];
  const server = http.createServer(async (request, response) => {
    const { method, url, headers } = request;
    const entry = { method, url, headers, range: headers.range ?? null, referer: headers.referer ?? null, cut: false };
    requests.push(entry);
    // Whoever asked went away before it had all.
    response.on('close', () => { entry.cut = !response.writableFinished; });
    if (options.delay) await sleep(options.delay);
    answer(root, options, request, response);
  });
  const { address = '127.0.0.1', host = address } = options;
  server.on('connection', (socket) => sockets.push(socket));
  server.listen(options.port ?? 0, address);
  await once(server, 'listening');
  const { port } = server.address();
  const origin = `http://${host}:${port}`;
  return {
    origin,
    port,
    requests,
    options,
    /** Bytes that went out so far. */
    sent: () => sockets.reduce((sum, socket) => sum + socket.bytesWritten, 0),
    /** @param {string} file below the root */
    url: (file) => `${origin}/${file.split('/').map(encodeURIComponent).join('/')}`,
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function answer(root, { skew = 0, ranges = true, down, modified, cors, headers = {}, status, pace }, request, response) {
  const path = normalize(decodeURIComponent(new URL(request.url, 'http://host').pathname));
  const file = join(root, path.endsWith('/') ? `${path}index.html` : path);
  response.setHeader('Date', new Date(Date.now() + skew).toUTCString());
  if (cors) response.setHeader('Access-Control-Allow-Origin', cors);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (status) return response.writeHead(status).end();
  const size = down?.test(path) ? null : sizeOf(file);
  if (size === null) return response.writeHead(down?.test(path) ? 500 : 404, { 'Content-Type': 'text/plain' }).end('none');
  response.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream');
  if (modified) response.setHeader('Last-Modified', modified.toUTCString());
  const range = ranges ? /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') : null;
  const from = range ? Number(range[1]) : 0;
  const to = range && range[2] ? Math.min(Number(range[2]), size - 1) : size - 1;
  if (ranges) response.setHeader('Accept-Ranges', 'bytes');
  if (range && from >= size) return response.writeHead(416, { 'Content-Range': `bytes */${size}` }).end();
  response.setHeader('Content-Length', to - from + 1);
  if (range) response.setHeader('Content-Range', `bytes ${from}-${to}/${size}`);
  response.writeHead(range ? 206 : 200);
  if (request.method === 'HEAD' || size === 0) return response.end();
  const stream = createReadStream(file, { start: from, end: to, ...(pace && { highWaterMark: pace / 10 }) });
  response.on('close', () => stream.destroy());
  return pace ? slowly(stream, response) : stream.pipe(response);
}

/** What is read is a tenth of a second's worth. */
async function slowly(stream, response) {
  try {
    for await (const chunk of stream.on('error', () => {})) {
      response.write(chunk);
      await sleep(100);
    }
  } catch {
    // The browser wants no more of it.
  }
  response.end();
}

/** @param {string} file */
function sizeOf(file) {
  try {
    const stat = statSync(file);
    return stat.isFile() ? stat.size : null;
  } catch {
    return null;
  }
}
