// Every state but "ready": expiry by each clock, damage of each kind, browsers that cannot.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATIENCE, inEngines } from './engines.mjs';
import { assertQuiet, enter, stateIs, withScheme } from './page.mjs';
import { EXAMPLE, edited, share, withHeader, withScript } from './share.mjs';

const DAY = 86_400;
const SECRET = 'Card payment fails after changing the country';
const SHARE = share(EXAMPLE);
const NEVER = { html: share(EXAMPLE, { args: ['--expires', 'never'] }), dir: share(EXAMPLE, { layout: 'dir', args: ['--expires', 'never'] }) };

/** The share with its life span moved, in seconds from now. */
const living = (from, to) => withHeader(SHARE, (header) => {
  const now = Math.floor(Date.now() / 1000);
  return { ...header, created: now + from, expires: now + to };
});

/** What a state page says. */
async function stateOf(page) {
  return page.ev(() => ({
    ran: document.documentElement.sealcast === 1, state: document.documentElement.dataset.state, reason: document.documentElement.dataset.reason ?? null,
    heading: document.querySelector('h1')?.textContent, title: document.title, paragraphs: document.querySelectorAll('#app p').length,
    blocks: document.querySelectorAll('script[data-part]').length, media: document.querySelectorAll('video,audio').length, text: document.body.innerText,
  }));
}

/** The state has its words, and nothing of the recording is left. */
async function assertState(page, { state, reason, heading }) {
  await page.until(stateIs, state);
  const now = await stateOf(page);
  if (reason !== undefined) assert.equal(now.reason, reason);
  if (heading) assert.equal(now.heading, heading);
  assert.ok(now.heading && now.paragraphs >= 2, 'a heading, a cause and a next step');
  assert.equal(now.media, 0);
  // Where the player never ran, the title is the one the page was made with.
  const shown = now.ran ? now.text + now.title : now.text;
  assert.ok(!shown.includes(SECRET), 'nothing of the recording shows');
  return now;
}

const EXPIRED = { state: 'expired', heading: 'Recording link expired' };

inEngines(['chromium', 'firefox', 'webkit'], ({ open }) => {
  const spec = (name, run) => test(name, { timeout: PATIENCE }, async (t) => {
    const pages = [];
    t.after(() => Promise.all(pages.map((page) => page.close())));
    await run(async (options) => pages[pages.push(await open(options)) - 1]);
  });

  for (const scheme of ['file', 'http']) {
    spec(`an expired share says exactly so and shows nothing: ${scheme}`, async (fresh) => {
      const page = await fresh();
      const old = living(-2 * DAY, -60);
      await withScheme(old, scheme, async (url, server) => {
        await page.go(url);
        const { blocks } = await assertState(page, EXPIRED);
        assert.equal(blocks, 0, 'the data left the page');
        await assertQuiet(page, old, server);
      });
    });

    spec(`a cut file is damaged: ${scheme}`, async (fresh) => {
      const page = await fresh();
      const cut = edited(SHARE, (html) => html.slice(0, html.indexOf('data-part="0"') + 100_000));
      await withScheme(cut, scheme, async (url) => {
        await page.go(url);
        await assertState(page, { state: 'damaged', reason: 'cut' });
      });
    });
  }
});

inEngines(['chromium'], ({ open }) => {
  const spec = (name, run) => test(name, { timeout: PATIENCE }, async (t) => {
    const pages = [];
    t.after(() => Promise.all(pages.map((page) => page.close())));
    await run(async (options) => pages[pages.push(await open(options)) - 1]);
  });

  for (const scheme of ['file', 'http']) {
    spec(`a share that expires while it is open empties itself: ${scheme}`, async (fresh) => {
      const page = await fresh();
      await withScheme(living(-60, 5), scheme, async (url) => {
        await enter(page, url);
        await page.press('k');
        await page.until(() => !document.querySelector('video').paused);
        const { blocks } = await assertState(page, EXPIRED);
        assert.equal(blocks, 0);
      });
    });

    spec(`a share that never expires asks nobody for the time: ${scheme}`, async (fresh) => {
      for (const layout of ['html', 'dir']) {
        const page = await fresh();
        await withScheme(NEVER[layout], scheme, async (url, server) => {
          await enter(page, url);
          const pages = server ? server.requests.map((request) => request.url).filter((path) => path.endsWith('.html')) : (await page.seen()).requests.filter((path) => path.endsWith('.html'));
          assert.equal(pages.length, 1);
        });
      }
    });
  }

  spec('a computer that slept past the end finds the share expired when it is looked at again', async (fresh) => {
    const page = await fresh();
    await enter(page, living(-60, 3600).url);
    await page.ev(() => {
      const now = Date.now() + 7_200_000;
      Date.now = () => now;
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await assertState(page, EXPIRED);
  });

  // Over http the page's own last change is part of the evidence, so it has to lie before everything else here.
  const old = { modified: new Date(Date.now() - 30 * DAY * 1000) };

  spec('a reader’s clock set back does not reopen a share over http', async (fresh) => {
    const page = await fresh({ clock: -10 * DAY * 1000 });
    await withScheme(living(-2 * DAY, -60), 'http', async (url) => {
      await page.go(url);
      await assertState(page, EXPIRED);
    }, old);
  });

  spec('a reader’s clock a day fast does not close a share over http', async (fresh) => {
    const page = await fresh({ clock: DAY * 1000 });
    await withScheme(living(-60, 3600), 'http', async (url) => {
      await enter(page, url);
      assert.match(await page.ev(() => document.querySelector('.expiry').textContent), /Expires in 59 min/);
      await new Promise((done) => setTimeout(done, 1500));
      assert.ok(await page.ev(stateIs, 'ready'));
    }, old);
  });

  spec('over http the server’s clock decides', async (fresh) => {
    const page = await fresh();
    await withScheme(living(-60, 3600), 'http', async (url) => {
      await page.go(url);
      await assertState(page, EXPIRED);
    }, { ...old, skew: 2 * DAY * 1000 });
  });

  spec('no clock makes it earlier than the page’s own last change', async (fresh) => {
    const page = await fresh({ clock: -10 * DAY * 1000 });
    await withScheme(living(-2 * DAY, -60), 'http', async (url) => {
      await page.go(url);
      await assertState(page, EXPIRED);
    }, { modified: new Date(), skew: -10 * DAY * 1000 });
  });

  const block = (part) => new RegExp(`(data-part="${part}">[A-Za-z0-9+/]{40})([A-Za-z0-9+/])`);
  const changeByte = (part) => (html) => html.replace(block(part), (_all, before, letter) => before + (letter === 'A' ? 'B' : 'A'));
  const at = (html, text) => html.indexOf(text);
  /** [name, change, state, reason] */
  const DAMAGE = [
    ['cut in the player', (html) => html.slice(0, at(html, 'id="header"') - 2000), 'damaged', 'cut'],
    ['cut in the header', (html) => html.slice(0, at(html, '"bundle"')), 'damaged'],
    ['cut in the manifest', (html) => html.slice(0, at(html, 'data-part="0"') + 300), 'damaged', 'cut'],
    ['cut in the logs', (html) => html.slice(0, at(html, 'data-part="2"') + 300), 'damaged', 'cut'],
    ['cut in the video', (html) => html.slice(0, html.length - 200_000), 'damaged', 'cut'],
    ['cut before the end block', (html) => html.slice(0, at(html, '<script type="application/json" id="end"')), 'damaged', 'cut'],
    ['cut in the end block', (html) => html.slice(0, at(html, 'id="end"') + 60), 'damaged', 'cut'],
    ['a byte of the manifest changed', changeByte(0), 'damaged'],
    ['a byte of the first log changed', changeByte(1), 'damaged'],
    ['a byte of the video changed', (html) => changeByte(Math.max(...[...html.matchAll(/data-part="(\d+)"/g)].map((match) => Number(match[1]))))(html), 'damaged'],
    ['a data block missing', (html) => html.replace(/<script[^>]*data-part="2">[^<]*<\/script>/, ''), 'damaged'],
    ['a checksum changed', (html) => html.replace(/(id="end">\{"parts":\[\[0,\d+,\d)(\d)/, (_all, before, digit) => before + (9 - Number(digit))), 'damaged'],
    ['spaces in the header', (html) => html.replace('"v":1,', '"v": 1,'), 'damaged', 'header'],
    ['members of the header in another order', (html) => html.replace('"v":1,"suite":"none",', '"suite":"none","v":1,'), 'damaged', 'header'],
    ['an expiry that is no number', (html) => html.replace(/"expires":\d+/, '"expires":"0"'), 'damaged', 'header'],
    ['two headers', (html) => html.replace(/<script type="application\/json" id="header">[^<]*<\/script>/, '$&\n$&'), 'damaged', 'header'],
    ['a newer version', (html) => html.replace('"v":1,', '"v":2,'), 'unsupported', 'newer-version'],
  ];

  for (const [name, change, state, reason] of DAMAGE) {
    spec(`${name}: ${state}`, async (fresh) => {
      const page = await fresh();
      await page.go(edited(SHARE, change).url);
      await assertState(page, { state, reason });
    });
  }

  spec('a cut folder page is damaged', async (fresh) => {
    const page = await fresh();
    await page.go(edited(NEVER.dir, (html) => html.slice(0, html.length - 5000)).url);
    await assertState(page, { state: 'damaged', reason: 'cut' });
  });

  for (const [name, change] of [['cannot be parsed', (script) => `${script}\nlet let = ;`], ['throws at once', (script) => `null.x;\n${script}`]]) {
    spec(`a player that ${name} leaves words, not a blank page`, async (fresh) => {
      const page = await fresh();
      await page.go(withScript(SHARE, change).url);
      await assertState(page, { state: 'unsupported', reason: 'old-browser' });
    });
  }

  spec('a browser without deflate says that it is too old', async (fresh) => {
    const page = await fresh();
    await page.raw.addInitScript(() => delete globalThis.DecompressionStream);
    await page.go(SHARE.url);
    await assertState(page, { state: 'unsupported', reason: 'old-browser' });
  });

  spec('without scripts the page says what to do', async (fresh) => {
    const page = await fresh({ scripts: false });
    await page.go(SHARE.url);
    const text = await page.raw.locator('noscript').first().innerText({ timeout: 30_000 });
    assert.match(text, /needs JavaScript/);
    assert.match(text, /preview/);
  });
});
