// Shares for the tests, made by the built program in a folder that goes away with the process.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { unzipSync } from 'fflate';

export const ROOT = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..');
export const EXAMPLE = join(ROOT, 'examples/checkout-bug');
export const MEDIA = join(ROOT, 'tests/media');
export const ROOM = mkdtempSync(join(tmpdir(), 'sealcast-browser-'));
process.on('exit', () => rmSync(ROOM, { recursive: true, force: true }));

/** The program under test. */
export const PROGRAM = process.env.SEALCAST ?? join(process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target'), 'debug/sealcast');

let numbers = 0;

/** @param {string[]} args */
export function sealcast(...args) {
  assert.ok(existsSync(PROGRAM), `${PROGRAM} is missing: run cargo build first`);
  return spawnSync(PROGRAM, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
}

/**
 * A share of what `inputs` name; an archive is unpacked. The result has the page's path, what `--json` said, its
 * file:// address, and the fragment with its key. ffmpeg takes no pictures out of the video unless `stills` says so:
 * tests are to see the same with it and without.
 * @param {string | string[]} inputs
 * @param {{ layout?: 'html' | 'dir' | 'zip', args?: string[], name?: string, stills?: boolean }} [options]
 */
export function share(inputs, { layout = 'html', args = [], name = 'share', stills = false } = {}) {
  const dir = join(ROOM, String(++numbers));
  mkdirSync(dir);
  const output = join(dir, { html: `${name}.html`, zip: `${name}.zip`, dir: name }[layout]);
  const run = sealcast('export', ...[inputs].flat(), '-o', output, '--json', ...(stills || args.includes('--poster') ? [] : ['--poster', 'none']), ...args);
  assert.equal(run.status, 0, `export of ${inputs} failed: ${run.stderr}`);
  const json = JSON.parse(run.stdout);
  const hash = json.encrypted ? `#${json.link.split('#')[1]}` : '';
  if (layout === 'zip') unpack(output, join(dir, name));
  const page = layout === 'html' ? output : join(dir, name, 'index.html');
  return shareAt(page, { layout, json, hash });
}

/** @param {string} archive @param {string} folder */
function unpack(archive, folder) {
  for (const [path, bytes] of Object.entries(unzipSync(readFileSync(archive)))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}

/** @param {string} page */
function shareAt(page, rest) {
  return { ...rest, page, dir: resolve(page, '..'), url: pathToFileURL(page).href };
}

/**
 * A copy of a share with its page's text changed, and with what lies beside a folder's page.
 * @param {{ page: string, layout: string, json: object }} original
 * @param {(html: string) => string} change
 */
export function edited({ page, ...rest }, change) {
  const html = readFileSync(page, 'utf8');
  const next = change(html);
  assert.notEqual(next, html, 'the edit found nothing to change');
  const dir = join(ROOM, String(++numbers));
  mkdirSync(dir);
  if (rest.layout === 'dir') cpSync(dirname(page), dir, { recursive: true });
  const copy = join(dir, 'share.html');
  writeFileSync(copy, next);
  return shareAt(copy, rest);
}

/**
 * A copy with a change to the player's script that its hash in the policy follows.
 * @param {ReturnType<typeof share>} original
 * @param {(script: string) => string} change
 */
export function withScript(original, change) {
  return edited(original, (html) => {
    const player = [...html.matchAll(/<script>([^]*?)<\/script>/g)].at(-1)[1];
    const next = change(player);
    assert.notEqual(next, player, 'the change found nothing to change');
    const hash = (text) => createHash('sha256').update(text).digest('base64');
    assert.ok(html.includes(hash(player)), 'the policy names the script’s hash');
    return html.replace(hash(player), () => hash(next)).replace(player, () => next);
  });
}

/**
 * A copy with another header; the writer of a header is not at hand here, but its form is fixed.
 * @param {ReturnType<typeof share>} original
 * @param {(header: any) => any} change
 */
export function withHeader(original, change) {
  return edited(original, (html) => html.replace(/(<script type="application\/json" id="header">)([^<]*)/, (_all, tag, text) => {
    const changed = change(JSON.parse(text));
    return tag + (typeof changed === 'string' ? changed : JSON.stringify(changed));
  }));
}

/** The manifest of a page, as the page itself would read it. @param {string} page */
export function manifestOf(page) {
  const html = readFileSync(page, 'utf8');
  const blocks = [...html.matchAll(/<script type="application\/octet-stream;base64" data-part="0">([^<]*)</g)];
  return JSON.parse(Buffer.concat(blocks.map(([, text]) => Buffer.from(text, 'base64'))).toString());
}

/**
 * A recording folder out of texts and bytes.
 * @param {Record<string, string | Buffer | object>} files objects become JSON
 */
export function folder(files, name = 'recording') {
  const dir = join(ROOM, String(++numbers), name);
  mkdirSync(dir, { recursive: true });
  for (const [file, content] of Object.entries(files)) {
    const text = typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content);
    writeFileSync(join(dir, file), text);
  }
  return dir;
}

/** @param {object[]} lines */
export const ndjson = (lines) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');
