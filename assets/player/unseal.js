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
 * @param {{ hash: string, policy: string | null, server: boolean, now: () => number, due: () => boolean, life: AbortSignal,
 *   show: (refusal: Refusal, box: HTMLElement) => void }} page `show` puts a state with a box on the page
 * @returns {Promise<Root>}
 */
export async function unseal(bundle, { hash, policy, server, now, due, life, show }) {
  let given = parseSecrets(hash);
  /** @type {string | undefined} */
  let password;
  const crypto = globalThis.isSecureContext && globalThis.crypto?.subtle !== undefined;

  /** @returns {Promise<Bytes | Refusal>} */
  async function share() {
    if (!given.s) return { state: 'needs-key', reason: 'needs-share' };
    const url = shareAddress(given.s, allowedOrigins(policy));
    return url ? fetchShare(url, { get: (...request) => fetch(...request), due }) : { state: 'damaged', reason: 'link-altered' };
  }

  for (;;) {
    const result = await unlock(bundle, { k: given.k, password }, { now, crypto, server, share });
    if ('root' in result) return result.root;
    const createBox = BOXES[/** @type {keyof typeof BOXES} */ (result.state)];
    if (life.aborted || !createBox) throw new StateError(result.state, result.reason);
    const text = await new Promise((/** @type {(text: string) => void} */ resolve) => show(result, createBox(resolve)));
    if (createBox === createKeyBox) given = { ...given, ...parseSecrets(text) };
    if (createBox === createPasswordBox) password = text;
  }
}
