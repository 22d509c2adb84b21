// What runs in the page that is measured. Each function goes there as text and knows nothing around it.

/** Notes when the first rows were drawn, in ms since the navigation began. Runs before the page does. */
export function watchFirst(rows) {
  const look = () => requestAnimationFrame(() => {
    if (document.querySelector(rows)) setTimeout(() => { globalThis.first = performance.now(); });
    else look();
  });
  look();
}

/** Waits for rows. */
export async function rowsShown(rows) {
  while (!document.querySelector(rows)?.clientHeight) await new Promise((done) => { setTimeout(done, 50); });
}

/** ms until a panel shows its rows. */
export async function switchTo({ tab, rows }) {
  const begun = performance.now();
  document.querySelector(tab).click();
  const paint = () => new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); });
  do await paint(); while (!document.querySelector(rows)?.clientHeight);
  return performance.now() - begun;
}

/** Moves a list a step every frame: by so many px, or to shares of the whole. Gives the frames' times in ms. */
export async function scrollBy({ selector, frames, by, to }) {
  const box = document.querySelector(selector);
  const next = () => new Promise((done) => { requestAnimationFrame(done); });
  const travel = box.scrollHeight - box.clientHeight;
  const times = [];
  let last = await next();
  for (let frame = 0; frame < frames; frame += 1) {
    box.scrollTop = to ? to[frame % to.length] * travel : box.scrollTop + by;
    const now = await next();
    times.push(now - last);
    last = now;
  }
  if (!box.scrollTop) throw new Error(`${selector} does not scroll`);
  return { times };
}

/** Takes down the times of frames until `stopFrames` is called, which gives them. */
export function startFrames() {
  const times = [];
  let last = 0;
  let on = true;
  const frame = (now) => {
    if (last) times.push(now - last);
    last = now;
    if (on) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  globalThis.stopFrames = () => {
    on = false;
    return times;
  };
}

/**
 * Types a filter with one stroke: ms until its first rows are painted, and until the count is final. `busy` stands in the
 * totals line while the search goes on; its first words are the count, others may follow late.
 */
export async function filterBy({ box, text, rows, sums, busy }) {
  const input = document.querySelector(box);
  const words = () => document.querySelector(sums).textContent;
  const paint = () => new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); });
  const count = () => document.querySelector(sums).firstElementChild?.textContent;
  const before = count();
  const begun = performance.now();
  input.value = text;
  input.dispatchEvent(new Event('input', { bubbles: true }));
  const told = { first: NaN, done: NaN };
  while (Number.isNaN(told.done) && performance.now() - begun < 60_000) {
    await paint();
    const now = performance.now() - begun;
    if (count() === before) continue;
    const waits = words().includes(busy);
    if (Number.isNaN(told.first) && (!waits || document.querySelector(rows)?.clientHeight)) told.first = now;
    if (!waits) told.done = now;
  }
  return told;
}

/** ms until the list shows the row at a time, s, to which the video was moved. */
export async function seekTo({ time, rows }) {
  const paint = () => new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); });
  const begun = performance.now();
  document.querySelector('video').currentTime = time;
  const near = () => [...document.querySelectorAll(rows)].some((cell) => Math.abs(cell.parentElement.dataset.time - time * 1000) < 100 && cell.clientHeight);
  do await paint(); while (!near() && performance.now() - begun < 20_000);
  return performance.now() - begun;
}
