// The Network panel: order and widths of its columns, the waterfall, and all that the details of a request show.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PATIENCE, inEngines } from './engines.mjs';
import { enter, settledRows } from './page.mjs';
import { ROOM, share } from './share.mjs';

const GIF = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"><script>parent.pwned = 1; alert(1)</script><rect width="80" height="40"/></svg>';
const START = Date.parse('2026-11-21T05:00:00.000Z');

/** An entry of a HAR that began after so many ms. */
const entry = (ms, url, { request = {}, response = {}, ...more } = {}) => ({
  startedDateTime: new Date(START + ms).toISOString(),
  time: 100,
  request: { method: 'GET', url, headers: [], ...request },
  response: { status: 200, headers: [], _transferSize: 100, content: { mimeType: 'text/plain', text: 'ok' }, ...response },
  timings: { blocked: 10, dns: 5, connect: 25, ssl: 15, send: 1, wait: 40, receive: 19 },
  ...more,
});
const cart = (count) => ({ content: { mimeType: 'application/json', text: `{"id":12345678901234567890,"items":[{"count":${count}},{"name":"<img src=x onerror=pwned=1>"}]}` } });
const text = (data, at, more) => ({ type: 'receive', opcode: 1, time: (START + at) / 1000, data, ...more });
const ENTRIES = [
  entry(0, 'https://shop.test/cart?q=a%20b', { request: { headers: [{ name: 'Cookie', value: 'sid=1; theme=dark' }] }, response: { ...cart(1), headers: [{ name: 'Set-Cookie', value: 'sid=2; HttpOnly' }] } }),
  entry(400, 'https://shop.test/cart?q=c', { time: 300, response: { ...cart(2), status: 500, _transferSize: 7 } }),
  entry(900, 'https://shop.test/i.gif', { time: 900, response: { _transferSize: 50, content: { mimeType: 'image/gif', encoding: 'base64', text: GIF } } }),
  entry(1200, 'https://shop.test/x.svg', { response: { content: { mimeType: 'image/svg+xml', text: SVG } } }),
  entry(1500, 'wss://shop.test/live', { response: { status: 101 }, _webSocketMessages: [text('{"hello":1}', 1600, { type: 'send' }), text('AAECA0hlbGxv', 1700, { opcode: 2 }), text('news', 1800)] }),
  entry(2000, 'https://shop.test/page.html', { response: { content: { mimeType: 'text/html', text: '<script>pwned = 1</script><img src=x onerror=pwned=1>' } } }),
];
const INPUT = join(ROOM, 'requests.har');
writeFileSync(INPUT, JSON.stringify({ log: { version: '1.2', creator: { name: 'test', version: '1' }, entries: ENTRIES } }));
const PLAIN = share(INPUT, { args: ['--bodies', 'all', '--redact', 'off'] });
const SEALED = share(INPUT, { args: ['--encrypt', '--bodies', 'none', '--redact', 'off'] });

const ids = async (page) => (await settledRows(page)).map(({ id }) => id).join(' ');
const sortIs = (page, name, want) => page.until((words, value) => [...document.querySelectorAll('#panel-network [role=columnheader]')].find((one) => one.textContent === words).getAttribute('aria-sort') === value, name, want);
const press = (page, scope, name) => page.ev((within, words) => {
  const all = [...document.querySelectorAll(`#panel-network ${within} button`)];
  all.find((one) => one.firstChild.textContent === words).click();
}, scope, name);
const inside = (page) => page.ev(() => document.querySelector('#panel-network .inside').textContent);
const says = (page, words) => page.until((wanted) => document.querySelector('#panel-network .inside')?.textContent.includes(wanted), words);

/** Opens a request, a section of it and perhaps a view of that. */
async function look(page, id, section, view) {
  await page.click(`[data-id="${id}"]`);
  await page.until((row, url) => document.querySelector(`[data-id="${row}"]`).getAttribute('aria-selected') === 'true' && document.querySelector('.drawer h2 code')?.textContent.endsWith(url), id, ENTRIES[Number(id.slice(1)) - 1].request.url);
  await press(page, '.tabs', section);
  if (view) await press(page, '.views .seg', view);
}

inEngines(['chromium', 'firefox', 'webkit'], ({ open }) => {
  const spec = (name, run) => test(name, { timeout: PATIENCE }, async () => {
    const page = await open({ width: 1280, height: 900 });
    try {
      await run(page);
      assert.equal(await page.ev(() => String(globalThis.pwned)), 'undefined');
    } finally {
      await page.close();
    }
  });

  spec('columns sort up, down and back, and keep what is selected and current', async (page) => {
    await enter(page, `${PLAIN.url}#panel=network&id=n3`);
    assert.equal(await ids(page), 'n1 n2 n3 n4 n5 n6');
    const steps = [['Duration', 'ascending', 'n1 n4 n5 n6 n2 n3'], ['Duration', 'descending', 'n3 n2 n6 n5 n4 n1'], ['Duration', 'none', 'n1 n2 n3 n4 n5 n6'], ['Status', 'ascending', 'n5 n1 n3 n4 n6 n2'], ['Size', 'ascending', 'n2 n3 n1 n4 n5 n6']];
    for (const [name, sort, order] of steps) {
      await press(page, '.cols', name);
      await sortIs(page, name, sort);
      await page.until((wanted) => [...document.querySelectorAll('#panel-network [data-id]')].map((row) => row.dataset.id).join(' ') === wanted, order);
      const shown = await settledRows(page);
      assert.deepEqual(shown.filter(({ selected }) => selected === 'true').map(({ id }) => id), ['n3']);
      assert.deepEqual(shown.filter(({ current }) => current).map(({ id }) => id).sort(), ['n2', 'n3'], 'the playhead is where the selected request began and the one before ends');
    }
    await page.ev(() => document.querySelector('#panel-network .rows').focus());
    await page.press('ArrowDown');
    await page.press('End');
    assert.equal(await page.ev(() => document.activeElement.dataset.id), 'n6', 'keys go by the order that is shown');
  });

  spec('columns get wider and narrower by key and by pointer', async (page) => {
    await enter(page, `${PLAIN.url}#panel=network`);
    await settledRows(page);
    const width = (at) => page.ev((place) => Math.round(document.querySelector('#panel-network .row').children[place].getBoundingClientRect().width), at);
    const before = [await width(1), await width(6)];
    await page.ev(() => document.querySelectorAll('#panel-network .cols button')[1].focus());
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowLeft']) await page.press(key);
    assert.equal(await width(1), before[0] + 10);
    await page.ev(() => {
      const grip = document.querySelector('#panel-network .cols > :last-child i');
      const { left } = grip.parentElement.getBoundingClientRect();
      grip.setPointerCapture = () => {};
      grip.hasPointerCapture = () => true;
      grip.dispatchEvent(new PointerEvent('pointermove', { clientX: left - 80 }));
    });
    assert.equal(await width(6), before[1] + 80, 'the waterfall grows to its left');
    assert.equal(await page.ev(() => document.documentElement.scrollWidth), 1280);
  });

  spec('bars of phases stand where their times are, and the playhead among them', async (page) => {
    await enter(page, `${PLAIN.url}#panel=network&id=n3`);
    await settledRows(page);
    const [bars, width, now, duration] = await page.ev(() => {
      const box = document.querySelector('[data-id=n1] .wf');
      const { left, width: whole } = box.getBoundingClientRect();
      const list = [...box.children].map((bar) => [bar.className, bar.getBoundingClientRect().left - left, bar.getBoundingClientRect().width]);
      const [length] = [Number(getComputedStyle(box).getPropertyValue('--long'))];
      return [list, whole, parseFloat(getComputedStyle(box, '::after').left), length];
    });
    assert.deepEqual(bars.map(([kind]) => kind), ['p-blocked', 'p-dns', 'p-connect', 'p-ssl', 'p-send', 'p-wait', 'p-receive']);
    const at = (ms) => (ms / duration) * width;
    for (const [kind, from, ms] of [['p-connect', 15, 25], ['p-ssl', 25, 15], ['p-wait', 41, 40], ['p-receive', 81, 19]]) {
      const [, left, wide] = bars.find(([one]) => one === kind);
      assert.ok(Math.abs(left - at(from)) < 0.6 && Math.abs(wide - Math.max(at(ms), kind === 'p-receive' ? 2 : 0)) < 0.6, `${kind}: ${left} ${wide}`);
    }
    assert.ok(Math.abs(now - at(900)) < 1, `the playhead at ${now}, not ${at(900)}`);
    assert.match(await page.ev(() => document.querySelector('#panel-network .sums').innerText), /6 requests\s+457 B transferred\s+within 2\.10 s\s+1 failed/);
  });

  spec('bodies pretty, raw, as a tree, as a picture, in hex; every digit of a number', async (page) => {
    await enter(page, `${PLAIN.url}#panel=network&id=n1`);
    await settledRows(page);
    for (const view of ['Pretty', 'Tree', 'Raw']) {
      await look(page, 'n1', 'Response', view);
      await says(page, '12345678901234567890');
    }
    await press(page, '.views .seg', 'Hex');
    await says(page, '00000000  7b 22 69 64');
    for (const [id, wide] of [['n3', 1], ['n4', 80]]) {
      await look(page, id, 'Response', 'Preview');
      await page.until((want) => document.querySelector('#panel-network .inside img')?.naturalWidth === want, wide);
    }
    await look(page, 'n6', 'Response');
    await says(page, '<script>pwned = 1</script>');
    assert.equal(await page.ev(() => document.querySelectorAll('#panel-network .inside :is(img, script, iframe)').length), 0, 'a page is never drawn');
  });

  spec('cookies, messages, commands, and what differs between two requests', async (page) => {
    await enter(page, `${PLAIN.url}#panel=network&id=n1`);
    await settledRows(page);
    await look(page, 'n1', 'Cookies');
    assert.deepEqual(await page.ev(() => [...document.querySelectorAll('.inside td')].map((cell) => cell.textContent)), ['sid', '1', '', 'theme', 'dark', '', 'sid', '2', 'HttpOnly']);
    await look(page, 'n5', 'Messages');
    await says(page, '00 01 02 03 48 65 6c 6c 6f');
    await page.ev(() => {
      const input = document.querySelector('.inside input');
      input.value = '-is:sent /^n.ws$/';
      input.dispatchEvent(new Event('input'));
    });
    assert.match(await inside(page), /^got after 300 ms4 Bnews/);
    await look(page, 'n1', 'Copy', 'cURL (cmd)');
    await says(page, 'curl ^"https^:^/^/shop.test^/cart^?q^=a^%20b^"');
    await look(page, 'n1', 'Compare');
    await press(page, '.inside', 'Compare others with this');
    await look(page, 'n2', 'Compare');
    await says(page, '500');
    assert.deepEqual(await page.ev(() => [...document.querySelectorAll('.inside [class="d-"], .inside [class="d+"]')].map((line) => line.textContent.replace(/\s+/g, ' '))), ['- "count": 1', '+ "count": 2']);
    assert.match(await inside(page), /cookiesid=1; theme=dark/);
  });

  spec('a sealed share without bodies says so, and copies what there is', async (page) => {
    await enter(page, `${SEALED.url}${SEALED.hash}&panel=network&id=n1`);
    await settledRows(page);
    await look(page, 'n1', 'Response');
    await says(page, 'bodies were left out');
    await look(page, 'n1', 'Copy', 'fetch');
    await says(page, '"method": "GET"');
    await look(page, 'n1', 'Compare');
    await press(page, '.inside', 'Compare others with this');
    await look(page, 'n2', 'Compare');
    await says(page, '500');
  });
});
