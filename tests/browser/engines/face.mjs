// What the engines' pages have in common.
import assert from 'node:assert/strict';

const PAUSE = 40;
const PATIENCE = 30_000;
const CLOSING = 10_000;

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Browsers now and then never say that they closed something: what they still hold ends with the test's process. */
export const closed = (work) => Promise.race([work, new Promise((done) => { setTimeout(done, CLOSING).unref(); })]);

/**
 * A function and its arguments as one expression. Strings pass as they are.
 * @param {Function | string} fn
 * @param {unknown[]} args
 */
export function expression(fn, args) {
  return typeof fn === 'string' ? fn : `(${fn})(...${JSON.stringify(args)})`;
}

/**
 * Adds what is made of `ev` alone. A page that is just navigating refuses to be asked: that counts as "not yet".
 * @param {any} page
 */
export function withWaits(page) {
  async function waitFor(ms, fn, args) {
    const end = Date.now() + ms;
    let last;
    for (;;) {
      try {
        last = await page.ev(fn, ...args);
        if (last) return last;
      } catch (error) {
        last = error;
      }
      if (Date.now() > end) break;
      await sleep(PAUSE);
    }
    assert.fail(`waited ${ms} ms in vain for ${String(fn).slice(0, 300)} ${JSON.stringify(args)}; last: ${last}; seen: ${JSON.stringify(await page.seen().catch(String))}`);
  }
  page.until = (fn, ...args) => waitFor(PATIENCE, fn, args);
  page.untilIn = (ms, fn, ...args) => waitFor(ms, fn, args);
  return page;
}

/**
 * Runs first in every page: takes down what an engine's driver does not report.
 */
export function collector() {
  if (globalThis.__seen) return;
  const seen = { errors: [], violations: [] };
  Object.defineProperty(globalThis, '__seen', { value: seen });
  addEventListener('error', (event) => seen.errors.push(`error: ${event.message ?? event.target?.tagName}`), true);
  addEventListener('unhandledrejection', (event) => seen.errors.push(`unhandled: ${event.reason}`));
  document.addEventListener('securitypolicyviolation', (event) => seen.violations.push(`${event.effectiveDirective}: ${event.blockedURI} ${event.sample ?? ''}`));
  // Too late for the event where the driver let the page go ahead: the browser's own list has it.
  if (document.readyState === 'loading' || !globalThis.ReportingObserver) return;
  new ReportingObserver((reports) => seen.violations.push(...reports.map(({ body }) => `${body.effectiveDirective}: ${body.blockedURL}`)), { types: ['csp-violation'], buffered: true }).observe();
}

/** @param {string} combination like `Shift+N` */
export function keysOf(combination) {
  const parts = combination === '+' ? ['+'] : combination.split('+');
  return { modifiers: parts.slice(0, -1), key: parts.at(-1) };
}
