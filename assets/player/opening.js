/** @import { Handle } from './seal.d.ts' */
/** @import { Header, Manifest, Parts } from './types.d.ts' */
import { fileUrl, isWeb } from './address.js';
import { findBlocks, textOf } from './blocks.js';
import { createFiles, createInline } from './carrier.js';
import { isExpired } from './expiry.js';
import { FORMAT_VERSION, isSealed, parseEnd } from './header.js';
import { keepSecrets } from './keep-address.js';
import { createPlain } from './plain.js';
import { parseChecks } from './schedule.js';
import { createSealed } from './sealed.js';
import { parse } from './source.js';
import { showState } from './state-page.js';
import { StateError } from './states.js';
import { unseal } from './unseal.js';
import { createWorker, serviceWorkers } from './worker.js';

/**
 * @typedef {{ header: Header, manifest: Manifest, parts: Parts, inline: ReturnType<typeof createInline>,
 *   worker: ReturnType<typeof createWorker> | null }} Bundle
 * @typedef {{ handleOf: (name: string) => Promise<Handle | null>, onFail: (reason: string) => void }} Ear
 *   what the service worker asks for and tells
 */

/** @type {typeof fetch} */
const get = (...request) => fetch(...request);
const urlOf = (/** @type {string} */ path) => fileUrl(location.href, path);

/**
 * Opens the bundle in the page, plain or sealed, up to its manifest; null when it has expired.
 * @param {{ header: Header, headerText: string }} head
 * @param {{ guard: { now(): number, check(): Promise<boolean> }, life: AbortSignal, ear: Ear, breathe: () => Promise<void> | undefined,
 *   onDamage: (error: unknown) => void }} page
 * @returns {Promise<Bundle | null>}
 */
export async function openBundle({ header, headerText }, { guard, life, ear, breathe, onDamage }) {
  const blocks = findBlocks(document);
  const end = textOf(document, 'end');
  // Before anything else is asked for: it takes the longest.
  let worker = isSealed(header) && hasFiles(blocks, end) ? startWorker(ear) : null;
  if (await guard.check()) return null;
  const sizes = parseEnd(end);
  const inline = createInline(blocks, sizes, breathe);
  const web = isWeb(location.protocol);
  // A share that was sealed anew in the same place must not meet files of the old one.
  const asked = isSealed(header) ? (/** @type {string} */ url, /** @type {RequestInit} */ how) => get(url, { ...how, cache: 'no-store' }) : get;
  const from = { inline, files: createFiles({ urlOf, web, get: /** @type {typeof fetch} */ (asked) }), urlOf, get, web };
  const readable = web || [...sizes.keys()].every(inline.has);
  const parts = isSealed(header) ? createSealed({ ...from, sizes, onDamage, root: await unsealed() }) : createPlain(from);
  const manifest = await readManifest(parts);
  if (manifest.parts.some(({ files }) => files)) worker ??= startWorker(ear);
  return { header, manifest, parts, inline, worker };

  async function unsealed() {
    const root = await unseal({ header, headerText, checks: parseChecks(textOf(document, 'checks')) }, {
      policy: document.querySelector('meta[http-equiv]')?.getAttribute('content') ?? null,
      server: readable,
      now: guard.now,
      due: () => isExpired(header, guard.now()),
      life,
      show: ({ state, reason }, box) => (life.aborted ? undefined : showState(state, reason, header, box)),
      onSecrets: keepSecrets,
    });
    delete document.documentElement.dataset.reason;
    document.documentElement.dataset.state = 'loading';
    return root;
  }
}

/**
 * The service worker that plays sealed files piece by piece; where there can be none, they play without.
 * @param {Ear} ear
 */
function startWorker(ear) {
  const script = isWeb(location.protocol) ? urlOf('sw.js') : null;
  if (!script) return null;
  const { trustedTypes: trusted } = /** @type {any} */ (globalThis);
  return createWorker({ container: serviceWorkers(navigator), script, base: new URL('.', location.href).href, trusted, ...ear });
}

/** @param {Parts} parts */
async function readManifest(parts) {
  /** @type {Manifest} */
  const manifest = parse(await parts.manifest());
  if (!(manifest.v <= FORMAT_VERSION)) throw new StateError('unsupported', 'newer-version');
  parts.accept(manifest.parts);
  return manifest;
}

/**
 * Whether some part is a file beside the page, as far as the page's end is there to tell.
 * @param {Map<number, unknown>} blocks
 * @param {string | null} end
 */
function hasFiles(blocks, end) {
  try {
    return [...parseEnd(end).keys()].some((id) => !blocks.has(id));
  } catch {
    return false;
  }
}
