/** @import { Header } from './types.d.ts' */

/**
 * The best guess at the time, in seconds since 1970. A clock that lies in the past is worth less than the
 * evidence in the page: it was not opened before it was made, nor before its server last wrote it.
 * @param {{ server: number | null, client: number, created: number, modified: number | null }} clocks
 */
export function estimateNow({ server, client, created, modified }) {
  return Math.max(server ?? client, created, modified ?? 0);
}

/**
 * @param {Header} header
 * @param {number} now
 */
export function isExpired(header, now) {
  return header.expires !== 0 && now >= header.expires;
}

/**
 * Seconds since 1970 out of a Date header or `document.lastModified`; null when unreadable.
 * @param {string | null | undefined} text
 */
export function parseDate(text) {
  const ms = text ? Date.parse(text) : NaN;
  return Number.isFinite(ms) ? Math.floor(ms / 1000) : null;
}

/**
 * Asks the page's own origin for the time. One byte is asked for, and the answer is dropped once its
 * headers are in: a server without Range would send the whole recording.
 * @param {typeof fetch} get
 * @param {string} url
 * @param {number} patience ms
 */
export async function askServer(get, url, patience) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), patience);
  try {
    const answer = await get(url, { headers: { Range: 'bytes=0-0' }, cache: 'no-store', signal: abort.signal });
    return parseDate(answer.headers.get('date'));
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
    abort.abort();
  }
}
