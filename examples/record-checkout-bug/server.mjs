// The shop: pages, assets, API, the ticker, all over TLS on one loopback port.
// Chromium is told to look for *.acme.example here, so the recording shows the
// invented names. The certificate is made for the run and trusted by its hash:
// ignoring certificate errors instead would turn the HTTP cache off.
import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { Backend } from './backend.mjs';
import { accept } from './websocket.mjs';

const SHOP = fileURLToPath(new URL('shop/', import.meta.url));
const TYPES = { '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.svg': 'image/svg+xml', '.webp': 'image/webp' };
const PAGES = { '/cart': 'cart.html', '/checkout/c_81f2': 'checkout.html' };

// Secrets in form only: there is no account, no key and no service behind them.
const base64url = value => Buffer.from(value).toString('base64url');
const TOKEN = [
  base64url(JSON.stringify({ alg: 'HS256', typ: 'JWT' })),
  base64url(JSON.stringify({ iss: 'shop.acme.example', sub: 'usr_demo_2047', scope: 'cart:write pay:create', exp: 1924991999 })),
  base64url('invented-signature-of-the-example'),
].join('.');
const SESSION_COOKIE = 'sid=s%3Ainvented-session-5f0c2a9d41.7Qm1xKexampleonly';

function certificate() {
  const folder = mkdtempSync(join(tmpdir(), 'acme-shop-'));
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
      '-subj', '/CN=shop.acme.example', '-addext', 'subjectAltName=DNS:shop.acme.example,DNS:*.acme.example',
      '-keyout', key, '-out', cert], { stdio: 'ignore' });
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function startShop() {
  const tls = certificate();
  const backend = new Backend();
  const server = createServer(tls, (request, response) => {
    handle(backend, request, response).catch(error => {
      console.error('shop:', error);
      response.destroy();
    });
  });
  server.on('upgrade', (request, socket) => accept(request, socket, ticker));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const spki = new X509Certificate(tls.cert).publicKey.export({ type: 'spki', format: 'der' });
  return {
    backend,
    port: server.address().port,
    spkiHash: createHash('sha256').update(spki).digest('base64'),
    close() {
      backend.stop();
      server.close();
      server.closeAllConnections();
    },
  };
}

function ticker(text, send) {
  const { type, skus } = JSON.parse(text);
  if (type === 'ping') return send({ type: 'pong' });
  if (type !== 'subscribe') return;
  send({ type: 'subscribed', skus });
  [[1200, 'MUG-HRB', 14], [6400, 'TOTE-CNV', 3], [15_000, 'MUG-HRB', 13], [21_500, 'TOTE-CNV', 2]]
    .forEach(([ms, sku, left]) => setTimeout(() => send({ type: 'stock', sku, left }), ms).unref());
}

async function handle(backend, request, response) {
  const url = new URL(request.url, `https://${request.headers.host}`);
  const started = Date.now();
  if (url.pathname === '/checkout') return response.writeHead(302, { location: '/checkout/c_81f2', 'cache-control': 'no-store' }).end();
  if (!url.pathname.startsWith('/api/') && url.hostname !== 'api.acme.example') return file(backend, url, request, response);

  const traceId = /^00-([0-9a-f]{32})-/.exec(request.headers.traceparent ?? '')?.[1];
  const ids = { traceId, requestId: request.headers['x-request-id'] };
  const reply = (status, body) => {
    const level = status >= 500 ? 'error' : 'info';
    if (request.method !== 'OPTIONS') backend.write(level, 'gateway', `${request.method} ${url.pathname} ${status}`, { ...ids, durationMs: Date.now() - started });
    const headers = { 'cache-control': 'no-store' };
    if (ids.requestId) headers['x-request-id'] = ids.requestId;
    if (url.hostname === 'api.acme.example') Object.assign(headers, CORS);
    if (body === undefined) return response.writeHead(status, headers).end();
    response.writeHead(status, { ...headers, 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
  };
  const route = ROUTES[`${request.method} ${url.pathname}`];
  if (!route) return reply(404, { error: 'NotFound' });
  await route({ backend, url, ids, reply, body: await readJson(request) });
}

const CORS = {
  'access-control-allow-origin': 'https://shop.acme.example',
  'access-control-allow-headers': 'authorization, traceparent, x-request-id',
  'access-control-max-age': '600', vary: 'origin',
};

const ROUTES = {
  'GET /api/session': async ({ reply }) => {
    await sleep(70);
    reply(200, { customer: { id: 'usr_demo_2047', name: 'Mara Lindqvist', plan: 'plus' }, token: TOKEN, flags: { newCheckout: true, vatAtPayment: true, applePay: false } });
  },
  'GET /api/cart': async ({ backend, reply }) => {
    await sleep(45);
    reply(200, backend.cart());
  },
  'GET /api/countries': async ({ backend, reply }) => {
    await sleep(30);
    reply(200, backend.countries());
  },
  'PATCH /api/cart': async ({ backend, body, ids, reply }) => reply(200, await backend.moveCart(body.country, ids)),
  'POST /api/address/check': async ({ body, reply }) => {
    await sleep(55);
    reply(200, { valid: true, postcode: body.postcode, city: 'Dublin 2' });
  },
  'OPTIONS /v2/rates': ({ reply }) => reply(204),
  'GET /v2/rates': async ({ backend, url, ids, reply }) => {
    await sleep(50);
    const row = backend.rate(url.searchParams.get('country'), ids);
    reply(row ? 200 : 204, row);
  },
  'POST /api/pay': async ({ backend, body, ids, reply }) => {
    try {
      reply(200, await backend.pay(body, ids));
    } catch (error) {
      reply(500, { error: error.name, trace: ids.traceId });
    }
  },
  'POST /api/client-errors': async ({ reply }) => {
    await sleep(25);
    reply(202);
  },
};

async function readJson(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return chunks.length ? JSON.parse(Buffer.concat(chunks)) : undefined;
}

async function file(backend, url, request, response) {
  const name = PAGES[url.pathname] ?? (/^\/assets\/[a-z-]+\.[a-z]+$/.test(url.pathname) ? url.pathname.slice(1) : '');
  let data;
  try {
    data = readFileSync(join(SHOP, name));
  } catch {
    return response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found\n');
  }
  const type = TYPES[extname(name)];
  const etag = `"${createHash('sha256').update(data).digest('hex').slice(0, 16)}"`;
  // Pictures may be kept; what can change between releases is asked for again each time.
  const headers = { etag, 'cache-control': type.startsWith('image/') ? 'max-age=3600' : 'no-cache' };
  if (name === 'checkout.html') backend.startJobs();
  if (name.endsWith('.html')) headers['set-cookie'] = `${SESSION_COOKIE}; Path=/; Secure; HttpOnly; SameSite=Lax`;
  await sleep(name.endsWith('.html') ? 60 : 12);
  if (request.headers['if-none-match'] === etag) return response.writeHead(304, headers).end();
  response.writeHead(200, { ...headers, 'content-type': type, 'content-length': data.length }).end(data);
}
