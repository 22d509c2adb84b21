/** @import { App, Header, Manifest } from './types.d.ts' */
/** @import { Options } from './fragment.js' */
import { fileUrl, isWeb, repairAddress } from './address.js';
import { createApp, initialState } from './app.js';
import { findBlocks, textOf } from './blocks.js';
import { createBreath } from './breath.js';
import { bytesFrom, createFiles, createInline } from './carrier.js';
import { fill } from './dom.js';
import { parseOptions, parsePlace } from './fragment.js';
import { createGuard } from './guard.js';
import { parseEnd, parseHeader, FORMAT_VERSION } from './header.js';
import { createHelp } from './help.js';
import { visible } from './inert.js';
import { keepAddress, placeNow } from './keep-address.js';
import { bindKeys } from './keys.js';
import { land } from './landing.js';
import { createLayout } from './layout.js';
import { linkTo } from './link.js';
import { recall, remember } from './memory.js';
import { createPlayback } from './playback.js';
import { createSource, parse } from './source.js';
import { showState } from './state-page.js';
import { StateError } from './states.js';
import { createStore } from './store.js';
import { createPanels } from './tabs.js';
import { firstTheme, keepTheme, paint } from './theme.js';
import { copyText, createToast } from './toast.js';
import { createTopbar } from './topbar.js';

/** How long the page waits for a medium before it calls itself ready, in ms. */
const LOAD_WAIT = 3000;

start();

function start() {
  // The script of the oldest syntax looks for this mark: it says that the player was understood.
  /** @type {any} */ (document.documentElement).sealcast = 1;
  const notice = repair();
  const options = parseOptions(location.search, location.hash);
  paint(firstTheme(options.theme));
  const run = () => void open(options, notice);
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', run, { once: true });
  else run();
}

/** Puts a damaged address right before anything is requested; says so if that came too late for its key. */
function repair() {
  const repaired = repairAddress(location);
  if (!repaired) return null;
  try {
    history.replaceState(null, '', location.pathname + repaired.search + repaired.hash);
  } catch {
    location.hash = repaired.hash;
  }
  const leaked = isWeb(location.protocol) && /[#&]k=/.test(repaired.hash);
  return leaked ? 'A mail gateway changed this link: its key has reached the server’s log. Ask for a new export.' : null;
}

/**
 * @param {Options} options
 * @param {string | null} notice
 */
async function open(options, notice) {
  const life = new AbortController();
  /** @type {Header | null} */
  let header = null;

  /** @param {unknown} error */
  function stop(error) {
    if (life.signal.aborted) return;
    life.abort();
    const known = error instanceof StateError ? error : new StateError('damaged');
    if (known !== error) console.error(error);
    showState(known.state, known.reason, header);
  }

  try {
    requirePlatform();
    header = parseHeader(textOf(document, 'header'));
    const guard = createGuard(header, { life: life.signal, onExpire: () => stop(new StateError('expired')) });
    if (await guard.check()) return;
    const inline = createInline(findBlocks(document), parseEnd(textOf(document, 'end')), createBreath());
    const source = await openSource(header, inline);
    if (life.signal.aborted) return;
    const app = mount(source, { options, life: life.signal, now: guard.now });
    if (notice) app.toast(notice);
    // Decodes what lies in the page and compares its checksums; the page shrinks on the way.
    for (const { id, file } of source.manifest.parts) if (!file) await inline.part(id);
    await Promise.race([app.load(), new Promise((resolve) => setTimeout(resolve, LOAD_WAIT))]);
    if (life.signal.aborted) return;
    document.documentElement.dataset.state = 'ready';
    if (options.autoplay) app.play();
  } catch (error) {
    stop(error);
  }
}

function requirePlatform() {
  try {
    new DecompressionStream('deflate-raw');
  } catch {
    throw new StateError('unsupported', 'old-browser');
  }
}

/**
 * @param {Header} header
 * @param {ReturnType<typeof createInline>} inline
 */
async function openSource(header, inline) {
  if (!inline.has(0)) throw new StateError('damaged');
  const blob = await inline.part(0);
  /** @type {Manifest} */
  const manifest = parse(await bytesFrom(blob, 0, blob.size));
  if (!(manifest.v <= FORMAT_VERSION)) throw new StateError('unsupported', 'newer-version');
  const urlOf = (/** @type {string} */ path) => fileUrl(location.href, path);
  const files = createFiles({ urlOf, web: isWeb(location.protocol), get: (...request) => fetch(...request) });
  return createSource({ header, manifest, inline, files, urlOf });
}

/**
 * @param {ReturnType<typeof createSource>} source
 * @param {{ options: Options, life: AbortSignal, now: () => number }} context
 */
function mount(source, { options, life, now }) {
  const { manifest } = source;
  const shortcuts = recall('shortcuts') !== 'off';
  const store = createStore(initialState({ duration: manifest.duration, muted: options.muted, theme: firstTheme(options.theme), shortcuts }));
  const playback = createPlayback(store, manifest, options);
  const toast = createToast();
  const app = createApp({ store, source, playback, life, toast: toast.show, copyText });
  arrive(app);

  const { main, fullscreen } = createLayout(app, { options, createPanels });
  const help = createHelp();
  const showHelp = () => help.showModal();
  const copyLink = (/** @type {boolean} */ timed) => app.copy(linkTo(location, timed ? placeNow(app) : {}), 'Link');
  const topbar = createTopbar(app, { now, copyLink, help: showHelp });
  fill(/** @type {HTMLElement} */ (document.getElementById('app')), topbar, main, toast.box, help);
  if (manifest.title) document.title = visible(manifest.title);

  keepTheme(store, life);
  keepAddress(app);
  store.on(['shortcuts'], (state) => remember('shortcuts', state.shortcuts ? 'on' : 'off'));
  bindKeys(app, { copyLink: () => copyLink(true), help: showHelp, fullscreen });
  addEventListener('hashchange', () => arrive(app), { signal: life });
  life.addEventListener('abort', () => {
    playback.destroy();
    source.close();
  });
  return { ...app, load: () => playback.load(source) };
}

/**
 * Goes where the address points.
 * @param {App} app
 */
function arrive({ source, store, ...app }) {
  const { time, panel, selected, q } = land(source.manifest, parsePlace(location.hash));
  store.set({ panel, selected });
  if (q || selected) app.search(panel, q ?? '');
  if (time !== null) app.seek(time);
  else if (selected) app.select(selected.stream, selected.row, { seek: true });
}
