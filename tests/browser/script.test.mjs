// The page's own code: the same in every bundle, and the only code that runs.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PATIENCE, inEngines } from './engines.mjs';
import { enter, withScheme } from './page.mjs';
import { EXAMPLE, MEDIA, edited, share } from './share.mjs';

const SHARE = share(EXAMPLE);
const OTHERS = [share(EXAMPLE, { layout: 'dir', args: ['--title', '</script><script>alert(1)</script>', '--expires', 'never'] }), share(join(MEDIA, 'mediarecorder.webm'))];
const html = (made) => readFileSync(made.page, 'utf8');
const scripts = (made) => [...html(made).matchAll(/<script>([^]*?)<\/script>/g)].map((match) => match[1]);
const styles = (made) => [...html(made).matchAll(/<style>([^]*?)<\/style>/g)].map((match) => match[1]);
const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

test('script and style are the same bytes in every bundle', () => {
  assert.equal(scripts(SHARE).length, 2);
  assert.equal(styles(SHARE).length, 1);
  for (const other of OTHERS) {
    assert.deepEqual(scripts(other), scripts(SHARE));
    assert.deepEqual(styles(other), styles(SHARE));
  }
});

test('the code names no address but that of SVG', () => {
  const addresses = [...scripts(SHARE), ...styles(SHARE)].join('\n').match(/(https?|wss?|ftp):\/\/[^\s'"`)]*/g) ?? [];
  assert.deepEqual([...new Set(addresses)], ['http://www.w3.org/2000/svg']);
});

test('the policy comes before all that it governs, and names the hashes of what the page carries', () => {
  for (const made of [SHARE, ...OTHERS]) {
    const page = html(made);
    const at = page.indexOf('http-equiv="Content-Security-Policy"');
    assert.ok(at > 0);
    for (const tag of ['<script', '<style', '<link', '<img', '<video', '<body']) assert.ok(page.indexOf(tag) < 0 || page.indexOf(tag) > at, tag);
    const policy = page.match(/Content-Security-Policy" content="([^"]*)"/)[1].replaceAll('&#x27;', "'").replaceAll('&#39;', "'");
    const directives = new Map(policy.split(';').map((one) => one.trim().split(/\s+/)).map(([name, ...values]) => [name, values]));
    assert.deepEqual(directives.get('default-src'), ["'none'"]);
    assert.deepEqual(directives.get('script-src'), scripts(made).map(hash));
    assert.deepEqual(directives.get('style-src'), styles(made).map(hash));
    assert.deepEqual(directives.get('require-trusted-types-for'), ["'script'"]);
    assert.deepEqual(directives.get('trusted-types'), ['sealcast']);
    for (const name of ['base-uri', 'form-action']) assert.deepEqual(directives.get(name), ["'none'"]);
    assert.ok(!/unsafe|\*|https?:/.test(policy), policy);
  }
});

/** What somebody might have put into the file on its way. */
const INTRUDERS = '<script>globalThis.pwned = 1</script><img src="x" onerror="globalThis.pwned = 2"><svg onload="globalThis.pwned = 3"></svg><a id="lure" href="javascript:globalThis.pwned = 4">x</a><iframe srcdoc="<script>parent.pwned = 5</script>"></iframe>';

inEngines(['chromium', 'firefox', 'webkit'], ({ open }) => {
  for (const scheme of ['file', 'http']) {
    test(`other code does not run: ${scheme}`, { timeout: PATIENCE }, async (t) => {
      const page = await open();
      t.after(() => page.close());
      const visited = edited(SHARE, (text) => text.replace('<div id="app">', () => `${INTRUDERS}<div id="app">`));
      await withScheme(visited, scheme, async (url) => {
        await enter(page, url);
        await page.ev(() => document.getElementById('lure')?.click());
        await page.ev(() => new Promise((done) => setTimeout(done, 300)));
        assert.equal(await page.ev(() => globalThis.pwned ?? null), null);
        const tries = await page.ev(() => {
          const attempt = (run) => {
            try {
              run();
              return 'went through';
            } catch (error) {
              return error.constructor.name;
            }
          };
          return {
            markup: attempt(() => { document.createElement('div').innerHTML = '<b>x</b>'; }),
            script: attempt(() => { document.createElement('script').textContent = 'globalThis.pwned = 6'; }),
            policy: attempt(() => trustedTypes.createPolicy('other', { createHTML: (text) => text })),
          };
        });
        assert.deepEqual(tries, { markup: 'TypeError', script: 'TypeError', policy: 'TypeError' });
        assert.equal(await page.ev(() => fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'refused')), 'refused');
      });
    });
  }
});
