/** What player.js calls itself, and the version that its client speaks. */
const CONTEXT = 'player.js';
const VERSION = '0.0.11';

export const HOST_EVENTS = ['ready', 'progress', 'timeupdate', 'play', 'pause', 'ended', 'error', 'panel', 'state'];
const LISTENING = ['addEventListener', 'removeEventListener'];

/** Who asks for more than this is not after news: listeners, and characters of a message or of a listener's name. */
const MOST_LISTENERS = 200;
const LONGEST = 4000;
const LONGEST_NAME = 200;

/**
 * @typedef {Record<string, (value: any) => unknown>} HostMethods
 * @typedef {{ event: string, listener: unknown, origin: string }} Listener
 */

/**
 * The player's side of the player.js protocol. What it does not understand it passes over in silence.
 * @param {(message: string, origin: string) => void} post
 */
export function createMessages(post) {
  /** @type {HostMethods} */
  let methods = {};
  /** @type {Listener[]} */
  let listeners = [];
  /** What is said to those who ask for it later, too. @type {Record<string, unknown>} */
  const standing = {};

  /**
   * @param {string} event
   * @param {unknown} value
   * @param {{ listener?: unknown, origin: string }} to
   */
  function send(event, value, { listener, origin }) {
    // Files and sandboxed pages have no origin that could be named.
    post(JSON.stringify({ context: CONTEXT, version: VERSION, event, value, listener }), /^https?:/.test(origin) ? origin : '*');
  }

  /**
   * @param {string} event
   * @param {unknown} [value]
   */
  function emit(event, value) {
    const asked = listeners.filter((one) => one.event === event);
    for (const one of asked) send(event, value, one);
    return asked.length > 0;
  }

  /** @param {Listener} asked */
  function add(asked) {
    if (!HOST_EVENTS.includes(asked.event) || listeners.length >= MOST_LISTENERS || listeners.some(sameAs(asked))) return;
    listeners.push(asked);
    if (asked.event in standing) send(asked.event, standing[asked.event], asked);
  }

  return {
    emit,
    /** Says what stays so. @param {string} event @param {unknown} value */
    keep(event, value) {
      standing[event] = value;
      return emit(event, value);
    },
    /** From now on the player does these; clients wait for it, asked or not. @param {string} src @param {HostMethods} can */
    serve(src, can) {
      methods = can;
      const value = { src, events: HOST_EVENTS, methods: [...Object.keys(can), ...LISTENING] };
      if (!this.keep('ready', value)) send('ready', value, { origin: '' });
    },
    /** There is no player any more. */
    retire() {
      methods = {};
      delete standing.ready;
    },
    /** @param {unknown} data @param {string} origin */
    hear(data, origin) {
      const message = messageOf(data);
      if (!message) return;
      const { method, value, listener } = message;
      const asked = { event: value, listener, origin };
      if (method === LISTENING[0]) add(asked);
      else if (method === LISTENING[1]) listeners = listeners.filter((one) => !sameAs(asked)(one));
      else if (Object.hasOwn(methods, method)) {
        const answer = methods[method](value);
        if (method.startsWith('get')) send(method, answer, asked);
      } else if ('ready' in standing) emit('error', { code: 2, msg: 'method not supported' });
    },
  };
}

/** @param {Listener} asked @returns {(one: Listener) => boolean} */
function sameAs({ event, listener, origin }) {
  return (one) => one.event === event && one.listener === listener && one.origin === origin;
}

/**
 * @param {unknown} data as JSON, which is the custom, or as an object
 * @returns {{ method: string, value: any, listener: unknown } | null}
 */
function messageOf(data) {
  /** @type {any} */
  let message = data;
  try {
    if (typeof data === 'string') message = data.length > LONGEST ? null : JSON.parse(data);
  } catch {
    return null;
  }
  const { context, method, value, listener } = message ?? {};
  const named = listener === undefined || listener === null || typeof listener === 'number' || (typeof listener === 'string' && listener.length <= LONGEST_NAME);
  return context === CONTEXT && typeof method === 'string' && named ? { method, value, listener: listener ?? undefined } : null;
}

/**
 * The address that clients know the frame by. What holds a key is told to nobody, not even to who wrote it.
 * @param {string} href
 * @param {boolean} sealed
 */
export function sayableAddress(href, sealed) {
  return sealed || /[?#&][ks]=/.test(href) ? href.replace(/[?#].*$/, '') : href;
}
