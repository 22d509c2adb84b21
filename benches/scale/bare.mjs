// A browser that nobody drives but by evaluating expressions: drivers have the page's process keep what it fetches.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';

/**
 * Opens a page, has functions run in it, and gives the memory of its process afterwards.
 * @param {string} program
 * @param {string} url
 * @param {[fn: Function, argument: object][]} steps
 * @returns {Promise<{ resident: number, own: number }>} MB
 */
export async function bareMemory(program, url, steps) {
  const profile = mkdtempSync(join(tmpdir(), 'sealcast-bare-'));
  const args = ['--headless=new', '--no-sandbox', '--disable-gpu', '--mute-audio', '--no-first-run', '--window-size=1400,900', '--remote-debugging-port=0', `--user-data-dir=${profile}`, url];
  const browser = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    const port = await new Promise((found, failed) => {
      browser.stderr.on('data', (text) => /ws:\/\/[^:]+:(\d+)/.test(text) && found(RegExp.$1));
      browser.on('exit', () => failed(new Error(`${program} ended`)));
    });
    const pages = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json();
    const socket = new WebSocket(pages.find(({ type }) => type === 'page').webSocketDebuggerUrl);
    await new Promise((open) => { socket.on('open', open); });
    for (const [fn, argument] of steps) await run(socket, `(${fn})(${JSON.stringify(argument)})`);
    return largest(profile);
  } finally {
    browser.kill();
    await new Promise((ended) => { browser.on('exit', ended); });
    rmSync(profile, { recursive: true, force: true });
  }
}

let calls = 0;
function run(socket, expression) {
  const id = ++calls;
  socket.send(JSON.stringify({ id, method: 'Runtime.evaluate', params: { expression, awaitPromise: true, returnByValue: true } }));
  return new Promise((done, failed) => {
    socket.on('message', function hear(text) {
      const { id: answered, result, error } = JSON.parse(text);
      if (answered !== id) return;
      socket.off('message', hear);
      // The page has come in the meantime.
      if (error) setTimeout(() => run(socket, expression).then(done, failed), 500);
      else if (result.exceptionDetails) failed(new Error(result.exceptionDetails.exception?.description));
      else done(result.result.value);
    });
  });
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
    const [resident, own] = ['VmRSS', 'RssAnon'].map((name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(read(pid, 'status'))?.[1]) / 1024);
    return { resident, own };
  });
  return held.sort((one, other) => other.resident - one.resident)[0];
}
