/**
 * What is escaped in a URL; as it stands where that makes no sense.
 * @param {string} text
 */
export function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The names and values of `a=1&b=2`, as they stand.
 * @param {string} text
 * @returns {[name: string, value: string][]}
 */
export function rawPairs(text) {
  return text.split('&').filter(Boolean).map((pair) => {
    const [name, ...value] = pair.split('=');
    return [name, value.join('=')];
  });
}

/**
 * The same, decoded as forms are.
 * @param {string} text
 * @returns {[name: string, value: string][]}
 */
export function pairsIn(text) {
  return rawPairs(text.replaceAll('+', ' ')).map(([name, value]) => [decoded(name), decoded(value)]);
}
