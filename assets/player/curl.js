/**
 * A recorded request as a command to paste. The recording is a stranger's: nothing of it may leave its quotes, be
 * read as an option, or name a file to send.
 */

import { pairsOf } from './http.js';

const HEADER_NAME = /^[!#$%&'*+.^_\x60|~0-9A-Za-z-]+$/;

/** Characters that a terminal or a reader might stumble over, as escapes that bash reads. @param {string} text */
function escaped(text) {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\U${Number(character.codePointAt(0)).toString(16).padStart(8, '0')}`);
}

/** What stands in place of a secret, in texts and in addresses. */
const SECRET_TAG = /(\[redacted [a-z\d-]+#\d{1,9}\]|\bredacted-[a-z\d-]+-\d{1,9}\b)/;

/** For bash: in quotes, what was redacted as a variable to fill in (`"$AUTH_3"`). @param {string} text */
export function quote(text) {
  const pieces = text.split(SECRET_TAG).map((piece, place) => (place % 2 ? `"$${variable(piece)}"` : piece && quotePiece(piece)));
  return pieces.join('') || "''";
}

/** `AUTH_3` @param {string} tag */
function variable(tag) {
  return tag.replace(/^\[?redacted[ -]|\]$/g, '').toUpperCase().replace(/\W/g, '_').replace(/^\d/, '_$&');
}

/** Single quotes, or `$'…'` where there is something to escape. @param {string} text */
function quotePiece(text) {
  if (escaped(text) === text) return `'${text.replaceAll("'", "'\\''")}'`;
  return `$'${escaped(text.replace(/[\\']/g, '\\$&')).replaceAll('!', '\\U00000021')}'`;
}

/**
 * The headers worth sending again.
 * @param {any} entry  of a HAR
 * @returns {[name: string, value: string][]}
 */
function headersOf(entry) {
  return pairsOf(entry.request?.headers).filter(([name]) => HEADER_NAME.test(name) && !/^(content-length|host|connection)$/i.test(name));
}

/** @param {any} entry */
function methodOf(entry) {
  const method = String(entry.request?.method ?? 'GET');
  return HEADER_NAME.test(method) ? method.toUpperCase() : 'GET';
}

/** @param {any} entry @returns {string | null} */
function payloadOf(entry) {
  const data = entry.request?.postData;
  if (typeof data?.text === 'string' && data.text !== '') return data.text;
  const params = pairsOf(data?.params);
  return params.length ? params.map((pair) => pair.map(encodeURIComponent).join('=')).join('&') : null;
}

/** @param {any} entry @returns {string} */
export function curl(entry) {
  const url = String(entry.request?.url ?? '');
  const method = methodOf(entry);
  const body = payloadOf(entry);
  const headers = headersOf(entry);
  const lines = [`curl ${/[[\]{}]/.test(url) ? '--globoff ' : ''}${/^https?:\/\//i.test(url) ? '' : '--url '}${quote(url)}`];
  if (method === 'HEAD') lines.push('--head');
  else if (method !== (body === null ? 'GET' : 'POST')) lines.push(`-X ${quote(method)}`);
  for (const [name, value] of headers) lines.push(`-H ${quote(value === '' ? `${name};` : `${name}: ${value}`)}`);
  if (body !== null) lines.push(`--data-raw ${quote(body)}`);
  if (headers.some(([name]) => name.toLowerCase() === 'accept-encoding')) lines.push('--compressed');
  return lines.join(' \\\n  ');
}
