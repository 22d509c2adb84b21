// Makes ../checkout-bug: a real recording of an invented shop in which a card
// payment fails after the country was changed.
//
//   node examples/record-checkout-bug/record.mjs
//
// Needs Chromium (on the PATH, or CHROMIUM=/path/to/it), ffmpeg, openssl, and
// playwright-core from the repository's devDependencies. It serves the shop on
// loopback (server.mjs, backend.mjs, shop/), lets a hand fill in the checkout
// (capture/hand.mjs), and takes down picture, console, network, actions and the
// backend's log (capture/). The folder is replaced only when all of it is there.
// Every name, address, card and token in it is invented.
import { accessSync, chmodSync, constants, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { startShop } from './server.mjs';
import { captureConsole } from './capture/console.mjs';
import { Hand } from './capture/hand.mjs';
import { captureNetwork } from './capture/har.mjs';
import { Screencast } from './capture/screencast.mjs';

const EXAMPLES = fileURLToPath(new URL('..', import.meta.url));
const OUT = join(EXAMPLES, 'checkout-bug');
const OBSERVER = readFileSync(new URL('capture/observer.js', import.meta.url), 'utf8');
const TITLE = 'Card payment fails after changing the country';
const SHOP = 'https://shop.acme.example';
const VIEWPORT = { width: 1280, height: 720 };
const SCREEN = { width: 1536, height: 864 };
const MAX_BYTES = 2_000_000;

async function main() {
  const shop = await startShop();
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? onPath('chromium', 'chromium-browser', 'google-chrome'),
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
      '--font-render-hinting=none',
      // The place the shop's statistics go to does not exist, as behind a content blocker.
      `--host-resolver-rules=MAP events.acme.example ~NOTFOUND, MAP *.acme.example:443 127.0.0.1:${shop.port}`,
      `--ignore-certificate-errors-spki-list=${shop.spkiHash}`,
    ],
  });
  try {
    const recording = await record(browser, shop);
    await write(recording);
  } finally {
    await browser.close();
    shop.close();
  }
}

function onPath(...names) {
  for (const folder of process.env.PATH.split(delimiter)) {
    for (const name of names) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch { /* not in this folder */ }
    }
  }
  throw new Error('no Chromium on the PATH; name one with CHROMIUM=');
}

async function record(browser, { backend }) {
  const system = { version: browser.version(), language: 'en-IE', timezone: 'Europe/Dublin' };
  const userAgent = `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${system.version.split('.')[0]}.0.0.0 Safari/537.36`;
  const context = await browser.newContext({ viewport: VIEWPORT, screen: SCREEN, locale: system.language, timezoneId: system.timezone, userAgent });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);

  const actions = [];
  session.on('Runtime.bindingCalled', ({ name, payload }) => { if (name === 'reportAction') actions.push(JSON.parse(payload)); });
  await session.send('Page.enable');
  await session.send('Runtime.addBinding', { name: 'reportAction', executionContextName: 'observer' });
  await session.send('Page.addScriptToEvaluateOnNewDocument', { source: OBSERVER, worldName: 'observer' });
  const finishConsole = await captureConsole(session);

  // The recording starts on a page that is already open, as with any recorder.
  const hand = new Hand(page);
  await page.goto(`${SHOP}/cart`, { waitUntil: 'load' });
  await hand.nudge();
  await sleep(500);
  const startPage = { type: 'navigate', label: await page.title(), url: page.url(), title: await page.title() };
  const finishHar = await captureNetwork(session);
  const screencast = new Screencast(session);
  const zero = await screencast.start(VIEWPORT.width, VIEWPORT.height);
  actions.push({ timestamp: zero, ...startPage });

  await story(page, hand);
  await screencast.stop();
  const har = await finishHar({
    zero, title: await page.title(),
    creator: { name: 'record-checkout-bug', version: '1' }, browser: { name: 'Chromium', version: system.version },
  });
  const consoleLines = await finishConsole();
  const end = { url: page.url(), title: await page.title() };
  await context.close();
  return { zero, screencast, har, consoleLines, actions, backend: backend.log, system: { ...system, userAgent }, page: end };
}

async function story(page, hand) {
  await sleep(900);
  await hand.click('#checkout');
  await page.waitForURL('**/checkout/*');
  await hand.nudge();
  await page.locator('dd.total').waitFor();
  await sleep(700);
  await hand.fill('#email', 'mara.lindqvist@example.com');
  await hand.fill('#name', 'Mara Lindqvist');
  await hand.click('#country');
  await sleep(700);
  await hand.click('#countries [data-value=IE]');
  await sleep(1300);
  await hand.fill('#street', '12 Harbour Street');
  await hand.fill('#postcode', 'D02 AF30');
  await hand.fill('#card', '4242424242424242');
  await hand.fill('#expiry', '1128');
  await page.keyboard.press('Tab');
  await sleep(250);
  await hand.type('737');
  await sleep(700);

  await hand.click('#pay');
  await page.locator('#toast').waitFor();
  await sleep(2600);
  await hand.moveTo(410, 400);
  await hand.scroll(240);
  await sleep(1400);
  await hand.scroll(-240);
  await sleep(900);
  await hand.click('#toast button');
  await sleep(900);
  await hand.click('#pay');
  await page.locator('#toast').waitFor();
  await sleep(1500);
  await hand.moveTo(760, 560);
  await sleep(2600);
}

async function write({ zero, screencast, har, consoleLines, actions, backend, system, page }) {
  const folder = mkdtempSync(join(EXAMPLES, '.checkout-bug-'));
  const scratch = mkdtempSync(join(tmpdir(), 'checkout-bug-'));
  try {
    const { durationMs } = await screencast.encode(join(folder, 'video.webm'), join(scratch, 'pass'));
    const inside = ({ timestamp }) => timestamp >= zero && timestamp <= zero + durationMs;
    const timed = records => records.filter(inside).sort((a, b) => a.timestamp - b.timestamp)
      .map(({ timestamp, ...rest }) => ({ t: Math.round((timestamp - zero) * 10) / 10, ...rest }));
    const lines = records => records.map(record => JSON.stringify(record) + '\n').join('');
    const files = {
      'recording.json': JSON.stringify(head({ zero, durationMs, system, page }), null, 2) + '\n',
      'network.har': JSON.stringify(har, null, 1) + '\n',
      'console.ndjson': lines(timed(consoleLines)),
      'actions.ndjson': lines(timed(actions)),
      // A server stamps its own log: it keeps wall clock times.
      'backend.ndjson': lines(backend.filter(({ timestamp }) => inside({ timestamp: Date.parse(timestamp) }))),
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    check(folder, files);
    chmodSync(folder, 0o755); // a temporary folder is private
    rmSync(OUT, { recursive: true, force: true });
    renameSync(folder, OUT);
    console.log(`${OUT}: ${durationMs} ms, ${readdirSync(OUT).map(name => `${name} ${statSync(join(OUT, name)).size}`).join(', ')}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(scratch, { recursive: true, force: true });
  }
}

function head({ zero, durationMs, system, page }) {
  const startedDateTime = new Date(zero).toISOString();
  return {
    format: 'recording/1',
    id: 'example-checkout-bug',
    title: TITLE,
    startedDateTime,
    durationMs,
    timeline: { source: 'measured', uncertaintyMs: 50 },
    creator: { name: 'record-checkout-bug', version: '1' },
    // VP9 profile 0, level 3.1 (1280 x 720), 8 bit.
    media: [{ kind: 'video', file: 'video.webm', mimeType: 'video/webm; codecs="vp09.00.31.08"', startMs: 0, durationMs, width: VIEWPORT.width, height: VIEWPORT.height }],
    panels: { console: 'console.ndjson', network: 'network.har', actions: 'actions.ndjson', backend: 'backend.ndjson' },
    metadata: {
      page,
      project: 'Acme web shop',
      domain: 'shop.acme.example',
      reporter: { name: 'Dana Reyes', email: 'dana@example.com' },
      requester: { name: 'Theo Abara', email: 'theo.abara@example.com' },
      notes: 'I changed the country to Ireland and could not pay any more. Tried twice, same card as always. With Germany it worked this morning.',
      system: {
        browser: { name: 'Chromium', version: system.version },
        os: { name: 'Linux' },
        device: 'Desktop',
        userAgent: system.userAgent,
        language: system.language,
        timezone: system.timezone,
        screen: SCREEN,
        viewport: { ...VIEWPORT, deviceScaleFactor: 1 },
      },
      custom: {
        account: { id: 'usr_demo_2047', plan: 'plus', since: '2024-03-18', newsletter: false },
        app: { name: 'checkout', version: '2026.11.2', commit: '4c1d9ab', environment: 'production' },
        featureFlags: { newCheckout: true, vatAtPayment: true, applePay: false },
        cart: { id: 'c_81f2', currency: 'EUR', total: 79, items: [{ sku: 'MUG-HRB', quantity: 1 }, { sku: 'TOTE-CNV', quantity: 1 }] },
        ticket: 'SHOP-1482',
      },
    },
  };
}

// A recording that does not tell its story, or tells of this machine, is not kept.
function check(folder, files) {
  const parse = name => files[name].trim().split('\n').map(line => JSON.parse(line));
  const failed = JSON.parse(files['network.har']).log.entries.filter(({ request, response }) => request.url === `${SHOP}/api/pay` && response.status === 500);
  const traces = failed.map(({ response }) => JSON.parse(response.content.text).trace);
  const errors = parse('console.ndjson').filter(({ uncaught, text }) => uncaught && text.includes('Cannot read properties of undefined'));
  const causes = parse('backend.ndjson').filter(({ message, traceId }) => message === 'no VAT rate for country IE' && traces.includes(traceId));
  const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  const machine = [homedir(), process.cwd(), EXAMPLES, tmpdir() + '/', 'file://'].filter(path => path.length > 1);
  const problems = [
    failed.length !== 2 && `${failed.length} failed payments instead of 2`,
    errors.length !== 2 && `${errors.length} uncaught errors instead of 2`,
    causes.length !== 2 && `${causes.length} causes in the backend's log instead of 2`,
    bytes > MAX_BYTES && `${bytes} bytes`,
    ...Object.entries(files).flatMap(([name, text]) => machine.filter(path => text.includes(path)).map(path => `${name} names ${path}`)),
  ].filter(Boolean);
  if (problems.length) throw new Error(`not a usable recording: ${problems.join('; ')}`);
}

await main();
