/** @import { Bytes, Refusal } from './seal.d.ts' */
import { decodeBase64Url, KEY_BYTES } from './schedule.js';

/** How long the place of the key share may take, in ms. */
const SHARE_WAIT = 15_000;
/** Answers that mean: it is there no longer, or not for us. */
const GONE = [403, 404, 410];

/**
 * The origins that a page's policy lets it ask, other than its own.
 * @param {string | null | undefined} policy
 */
export function allowedOrigins(policy) {
  const directive = (policy ?? '').split(';').map((text) => text.trim()).find((text) => text.startsWith('connect-src '));
  return (directive ?? '').split(/\s+/).filter((source) => /^https?:/.test(source));
}

/**
 * Where the key share lies: https, or this very computer, and nowhere but where the page's policy allows. Null
 * for anything else: whoever edits a link must not make the page ask elsewhere.
 * @param {string} s
 * @param {string[]} allowed
 */
export function shareAddress(s, allowed) {
  try {
    const url = new URL(new TextDecoder('utf-8', { fatal: true }).decode(decodeBase64Url(s)));
    const fits = (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) && !url.username && !url.password;
    return fits && allowed.includes(url.origin) ? url.href : null;
  } catch {
    return null;
  }
}

/** @param {string} host */
function isLoopback(host) {
  return host === '[::1]' || host === 'localhost' || /^127(\.\d+){3}$/.test(host);
}

/**
 * Fetches the key share, or says in which state the page is without it.
 * @param {string} url
 * @param {{ get: typeof fetch, due: () => boolean, wait?: number }} options `due`: whether the bundle is over by now
 * @returns {Promise<Bytes | Refusal>}
 */
export async function fetchShare(url, { get, due, wait = SHARE_WAIT }) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), wait);
  /** @type {RequestInit} */
  const quiet = { credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-store', signal: abort.signal };
  try {
    // A redirect is an answer without status then; as an error it could not be told from a lack of leave.
    const answer = await get(url, { ...quiet, mode: 'cors', redirect: 'manual' });
    if (GONE.includes(answer.status)) return { state: due() ? 'expired' : 'revoked' };
    if (answer.status !== 200) return { state: 'unreachable', reason: 'share' };
    return await exactShare(answer) ?? { state: 'damaged', reason: 'share' };
  } catch {
    return { state: 'unreachable', reason: await answers(get, url, quiet) ? 'cors' : 'share' };
  } finally {
    clearTimeout(timer);
    abort.abort();
  }
}

/**
 * Whether the place answers at all: then it only lacks the leave to be read from here.
 * @param {typeof fetch} get
 * @param {string} url
 * @param {RequestInit} quiet
 */
async function answers(get, url, quiet) {
  if (quiet.signal?.aborted) return false;
  try {
    await get(url, { ...quiet, mode: 'no-cors', redirect: 'follow' });
    return true;
  } catch {
    return false;
  }
}

/**
 * The body if it has exactly the length of a share; not a byte more of a longer one is kept.
 * @param {Response} answer
 */
async function exactShare(answer) {
  const share = new Uint8Array(KEY_BYTES);
  const reader = answer.body?.getReader();
  let length = 0;
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    if (length + value.length > KEY_BYTES) return null;
    share.set(value, length);
    length += value.length;
  }
  return length === KEY_BYTES ? share : null;
}
