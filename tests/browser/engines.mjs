// The three engines behind one face. A browser gives pages; a page has
//   go(url)                 navigate; does not wait for the page's own work
//   ev(fn, ...args)         run a function in the page, awaiting what it returns (JSON in, JSON out)
//   until(fn, ...args)      the same again and again until it is truthy; the last value is returned
//   click(selector), press('Shift+N'), type(text), wheel(selector, dy), resize(width, height), shot(file)
//   frame(selector)         a frame in it, as { ev, until, seen }, from whatever site it comes
//   seen()                  { errors, violations, requests, dialogs } since the page was made
//   close()
import { existsSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { join } from 'node:path';
import { launchChromium } from './engines/chromium.mjs';
import { launchFirefox } from './engines/firefox.mjs';
import { launchWebkit } from './engines/webkit.mjs';

/** Names of programs that may be the engine, and the variable that overrides them. */
const PROGRAMS = {
  chromium: { variable: 'CHROMIUM', names: ['chromium', 'google-chrome-stable', 'google-chrome', 'chromium-browser', 'microsoft-edge'] },
  firefox: { variable: 'FIREFOX', names: ['firefox-esr', 'firefox'] },
  webkit: { variable: 'WEBKIT_DRIVER', names: ['WebKitWebDriver'], also: ['Xvfb'] },
};
const LAUNCH = { chromium: launchChromium, firefox: launchFirefox, webkit: launchWebkit };

/** Browsers start slowly on a machine that is busy with other things. */
export const PATIENCE = 120_000;

/** @param {string} name */
function which(name) {
  return (process.env.PATH ?? '').split(':').map((dir) => join(dir, name)).find((path) => existsSync(path)) ?? null;
}

/**
 * The program of an engine; null when the machine has none.
 * @param {keyof typeof PROGRAMS} engine
 */
export function programOf(engine) {
  const { variable, names, also = [] } = PROGRAMS[engine];
  if (also.some((name) => !which(name))) return null;
  return process.env[variable] || names.map(which).find(Boolean) || null;
}

/**
 * @param {keyof typeof PROGRAMS} engine
 * @param {{ siteData?: boolean, screen?: string }} [options] siteData false: the reader lets no site keep anything;
 *   screen: the X display to show itself on, and to be heard
 */
export async function launch(engine, options = {}) {
  const program = programOf(engine);
  if (!program) throw new Error(`${engine} is not installed`);
  return LAUNCH[engine](program, options);
}

/** Engines the run is limited to, as in ENGINES=chromium,webkit. */
const wanted = (process.env.ENGINES ?? 'chromium,firefox,webkit').split(',');

/**
 * Declares the same tests for several engines. An engine that is missing is reported as one skipped test;
 * Chromium may not be missing.
 * @param {(keyof typeof PROGRAMS)[]} engines
 * @param {(context: { engine: string, open: (options?: object) => Promise<any> }) => void} define
 * @param {Parameters<typeof launch>[1]} [options]
 */
export function inEngines(engines, define, options) {
  for (const engine of engines.filter((name) => wanted.includes(name))) {
    if (!programOf(engine) && engine !== 'chromium') {
      test(`in ${engine}`, { skip: `${engine} is not installed` }, () => {});
      continue;
    }
    describe(`in ${engine}`, { timeout: 20 * PATIENCE }, () => {
      let browser;
      before(async () => { browser = await launch(engine, options); }, { timeout: PATIENCE });
      after(() => browser?.close(), { timeout: PATIENCE });
      define({ engine, open: (options) => browser.page(options) });
    });
  }
}
