/** @import { Bundle } from './opening.js' */
/** @import { App, CueRow, Header, Manifest } from './types.d.ts' */
/** @import { Options } from './fragment.js' */
import { isWeb, repairAddress } from './address.js';
import { createApp, initialState } from './app.js';
import { autoplay } from './autoplay.js';
import { textOf } from './blocks.js';
import { createBreath } from './breath.js';
import { commandsOf } from './commands.js';
import { fill } from './dom.js';
import { parseOptions, parsePlace } from './fragment.js';
import { createFinder } from './finder.js';
import { createGuard } from './guard.js';
import { isSealed, parseHeader } from './header.js';
import { createHelp } from './help.js';
import { createHost } from './host.js';
import { visible } from './inert.js';
import { keepAddress, placeNow } from './keep-address.js';
import { bindKeys } from './keys.js';
import { label } from './label.js';
import { land } from './landing.js';
import { createLayout } from './layout.js';
import { linkTo, withoutFrame } from './link.js';
import { TIMES } from './menu.js';
import { createMedia } from './media.js';
import { recall, remember } from './memory.js';
import { sayableAddress } from './messages.js';
import { openBundle } from './opening.js';
import { createPlayback } from './playback.js';
import { showTimes } from './row-time.js';
import { createSource } from './source.js';
import { showState } from './state-page.js';
import { StateError } from './states.js';
import { createStore } from './store.js';
import { createPanels } from './tabs.js';
import { createTakeAway } from './take-away.js';
import { firstTheme, keepTheme, paint } from './theme.js';
import { copyText, createToast } from './toast.js';
import { createTopbar } from './topbar.js';
import { moveCues, readCues, withTranscript } from './transcript.js';

/** How long the page waits for a medium before it calls itself ready, in ms. */
const LOAD_WAIT = 3000;

start();

function start() {
  // The script of the oldest syntax looks for this mark: it says that the player was understood.
  /** @type {any} */ (document.documentElement).sealcast = 1;
  const notice = repair();
  const options = parseOptions(location.search, location.hash);
  paint(firstTheme(options.theme));
  const host = { ...createHost(), src: location.href };
  const run = () => void open(options, notice, host);
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
  return leaked ? label('keyLeaked') : null;
}

/**
 * @param {Options} options
 * @param {string | null} notice
 * @param {ReturnType<typeof createHost> & { src: string }} host
 */
async function open(options, notice, host) {
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
    // Another link pasted over this one changes the fragment only.
    addEventListener('hashchange', () => location.reload(), { once: true });
  }

  try {
    requirePlatform();
    const headerText = textOf(document, 'header') ?? '';
    header = parseHeader(headerText);
    const guard = createGuard(header, { life: life.signal, onExpire: () => stop(new StateError('expired')) });
    const breathe = createBreath();
    /** @type {ReturnType<typeof mount> | null} */
    let app = null;
    const ear = {
      handleOf: async (/** @type {string} */ name) => app?.handle(name) ?? null,
      onFail: (/** @type {string} */ reason) => (reason === 'damaged' ? stop(new StateError('damaged')) : undefined),
    };
    const bundle = await openBundle({ header, headerText }, { guard, life: life.signal, ear, breathe, onDamage: stop });
    if (!bundle || life.signal.aborted) return;
    const cues = await readCues(bundle);
    if (life.signal.aborted) return;
    app = mount(bundle, cues, { options, life: life.signal, now: guard.now, breathe });
    if (notice) app.toast(notice);
    // Decodes what lies in the page and compares its checksums; the page shrinks on the way. Sealed media follow
    // as they are opened, block by block.
    const opened = isSealed(header) ? mediaOf(bundle.manifest) : [];
    for (const { id, file, files } of bundle.manifest.parts) if (!file && !files && !opened.includes(id)) await bundle.inline.part(id);
    const later = waits(bundle, options);
    const loading = app.load(later).catch(stop);
    if (!later) await Promise.race([loading, new Promise((resolve) => setTimeout(resolve, LOAD_WAIT))]);
    if (life.signal.aborted) return;
    document.documentElement.dataset.state = 'ready';
    host.serve(app, sayableAddress(host.src, isSealed(header)));
    if (options.autoplay) autoplay(app);
  } catch (error) {
    stop(error);
  }
}

/** @param {Manifest} manifest */
function mediaOf({ video, preview, audio, poster, captions, stills }) {
  return [video, preview, audio, poster, ...captions, ...stills].flatMap((media) => (media ? [media.part] : []));
}

/**
 * Whether what plays is fetched only when the reader wants to see it.
 * @param {Bundle} bundle
 * @param {Options} options
 */
function waits({ manifest: { video, audio }, inline }, { embed, autoplay: atOnce }) {
  const media = video ?? audio;
  return embed && !atOnce && media !== null && !inline.has(media.part);
}

function requirePlatform() {
  try {
    new DecompressionStream('deflate-raw');
  } catch {
    throw new StateError('unsupported', 'old-browser');
  }
}

/**
 * @param {Bundle} bundle
 * @param {CueRow[]} cues
 * @param {{ options: Options, life: AbortSignal, now: () => number, breathe: () => Promise<void> | undefined }} context
 */
function mount({ header, manifest, parts, inline, worker }, cues, { options, life, now, breathe }) {
  const shortcuts = recall('shortcuts') !== 'off';
  const times = TIMES.find((one) => one === recall('times')) ?? 'start';
  const store = createStore(initialState({ duration: manifest.duration, muted: options.muted, loop: options.loop, theme: firstTheme(options.theme), times, shortcuts, rings: recall('rings') !== 'off' }));
  store.watch(['times'], (state) => showTimes(state.times, manifest.started));
  const media = createMedia({
    parts,
    isInline: inline.has,
    worker,
    breathe,
    life,
    onProgress: (loaded) => store.set({ loaded }),
    agree: (bytes) => new Promise((resolve) => store.set({ ask: { bytes, go: () => (store.set({ ask: null }), resolve()) } })),
  });
  const source = withTranscript(createSource({ header, manifest, parts, media }), cues);
  const playback = createPlayback(store, manifest, options);
  const toast = createToast();
  const app = createApp({ store, source, playback, life, toast: toast.show, copyText });
  arrive(app);

  // Before the lists, which show what it changes.
  store.on(['nudge'], ({ nudge }) => moveCues(cues, nudge));
  const { main, fullscreen } = createLayout(app, { options, createPanels });
  const help = createHelp(store);
  const showHelp = () => help.showModal();
  const here = () => (options.embed ? withoutFrame(location) : location);
  const copyPlace = manifest.withheld?.includes('link') ? null : (/** @type {Parameters<typeof linkTo>[1]} */ place) => app.copy(linkTo(here(), place), label('Link'));
  const copyLink = copyPlace && (() => copyPlace(placeNow(app)));
  const away = createTakeAway(app, copyPlace, here);
  const finder = createFinder(app, () => [...away.commands, ...commandsOf(app, keyed)]);
  const keyed = bindKeys(app, { copyLink, help: showHelp, find: finder.open, fullscreen });
  const topbar = !options.embed && createTopbar(app, { now, copyLink, share: away.menu, find: finder.open, help: showHelp });
  fill(/** @type {HTMLElement} */ (document.getElementById('app')), topbar, main, toast.box, help, finder.dialog);
  document.title = visible(manifest.title || label('neutralTitle'));

  keepTheme(store, life);
  keepAddress(app);
  store.on(['soundError'], ({ soundError }) => toast.show(soundError ?? ''));
  store.on(['shortcuts'], (state) => remember('shortcuts', state.shortcuts ? 'on' : 'off'));
  store.on(['rings'], (state) => remember('rings', state.rings ? 'on' : 'off'));
  addEventListener('hashchange', () => arrive(app), { signal: life });
  life.addEventListener('abort', () => {
    playback.destroy();
    media.close();
    worker?.close();
    parts.close();
  });
  return { ...app, handle: media.handle, load: (/** @type {boolean} */ later) => playback.load(source, later) };
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
