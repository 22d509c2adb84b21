/**
 * What is bound, in the order of the help: ids of the meanings, keys as people read them, words. Several ids go
 * with the keys one by one; one id goes with all of them.
 * @type {[group: string, shortcuts: [ids: string, keys: string, say: string][]][]}
 */
export const SHORTCUTS = [
  ['Play', [
    ['toggle', 'Space K', 'Play or pause'],
    ['back10 on10', 'J L', '10 s back, on'],
    ['back5 on5', '← →', '5 s back, on'],
    ['backTenth onTenth', 'Shift+← Shift+→', 'A tenth back, on'],
    ['backFrame onFrame', ', .', 'A frame back, on'],
    ['tenth', '0–9', 'To 0–90 %'],
    ['slower faster', '< >', 'Slower, faster'],
    ['softer louder', '↓ ↑', 'Less loud, louder'],
    ['mute', 'M', 'Mute'],
    ['captions', 'C', 'Captions'],
    ['fullscreen', 'F', 'Full screen'],
  ]],
  ['Find', [
    ['nextFailure', 'N', 'Next failure'],
    ['previousFailure', 'Shift+N', 'Previous failure'],
    ['previousMark nextMark', '[ ]', 'Previous, next mark'],
    ['rangeFrom rangeTo', 'I O', 'Range starts, ends here'],
    ['filter', 'Ctrl+F /', 'Filter the panel'],
    ['link', 'Shift+U', 'Copy link at this time'],
    ['close', 'Esc', 'Close the details'],
    ['help', '?', 'This help'],
  ]],
  ['Panels', [
    ['timeline', 'Shift+T', 'Timeline'],
    ['console', 'Shift+C', 'Console'],
    ['network', 'Shift+W', 'Network'],
    ['actions', 'Shift+E', 'Actions'],
    ['backend', 'Shift+B', 'Backend'],
    ['transcript', 'Shift+S', 'Transcript'],
    ['info', 'Shift+I', 'Info'],
    ['previousPanel nextPanel', 'Ctrl+[ Ctrl+]', 'Previous, next'],
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
  if (ctrlKey || metaKey) return shiftKey ? null : BOUND.get(`ctrl+${name}`) ?? null;
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
