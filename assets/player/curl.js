/**
 * A recorded request as a command to paste. The recording is a stranger's: nothing of it may leave its quotes, be
 * read as an option, name a file to send, or speak to the terminal. Each shell has one function that quotes.
 */

import { pairsOf } from './http.js';
import { hex } from './inert.js';

const HEADER_NAME = /^[!#$%&'*+.^_\x60|~0-9A-Za-z-]+$/;
/** What no command sends again by itself: it says it of the request it makes. */
const OWN = /^(content-length|host|connection|transfer-encoding)$/i;
/** What Invoke-WebRequest takes as parameters, and what not at all. */
const PARAMETER = /^(content-type|user-agent)$/;
const REFUSED = /^(accept-encoding|expect|range)$/;

/** Characters that a terminal or a reader might stumble over. */
const HIDING = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** What stands in place of a secret, in texts and in addresses; a caret is cmd's. */
const SECRET = /\^?\[redacted [a-z\d-]+\^?#\d{1,9}\^?\]|\bredacted-[a-z\d-]+-\d{1,9}\b/g;

/**
 * With a variable to fill in for each secret: `AUTH_3`.
 * @param {string} text @param {string} before @param {string} after
 */
function filled(text, before, after) {
  return text.replace(SECRET, (tag) => before + tag.replace(/^\W*redacted[ -]|\W+$/g, '').toUpperCase().replace(/\W+/g, '_').replace(/^\d/, '_$&') + after);
}

/** For bash: single quotes, and `$'…'` for what must be escaped. @param {string} text */
export function quote(text) {
  return filled(`'${text.replaceAll("'", "'\\''").replace(HIDING, (character) => `'$'\\U${hex(character.codePointAt(0), 8)}''`)}'`, `'"$`, `"'`).replace(/"''$/, '"');
}

/**
 * For cmd and the program behind it, which takes a quote and the backslashes before it as C does. To cmd itself
 * nothing is quoted: a caret stands before whatever it might read, and keeps `%NAME%` from being a name it knows.
 * It takes no line breaks: they become blanks.
 * @param {string} text
 */
export function quoteCmd(text) {
  const argument = `"${text.replace(HIDING, ' ').replace(/(\\*)("|$)/g, (_, slashes, mark) => slashes + slashes + (mark && '\\"'))}"`;
  return filled(argument.replace(/[^\w .-]/gu, '^$&'), '%', '%');
}

/** For PowerShell, where typographic quotes end a text too. @param {string} text */
export function quotePower(text) {
  const parts = `'${text.replace(/['\u2018-\u201b]/g, '$&$&').replace(HIDING, (character) => `'+[char]::ConvertFromUtf32(0x${hex(character.codePointAt(0))})+'`)}'`;
  const whole = filled(parts, "'+$env:", "+'");
  return whole === parts && text.search(HIDING) < 0 ? parts : `(${whole})`;
}

/** For JavaScript. @param {unknown} value */
function quoteScript(value) {
  return JSON.stringify(value, null, 2).replace(HIDING, (character) => (character === '\n' ? character : character.split('').map((unit) => `\\u${hex(unit.charCodeAt(0), 4)}`).join('')));
}

/**
 * What of a request is worth sending again.
 * @param {any} entry  of a HAR
 */
function requestOf(entry) {
  const { method = 'GET', url = '', headers, postData } = entry.request ?? {};
  const params = pairsOf(postData?.params);
  return {
    url: String(url),
    method: HEADER_NAME.test(method) ? String(method).toUpperCase() : 'GET',
    headers: pairsOf(headers).filter(([name]) => HEADER_NAME.test(name) && !OWN.test(name)),
    body: typeof postData?.text === 'string' && postData.text ? postData.text : params.length ? params.map((pair) => pair.map(encodeURIComponent).join('=')).join('&') : null,
  };
}

/** @param {any} entry @param {(text: string) => string} [quoted] @param {string} [goesOn]  what stands before a line break */
export function curl(entry, quoted = quote, goesOn = '\\') {
  const { url, method, headers, body } = requestOf(entry);
  const lines = [`curl ${/[[\]{}]/.test(url) ? '--globoff ' : ''}${/^https?:\/\//i.test(url) ? '' : '--url '}${quoted(url)}`];
  if (method === 'HEAD') lines.push('--head');
  else if (method !== (body === null ? 'GET' : 'POST')) lines.push(`-X ${quoted(method)}`);
  for (const [name, value] of headers) lines.push(`-H ${quoted(value === '' ? `${name};` : `${name}: ${value}`)}`);
  if (body !== null) lines.push(`--data-raw ${quoted(body)}`);
  if (headers.some(([name]) => name.toLowerCase() === 'accept-encoding')) lines.push('--compressed');
  return lines.join(` ${goesOn}\n  `);
}

/** @param {any} entry */
function power(entry) {
  const { url, method, headers, body } = requestOf(entry);
  const lines = [`Invoke-WebRequest -UseBasicParsing -Uri ${quotePower(url)}`, `-Method ${quotePower(method)}`];
  /** A name stands once, in whatever case. @type {any} */
  const table = { __proto__: null };
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    if (PARAMETER.test(key)) lines.push(`-${key.replace('-', '')} ${quotePower(value)}`);
    else if (!REFUSED.test(key)) table[key] = (table[key] ? `${table[key]}${key === 'cookie' ? ';' : ','} ` : '') + value;
  }
  lines.push(`-Headers @{${Object.entries(table).map((pair) => pair.map(quotePower).join('=')).join('; ')}}`);
  if (body !== null) lines.push(`-Body ([Text.Encoding]::UTF8.GetBytes(${quotePower(body)}))`);
  return lines.join(' \x60\n  ');
}

/** @param {any} entry */
function fetchCall(entry) {
  const { url, ...how } = requestOf(entry);
  return filled(`fetch(${quoteScript(url)}, ${quoteScript(how)});`, '" + ', ' + "');
}

/**
 * The forms in which a request can be taken away.
 * @type {[name: string, make: (entry: any) => string][]}
 */
export const FORMS = [
  ['URL', ({ request }) => String(request?.url ?? '')],
  ['cURL (bash)', (entry) => curl(entry)],
  ['cURL (cmd)', (entry) => curl(entry, quoteCmd, '^')],
  ['PowerShell', power],
  ['fetch', fetchCall],
  ['HAR', ({ _sealcast, ...entry }) => quoteScript(entry)],
];
