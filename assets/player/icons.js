import { icon } from './dom.js';

/** Drawings of the stage's buttons, 16 by 16. */
const PATHS = {
  play: 'M4 2.5v11l9-5.5z',
  pause: 'M4 2.5h3v11H4zM9 2.5h3v11H9z',
  sound: 'M2 6h2.5L8 3v10l-3.5-3H2zM10.5 5.5a3.5 3.5 0 0 1 0 5M12.5 3.5a6 6 0 0 1 0 9',
  silent: 'M2 6h2.5L8 3v10l-3.5-3H2zM10.5 6l4 4M14.5 6l-4 4',
  full: 'M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4',
  out: 'M7 3H3v10h10V9M9.5 2.5h4v4M13.5 2.5L7.5 8.5',
};

/** @param {keyof typeof PATHS} name */
export function drawing(name) {
  return icon(PATHS[name], { solid: name === 'play' || name === 'pause' });
}
