/** Work this long, ms, before the page gets its turn. */
const SLICE = 12;

/** Lets the page draw and answer between two pieces of work; unlike a timer, also in a hidden tab. */
export function createBreath() {
  let last = performance.now();
  return () => (performance.now() - last < SLICE ? undefined : /** @type {Promise<void>} */ (new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      last = performance.now();
      resolve();
    };
    port2.postMessage(0);
  })));
}
