/** @import { Header } from './types.d.ts' */
/** @import { Bytes, Checks, Refusal, Root } from './seal.d.ts' */
import { isExpired } from './expiry.js';
import { createSchedule, parseKey } from './schedule.js';

/**
 * Opens a sealed bundle, or gives the first page state that stands in the way. The order is FORMAT.md's: what a
 * reader is told must not depend on anything that comes later.
 * @param {{ header: Header, headerText: string, checks: Checks }} bundle
 * @param {{ k?: string, password?: string }} given
 * @param {{ now: () => number, crypto: boolean, server: boolean, share: () => Promise<Bytes | Refusal> }} place
 *   `crypto`: whether the browser lets the page use any; `server`: whether what lies beside the page can be read
 * @returns {Promise<Refusal | { root: Root }>}
 */
export async function unlock({ header, headerText, checks }, { k, password }, { now, crypto, server, share }) {
  if (isExpired(header, now())) return { state: 'expired' };
  if (!crypto) return { state: 'insecure-context' };
  if (!server) return { state: 'unsupported', reason: 'needs-server' };
  if (!k) return { state: 'needs-key' };
  const key = parseKey(k);
  if (!key) return { state: 'wrong-key', reason: 'cut-key' };
  const schedule = createSchedule(header, headerText, key);
  try {
    if (!await schedule.keyFits(checks)) return { state: 'wrong-key' };
    const consistent = (checks.password === null) === (header.kdf === null);
    if (!await schedule.headerFits(checks) || !consistent) return { state: 'damaged', reason: 'header' };
    if (header.kdf && !password) return { state: 'needs-password' };
    if (header.kdf && password && !await schedule.passwordFits(checks, password)) return { state: 'wrong-password' };
    const half = header.share ? await share() : null;
    if (half && 'state' in half) return half;
    const root = await schedule.root(half);
    half?.fill(0);
    return { root };
  } finally {
    schedule.forget();
  }
}
