/** @import { Handle } from './seal.d.ts' */

/** What worker and page must agree on. */
const WORKER_VERSION = 1;
/** How long the page waits for its worker before it does without, in ms. */
const WORKER_WAIT = 2500;

/**
 * The page's end of the service worker, which plays sealed files piece by piece. Begin early: it takes a few
 * round trips until the worker is there, and many pages have none (no http, site data blocked, sandboxed).
 * @param {{ container: ServiceWorkerContainer | null, script: string, base: string, wait?: number,
 *   trusted?: { createPolicy(name: string, rules: object): { createScriptURL(url: string): any } },
 *   handleOf: (path: string) => Promise<Handle | null>, onFail: (reason: string) => void }} options
 */
export function createWorker({ container, script, base, wait = WORKER_WAIT, trusted, handleOf, onFail }) {
  const life = new AbortController();
  const controlled = inTime(wait, start()).catch(() => null);

  /** @returns {Promise<ServiceWorker | null>} */
  async function start() {
    if (!container) return null;
    // The policy admits this one address and nothing else, whoever should get hold of it.
    const policy = trusted?.createPolicy('sealcast', { createScriptURL: () => script });
    container.addEventListener('message', hear, { signal: life.signal });
    container.startMessages();
    const registration = await container.register(policy ? policy.createScriptURL(script) : script);
    if (ours(container.controller)) return container.controller;
    const control = new Promise((resolve) => {
      const look = () => (ours(container.controller) ? resolve(container.controller) : undefined);
      container.addEventListener('controllerchange', look, { signal: life.signal });
    });
    // A page loaded past its worker (hard reload) is not controlled until the worker claims it.
    registration.active?.postMessage({ type: 'claim' });
    return control;
  }

  /** @param {ServiceWorker | null} worker */
  function ours(worker) {
    return worker !== null && worker.scriptURL === script;
  }

  /** @param {MessageEvent} event */
  async function hear({ data, source, ports }) {
    if (!ours(/** @type {ServiceWorker | null} */ (source))) return;
    if (data?.type === 'failed') onFail(data.reason);
    if (data?.type === 'ask') ports[0]?.postMessage(life.signal.aborted ? null : await handleOf(data.path).catch(() => null));
  }

  /**
   * @param {ServiceWorker} worker
   * @param {object} message
   */
  function tell(worker, message) {
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise((resolve) => {
      port1.onmessage = ({ data }) => resolve(data === WORKER_VERSION);
      worker.postMessage(message, [port2]);
    });
    return inTime(wait, answer).catch(() => false).finally(() => port1.close());
  }

  return {
    /**
     * The address under which the worker plays a part; null when there is no worker that would.
     * @param {string} path
     */
    async url(path) {
      const worker = await controlled;
      if (!worker || life.signal.aborted) return null;
      const handle = await handleOf(path);
      const taken = handle && await tell(worker, { type: 'offer', path, handle });
      return taken ? new URL(`__v/${path}`, base).href : null;
    },

    /** Has the worker forget what this page handed in. */
    close() {
      life.abort();
      controlled.then((worker) => worker?.postMessage({ type: 'forget' }));
    },
  };
}

/**
 * `navigator.serviceWorker`, which some sandboxed pages may not even look at.
 * @param {Navigator} navigator
 */
export function serviceWorkers(navigator) {
  try {
    return navigator.serviceWorker ?? null;
  } catch {
    return null;
  }
}

/**
 * @template T
 * @param {number} ms
 * @param {Promise<T>} work
 */
function inTime(ms, work) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = /** @type {Promise<never>} */ (new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('too late')), ms);
  }));
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
