import { number } from './label.js';

const STATUS_WORDS = /** @type {Record<number, string>} */ ({
  400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 409: 'Conflict', 422: 'Unprocessable Content',
  429: 'Too Many Requests', 500: 'Internal Server Error', 502: 'Bad Gateway', 503: 'Service Unavailable', 504: 'Gateway Timeout',
});

/** What HTTP/2 no longer says. @param {number} status */
export function statusWords(status) {
  return STATUS_WORDS[status] ?? '';
}

/** “84 kB”: decimal, as the browsers' own tools. @param {number | null} [size] */
export function bytes(size) {
  if (size === undefined || size === null) return '';
  if (size < 1000) return `${Math.round(size)} B`;
  const step = size < 999_500 ? 1 : size < 999_500_000 ? 2 : 3;
  const value = size / 1000 ** step;
  return `${number(value, value < 9.95 ? 1 : 0)} ${['kB', 'MB', 'GB'][step - 1]}`;
}

/** “38 ms”, “1.24 s”, “2 min 3 s”. @param {number} [ms] */
export function duration(ms) {
  if (ms === undefined || !(ms >= 0)) return '';
  if (ms < 999.5) return `${number(ms, ms >= 0.05 && ms < 0.95 ? 1 : 0)} ms`;
  if (ms < 59_950) return `${number(ms / 1000, ms < 9_995 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
