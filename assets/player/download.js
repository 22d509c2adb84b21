/** @import { Bytes, Piece } from './seal.d.ts' */
import { Damage } from './cobblestone.js';
import { stretches } from './pieces.js';

/** A server did not give what it was asked for. */
export class Unreached extends Error {}

/**
 * Bytes [from, to) of a part as they arrive: one request a file, open-ended where the file is wanted to its end.
 * A server that knows no Range sends the whole file; what lies before is then passed over. Whoever stops reading
 * stops the transfer.
 * @param {Piece[]} pieces
 * @param {number} from
 * @param {number} to
 * @param {{ get: typeof fetch, signal?: AbortSignal, onAnswer?: (status: number) => void }} options
 * @returns {AsyncGenerator<Bytes, void>}
 */
export async function* download(pieces, from, to, { get, signal, onAnswer = () => {} }) {
  for (const stretch of stretches(pieces, from, to)) {
    const answer = await request(stretch, get, signal);
    onAnswer(answer.status);
    const reader = /** @type {ReadableStream<Bytes>} */ (answer.body).getReader();
    let before = answer.status === 206 ? 0 : stretch.from;
    let left = stretch.to - stretch.from;
    try {
      while (left > 0) {
        const { done, value } = await reader.read().catch((error) => refuse(error, signal));
        if (done) throw new Damage('a file is shorter than it was');
        const bytes = value.subarray(before, before + left);
        before = Math.max(0, before - value.length);
        left -= bytes.length;
        if (bytes.length) yield bytes;
      }
    } finally {
      reader.cancel().catch(() => {});
    }
  }
}

/**
 * @param {{ url: string, from: number, to: number, size: number }} stretch
 * @param {typeof fetch} get
 * @param {AbortSignal} [signal]
 */
async function request({ url, from, to, size }, get, signal) {
  /** @type {Record<string, string>} */
  const headers = from === 0 && to === size ? {} : { Range: `bytes=${from}-${to === size ? '' : to - 1}` };
  // A cache would hold the file back from a second request while the first still runs.
  const answer = await get(url, { headers, signal, cache: 'no-store', referrerPolicy: 'no-referrer' }).catch((error) => refuse(error, signal));
  // A page of another origin may not see where the answer starts.
  const start = /^bytes (\d+)-/.exec(answer.headers.get('content-range') ?? '')?.[1] ?? String(from);
  const fits = answer.status === 200 || (answer.status === 206 && Number(start) === from);
  if (fits && (totalIn(answer) ?? size) === size) return answer;
  answer.body?.cancel().catch(() => {});
  if (fits) throw new Damage('a file has another length than it had');
  throw new Unreached(`answer ${answer.status}`);
}

/**
 * Length of the whole file, where the answer says it.
 * @param {Response} answer
 */
function totalIn({ status, headers }) {
  if (status === 206) return lengthIn(/\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1]);
  return headers.has('content-encoding') ? null : lengthIn(headers.get('content-length'));
}

/** @param {string | null | undefined} text */
function lengthIn(text) {
  return text ? Number(text) : null;
}

/**
 * A transfer that was not stopped by us broke off.
 * @param {unknown} error
 * @param {AbortSignal | undefined} signal
 * @returns {never}
 */
function refuse(error, signal) {
  throw signal?.aborted ? error : new Unreached('no answer');
}
