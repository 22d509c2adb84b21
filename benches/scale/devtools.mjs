// Chrome's own developer tools with the recording's HAR, the one part of it that they load. Their page is opened in a tab
// beside an empty page, which they look at.
import { bareBrowser } from './bare.mjs';

const START = 30_000;

/**
 * How long they take to show a HAR's first rows, to count all, and to filter it (ms), and what their process holds (MB).
 * @param {string} program of the browser
 * @param {string} har
 * @param {{ count: number, filters: Record<string, string>, patience: number, add: (name: string, value: number) => void }} want
 */
export async function devtools(program, har, { count, filters, patience, add }) {
  const browser = await bareBrowser(program, 'about:blank');
  try {
    const empty = await browser.page((url) => url === 'about:blank');
    await empty.send('Target.createTarget', { url: `devtools://devtools/bundled/devtools_app.html?ws=127.0.0.1:${browser.port}/devtools/page/${empty.target}&panel=network` });
    const tools = await browser.page((url) => url.startsWith('devtools:'));
    await tools.run(prepare, START);
    // The element behind their "Import HAR file".
    const { result: { objectId } } = await tools.send('Runtime.evaluate', { expression: 'networkPanel.fileSelectorElement' });
    const begun = Date.now();
    await tools.send('DOM.setFileInputFiles', { files: [har], objectId });
    add('first rows: network, since the navigation began', await tools.run(until, { what: 'rows', least: 1, patience }) - begun);
    add('all counted: network', await tools.run(until, { what: 'counted', least: count, patience }) - begun);
    for (const [name, text] of Object.entries(filters).filter(([, one]) => one)) add(`whole search: network, ${name}`, await tools.run(filterBy, { text, patience }));
    await tools.run(filterBy, { text: '', patience });
    add('memory: of the page, resident', browser.largest().resident);
    add('memory: of the page, its own', browser.largest().own);
  } finally {
    await browser.close();
  }
}

/** Runs in their page: finds their panel, and lays down how to ask it. */
async function prepare(patience) {
  const { NetworkPanel } = await import('./panels/network/network.js');
  for (const end = Date.now() + patience; Date.now() < end; await new Promise((done) => { setTimeout(done, 50); })) {
    try {
      globalThis.networkPanel = NetworkPanel.NetworkPanel.instance();
      if (globalThis.networkPanel.fileSelectorElement) break;
    } catch {
      // Their page has not come up yet.
    }
  }
  const { networkLogView } = globalThis.networkPanel;
  /** Numbers of their summary: "17 / 26 requests" or "26 requests". */
  const numbers = () => (networkLogView.summaryToolbar().innerText.split('\n')[0].match(/\d+/g) ?? []).map(Number);
  /** Elements are in shadow trees: looked through as deep as they go. */
  const drawn = (root) => [...root.querySelectorAll('*')].some((one) => (one.localName === 'tr' && one.className.includes('data-grid-data-grid-node') && one.innerText.trim()) || (one.shadowRoot && drawn(one.shadowRoot)));
  globalThis.asked = { rows: () => Number(drawn(networkLogView.element)), counted: () => numbers().at(-1) ?? 0, shown: () => numbers() };
}

/** Runs in their page: when (ms since 1970) it shows what is waited for. */
async function until({ what, least, patience }) {
  for (const end = Date.now() + patience; Date.now() < end;) {
    if (globalThis.asked[what]() >= least) return Date.now();
    await new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); });
  }
  throw new Error(`nothing after ${patience / 1000} s`);
}

/** Runs in their page: ms from a filter's words until its result is counted. */
async function filterBy({ text, patience }) {
  const before = globalThis.asked.shown().join();
  const begun = performance.now();
  globalThis.networkPanel.networkLogView.setTextFilterValue(text);
  while (globalThis.asked.shown().join() === before) {
    if (performance.now() - begun > patience) throw new Error(`no filter after ${patience / 1000} s`);
    await new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); });
  }
  return performance.now() - begun;
}
