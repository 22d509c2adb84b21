/** @import { Header } from './types.d.ts' */
/** @import { Bytes, Checks, Refusal, Root } from './seal.d.ts' */
import { createKeyBox, createPasswordBox, createRetry } from './ask.js';
import { parseSecrets } from './paste.js';
import { allowedOrigins, fetchShare, shareAddress } from './share.js';
import { StateError } from './states.js';
import { unlock } from './unlock.js';

/** The states that the reader can do something about, and with what. */
const BOXES = {
  'needs-key': createKeyBox, 'wrong-key': createKeyBox,
  'needs-password': createPasswordBox, 'wrong-password': createPasswordBox,
  unreachable: createRetry,
};

/**
 * Opens a sealed bundle, asking the reader for what is missing as often as it takes.
 * @param {{ header: Header, headerText: string, checks: Checks }} bundle
 * @param {{ policy: string | null, server: boolean, now: () => number, due: () => boolean, life: AbortSignal,
 *   show: (refusal: Refusal, box: HTMLElement) => void, onSecrets: (secrets: { k?: string, s?: string }) => void }} page
 *   `show` puts a state with a box on the page; `onSecrets` hears what the reader handed in, once it fits
 * @returns {Promise<Root>}
 */
export async function unseal(bundle, { policy, server, now, due, life, show, onSecrets }) {
  let given = parseSecrets(location.hash);
  let asked = false;
  /** @type {string | undefined} */
  let password;
  const crypto = globalThis.isSecureContext && globalThis.crypto?.subtle !== undefined;

  /** @returns {Promise<Bytes | Refusal>} */
  async function share() {
    if (!given.s) return { state: 'needs-key', reason: 'needs-share' };
    const url = shareAddress(given.s, allowedOrigins(policy));
    return url ? fetchShare(url, { get: (...request) => fetch(...request), due }) : { state: 'damaged', reason: 'link-altered' };
  }

  let stale = false;
  const changes = new AbortController();
  addEventListener('hashchange', () => void (stale = true), { signal: changes.signal });
  life.addEventListener('abort', () => changes.abort());

  for (;;) {
    stale = false;
    const result = await unlock(bundle, { k: given.k, password }, { now, crypto, server, share });
    if (stale && !life.aborted) {
      // Another link was pasted over this one meanwhile.
      given = parseSecrets(location.hash);
      continue;
    }
    if ('root' in result) {
      changes.abort();
      if (asked) onSecrets(given);
      return result.root;
    }
    const createBox = BOXES[/** @type {keyof typeof BOXES} */ (result.state)];
    if (life.aborted || !createBox) throw new StateError(result.state, result.reason);
    const text = await answer((resolve) => show(result, createBox(resolve)));
    if (text === null) given = parseSecrets(location.hash);
    else if (createBox === createPasswordBox) password = text;
    else if (createBox === createKeyBox) given = withPasted(given, text);
    asked ||= text !== null && createBox === createKeyBox;
  }
}

/**
 * @param {{ k?: string, s?: string }} given
 * @param {string} text
 */
function withPasted(given, text) {
  const { k, s } = parseSecrets(text);
  // Text that holds neither is taken for a key all the same: the words for one that does not fit are then right.
  return { k: k ?? (s ? given.k : text), s: s ?? given.s };
}

/**
 * What the reader puts into the box; null when the address was changed instead: a link that is pasted over this
 * one differs in the fragment only, and then the browser does not load the page again.
 * @param {(resolve: (text: string) => void) => void} ask
 * @returns {Promise<string | null>}
 */
function answer(ask) {
  const life = new AbortController();
  return new Promise((/** @type {(text: string | null) => void} */ resolve) => {
    addEventListener('hashchange', () => resolve(null), { signal: life.signal });
    ask(resolve);
  }).finally(() => life.abort());
}
