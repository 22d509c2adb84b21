import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';
import { CHUNK_BYTES, Damage, deriveSecret, HEAD_BYTES, openAt, openWhole, plainLength, RECORD_BYTES, recordsOf, sealedLength } from '../../assets/player/cobblestone.js';
import { collect, inPieces, inputKeyOf, noise, seal } from './sealer.mjs';

const VECTORS = process.env.SEALCAST_VECTORS ?? fileURLToPath(new URL('../vectors/wycheproof', import.meta.url));
const FILE = join(VECTORS, 'c2sp_chunked_encryption_aes_256_gcm_test.json');
const KEY = new Uint8Array(32).fill(7);
const CONTEXT = new TextEncoder().encode('test');
const BORDERS = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 2 * CHUNK_BYTES + 1, 17 * CHUNK_BYTES, 33 * CHUNK_BYTES + 5];

const bytes = (buffer) => new Uint8Array(buffer);

async function deriving(key, context) {
  const inputKey = await inputKeyOf(bytes(key));
  return (head) => deriveSecret(inputKey, bytes(context), head);
}

/** A message in memory, read anywhere; as a server would, it gives less at its end. */
async function readerOf(sealed, derive) {
  return openAt(async (offset, length) => bytes(sealed.subarray(offset, offset + length)), sealed.length, derive);
}

async function whole(sealed, derive, size = 40_000) {
  return collect(openWhole(inPieces(sealed, size), derive));
}

test('wycheproof: Cobblestone-256, whole and by random access', async (t) => {
  if (!existsSync(FILE)) return t.skip(`no vectors at ${FILE}; SEALCAST_VECTORS names their folder`);
  const { testGroups } = JSON.parse(readFileSync(FILE, 'utf8'));
  const cases = testGroups.flatMap(({ tests }) => tests);
  assert.equal(cases.length, 35);
  for (const { tcId, comment, key, ctx, ct, msgLength, msgSha512, result, flags } of cases) {
    await t.test(`${tcId} ${comment}`, async () => {
      const sealed = inflateSync(Buffer.from(ct, 'hex'));
      const input = inputKeyOf(bytes(Buffer.from(key, 'hex')));
      if (flags.includes('InvalidKeySize')) return assert.rejects(input);
      await input;
      const derive = await deriving(Buffer.from(key, 'hex'), Buffer.from(ctx, 'hex'));
      const hashOf = (plain) => createHash('sha512').update(plain).digest('hex');

      for (const size of [997, 40_000, sealed.length || 1]) {
        const stream = openWhole(inPieces(sealed, size), derive);
        const released = [];
        let failure = null;
        try {
          for await (const chunk of stream) released.push(chunk);
        } catch (error) {
          failure = error;
        }
        const plain = Buffer.concat(released);
        if (result === 'valid') {
          assert.equal(failure, null);
          assert.deepEqual([plain.length, hashOf(plain)], [msgLength, msgSha512]);
        } else {
          assert.ok(failure instanceof Damage, String(failure));
          assert.ok(plain.length <= (msgLength ?? 0), 'no more than the valid prefix');
          if (plain.length && plain.length === msgLength) assert.equal(hashOf(plain), msgSha512);
          for (let again = 0; again < 2; again++) await assert.rejects(stream.next(), Damage, 'it keeps failing');
        }
      }

      const reader = await readerOf(sealed, derive);
      const all = (async () => reader.read(0, await reader.length()))();
      if (result === 'valid') {
        assert.deepEqual([(await all).length, hashOf(await all)], [msgLength, msgSha512]);
        for (const [from, to] of [[0, 1], [msgLength - 1, msgLength], [msgLength >> 1, msgLength], [CHUNK_BYTES - 1, CHUNK_BYTES + 1]]) {
          if (from >= 0 && to <= msgLength) assert.deepEqual(await reader.read(from, to - from), (await all).subarray(from, to));
        }
      } else {
        await assert.rejects(all, Damage);
        if (!flags.includes('ValidFinalChunk')) await assert.rejects(Promise.resolve(reader.length()), Damage);
      }
    });
  }
});

test('lengths go there and back', () => {
  for (const [plain, sealed] of [[0, 72], [1, 73], [16383, 16455], [16384, 16472], [16385, 16473], [32768, 32872], [2 ** 31, 2149580872]]) {
    assert.equal(sealedLength(plain), sealed);
    assert.equal(plainLength(sealed), plain);
  }
  for (const none of [0, 55, 56, 71, 56 + 16400, 56 + 16415, 2 ** 53]) assert.equal(plainLength(none), null, `${none}`);
});

test('every length opens, whole in pieces of any size and at any place', async () => {
  const derive = await deriving(KEY, CONTEXT);
  for (const length of BORDERS) {
    const plain = noise(length);
    const sealed = seal(KEY, CONTEXT, plain);
    assert.equal(sealed.length, sealedLength(length));
    for (const size of [1009, RECORD_BYTES, 1 << 20]) assert.deepEqual(await whole(sealed, derive, size), plain, `${length} in ${size}`);
    const reader = await readerOf(sealed, derive);
    assert.equal(await reader.length(), length);
    for (const offset of BORDERS.filter((border) => border <= length)) {
      for (const wanted of [0, 1, 2, CHUNK_BYTES, length - offset]) {
        const count = Math.min(wanted, length - offset);
        assert.deepEqual(Buffer.from(await reader.read(offset, count)), plain.subarray(offset, offset + count), `${length}: ${offset}+${count}`);
      }
    }
    await assert.rejects(reader.read(length, 1), Damage);
  }
});

test('records far behind have their own nonces', async () => {
  // 2^32 chunks and more: the number reaches the fifth byte from the end.
  const { first, from, to, skip } = recordsOf(CHUNK_BYTES * 2 ** 33 + 5, 3);
  assert.deepEqual([first, from, to, skip], [2 ** 33, HEAD_BYTES + RECORD_BYTES * 2 ** 33, HEAD_BYTES + RECORD_BYTES * (2 ** 33 + 1), 5]);
  const { createCipheriv } = await import('node:crypto');
  const { importMessage } = await import('../../assets/player/cobblestone.js');
  const [key, nonce] = [bytes(randomBytes(32)), bytes(randomBytes(12))];
  const number = (BigInt(`0x${Buffer.from(nonce).toString('hex')}`) ^ BigInt(2 ** 33 + 258)).toString(16).padStart(24, '0');
  const cipher = createCipheriv('aes-256-gcm', key, Buffer.from(number, 'hex'));
  const record = Buffer.concat([cipher.update('far'), cipher.final(), cipher.getAuthTag()]);
  const message = await importMessage({ key, nonce });
  assert.equal(Buffer.from(await message.open(2 ** 33 + 258, bytes(record))).toString(), 'far');
  await assert.rejects(message.open(258, bytes(record)), Damage);
  await assert.rejects(message.open(2 ** 33 + 258, bytes(record)), Damage, 'it keeps failing');
});

test('a changed message gives nothing from the change on', async () => {
  const derive = await deriving(KEY, CONTEXT);
  const plain = noise(40 * CHUNK_BYTES + 9);
  const sealed = seal(KEY, CONTEXT, plain);
  const changed = (at) => Buffer.from(sealed.map((byte, i) => (i === at ? byte ^ 1 : byte)));
  const swapped = Buffer.from(sealed);
  sealed.copy(swapped, HEAD_BYTES, HEAD_BYTES + RECORD_BYTES, HEAD_BYTES + 2 * RECORD_BYTES);
  sealed.copy(swapped, HEAD_BYTES + RECORD_BYTES, HEAD_BYTES, HEAD_BYTES + RECORD_BYTES);
  const spoilt = [changed(0), changed(30), changed(HEAD_BYTES), changed(sealed.length - 1), swapped, sealed.subarray(0, -1),
    sealed.subarray(0, -25), sealed.subarray(0, -9000), Buffer.concat([sealed, Buffer.alloc(1)]), Buffer.concat([sealed, Buffer.alloc(RECORD_BYTES)])];
  for (const [i, message] of spoilt.entries()) {
    await assert.rejects(whole(message, derive), Damage, `${i} whole`);
    await assert.rejects((async () => {
      const reader = await readerOf(message, derive);
      return reader.read(0, await reader.length());
    })(), Damage, `${i} by place`);
  }
  const reader = await readerOf(changed(HEAD_BYTES + 20 * RECORD_BYTES), derive);
  assert.deepEqual(Buffer.from(await reader.read(5, CHUNK_BYTES)), plain.subarray(5, CHUNK_BYTES + 5), 'authentic chunks open');
  await assert.rejects(reader.read(20 * CHUNK_BYTES, 1), Damage);
  await assert.rejects(reader.read(5, 1), Damage, 'it keeps failing');
});

test('a network that fails is no damage, and may work again', async () => {
  const derive = await deriving(KEY, CONTEXT);
  const sealed = seal(KEY, CONTEXT, noise(5));
  let fail = true;
  const reader = openAt(async (offset, length) => {
    if (fail) throw new TypeError('no network');
    return bytes(sealed.subarray(offset, offset + length));
  }, sealed.length, derive);
  await assert.rejects(reader.read(0, 5), TypeError);
  fail = false;
  assert.equal((await reader.read(0, 5)).length, 5);
});
