/** @import { Feed, Item, Source } from './types.d.ts' */
import { formatId } from './fragment.js';

/** Rows that are looked at in one go. */
const STRETCH = 500;
/** The members of rows that are columns of a table. */
const COLUMNS = 'time,level,kind,method,text,label,target,value,url,status,duration,size,service,error,at,trace,request';

/**
 * How rows are written as a file.
 * @type {Record<'har' | 'ndjson' | 'csv', (producer: string) => [start: string, between: string, end: string, line: (item: Item, clock: string, detail: () => Promise<any>) => Promise<string>]>}
 */
export const ROW_FORMS = {
  har: (producer) => [
    `{"log":{"version":"1.2","creator":${JSON.stringify({ name: producer, version: '' })},"entries":[\n`, ',\n', '\n]}}\n',
    async ({ data }, clock, detail) => JSON.stringify(harEntry(data, await detail(), clock)),
  ],
  ndjson: () => ['', '', '', async ({ stream, row, data: { detail: _, ...data } }, _clock, detail) => `${JSON.stringify({ stream, id: formatId(stream, row), ...data, record: await detail() })}\n`],
  // The mark before it says UTF-8 to Excel.
  csv: () => [`\ufeffid,stream,clock,${COLUMNS}\r\n`, '', '', async ({ stream, row, data }, clock) => (
    `${[formatId(stream, row), stream, clock, ...COLUMNS.split(',').map((name) => data[name])].map(csvCell).join()}\r\n`)],
};

/**
 * The rows of a feed as the text of a file, in pieces.
 * @param {Source} source
 * @param {Pick<Feed, 'load'>} feed
 * @param {keyof typeof ROW_FORMS} form
 * @param {{ from: number, to: number, test: ((item: Item) => boolean) | null, onProgress: (share: number) => void }} choice
 */
export async function* rowsOut({ manifest, detail }, feed, form, { from, to, test, onProgress }) {
  const [start, between, end, line] = ROW_FORMS[form](manifest.producer);
  yield start;
  let gap = '';
  for (let at = from; at < to; at += STRETCH) {
    for (const item of await feed.load(at, Math.min(to, at + STRETCH))) {
      if (test && !test(item)) continue;
      const { stream, row, data: { time } } = item;
      // A HAR has to say some time.
      const clock = form === 'har' || (manifest.started !== null && time !== undefined) ? new Date((manifest.started ?? 0) + (time ?? 0)).toISOString() : '';
      yield gap + await line(item, clock, () => detail(stream, row));
      gap = between;
    }
    onProgress((at - from) / (to - from));
  }
  yield end;
}

/**
 * A request as HAR 1.2 wants it: a recorder's own entry, with what every reader may expect.
 * @param {any} row
 * @param {any} detail
 * @param {string} clock
 */
export function harEntry({ method, url, status, duration = 0, wait = duration, mime = '' }, { request, response, timings, pageref, ...entry }, clock) {
  const both = { httpVersion: '', cookies: [], headers: [], headersSize: -1, bodySize: -1 };
  return {
    startedDateTime: clock,
    time: duration,
    cache: {},
    ...entry,
    request: { method, url, queryString: [], ...both, ...request },
    response: { status, statusText: '', redirectURL: '', ...both, ...response, content: { size: 0, mimeType: mime, ...response?.content } },
    timings: { send: 0, wait, receive: 0, ...timings },
  };
}

/**
 * A cell by RFC 4180. What a table program would take for a formula is made text.
 * @param {unknown} [value]
 */
export function csvCell(value = '') {
  const text = (typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? "'" : '') + value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
