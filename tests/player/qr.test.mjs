// QR codes, square by square beside those of another encoder; `tests/browser/take-away.test.mjs` reads a drawn one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import encodeQR from 'qr';
import { qrCode } from '../../assets/player/qr.js';

/** What it makes has a margin of at least one square. */
const other = (text) => encodeQR(text, 'raw', { ecc: 'low', encoding: 'byte', mask: 0, border: 1 }).slice(1, -1).map((row) => row.slice(1, -1));

test('a code of every version is drawn as the standard says', () => {
  const link = 'https://bucket.example/bug/index.html?v=1&title=Zürich#t=83.2&panel=network&k=';
  const versions = new Set();
  for (let length = 1; length < 2900; length = Math.ceil(length * 1.04) + 1) {
    const text = link.repeat(40).slice(0, length);
    const rows = qrCode(text);
    versions.add((rows.length - 17) / 4);
    assert.deepEqual(rows, other(text), `${length} letters`);
  }
  assert.equal(versions.size, 40, [...versions].join(' '));
});

test('what is too long has no code', () => {
  assert.equal(qrCode('x'.repeat(2953)).length, 177);
  assert.equal(qrCode('x'.repeat(2954)), null);
});
