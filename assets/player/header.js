/** @import { End, Header } from './types.d.ts' */
import { StateError } from './states.js';

export const FORMAT_VERSION = 1;
const HEADER_LIMIT = 512;
export const KDF_ITERATIONS_MIN = 100_000;
export const KDF_ITERATIONS_MAX = 10_000_000;
const SUITES = ['none', 'C256'];

/**
 * The header, only if it is exactly what a writer would have written: what was read is written again and
 * compared, so that no second spelling of the same header exists.
 * @param {string | null | undefined} text
 * @returns {Header}
 */
export function parseHeader(text) {
  const refused = new StateError('damaged', 'header');
  if (!text || text.length > HEADER_LIMIT) throw refused;
  let header;
  try {
    header = JSON.parse(text);
  } catch {
    throw refused;
  }
  if (Number.isSafeInteger(header?.v) && header.v > FORMAT_VERSION) throw new StateError('unsupported', 'newer-version');
  if (!isHeader(header) || canonical(header) !== text) throw refused;
  if (!SUITES.includes(header.suite)) throw new StateError('unsupported', 'newer-version');
  if (!isSealed(header) && (header.kdf || header.share)) throw refused;
  return header;
}

/** @param {Header} header */
export function isSealed({ suite }) {
  return suite !== 'none';
}

/**
 * @param {any} header
 * @returns {header is Header}
 */
function isHeader(header) {
  return header?.v === FORMAT_VERSION && /^[A-Za-z0-9]{1,16}$/.test(header.suite) && isId(header.bundle)
    && isTime(header.created) && isTime(header.expires) && isKdf(header.kdf) && typeof header.share === 'boolean';
}

/**
 * Too few iterations make a password easy to guess, too many stall the page.
 * @param {any} kdf
 */
function isKdf(kdf) {
  return kdf === null || (kdf?.alg === 'pbkdf2-sha256' && isId(kdf.salt)
    && isTime(kdf.iter) && kdf.iter >= KDF_ITERATIONS_MIN && kdf.iter <= KDF_ITERATIONS_MAX);
}

/**
 * 16 bytes in base64url: the last of the 22 characters carries two bits only.
 * @param {any} text
 */
function isId(text) {
  return typeof text === 'string' && /^[A-Za-z0-9_-]{21}[AQgw]$/.test(text);
}

/** @param {any} value */
function isTime(value) {
  return Number.isSafeInteger(value) && value >= 0;
}

/** @param {Header} header */
function canonical({ v, suite, bundle, created, expires, kdf, share }) {
  const known = kdf && { alg: kdf.alg, iter: kdf.iter, salt: kdf.salt };
  return JSON.stringify({ v, suite, bundle, created, expires, kdf: known, share });
}

/**
 * The end block as a table of parts. Without it the file was cut.
 * @param {string | null | undefined} text
 * @returns {Map<number, { length: number, crc: number }>}
 */
export function parseEnd(text) {
  try {
    const { parts } = /** @type {End} */ (JSON.parse(text ?? ''));
    return new Map(parts.map(([id, length, crc]) => [id, { length, crc }]));
  } catch {
    throw new StateError('damaged', 'cut');
  }
}
