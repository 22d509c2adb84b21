// A browser that nobody drives but by evaluating expressions: drivers have the page's process keep what it fetches.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';

/**
 * Opens a page, has functions run in it, and gives the memory of its process afterwards; `kept` is what of its own is left once
 * garbage was collected.
 * @param {string} program
 * @param {string} url
 * @param {[fn: Function, argument: object][]} steps
 * @returns {Promise<{ resident: number, own: number, kept: number }>} MB
 */
export async function bareMemory(program, url, steps) {
  const browser = await bareBrowser(program, url);
  try {
    const page = await browser.page(() => true);
    for (const [fn, argument] of steps) await page.run(fn, argument);
    const used = browser.largest();
    await page.send('HeapProfiler.collectGarbage', {});
    return { ...used, kept: browser.largest().own };
  } finally {
    await browser.close();
  }
}

/**
 * A browser without a window, with a profile of its own that goes with it.
 * @param {string} program
 * @param {string} url
 */
export async function bareBrowser(program, url) {
  const profile = mkdtempSync(join(tmpdir(), 'sealcast-bare-'));
  const args = ['--headless=new', '--no-sandbox', '--disable-gpu', '--mute-audio', '--no-first-run', '--window-size=1400,900', '--remote-debugging-port=0', '--remote-allow-origins=*', `--user-data-dir=${profile}`, url];
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise((done) => { child.on('exit', done); });
  const port = await new Promise((found, failed) => {
    child.stderr.on('data', (text) => /ws:\/\/[^:]+:(\d+)/.test(text) && found(RegExp.$1));
    child.on('exit', () => failed(new Error(`${program} ended`)));
  });
  return {
    port,
    /** The first page of which the address passes a test. @param {(url: string) => boolean} test */
    async page(test) {
      const pages = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json();
      return talk(pages.find((one) => one.type === 'page' && test(one.url)));
    },
    largest: () => largest(profile),
    async close() {
      child.kill();
      await ended;
      try {
        rmSync(profile, { recursive: true, force: true });
      } catch {
        // Its other processes may still write there; the figures are worth more than the folder.
      }
    },
  };
}

/** A page to be asked. @param {{ id: string, webSocketDebuggerUrl: string }} target */
async function talk({ id: target, webSocketDebuggerUrl }) {
  const socket = new WebSocket(webSocketDebuggerUrl);
  await new Promise((open) => { socket.on('open', open); });
  let calls = 0;

  /** @param {string} method @param {object} params @returns {Promise<any>} */
  function send(method, params) {
    const id = ++calls;
    socket.send(JSON.stringify({ id, method, params }));
    return new Promise((done, failed) => {
      socket.on('message', function hear(text) {
        const { id: answered, result, error } = JSON.parse(text);
        if (answered !== id) return;
        socket.off('message', hear);
        if (error) failed(new Error(error.message));
        else if (result.exceptionDetails) failed(new Error(result.exceptionDetails.exception?.description));
        else done(result);
      });
    });
  }

  return {
    target,
    send,
    /** What a function gives there, JSON in, JSON out. @param {Function} fn @param {unknown} [argument] */
    async run(fn, argument) {
      const expression = `(${fn})(${JSON.stringify(argument) ?? ''})`;
      for (;;) {
        try {
          return (await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })).result.value;
        } catch (error) {
          // The page has come in the meantime.
          if (!/context|navigated/i.test(error.message)) throw error;
          await new Promise((done) => { setTimeout(done, 500); });
        }
      }
    },
  };
}

/** The largest of the processes that show pages of a browser with this profile. */
function largest(profile) {
  const read = (pid, name) => {
    try {
      return readFileSync(`/proc/${pid}/${name}`, 'utf8');
    } catch {
      return '';
    }
  };
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((pid) => [pid, read(pid, 'cmdline')]);
  const mine = new Set(all.filter(([, line]) => line.includes(profile)).map(([pid]) => pid));
  // Those that show pages are children of a zygote, which has the profile in its own words or is a child of one that has.
  const family = (pid) => pid !== '0' && pid && (mine.has(pid) || family(/PPid:\s+(\d+)/.exec(read(pid, 'status'))?.[1]));
  const held = all.filter(([pid, line]) => line.includes('--type=renderer') && family(pid)).map(([pid]) => {
    const [resident, own, swapped] = ['VmRSS', 'RssAnon', 'VmSwap'].map((name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(read(pid, 'status'))?.[1]) / 1024);
    return { resident, own: own + swapped };
  });
  return held.sort((one, other) => other.resident - one.resident)[0];
}
