/**
 * The parts of a URL that people look at; any text has some of them.
 * @param {string} url
 */
export function partsOf(url) {
  const [, host = '', path = '', query = ''] = /^(?:[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]*))?([^?#]*)\??([^#]*)/i.exec(url) ?? [];
  return { host, path, query, file: path.split('/').filter(Boolean).pop() ?? '' };
}
