/** @import { Body } from './http.js' */
import { decodeBase64 } from './base64.js';
import { hex } from './inert.js';

/** What an image element shows; it runs nothing, of SVG neither. */
const IMAGE = /^image\/(png|jpe?g|gif|webp|avif|bmp|svg\+xml|x-icon|vnd\.microsoft\.icon)$/;
const HEX_LINE = 16;
const HEX_SHOWN = 65_536;

/**
 * A body as bytes and as text. What came as base64 may be text all the same; what is said to be base64 may not be.
 * @param {Pick<Body, 'text' | 'base64' | 'mime'>} body
 * @returns {{ bytes: Uint8Array<ArrayBuffer>, text: string | null, image: boolean }}
 */
export function readBody({ text, base64, mime }) {
  let bytes = new TextEncoder().encode(text ?? '');
  let words = text;
  if (base64) {
    try {
      bytes = decodeBase64(text ?? '');
      words = null;
      words = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
      if (words.includes('\0')) words = null;
    } catch {
      // No base64, or no text.
    }
  }
  return { bytes, text: words, image: IMAGE.test(mime) };
}

/** Offset, bytes and characters, a line for every sixteen; the first 64 KiB. @param {Uint8Array} bytes */
export function hexDump(bytes) {
  const lines = [];
  for (let at = 0; at < Math.min(bytes.length, HEX_SHOWN); at += HEX_LINE) {
    const line = bytes.subarray(at, at + HEX_LINE);
    const digits = Array.from(line, (byte) => hex(byte, 2)).join(' ');
    lines.push(`${hex(at, 8)}  ${digits.padEnd(HEX_LINE * 3)} ${new TextDecoder('latin1').decode(line).replace(/[^ -~]/g, '.')}`);
  }
  return lines.join('\n') + (bytes.length > HEX_SHOWN ? '\n…' : '');
}

/**
 * The fields of a multipart form; of a file its name, type and length.
 * @param {string} text
 * @returns {[name: string, value: string][]}
 */
export function multipart(text) {
  const [boundary] = /^--\S+/.exec(text) ?? [];
  if (!boundary) return [];
  return text.split(boundary).slice(1, -1).map((part) => {
    const [head, ...rest] = part.trim().split(/\r?\n\r?\n/);
    const value = rest.join('\n\n');
    const [, name = '', , file] = /\bname="([^"]*)"(;.*filename="([^"]*))?/i.exec(head) ?? [];
    return [name, file === undefined ? value : `${file} · ${value.length} B`];
  });
}
