// A sealer for the tests, on node's own crypto and in no way like the code under test.
import assert from 'node:assert/strict';
import { createCipheriv, createHmac, hkdfSync, pbkdf2Sync, randomBytes } from 'node:crypto';

/** The input key of messages as the page derives it. */
export async function inputKeyOf(bytes) {
  assert.equal(bytes.length, 32);
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-512' }, false, ['sign']);
}

const LABEL = Buffer.from('c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM');

export function seal(inputKey, context, plain, salt = randomBytes(24)) {
  const info = Buffer.concat([LABEL, Buffer.alloc(1), salt, Buffer.from(context)]);
  const mac = (...pieces) => pieces.reduce((hmac, piece) => hmac.update(piece), createHmac('sha512', inputKey)).digest();
  const first = mac(info, Buffer.from([1]));
  const derived = Buffer.concat([first, mac(first, info, Buffer.from([2]))]);
  const records = [];
  for (let at = 0, number = 0n; at <= plain.length; at += 16384, number++) {
    const nonce = (BigInt(`0x${derived.subarray(32, 44).toString('hex')}`) ^ number).toString(16).padStart(24, '0');
    const cipher = createCipheriv('aes-256-gcm', derived.subarray(0, 32), Buffer.from(nonce, 'hex'));
    records.push(cipher.update(plain.subarray(at, at + 16384)), cipher.final(), cipher.getAuthTag());
  }
  return Buffer.concat([salt, derived.subarray(44, 76), ...records]);
}

/** A sealed bundle of the parts given by id; part 0, the manifest, is made of them. */
export function sealBundle(parts, { expires = 0, password = null, share = null, key = randomBytes(32), names = {} } = {}) {
  const bundle = randomBytes(16);
  const kdf = password === null ? null : { alg: 'pbkdf2-sha256', iter: 100000, salt: randomBytes(16).toString('base64url') };
  const header = JSON.stringify({ v: 1, suite: 'C256', bundle: bundle.toString('base64url'), created: 1700000000, expires, kdf, share: share !== null });
  const stretched = password === null ? null : pbkdf2Sync(password, Buffer.from(kdf.salt, 'base64url'), kdf.iter, 32, 'sha256');
  const derive = (secrets, info, length) => Buffer.from(hkdfSync('sha256', Buffer.concat(secrets.filter(Boolean)), bundle, info, length));
  const check = (secrets, info) => derive(secrets, info, 16).toString('base64url');
  const checks = JSON.stringify({
    key: check([key], 'sealcast/1 check key'),
    header: check([key], `sealcast/1 check header\0${header}`),
    password: password === null ? null : check([key, stretched], `sealcast/1 check password\0${header}`),
  });
  const root = derive([key, stretched, share], `sealcast/1 root\0${header}`, 32);
  const sealed = new Map();
  for (const [id, plain] of parts) sealed.set(id, seal(root, `part\0${id}`, plain));
  const list = [...parts].map(([id, plain]) => ({ id, length: plain.length, commitment: sealed.get(id).subarray(24, 56).toString('base64url'), ...names[id] }));
  sealed.set(0, seal(root, 'manifest', Buffer.from(`${JSON.stringify({ v: 1, parts: list })}   `)));
  return { header, checks, k: key.toString('base64url'), root, sealed, list, bundle: bundle.toString('base64url') };
}

/** Bytes that repeat nowhere near a chunk's length. */
export function noise(length) {
  return Buffer.from(Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) % 251));
}

/** The bytes in pieces of `size`, as a network would deliver them. */
export async function* inPieces(bytes, size) {
  for (let at = 0; at < bytes.length; at += size) yield new Uint8Array(bytes.subarray(at, at + size));
}

export async function collect(chunks) {
  const list = [];
  for await (const chunk of chunks) list.push(chunk);
  return Buffer.concat(list);
}

/** A static server's `fetch`: files by address, with Range unless `ranges` is off; keeps what was asked. */
export function createHost(files, { ranges = true, piece = 50000 } = {}) {
  const asked = [];
  const host = { asked, open: 0, sent: 0 };
  host.get = async (url, { headers = {}, signal } = {}) => {
    signal?.throwIfAborted();
    const range = new Headers(headers).get('range');
    asked.push([url, range]);
    const file = files.get(url);
    if (!file) return new Response('', { status: 404 });
    const [, from, to] = (ranges && /^bytes=(\d+)-(\d*)$/.exec(range ?? '')) || [];
    if (from !== undefined && Number(from) >= file.length) return new Response('', { status: 416 });
    const body = from === undefined ? file : file.subarray(Number(from), to ? Number(to) + 1 : undefined);
    let at = 0;
    host.open++;
    const stream = new ReadableStream({
      start: (controller) => signal?.addEventListener('abort', () => (host.open--, controller.error(signal.reason))),
      pull(controller) {
        const bytes = new Uint8Array(body.subarray(at, at + piece));
        at += bytes.length;
        host.sent += bytes.length;
        if (bytes.length) controller.enqueue(bytes);
        else host.open--, controller.close();
      },
      cancel: () => void host.open--,
    }, { highWaterMark: 0 });
    const partly = { 'content-range': `bytes ${from}-${Number(from) + body.length - 1}/${file.length}` };
    return new Response(stream, from === undefined ? { status: 200 } : { status: 206, headers: partly });
  };
  return host;
}
