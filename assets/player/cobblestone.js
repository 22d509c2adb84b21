/** @import { Bytes, ByteSource, Message, MessageSecret } from './seal.d.ts' */

// C2SP chunked encryption, Cobblestone-256: salt, commitment, records. A record is a chunk of 16 KiB in
// AES-256-GCM with its tag behind it; the last chunk is always shorter, which tells a whole message from a cut one.
export const CHUNK_BYTES = 16_384;
export const TAG_BYTES = 16;
export const RECORD_BYTES = 16_400;
export const SALT_BYTES = 24;
export const COMMITMENT_BYTES = 32;
export const HEAD_BYTES = 56;
const CHUNK_LIMIT = 274_877_906_944;

const KEY_SIZE = 32;
const NONCE_SIZE = 12;
const LABEL = 'c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0';
/** Records opened at once: one call does not fill a core, and a thousand would fill the memory. */
const AT_ONCE = 16;
const EMPTY = new Uint8Array();

/** A message is not as it was written. */
export class Damage extends Error {}

/** @param {number} plain */
export function sealedLength(plain) {
  return HEAD_BYTES + plain + (Math.floor(plain / CHUNK_BYTES) + 1) * TAG_BYTES;
}

/**
 * Length of the plaintext in a message of so many bytes; null when no message has that length.
 * @param {number} sealed
 */
export function plainLength(sealed) {
  const whole = Math.floor((sealed - HEAD_BYTES) / RECORD_BYTES);
  const last = (sealed - HEAD_BYTES) % RECORD_BYTES;
  return last < TAG_BYTES || whole >= CHUNK_LIMIT ? null : whole * CHUNK_BYTES + last - TAG_BYTES;
}

/**
 * Where the records lie that hold bytes [offset, offset + length) of the plaintext, and how much of the first
 * chunk comes before. The end is that of a full record.
 * @param {number} offset
 * @param {number} length
 */
export function recordsOf(offset, length) {
  const first = Math.floor(offset / CHUNK_BYTES);
  const last = Math.floor((offset + Math.max(1, length) - 1) / CHUNK_BYTES);
  return { first, skip: offset % CHUNK_BYTES, from: HEAD_BYTES + first * RECORD_BYTES, to: HEAD_BYTES + (last + 1) * RECORD_BYTES };
}

/**
 * Derives a message's keys from its first bytes, which must commit to this key and context. This is
 * HKDF-Expand with SHA-512 by hand: WebCrypto's own HKDF always extracts first.
 * @param {CryptoKey} inputKey
 * @param {Bytes} context
 * @param {Bytes} head
 * @param {Bytes} [commitment] the one that is expected, where it is known
 * @returns {Promise<MessageSecret>}
 */
export async function deriveSecret(inputKey, context, head, commitment) {
  if (head.length < HEAD_BYTES) throw new Damage('the message is cut in its head');
  const info = joined([new TextEncoder().encode(LABEL), head.subarray(0, SALT_BYTES), context]);
  const one = new Uint8Array(await crypto.subtle.sign('HMAC', inputKey, joined([info, Uint8Array.of(1)])));
  const two = new Uint8Array(await crypto.subtle.sign('HMAC', inputKey, joined([one, info, Uint8Array.of(2)])));
  const derived = joined([one, two]);
  const claimed = head.subarray(SALT_BYTES, HEAD_BYTES);
  const made = derived.subarray(KEY_SIZE + NONCE_SIZE, KEY_SIZE + NONCE_SIZE + COMMITMENT_BYTES);
  if (!equalBytes(made, claimed) || !equalBytes(made, commitment ?? claimed)) throw new Damage('the message was sealed for another place');
  return { key: derived.slice(0, KEY_SIZE), nonce: derived.slice(KEY_SIZE, KEY_SIZE + NONCE_SIZE) };
}

/**
 * A message whose commitment was checked. Once it has turned out to be damaged, it opens no more.
 * @param {MessageSecret} secret
 * @returns {Promise<Message>}
 */
export async function importMessage({ key, nonce }) {
  const cipher = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt']);
  /** @type {Damage | null} */
  let damage = null;

  /**
   * @param {number} number
   * @param {Bytes} record
   */
  const openRecord = async (number, record) => new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonceOf(nonce, number) }, cipher, record));

  return {
    async open(first, sealed) {
      const plain = new Uint8Array(Math.max(0, sealed.length - Math.ceil(sealed.length / RECORD_BYTES) * TAG_BYTES));
      try {
        if (!sealed.length) throw new Damage('a record is missing');
        for (let at = 0; at < sealed.length && !damage; at += AT_ONCE * RECORD_BYTES) {
          const batch = cut(sealed.subarray(at, at + AT_ONCE * RECORD_BYTES), RECORD_BYTES);
          const chunks = await Promise.all(batch.map((record, i) => openRecord(first + at / RECORD_BYTES + i, record)));
          chunks.forEach((chunk, i) => plain.set(chunk, (at / RECORD_BYTES + i) * CHUNK_BYTES));
        }
      } catch {
        damage ??= new Damage('a record was changed, moved or cut');
      }
      if (damage) throw damage;
      return plain;
    },
  };
}

/**
 * Opens records as their bytes arrive, many at a time and in order.
 * @param {Message} message
 * @param {AsyncIterable<Bytes>} pieces
 * @param {{ first?: number, toEnd?: boolean }} [options] `toEnd`: the bytes run to the end of the message, whose
 *   last record is shorter than the others; else they end with a full one
 * @returns {AsyncGenerator<Bytes, void>}
 */
export async function* openRecords(message, pieces, { first = 0, toEnd = true } = {}) {
  /** @type {Bytes} */
  let rest = EMPTY;
  let number = first;
  for await (const piece of pieces) {
    rest = rest.length ? joined([rest, piece]) : piece;
    while (rest.length >= RECORD_BYTES) {
      const count = Math.min(AT_ONCE, Math.floor(rest.length / RECORD_BYTES));
      const sealed = rest.subarray(0, count * RECORD_BYTES);
      rest = rest.subarray(count * RECORD_BYTES);
      yield await message.open(number, sealed);
      number += count;
    }
  }
  if (toEnd || rest.length) yield await message.open(number, rest);
}

/**
 * Opens a whole message as it arrives. After a failure it keeps failing: what came before was authentic, but it
 * must not pass for the whole.
 * @param {AsyncIterable<Bytes>} pieces
 * @param {(head: Bytes) => Promise<MessageSecret>} derive
 * @returns {AsyncIterableIterator<Bytes>}
 */
export function openWhole(pieces, derive) {
  const chunks = open();
  /** @type {unknown} */
  let failure = null;

  async function* open() {
    const arriving = pieces[Symbol.asyncIterator]();
    try {
      const start = await take(arriving, HEAD_BYTES);
      const message = await importMessage(await derive(start.subarray(0, HEAD_BYTES)));
      yield* openRecords(message, chain(start.subarray(HEAD_BYTES), arriving));
    } finally {
      await arriving.return?.();
    }
  }

  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (failure) throw failure;
      try {
        return await chunks.next();
      } catch (error) {
        failure = error;
        throw error;
      }
    },
    return: () => chunks.return(),
  };
}

/**
 * Opens a message anywhere.
 * @param {ByteSource} source
 * @param {number} size of the sealed message, in bytes
 * @param {(head: Bytes) => Promise<MessageSecret>} derive
 */
export function openAt(source, size, derive) {
  /** @type {Promise<Message> | null} */
  let message = null;

  function head() {
    message ??= source(0, Math.min(size, HEAD_BYTES)).then(derive).then(importMessage).catch((error) => {
      // A network that failed may work again; a message that is damaged stays so.
      if (!(error instanceof Damage)) message = null;
      throw error;
    });
    return message;
  }

  /**
   * @param {number} offset
   * @param {number} length
   */
  async function read(offset, length) {
    const { first, skip, from, to } = recordsOf(offset, length);
    const [{ open }, sealed] = await Promise.all([head(), source(from, Math.max(0, Math.min(to, size) - from))]);
    const plain = await open(first, sealed);
    if (plain.length < skip + length) throw new Damage('the message is too short');
    return plain.subarray(skip, skip + length);
  }

  return {
    read,
    /** The plaintext's length, which can be trusted: the last record is opened for it. */
    async length() {
      const length = plainLength(size);
      if (length === null) throw new Damage('no message has this length');
      await read(length - (length % CHUNK_BYTES), length % CHUNK_BYTES);
      return length;
    },
  };
}

/**
 * The base nonce XOR the record's number as a big-endian integer of the same length.
 * @param {Bytes} base
 * @param {number} number
 */
function nonceOf(base, number) {
  const nonce = base.slice();
  for (let place = NONCE_SIZE - 1, left = number; left > 0; place--, left = Math.floor(left / 256)) nonce[place] ^= left % 256;
  return nonce;
}

/**
 * Without an early exit, so that the time tells nothing.
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 */
export function equalBytes(a, b) {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a[i] ^ b[i];
  return difference === 0;
}

/**
 * @param {Uint8Array[]} list
 * @returns {Bytes}
 */
export function joined(list) {
  const out = new Uint8Array(list.reduce((sum, bytes) => sum + bytes.length, 0));
  let at = 0;
  for (const bytes of list) {
    out.set(bytes, at);
    at += bytes.length;
  }
  return out;
}

/**
 * @param {Bytes} bytes
 * @param {number} size
 */
function cut(bytes, size) {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

/**
 * At least so many bytes, or all there are.
 * @param {AsyncIterator<Bytes>} arriving
 * @param {number} count
 */
async function take(arriving, count) {
  /** @type {Bytes} */
  let taken = EMPTY;
  while (taken.length < count) {
    const { done, value } = await arriving.next();
    if (done) break;
    taken = joined([taken, value]);
  }
  return taken;
}

/**
 * @param {Bytes} start
 * @param {AsyncIterator<Bytes>} arriving
 */
async function* chain(start, arriving) {
  yield start;
  for (let next = await arriving.next(); !next.done; next = await arriving.next()) yield next.value;
}
