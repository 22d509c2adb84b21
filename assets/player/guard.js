/** @import { Header } from './types.d.ts' */
import { fileUrl, isWeb } from './address.js';
import { askServer, estimateNow, isExpired, parseDate } from './expiry.js';

/** How long the page waits for its server's clock, and how often it looks at its own, in ms. */
const CLOCK_WAIT = 3000;
const CHECK_EVERY = 15_000;

/**
 * Watches over the life span of the recording. `check` asks the server anew; the timer only counts on.
 * @param {Header} header
 * @param {{ onExpire: () => void, life: AbortSignal }} options
 */
export function createGuard(header, { onExpire, life }) {
  const web = isWeb(location.protocol);
  const modified = web ? parseDate(document.lastModified) : null;
  /** @type {{ server: number, date: number, ticks: number } | null} */
  let seen = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  function now() {
    // A sleeping computer stops one clock or the other; the later one is right.
    const passed = seen ? Math.max(Date.now() - seen.date, performance.now() - seen.ticks) / 1000 : 0;
    return estimateNow({ server: seen && seen.server + passed, client: Date.now() / 1000, created: header.created, modified });
  }

  async function ask() {
    const url = web ? fileUrl(location.href, '') : null;
    const server = url ? await askServer((...request) => fetch(...request), url, CLOCK_WAIT) : null;
    if (server !== null) seen = { server, date: Date.now(), ticks: performance.now() };
  }

  function look() {
    clearTimeout(timer);
    if (life.aborted) return false;
    if (isExpired(header, now())) {
      onExpire();
      return true;
    }
    timer = setTimeout(look, Math.max(50, Math.min(CHECK_EVERY, (header.expires - now()) * 1000)));
    return false;
  }

  /** Whether the recording has expired. */
  async function check() {
    if (header.expires === 0 || life.aborted) return false;
    await ask();
    return look();
  }

  document.addEventListener('visibilitychange', () => (document.hidden ? undefined : void check()), { signal: life });
  addEventListener('pageshow', (event) => (event.persisted ? void check() : undefined), { signal: life });
  return { now, check };
}
