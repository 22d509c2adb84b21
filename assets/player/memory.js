const PREFIX = 'sealcast.';

/**
 * A setting kept from last time; null in frames and browsers that allow no storage.
 * @param {string} key
 */
export function recall(key) {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

/**
 * @param {string} key
 * @param {string} value
 */
export function remember(key, value) {
  try {
    localStorage.setItem(PREFIX + key, value);
  } catch {
    // The setting then lasts as long as the page.
  }
}
