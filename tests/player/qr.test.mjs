// QR codes, read back by a reader of its own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import decodeQR from 'qr/decode.js';
import { qrCode } from '../../assets/player/qr.js';

/** The text in a code, drawn with a margin. */
function read(rows) {
  const [scale, margin] = [3, 4];
  const size = (rows.length + margin * 2) * scale;
  const pixels = new Uint8ClampedArray(size * size * 4).fill(255);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (rows[Math.floor(y / scale) - margin]?.[Math.floor(x / scale) - margin]) pixels.fill(0, (y * size + x) * 4, (y * size + x) * 4 + 3);
    }
  }
  return decodeQR({ width: size, height: size, data: pixels });
}

test('a code of every version says what was put in', () => {
  const link = 'https://bucket.example/bug/index.html?v=1&title=Zürich#t=83.2&panel=network&k=';
  const versions = new Set();
  for (let length = 1; length < 2900; length = Math.ceil(length * 1.04) + 1) {
    const text = link.repeat(40).slice(0, length);
    const rows = qrCode(text);
    versions.add((rows.length - 17) / 4);
    assert.ok(rows.every((row) => row.length === rows.length && row.every((dark) => typeof dark === 'boolean')));
    assert.equal(read(rows), text, `${length} letters`);
  }
  assert.equal(versions.size, 40, [...versions].join(' '));
});

test('what is too long has no code', () => {
  assert.equal(qrCode('x'.repeat(2953)).length, 177);
  assert.equal(qrCode('x'.repeat(2954)), null);
});
