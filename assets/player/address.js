/**
 * Parameters by which object stores and CDNs sign a URL. The page's own requests need them; nothing else of
 * its query goes out.
 */
const SIGNATURE = /^(x-(amz|goog)-.+|(aws|google)access(key)?id|signature|expires|policy|key-pair-id|s[eprtvs]|srt|sip|sdd|s[au]oid|sig|spr|sk[a-z]+|urlprefix|keyname|x-id|versionid|response-.+|(bcdn_)?token(_.+)?|hdn(ts|ea))$/i;

/**
 * Everything but http and https is a file for us: no server, no clock, no path to share.
 * @param {string} protocol
 */
export function isWeb(protocol) {
  return protocol === 'http:' || protocol === 'https:';
}

/** Whether the page is in a frame that keeps it apart even from its own site: a sandbox without `allow-same-origin`. */
export function isApart() {
  return globalThis.origin === 'null' && isWeb(location.protocol);
}

/** Whether the page stands in another one. */
export function isFramed() {
  return globalThis.parent !== window;
}

/**
 * The address of a file of the bundle, relative to the page; of the page itself when the path is empty.
 * A path that would leave the page's folder gives null.
 * @param {string} page
 * @param {string} path
 */
export function fileUrl(page, path) {
  const base = new URL(page);
  const safe = path.split('/').map(encodeURIComponent).join('/');
  if (/^[/\\]|(^|\/)\.{1,2}(\/|$)/.test(path)) return null;
  const url = path ? new URL(safe, page) : new URL(page);
  url.hash = '';
  url.search = signatureOf(base.search);
  return url.href;
}

/** @param {string} search */
function signatureOf(search) {
  const kept = search.slice(1).split('&').filter((pair) => SIGNATURE.test(pair.split('=')[0]));
  return kept.length ? `?${kept.join('&')}` : '';
}

/**
 * Puts right an address in which a mail gateway escaped the `#`; null when there is nothing to repair.
 * @param {{ search: string, hash: string }} place
 */
export function repairAddress({ search, hash }) {
  const cut = search.search(/%23[a-z]+=/);
  if (cut < 0 || hash.length > 1) return null;
  return { search: search.slice(0, cut), hash: `#${search.slice(cut + 3)}` };
}
