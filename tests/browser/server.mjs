// A plain file server on loopback with Range, which takes down every request and can be made to misbehave.
import { once } from 'node:events';
import { createReadStream, statSync } from 'node:fs';
import http from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES = { '.html': 'text/html; charset=utf-8', '.webm': 'video/webm', '.mp4': 'video/mp4', '.png': 'image/png', '.vtt': 'text/vtt', '.json': 'application/json', '.js': 'text/javascript' };

/**
 * @param {string} root
 * @param {{ skew?: number, ranges?: boolean, down?: RegExp, modified?: Date }} [options] skew: ms its clock is off;
 *   ranges false: it answers 200 with the whole; down: paths that answer 500; modified: Last-Modified of all
 */
export async function serve(root, options = {}) {
  const requests = [];
  const server = http.createServer((request, response) => {
    requests.push({ method: request.method, url: request.url, range: request.headers.range ?? null, referer: request.headers.referer ?? null });
    answer(root, options, request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    origin,
    requests,
    options,
    /** @param {string} file below the root */
    url: (file) => `${origin}/${file.split('/').map(encodeURIComponent).join('/')}`,
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function answer(root, { skew = 0, ranges = true, down, modified }, request, response) {
  const path = normalize(decodeURIComponent(new URL(request.url, 'http://host').pathname));
  const file = join(root, path.endsWith('/') ? `${path}index.html` : path);
  response.setHeader('Date', new Date(Date.now() + skew).toUTCString());
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
  const stream = createReadStream(file, { start: from, end: to });
  response.on('close', () => stream.destroy());
  return stream.pipe(response);
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
