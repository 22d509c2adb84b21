/** @import { Header } from './types.d.ts' */
/** @import { Bytes, Checks, Root } from './seal.d.ts' */
import { decodeBase64 } from './base64.js';
import { deriveSecret, equalBytes, joined } from './cobblestone.js';
import { StateError } from './states.js';

export const KEY_BYTES = 32;
export const CHECK_BYTES = 16;

const ROOT = 'sealcast/1 root';
const CHECK_KEY = 'sealcast/1 check key';
const CHECK_HEADER = 'sealcast/1 check header';
const CHECK_PASSWORD = 'sealcast/1 check password';

/** @param {string} text */
const utf8 = (text) => new TextEncoder().encode(text);

/**
 * 32 bytes out of their only spelling, which is that of keys and of commitments; null for anything else. The
 * last of the 43 characters carries four bits only.
 * @param {string} text
 * @returns {Bytes | null}
 */
export function parseKey(text) {
  return /^[\w-]{42}[AEIMQUYcgkosw048]$/.test(text) ? decodeBase64Url(text) : null;
}

/**
 * @param {string} text
 * @returns {Bytes}
 */
export function decodeBase64Url(text) {
  return decodeBase64(text.replaceAll('-', '+').replaceAll('_', '/').padEnd(Math.ceil(text.length / 4) * 4, '='));
}

/**
 * The checks that stand beside the header, only as a writer would have written them.
 * @param {string | null | undefined} text
 * @returns {Checks}
 */
export function parseChecks(text) {
  const check = '([\\w-]{21}[AQgw])';
  const found = new RegExp(`^\\{"key":"${check}","header":"${check}","password":(?:null|"${check}")\\}$`).exec(text ?? '');
  if (!found) throw new StateError('damaged', 'header');
  return { key: decodeBase64Url(found[1]), header: decodeBase64Url(found[2]), password: found[3] ? decodeBase64Url(found[3]) : null };
}

/**
 * What is derived from what the reader has. Nothing is derived from a password but together with the key, so that
 * nobody without the key can try passwords.
 * @param {Header} header
 * @param {string} headerText
 * @param {Bytes} key
 */
export function createSchedule(header, headerText, key) {
  const salt = decodeBase64Url(header.bundle);
  const zeroAndHeader = utf8(`\0${headerText}`);
  /** @type {Bytes | null} */
  let stretched = null;

  /**
   * @param {Bytes[]} secrets
   * @param {(base: CryptoKey) => Promise<any>} derive
   */
  async function from(secrets, derive) {
    const ikm = joined(secrets);
    try {
      return await derive(await crypto.subtle.importKey('raw', ikm, 'HKDF', false, ['deriveBits', 'deriveKey']));
    } finally {
      ikm.fill(0);
    }
  }

  /** @param {Bytes} info */
  const hkdf = (info) => ({ name: 'HKDF', hash: 'SHA-256', salt, info });

  /**
   * @param {Bytes[]} secrets
   * @param {Bytes} info
   * @param {Bytes | null} expected
   */
  async function fits(secrets, info, expected) {
    const made = await from(secrets, (base) => crypto.subtle.deriveBits(hkdf(info), base, 8 * CHECK_BYTES));
    return expected !== null && equalBytes(new Uint8Array(made), expected);
  }

  /** @param {string} password */
  async function stretch(password) {
    if (!header.kdf) throw new StateError('damaged', 'header');
    const base = await crypto.subtle.importKey('raw', utf8(password.normalize('NFC')), 'PBKDF2', false, ['deriveBits']);
    const kdf = { name: 'PBKDF2', hash: 'SHA-256', salt: decodeBase64Url(header.kdf.salt), iterations: header.kdf.iter };
    return new Uint8Array(await crypto.subtle.deriveBits(kdf, base, 8 * KEY_BYTES));
  }

  return {
    /** @param {Checks} checks */
    keyFits: (checks) => fits([key], utf8(CHECK_KEY), checks.key),

    /** @param {Checks} checks */
    headerFits: (checks) => fits([key], joined([utf8(CHECK_HEADER), zeroAndHeader]), checks.header),

    /**
     * A password that fits is kept, stretched, for the root.
     * @param {Checks} checks
     * @param {string} password
     */
    async passwordFits(checks, password) {
      stretched = await stretch(password);
      return fits([key, stretched], joined([utf8(CHECK_PASSWORD), zeroAndHeader]), checks.password);
    },

    /**
     * The key that the keys of all parts come from; its bytes never show.
     * @param {Bytes | null} share
     */
    async root(share) {
      const secrets = [key, stretched, share].filter((secret) => secret !== null);
      const hmac = { name: 'HMAC', hash: 'SHA-512', length: 8 * KEY_BYTES };
      return createRoot(await from(secrets, (base) => crypto.subtle.deriveKey(hkdf(joined([utf8(ROOT), zeroAndHeader])), base, hmac, false, ['sign'])));
    },

    forget() {
      for (const secret of [key, stretched]) secret?.fill(0);
      stretched = null;
    },
  };
}

/**
 * @param {CryptoKey} rootKey
 * @returns {Root}
 */
export function createRoot(rootKey) {
  /** @type {CryptoKey | null} */
  let kept = rootKey;
  return {
    async message(part, head, commitment) {
      const expected = commitment === undefined ? undefined : parseKey(commitment);
      // Only the manifest may go unnamed: nothing could name it.
      if (!kept || expected === null || (part !== 0 && !expected)) throw new StateError('damaged');
      return deriveSecret(kept, utf8(part === 0 ? 'manifest' : `part\0${part}`), head, expected);
    },
    forget() {
      kept = null;
    },
  };
}
