import puppeteer from 'puppeteer-core';
import { closed, collector, expression, keysOf, withWaits } from './face.mjs';

const PREFERENCES = {
  // The driver turns this off; with it file:// is as strict as on a reader's machine.
  'security.fileuri.strict_origin_policy': true,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'extensions.update.enabled': false,
};

/** No cookies, and with them nothing else that a site would keep, its worker included. */
const NO_SITE_DATA = { 'network.cookie.cookieBehavior': 2 };

/**
 * @param {string} executablePath
 * @param {{ siteData?: boolean, screen?: string }} options
 */
export async function launchFirefox(executablePath, { siteData = true, screen }) {
  const extraPrefsFirefox = { ...PREFERENCES, ...(siteData ? {} : NO_SITE_DATA) };
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath, headless: !screen, env: { ...process.env, ...(screen && { DISPLAY: screen }) }, extraPrefsFirefox });
  return { page: (options) => openPage(browser, options), close: () => closed(browser.close()) };
}

/**
 * @param {import('puppeteer-core').Browser} browser
 * @param {{ width?: number, height?: number }} options
 */
async function openPage(browser, { width = 1280, height = 800 } = {}) {
  const page = await browser.newPage();
  await page.setViewport({ width, height });
  const log = record(page);
  await page.evaluateOnNewDocument(collector);
  return withWaits({
    raw: page,
    // Waiting for `load` here would wait for a video that nobody has asked to play.
    go: (url) => page.goto(url, { waitUntil: 'domcontentloaded', timeout: 60_000 }),
    ev: (fn, ...args) => page.evaluate(expression(fn, args)),
    click: (selector) => click(page, selector),
    press: (key) => press(page, key),
    type: (text) => page.keyboard.type(text),
    resize: (w, h) => page.setViewport({ width: w, height: h }),
    shot: (path) => page.screenshot({ path }),
    async frame(selector) {
      const frame = await (await page.waitForSelector(selector)).contentFrame();
      return withWaits({ ev: (fn, ...args) => frame.evaluate(expression(fn, args)), seen: () => frame.evaluate('globalThis.__seen') });
    },
    async seen() {
      const inside = await page.evaluate('globalThis.__seen').catch(() => null);
      return { ...log, violations: inside?.violations ?? [] };
    },
    close: () => closed(page.close()),
  });
}

/** @param {import('puppeteer-core').Page} page */
function record(page) {
  const log = { errors: [], requests: [], dialogs: [], navigations: [] };
  page.on('request', (request) => log.requests.push(request.url()));
  page.on('console', (message) => message.type() === 'error' && log.errors.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => log.errors.push(`error: ${error.message}`));
  page.on('framenavigated', (frame) => log.navigations.push(frame.url()));
  page.on('dialog', (dialog) => {
    log.dialogs.push(dialog.message());
    dialog.dismiss().catch(() => {});
  });
  return log;
}

/** The driver clicks where the element was found, so it has to be in view and at rest first. */
async function click(page, selector) {
  const element = await page.waitForSelector(selector, { timeout: 30_000 });
  await element.evaluate((node) => node.scrollIntoView({ block: 'nearest' }));
  await element.click();
}

async function press(page, combination) {
  const { modifiers, key } = keysOf(combination);
  const names = modifiers.map((name) => (name === 'Ctrl' ? 'Control' : name));
  for (const name of names) await page.keyboard.down(name);
  await page.keyboard.press(key);
  for (const name of names.reverse()) await page.keyboard.up(name);
}
