// WebKitGTK by its own driver (W3C WebDriver over http) under an X server of our own. It reports neither the
// console nor requests, so a collector is put into the page as early as the driver can, and what was loaded
// is read from the page's resource timing.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { collector, expression, keysOf, sleep, withWaits } from './face.mjs';

/** Codes of the keys that are no characters. */
const KEYS = { Enter: '\uE007', Escape: '\uE00C', Tab: '\uE004', Backspace: '\uE003', ArrowLeft: '\uE012', ArrowUp: '\uE013', ArrowRight: '\uE014', ArrowDown: '\uE015', Home: '\uE011', End: '\uE010', Shift: '\uE008', Ctrl: '\uE009', Control: '\uE009', Space: ' ' };

/** A session that does not come up within this time is given up for a fresh one. */
const START = 20_000;
const ANSWER = 90_000;

/**
 * @param {string} program
 * @param {{ screen?: string }} options
 */
export async function launchWebkit(program, { screen }) {
  const own = screen ? null : await startScreen();
  const DISPLAY = screen ?? own?.name;
  // Turning compositing off would make the screenshot command hang for ever.
  const env = { ...process.env, DISPLAY, GDK_BACKEND: 'x11', LIBGL_ALWAYS_SOFTWARE: '1' };
  return {
    async page(options) {
      for (let tries = 1; ; tries += 1) {
        const driver = await startDriver(program, env);
        try {
          return await openPage(driver, options);
        } catch (error) {
          driver.kill();
          if (tries === 3) throw error;
        }
      }
    },
    close: async () => own?.close(),
  };
}

/** An X server of our own. */
export async function startScreen() {
  const xvfb = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'], detached: true });
  groups.add(xvfb.pid);
  return { name: `:${String((await once(xvfb.stdio[3], 'data'))[0]).trim()}`, close: () => endGroup(xvfb.pid) };
}

/**
 * A driver for one page. One that serves several, one after the other, now and then never answers the second.
 * @param {string} program
 * @param {NodeJS.ProcessEnv} env
 */
async function startDriver(program, env) {
  const port = await freePort();
  const child = spawn(program, ['-p', String(port)], { stdio: 'ignore', env, detached: true });
  groups.add(child.pid);
  const request = requester(`http://127.0.0.1:${port}`);
  for (let i = 0; ; i += 1) {
    try {
      await request('GET', '/status');
      break;
    } catch (error) {
      if (i > 200) throw error;
      await sleep(50);
    }
  }
  return { request, kill: () => endGroup(child.pid) };
}

/** What runs now, so that a test run that is broken off leaves nothing behind. */
const groups = new Set();
process.on('exit', () => groups.forEach(endGroup));

/** The browser is the driver's child and would outlive it. */
function endGroup(pid) {
  groups.delete(pid);
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}

/** Where distributions keep WebKit's little browser. */
function miniBrowser() {
  const places = '/usr/lib/*/webkit2gtk-4.*/MiniBrowser /usr/libexec/webkit2gtk-4.*/MiniBrowser /usr/lib/webkit2gtk-4.*/MiniBrowser';
  return String(execFileSync('sh', ['-c', `ls -d ${places} 2>/dev/null | sort | tail -n 1`])).trim();
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** @param {string} base */
function requester(base) {
  return async (method, path, body) => {
    const signal = AbortSignal.timeout(path === '/session' ? START : ANSWER);
    const answer = await fetch(base + path, { method, body: body && JSON.stringify(body), signal });
    const { value } = await answer.json();
    if (value?.error) throw new Error(`${value.error}: ${value.message}`);
    return value;
  };
}

async function openPage({ request, kill }, { width = 1280, height = 800 } = {}) {
  const options = { binary: miniBrowser(), args: ['--automation'] };
  const { sessionId } = await request('POST', '/session', { capabilities: { alwaysMatch: { pageLoadStrategy: 'none', 'webkitgtk:browserOptions': options } } });
  const call = (method, path, body) => request(method, `/session/${sessionId}${path}`, body);
  const page = { ...keyboardOf(call), ...mouseOf(call) };
  page.ev = async (fn, ...args) => {
    const script = `const done = arguments[0]; (async () => (${expression(fn, args)}))().then((value) => done({ value }), (error) => done({ error: String(error) }));`;
    const answer = await call('POST', '/execute/async', { script, args: [] });
    if (answer?.error) throw new Error(answer.error);
    return answer?.value;
  };
  page.go = async (url) => {
    await call('POST', '/url', { url });
    const address = JSON.stringify(url.replace(/[?#].*/, ''));
    await page.until(`location.href.startsWith(${address}) && ((${collector})(), true)`);
  };
  page.resize = (w, h) => resize(call, page, w, h);
  page.shot = async (file) => writeFileSync(file, Buffer.from(await call('GET', '/screenshot'), 'base64'));
  page.frame = (selector) => frameOf(call, page, selector);
  page.seen = async () => ({ ...await page.ev(lookBack), dialogs: [], navigations: [] });
  page.close = () => call('DELETE', '').catch(() => {}).then(kill);
  withWaits(page);
  await page.resize(width, height);
  return page;
}

/** A frame of the page; the driver is sent into it for each question, and back. */
async function frameOf(call, page, selector) {
  const ev = async (fn, ...args) => {
    const element = await call('POST', '/element', { using: 'css selector', value: selector });
    await call('POST', '/frame', { id: element });
    try {
      return await page.ev(fn, ...args);
    } finally {
      await call('POST', '/frame', { id: null });
    }
  };
  const frame = withWaits({ ev, seen: () => ev('globalThis.__seen') });
  await frame.until(`location.href !== 'about:blank' && ((${collector})(), true)`);
  return frame;
}

/** Runs in the page: what was seen, and what was loaded. */
function lookBack() {
  const seen = globalThis.__seen ?? { errors: [], violations: [] };
  return { ...seen, requests: performance.getEntriesByType('resource').map((entry) => entry.name) };
}

async function resize(call, page, width, height) {
  await call('POST', '/window/rect', { width, height });
  // The window's frame and tool bar take room: what counts is the page's own size.
  const [dx, dy] = await page.ev((w, h) => [w - innerWidth, h - innerHeight], width, height);
  if (dx || dy) await call('POST', '/window/rect', { width: width + dx, height: height + dy });
}

function keyboardOf(call) {
  const act = (actions) => call('POST', '/actions', { actions: [{ type: 'key', id: 'keyboard', actions }] });
  const stroke = (key) => [{ type: 'keyDown', value: key }, { type: 'keyUp', value: key }];
  return {
    press(combination) {
      const { modifiers, key } = keysOf(combination);
      const held = modifiers.map((name) => KEYS[name]);
      return act([...held.map((value) => ({ type: 'keyDown', value })), ...stroke(KEYS[key] ?? key), ...held.reverse().map((value) => ({ type: 'keyUp', value }))]);
    },
    type: (text) => act([...text].flatMap(stroke)),
  };
}

function mouseOf(call) {
  return {
    async click(selector) {
      let last;
      for (let i = 0; i < 100; i += 1) {
        try {
          const element = await call('POST', '/element', { using: 'css selector', value: selector });
          return await call('POST', `/element/${Object.values(element)[0]}/click`, {});
        } catch (error) {
          last = error;
          await sleep(100);
        }
      }
      throw last;
    },
  };
}
