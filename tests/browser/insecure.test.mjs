// Over http from another computer's address browsers allow no cryptography: a sealed share says so, a plain one opens.
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { PATIENCE, inEngines } from './engines.mjs';
import { enter, withScheme } from './page.mjs';
import { EXAMPLE, share } from './share.mjs';

const SEALED = ['html', 'dir'].map((layout) => share(EXAMPLE, { layout, args: ['--encrypt'] }));
const PLAIN = share(EXAMPLE);

const address = Object.values(networkInterfaces()).flat().find((one) => one.family === 'IPv4' && !one.internal)?.address;
const skip = address ? false : 'this machine has no address but loopback';

inEngines(['chromium', 'firefox', 'webkit'], ({ open }) => {
  test('a sealed share over http names https as the way, a plain one opens', { timeout: PATIENCE, skip }, async (t) => {
    const page = await open();
    t.after(() => page.close());
    for (const made of SEALED) await withScheme(made, 'http', (url) => enter(page, url + made.hash, 'insecure-context'), { address });
    await page.until(() => /https/.test(document.querySelector('.state-next').textContent));
    await withScheme(PLAIN, 'http', (url) => enter(page, url), { address });
  });
});
