// Runs in every page, in a world of its own so that the shop's scripts, console
// and stacks stay as they are. It draws the mouse (a headless browser has none)
// and reports what the customer does through the binding `reportAction`.
(() => {
  if (window !== window.top) return;
  const report = (event, record) => reportAction(JSON.stringify({
    timestamp: performance.timeOrigin + (event?.timeStamp ?? 0), ...record, url: location.href, title: document.title,
  }));
  const clean = text => text.replace(/\s+/g, ' ').trim().slice(0, 80);
  const ownText = node => clean([...node.childNodes].filter(child => child.nodeType === 3).map(child => child.data).join(' '))
    || clean(node.firstElementChild?.textContent ?? '');

  function label(element) {
    const named = element.getAttribute('aria-labelledby')?.split(' ').map(id => document.getElementById(id)?.textContent ?? '').join(' ');
    if (named) return clean(named);
    if (element.ariaLabel) return clean(element.ariaLabel);
    if (element.labels?.length) return ownText(element.labels[0]);
    return clean(element.textContent);
  }

  function path(element) {
    const parts = [];
    for (let node = element; node && node !== document.documentElement; node = node.parentElement) {
      if (node.id) return ['#' + node.id, ...parts].join(' > ');
      const same = [...node.parentElement.children].filter(other => other.localName === node.localName);
      parts.unshift(node.localName + (same.length > 1 ? `:nth-of-type(${same.indexOf(node) + 1})` : ''));
    }
    return parts.join(' > ');
  }

  function target(element) {
    const box = element.getBoundingClientRect();
    const name = label(element);
    const round = value => Math.round(value * 10) / 10;
    const selectors = [[path(element)]];
    if (element.dataset.testid) selectors.push([`[data-testid="${element.dataset.testid}"]`]);
    if (name) selectors.push([`aria/${name}`]);
    if (name && !element.labels?.length) selectors.push([`text/${name}`]);
    // Page coordinates throughout; viewport.x and .y say how far it was scrolled.
    return {
      label: name, selectors,
      box: { x: round(box.x + scrollX), y: round(box.y + scrollY), width: round(box.width), height: round(box.height) },
      viewport: { x: round(scrollX), y: round(scrollY), width: innerWidth, height: innerHeight },
    };
  }

  const actor = event => event.target.closest?.('button, a, input, [role=option]') ?? event.target;
  const listen = (type, listener) => addEventListener(type, listener, { capture: true, passive: true });

  listen('click', event => {
    if (!event.detail) return; // the click that Enter in a form makes: its keyDown is reported
    const element = actor(event);
    const box = element.getBoundingClientRect();
    report(event, {
      type: 'click', ...target(element), button: 'primary', x: event.pageX, y: event.pageY,
      offsetX: Math.round(event.clientX - box.x), offsetY: Math.round(event.clientY - box.y),
    });
  });
  listen('change', event => {
    const masked = event.target.autocomplete === 'cc-csc';
    const value = masked ? '•'.repeat(event.target.value.length) : event.target.value;
    report(event, { type: 'change', ...target(event.target), value, ...(masked && { masked }) });
  });
  // Only the keys that do something: the letters are in the change that follows.
  listen('keydown', event => {
    if (['Tab', 'Enter', 'Escape'].includes(event.key)) report(event, { type: 'keyDown', key: event.key, ...target(actor(event)) });
  });
  let scrolling;
  listen('scroll', event => {
    const first = scrolling?.first ?? event;
    clearTimeout(scrolling?.timer);
    const timer = setTimeout(() => {
      scrolling = undefined;
      report(first, { type: 'scroll', label: 'Page', x: Math.round(scrollX), y: Math.round(scrollY), durationMs: Math.round(event.timeStamp - first.timeStamp) });
    }, 200);
    scrolling = { first, timer };
  });
  addEventListener('DOMContentLoaded', () => report(undefined, { type: 'navigate', label: document.title }));

  const host = document.createElement('div');
  host.style.cssText = 'position: fixed; inset: 0; z-index: 2147483647; pointer-events: none';
  const layer = host.attachShadow({ mode: 'closed' });
  layer.innerHTML = `<style>
    svg { position: absolute; left: -40px; top: -40px; filter: drop-shadow(0 1px 2px #0006) }
    i { position: absolute; width: 46px; height: 46px; margin: -23px; border: 4px solid #8f74ff; border-radius: 50%; background: #8f74ff59; animation: ring .7s ease-out forwards }
    @keyframes ring { from { transform: scale(.4) } 60% { opacity: 1 } to { transform: scale(1.2); opacity: 0 } }
  </style><svg width="20" height="24" viewBox="0 0 20 24"><path d="M3 2v17l4.3-4 2.9 6.5 3.1-1.4-2.9-6.3H16z" fill="#111" stroke="#fff" stroke-width="1.5"/></svg>`;
  const arrow = layer.querySelector('svg');
  listen('mousemove', event => Object.assign(arrow.style, { left: `${event.clientX - 3}px`, top: `${event.clientY - 2}px` }));
  listen('mousedown', event => {
    const ring = document.createElement('i');
    Object.assign(ring.style, { left: `${event.clientX}px`, top: `${event.clientY}px` });
    ring.onanimationend = () => ring.remove();
    layer.append(ring);
  });
  // This script runs before the document has any element to hold the layer.
  new MutationObserver((_, self) => {
    document.documentElement.append(host);
    self.disconnect();
  }).observe(document, { childList: true });
})();
