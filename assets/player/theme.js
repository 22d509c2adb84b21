/** @import { State, Store } from './types.d.ts' */
import { remember, recall } from './memory.js';

const DARK = '(prefers-color-scheme: dark)';

/**
 * The theme to start with: what the link asks for, else what was chosen last time.
 * @param {State['theme']} asked
 * @returns {State['theme']}
 */
export function firstTheme(asked) {
  const kept = recall('theme');
  return asked === 'auto' && (kept === 'light' || kept === 'dark') ? kept : asked;
}

/** @param {State['theme']} theme */
export function paint(theme) {
  document.documentElement.dataset.theme = theme === 'auto' ? (matchMedia(DARK).matches ? 'dark' : 'light') : theme;
}

/**
 * @param {Store} store
 * @param {AbortSignal} life
 */
export function keepTheme(store, life) {
  matchMedia(DARK).addEventListener('change', () => paint(store.get().theme), { signal: life });
  store.on(['theme'], ({ theme }) => {
    paint(theme);
    remember('theme', theme);
  });
}
