// Every layout, plain, sealed and with a password, in every engine: it opens, plays, seeks to 90 %, shows its logs,
// closes when its time is over, and refuses another key. Says at the end what works where.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { join } from 'node:path';
import { PATIENCE, inEngines } from './engines.mjs';
import { assertQuiet, enter, plays, settledRows, showPanel, stateIs, videoAt, withScheme } from './page.mjs';
import { EXAMPLE, ROOM, share } from './share.mjs';

const PASSWORD = 'grüße, Ärger';
const PASSWORD_FILE = join(ROOM, 'password');
writeFileSync(PASSWORD_FILE, `${PASSWORD}\n`);

const PLACES = { 'html from a file': ['html', 'file'], 'html over http': ['html', 'http'], 'dir over http': ['dir', 'http'], 'zip unpacked': ['zip', 'file'] };
const SEALS = { plain: [], sealed: ['--encrypt'], 'sealed with a password': ['--password-file', PASSWORD_FILE] };
/** Another key, with the right form. */
const OTHER = `#k=${'B'.repeat(42)}A`;

/** @type {Map<string, object>} */
const shares = new Map();
function shareOf(layout, seal, life) {
  const name = `${layout} ${seal} ${life}`;
  if (!shares.has(name)) shares.set(name, share(EXAMPLE, { layout, args: [...SEALS[seal], '--expires', life] }));
  return shares.get(name);
}

const results = [];
after(() => console.log(['', 'what works where:', ...results, ''].join('\n')));

/** Opens the share and gives the password where one is asked for. */
async function unlock(page, url, seal) {
  if (seal !== 'sealed with a password') return enter(page, url);
  await enter(page, url, 'needs-password');
  await page.type(PASSWORD);
  await page.press('Enter');
  await page.until(stateIs, 'ready');
}

async function opens(page, engine, { json }) {
  await plays(page, engine, { json });
  const late = json.duration_ms * 0.9;
  await page.ev((ms) => { document.querySelector('video').currentTime = ms / 1000; }, late);
  await videoAt(page, late, 300);
  assert.ok(await page.ev(() => document.querySelector('video').videoWidth) > 0);
  await showPanel(page, 'console');
  const [first] = await settledRows(page);
  await page.click(`.right > [role=tabpanel]:not([hidden]) [data-id="${first.id}"]`);
  await page.until(() => document.querySelector('.right > [role=tabpanel]:not([hidden]) .drawer:not([hidden]) .drawer-body')?.textContent !== '');
}

inEngines(['chromium', 'firefox', 'webkit'], ({ engine, open }) => {
  for (const [place, [layout, scheme]] of Object.entries(PLACES)) for (const seal of Object.keys(SEALS)) {
    test(`${place}, ${seal}`, { timeout: PATIENCE }, async (t) => {
      const done = [];
      t.after(() => results.push(`  ${engine.padEnd(9)} ${place.padEnd(17)} ${seal.padEnd(23)} ${done.join(', ')}`));
      const step = async (name, run) => {
        const page = await open();
        try {
          await run(page);
          done.push(name);
        } finally {
          await page.close();
        }
      };
      const good = shareOf(layout, seal, '1h');
      await withScheme(good, scheme, async (url, server) => {
        await step('opens, plays, seeks, panels', async (page) => {
          await unlock(page, url + good.hash, seal);
          await opens(page, engine, good);
          await assertQuiet(page, good, server);
        });
        if (seal !== 'plain') await step('wrong key', (page) => enter(page, url + OTHER, 'wrong-key'));
      });
      const old = shareOf(layout, seal, '1s');
      await withScheme(old, scheme, (url) => step('expired', (page) => enter(page, url + old.hash, 'expired')));
    });
  }
});
