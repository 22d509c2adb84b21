import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { closed, collector, expression, withWaits } from './face.mjs';

// Without these the browser itself talks to its maker, which hides what the page does.
const QUIET = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic', '--no-first-run'];
// Takes the place of the driver's own list, which turns off the partitions that frames of other sites live in.
const LESS = ['--disable-features=MediaRouter,DialMediaRouteProvider,Translate,HttpsUpgrades,PaintHolding'];

/**
 * @param {string} executablePath
 * @param {{ siteData?: boolean, screen?: string }} options
 */
export async function launchChromium(executablePath, { siteData = true, screen }) {
  const seen = screen ? { headless: false, ignoreDefaultArgs: ['--mute-audio'], env: { ...process.env, DISPLAY: screen } } : { headless: true };
  const settings = { executablePath, ...seen, args: ['--no-sandbox', '--disable-gpu', ...(screen ? ['--window-position=0,0'] : ['--mute-audio']), ...QUIET, ...LESS] };
  const browser = siteData ? await chromium.launch(settings) : launchWithout(settings);
  return {
    page: (options) => openPage(browser, options),
    close: () => closed(browser.close()),
  };
}

/** Browsers whose settings block all site data: only a profile on disk can say so, and each page has one to itself. */
function launchWithout(settings) {
  const profile = mkdtempSync(join(tmpdir(), 'sealcast-profile-'));
  mkdirSync(join(profile, 'Default'));
  writeFileSync(join(profile, 'Default/Preferences'), JSON.stringify({ profile: { default_content_setting_values: { cookies: 2 } } }));
  return {
    newContext: (options) => chromium.launchPersistentContext(profile, { ...settings, ...options }),
    close: async () => rmSync(profile, { recursive: true, force: true }),
  };
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {{ width?: number, height?: number, dark?: boolean, touch?: boolean, reduced?: boolean, scripts?: boolean, clock?: number, zoom?: number }} options
 */
async function openPage(browser, { width = 1280, height = 800, dark = false, touch = false, reduced = false, scripts = true, clock, zoom = 1 } = {}) {
  const context = await browser.newContext({
    viewport: { width, height }, colorScheme: dark ? 'dark' : 'light', hasTouch: touch, isMobile: touch,
    reducedMotion: reduced ? 'reduce' : 'no-preference', javaScriptEnabled: scripts, deviceScaleFactor: zoom,
  });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']).catch(() => {});
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const log = record(page);
  if (scripts) await page.addInitScript(collector);
  if (clock) await page.addInitScript(shiftClock, clock);
  return withWaits({
    raw: page,
    go: (url) => page.goto(url, { waitUntil: 'commit', timeout: 60_000 }),
    ev: (fn, ...args) => page.evaluate(expression(fn, args)),
    click: (selector, options) => page.locator(selector).first().click(options),
    press: (key) => page.keyboard.press(key.replace(/^Ctrl\+/, 'Control+')),
    type: (text) => page.keyboard.type(text),
    wheel: (selector, dy) => wheel(page, selector, dy),
    resize: (w, h) => page.setViewportSize({ width: w, height: h }),
    shot: (path) => page.screenshot({ path }),
    async frame(selector) {
      const frame = await (await page.waitForSelector(selector)).contentFrame();
      return withWaits({ ev: (fn, ...args) => frame.evaluate(expression(fn, args)), seen: () => frame.evaluate('globalThis.__seen') });
    },
    async seen() {
      const inside = scripts ? await page.evaluate(() => globalThis.__seen).catch(() => null) : null;
      return { ...log, violations: inside?.violations ?? [] };
    },
    close: () => closed(context.close()),
  });
}

/** @param {import('playwright-core').Page} page */
function record(page) {
  const log = { errors: [], requests: [], dialogs: [], navigations: [] };
  page.on('request', (request) => log.requests.push(request.url()));
  page.on('console', (message) => message.type() === 'error' && log.errors.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => log.errors.push(`error: ${error.message}`));
  page.on('crash', () => log.errors.push('the page crashed'));
  page.on('framenavigated', (frame) => log.navigations.push(frame.url()));
  page.on('popup', (popup) => log.navigations.push(`popup ${popup.url()}`));
  page.on('dialog', (dialog) => {
    log.dialogs.push(dialog.message());
    dialog.dismiss().catch(() => {});
  });
  return log;
}

async function wheel(page, selector, dy) {
  await page.locator(selector).first().hover();
  await page.mouse.wheel(0, dy);
}

/** Runs in the page: a reader whose clock is wrong by so many ms. */
function shiftClock(ms) {
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...args) {
      if (args.length) super(...args);
      else super(Real.now() + ms);
    }
    static now() {
      return Real.now() + ms;
    }
  };
}
