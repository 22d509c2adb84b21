// A page in another language: every word of its own is in it, in every panel and every state.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ENGLISH } from '../../assets/player/labels.js';
import { PATIENCE, inEngines } from './engines.mjs';
import { enter, settledRows, stateIs } from './page.mjs';
import { EXAMPLE, ROOT, ROOM, edited, sealcast, share, withHeader, withScript } from './share.mjs';

const GERMAN = JSON.parse(readFileSync(join(ROOT, 'assets/labels/de.json'), 'utf8'));
const LANG = { args: ['--lang', 'de'] };
const SHARE = share(EXAMPLE, LANG);
const SEALED = share(EXAMPLE, { args: [...LANG.args, '--encrypt'] });
const PANELS = ['timeline', 'console', 'network', 'actions', 'backend', 'info'];
const PANEL = '.right > [role=tabpanel]:not([hidden])';

/** What English text a German page must not show: each label as an expression, with anything for its values. */
const TELLTALE = Object.entries(GERMAN).flatMap(([key, german]) => {
  const english = ENGLISH[key] ?? key;
  const forms = typeof english === 'string' ? english.split('\n').map((line, i) => [line, german.split('\n')[i]]) : [[english.one, german.one], [english.other, german.other]];
  return forms.filter(([here, there]) => here !== there && (here.includes('{') ? /[a-z]{4}/i : /[a-z]/i).test(here.replace(/\{\w+\}/g, ''))).map(([here]) => (
    `^${here.replace(/[.*+?^$()[\]\\|/]/g, '\\$&').replace(/\{\w+\}/g, '.+')}$`));
});
// What the example says of itself that reads like a label.
const RECORDED = /^(Card payment fails|Uncaught \(in promise\)|Failed to load resource|\[ui\])/;

/** Every text that people see or hear, which is none of the recording's. */
const texts = (page) => page.ev(() => {
  const found = new Set([document.title]);
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (node.nodeType === 3) {
      if (!node.parentElement.closest('script,style,noscript,pre,code,.tree')) found.add(node.data.trim());
    } else for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'aria-valuetext']) found.add(node.getAttribute(name)?.trim() ?? '');
  }
  return [...found].filter(Boolean);
});

async function assertGerman(page, what) {
  const shown = await texts(page);
  const english = shown.filter((text) => !RECORDED.test(text) && !Object.values(GERMAN).includes(text) && TELLTALE.some((one) => new RegExp(one).test(text)));
  assert.deepEqual(english, [], what);
  return shown;
}

test('verify knows the page of another language, and refuses a word that was changed in it', () => {
  assert.equal(sealcast('verify', SHARE.page).status, 0);
  const changed = edited(SHARE, (html) => html.replace('Diese Aufzeichnung ist unvollständig', 'Diese Aufzeichnung ist in Ordnung'));
  assert.equal(sealcast('verify', changed.page).status, 7);
  assert.equal(sealcast('verify', edited(SHARE, (html) => html.replace('<html lang="de"', '<html lang="en"')).page).status, 7);
  assert.equal(sealcast('export', EXAMPLE, '-o', join(ROOM, 'x.html'), '--lang', 'tlh').status, 2);
});

inEngines(['chromium'], ({ open }) => {
  const spec = (name, run) => test(name, { timeout: 2 * PATIENCE }, async (t) => {
    const page = await open();
    t.after(() => page.close());
    await run(page);
  });

  spec('every panel, its details, the menu and the help are German', async (page) => {
    await enter(page, SHARE.url);
    assert.equal(await page.ev(() => document.documentElement.lang), 'de');
    await assertGerman(page, 'at first');
    for (const panel of PANELS) {
      await page.click(`#tab-${panel}`);
      await page.until((id) => !document.getElementById(`panel-${id}`).hidden, panel);
      if (panel !== 'info') {
        const rows = await settledRows(page);
        const failed = await page.ev((at) => document.querySelector(`${at} .row.is-error`)?.dataset.id, PANEL);
        for (const id of new Set([rows[0].id, failed].filter(Boolean))) {
          await page.ev((hash) => { location.hash = hash; }, `panel=${panel}&id=${id}`);
          await page.until((at, one) => document.querySelector(`${at} .drawer:not([hidden]) h2`) && document.querySelector(`${at} [data-id="${one}"]`)?.getAttribute('aria-selected') === 'true', PANEL, id);
          const count = await page.ev((at) => document.querySelectorAll(`${at} .drawer > .tabs > button`).length, PANEL);
          for (let i = 0; i < count; i += 1) {
            await page.ev((at, place) => document.querySelectorAll(`${at} .drawer > .tabs > button`)[place].click(), PANEL, i);
            await assertGerman(page, `${panel} ${id} ${i}`);
          }
        }
        await page.ev((at) => {
          const input = document.querySelector(`${at} [data-filter]`);
          input.value = 'nothing has this in it';
          input.dispatchEvent(new Event('input'));
        }, PANEL);
        await page.until((at) => document.querySelector(`${at} .empty`).textContent.includes('Nichts passt.'), PANEL);
      }
      await assertGerman(page, panel);
    }
    await page.click('[aria-label="Einstellungen und Hilfe"]');
    await page.press('Escape');
    await page.press('?');
    await page.until(() => document.querySelector('dialog[open]'));
    const shown = await assertGerman(page, 'help');
    for (const word of ['Leertaste', 'Umschalt+N', 'Zeitleiste', 'Nächster Fehler']) assert.ok(shown.includes(word), word);
  });

  spec('numbers, plurals and dates are German', async (page) => {
    await enter(page, `${SHARE.url}#panel=network`);
    await settledRows(page);
    assert.match(await page.until((at) => document.querySelector(`${at} .sums`).textContent, PANEL), /^\d+ Anfragen/);
    assert.match(await page.ev((at) => document.querySelector(at).textContent, PANEL), /\d,\d (kB|ms)/);
    await page.click('#tab-info');
    assert.match(await page.until(() => document.querySelector('#panel-info dl')?.textContent), /\d{2}\.\d{2}\.\d{4}/);
  });

  spec('every state is German', async (page) => {
    const states = {
      expired: withHeader(SHARE, (header) => ({ ...header, created: 1, expires: 2 })).url,
      'damaged/cut': edited(SHARE, (html) => html.slice(0, -2000)).url,
      damaged: withHeader(SHARE, () => '{}').url,
      'unsupported/newer-version': edited(SHARE, (html) => html.replace('"v":1,', '"v":2,')).url,
      unsupported: withScript(SHARE, (script) => `${script};;%`).url,
      'needs-key': SEALED.url,
      'wrong-key/cut-key': `${SEALED.url}#k=short`,
      'wrong-key': `${SEALED.url}#k=${'A'.repeat(43)}`,
    };
    for (const [name, url] of Object.entries(states)) {
      await page.go('about:blank');
      await page.go(url);
      await page.until(stateIs, name.split('/')[0]);
      const [title] = GERMAN[`state ${name === 'damaged' ? 'damaged/header' : name}`].split('\n');
      assert.equal(await page.ev(() => document.querySelector('h1').textContent), title, name);
      await assertGerman(page, name);
    }
  });

  spec('without scripts the page says in German what to do', async () => {
    const page = await open({ scripts: false });
    await page.go(SHARE.url);
    assert.match(await page.raw.locator('noscript').textContent(), /Sie braucht JavaScript/);
    await page.close();
  });

  spec('an English page has the words of no other language in it, and the same script', async () => {
    const script = ({ page }) => readFileSync(page, 'utf8').match(/<script>[^]*?<\/script>/g).at(-1);
    const english = share(EXAMPLE);
    assert.equal(script(english), script(SHARE));
    const block = readFileSync(english.page, 'utf8').match(/<script type="application\/json" id="labels">([^<]*)</)[1];
    const found = Object.entries(JSON.parse(block));
    for (const [key, text] of found) if (Number.isNaN(Number(key))) assert.deepEqual(text, ENGLISH[key]);
    // Those that the script asks for by number are not there twice.
    const texts = found.map(([, text]) => JSON.stringify(text));
    assert.deepEqual(Object.values(ENGLISH).filter((text) => !texts.includes(JSON.stringify(text))), []);
  });
});
