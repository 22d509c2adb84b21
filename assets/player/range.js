/**
 * What a request's Range asks for, of `length` bytes: [from, to), `null` = the whole (no Range, or one that we do
 * not know), 'none' = nothing that is there.
 * @param {string | null} header
 * @param {number} length
 * @returns {{ from: number, to: number } | null | 'none'}
 */
export function parseRange(header, length) {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  const [first, last] = [match[1], match[2]].map((text) => (text === '' ? null : Number(text)));
  if (first === null) return last && length ? { from: Math.max(0, length - last), to: length } : 'none';
  if (last !== null && last < first) return null;
  return first < length ? { from: first, to: last === null ? length : Math.min(last + 1, length) } : 'none';
}

/**
 * Status and headers of the answer, and which bytes go into it.
 * @param {string | null} header
 * @param {number} length
 * @param {string} type
 */
export function answerTo(header, length, type) {
  const range = parseRange(header, length);
  const { from, to } = range === 'none' ? { from: 0, to: 0 } : range ?? { from: 0, to: length };
  /** @type {Record<string, string>} */
  const headers = {
    'Content-Type': type,
    'Content-Length': String(to - from),
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  };
  if (range === 'none') headers['Content-Range'] = `bytes */${length}`;
  else if (range) headers['Content-Range'] = `bytes ${from}-${to - 1}/${length}`;
  return { status: range === 'none' ? 416 : range ? 206 : 200, headers, from, to };
}
