/** @import { Child } from './dom.js' */
/** @import { Place } from './fragment.js' */
import { h } from './dom.js';
import { withoutFrame, withPlace } from './link.js';

/**
 * Leads out of a frame, to the same place in a tab of its own.
 * @param {() => Place} place
 * @param {Record<string, unknown>} props
 * @param {...Child} face
 */
export function newTab(place, props, ...face) {
  const aim = () => void (link.href = withPlace(withoutFrame(location), place()));
  // Right before it is followed, by whatever hand.
  const link = h('a', { target: '_blank', rel: 'noopener', onpointerdown: aim, onfocus: aim, onclick: aim, ...props }, ...face);
  aim();
  return link;
}
