/**
 * What is bound, in the order of the help: ids of the meanings, keys as people read them. Several ids go with the
 * keys one by one; one id goes with all of them. The first one's label says what the keys do.
 * @type {[group: import('./label.js').Label, shortcuts: [ids: string, keys: string][]][]}
 */
export const SHORTCUTS = [
  ['Play', [
    ['toggle', 'Space K'],
    ['back10 on10', 'J L'],
    ['back5 on5', '← →'],
    ['backTenth onTenth', 'Shift+← Shift+→'],
    ['backFrame onFrame', ', .'],
    ['tenth', '0–9'],
    ['slower faster', '< >'],
    ['softer louder', '↓ ↑'],
    ['mute', 'M'],
    ['captions', 'C'],
    ['fullscreen', 'F'],
  ]],
  ['Find', [
    ['nextFailure', 'N'],
    ['previousFailure', 'Shift+N'],
    ['previousMark nextMark', '[ ]'],
    ['rangeFrom rangeTo', 'I O'],
    ['filter', 'Ctrl+F /'],
    ['find', 'Ctrl+Shift+F'],
    ['commands', 'Ctrl+K'],
    ['link', 'Shift+U'],
    ['close', 'Esc'],
    ['help', '?'],
  ]],
  ['Panels', [
    ['timeline', 'Shift+T'],
    ['console', 'Shift+C'],
    ['network', 'Shift+W'],
    ['actions', 'Shift+E'],
    ['backend', 'Shift+B'],
    ['transcript', 'Shift+S'],
    ['info', 'Shift+I'],
    ['previousPanel nextPanel', 'Ctrl+[ Ctrl+]'],
  ]],
];

/** Characters that need Shift on some keyboard layouts and not on others: only the character counts. */
const ANY_SHIFT = new Set(['<', '>', '?', '/', '[', ']', ',', '.']);

/** @type {Map<string, string>} */
const BOUND = new Map(SHORTCUTS.flatMap(([, list]) => list.flatMap(([ids, keys]) => {
  const names = ids.split(' ');
  return keys.toLowerCase().split(' ').map((key, i) => /** @type {[string, string]} */ ([key, names[i] ?? names[0]]));
})));

/** @type {Record<string, string>} */
const NAMES = { ' ': 'space', arrowleft: '←', arrowright: '→', arrowup: '↑', arrowdown: '↓', escape: 'esc' };

/**
 * What a key press means; null when nothing. Digits come back as `tenth`.
 * @param {{ key: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean, shiftKey: boolean }} event
 */
export function meaningOf({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  if (altKey) return null;
  const low = key.toLowerCase();
  const name = NAMES[low] ?? low;
  if (ctrlKey || metaKey) return BOUND.get(`ctrl+${shiftKey ? 'shift+' : ''}${name}`) ?? null;
  if (/^\d$/.test(key)) return 'tenth';
  return BOUND.get(shiftKey && !ANY_SHIFT.has(name) ? `shift+${name}` : name) ?? null;
}

/**
 * A key that types a character; these can be turned off (WCAG 2.1.4).
 * @param {{ key: string, ctrlKey: boolean, metaKey: boolean }} event
 */
export function isCharacter({ key, ctrlKey, metaKey }) {
  return key.length === 1 && key !== ' ' && !ctrlKey && !metaKey;
}
