/** Of each version, how many bytes check a block (level L, the least), and how many blocks there are; a digit each. */
const [CHECKS, BLOCKS] = ['7afkqikouikoqumosussssuuqsuuuuuuuuuuuuuu', '11111222244444666678899acccdefghijjklmop'].map((text) => Array.from(text, (digit) => parseInt(digit, 36)));
/** Level L and the first mask, with their own check bits. */
const FORMAT = 0x77c4;

/** Bytes of a version, checks and all. @param {number} version */
function room(version) {
  const marks = version > 1 ? Math.floor(version / 7) + 2 : 0;
  const bits = (16 * version + 128) * version + 64 - (marks && (25 * marks - 10) * marks - 55) - (version > 6 ? 36 : 0);
  return bits >> 3;
}

/** A product in the field of 256 that QR codes use. @param {number} one @param {number} other */
function product(one, other) {
  let sum = 0;
  for (let bit = 7; bit >= 0; bit--) sum = (sum << 1) ^ ((sum >> 7) * 0x11d) ^ (((other >> bit) & 1) * one);
  return sum;
}

/** The bytes that check a block. @param {number[]} block @param {number} count */
function checksOf(block, count) {
  const divisor = Array.from({ length: count }, (_, i) => Number(i === count - 1));
  for (let i = 0, root = 1; i < count; i++, root = product(root, 2)) {
    divisor.forEach((one, j) => (divisor[j] = product(one, root) ^ (divisor[j + 1] ?? 0)));
  }
  return block.reduce((rest, byte) => {
    const factor = byte ^ rest[0];
    return divisor.map((one, i) => product(one, factor) ^ (rest[i + 1] ?? 0));
  }, divisor.map(() => 0));
}

/** All bytes in the order in which they are drawn. @param {number[]} data @param {number} version */
function mixed(data, version) {
  const [count, checks, all] = [BLOCKS[version - 1], CHECKS[version - 1], room(version)];
  const short = Math.floor(all / count);
  let at = 0;
  const blocks = Array.from({ length: count }, (_, i) => data.slice(at, at += short - checks + Number(i >= count - all % count)));
  const column = (/** @type {number[][]} */ rows) => Array.from({ length: short + 1 }, (_, i) => rows.flatMap((row) => row[i] ?? [])).flat();
  return [...column(blocks), ...column(blocks.map((block) => checksOf(block, checks)))];
}

/** A number followed by its check bits. @param {number} value @param {number} bits @param {number} divisor */
function checked(value, bits, divisor) {
  let rest = value;
  for (let i = 0; i < bits; i++) rest = (rest << 1) ^ ((rest >> (bits - 1)) * divisor);
  return value << bits | rest;
}

/**
 * A text as a QR code (ISO/IEC 18004, bytes, the lowest level of correction).
 * @param {string} text
 * @returns {boolean[][] | null} rows of squares, the dark ones true; `null` when it is too long
 */
export function qrCode(text) {
  const bytes = new TextEncoder().encode(text);
  const version = CHECKS.findIndex((checks, i) => room(i + 1) - checks * BLOCKS[i] >= bytes.length + (i > 8 ? 3 : 2)) + 1;
  if (!version) return null;
  const size = version * 4 + 17;
  const hex = (/** @type {number} */ value, digits = 2) => value.toString(16).padStart(digits, '0');
  const total = room(version) - CHECKS[version - 1] * BLOCKS[version - 1];
  const said = `4${hex(bytes.length, version > 9 ? 4 : 2)}${Array.from(bytes, (byte) => hex(byte)).join('')}0`.padEnd(total * 2, 'ec11');
  const data = mixed(Array.from({ length: total }, (_, i) => parseInt(said.slice(i * 2, i * 2 + 2), 16)), version);

  const rows = Array.from({ length: size }, () => /** @type {boolean[]} */ ([]));
  const put = (/** @type {number} */ x, /** @type {number} */ y, /** @type {unknown} */ dark) => rows[y] && x >= 0 && x < size && (rows[y][x] = Boolean(dark));
  /** Rings around a place. */
  const target = (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ reach, /** @type {number[]} */ light) => {
    for (let i = -reach; i <= reach; i++) for (let j = -reach; j <= reach; j++) put(x + i, y + j, !light.includes(Math.max(Math.abs(i), Math.abs(j))));
  };
  const last = size - 7;
  for (let i = 0; i < size; i++) [[6, i], [i, 6]].forEach(([x, y]) => put(x, y, i % 2 === 0));
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) target(x, y, 4, [2, 4]);
  const marks = Math.floor(version / 7) + 2;
  const step = version === 32 ? 26 : Math.ceil((version * 4 + 4) / (marks * 2 - 2)) * 2;
  const places = version > 1 ? [6, ...Array.from({ length: marks - 1 }, (_, i) => last - i * step)] : [];
  for (const x of places) for (const y of places) if (x + y > 12 && x + y !== last + 6 || x !== 6 && y !== 6) target(x, y, 2, [1]);
  for (let i = 0; i < 15; i++) {
    const dark = FORMAT >> i & 1;
    put(8, i < 6 ? i : i < 8 ? i + 1 : size - 15 + i, dark);
    put(i < 8 ? size - 1 - i : i < 9 ? 7 : 14 - i, 8, dark);
  }
  put(8, size - 8, true);
  for (let i = 0, bits = checked(version, 12, 0x1f25); version > 6 && i < 18; i++) {
    const [near, far] = [Math.floor(i / 3), size - 11 + i % 3];
    put(near, far, bits >> i & 1);
    put(far, near, bits >> i & 1);
  }
  let at = 0;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right--;
    for (let i = 0; i < size; i++) {
      for (const x of [right, right - 1]) {
        const y = (right + 1) & 2 ? i : size - 1 - i;
        if (rows[y][x] === undefined) put(x, y, ((data[at >> 3] ?? 0) >> (7 - at++ % 8) & 1) ^ Number((x + y) % 2 === 0));
      }
    }
  }
  return rows;
}
