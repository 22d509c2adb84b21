/** Paused, the sound stands within this of the picture, in ms. */
const EXACT = 4;
/** Running, a gap up to this, in ms, is left alone. */
const FINE = 12;
/** A gap beyond this, in ms, is jumped over; a smaller one is made up for by a little speed, which nobody hears. */
const JUMP = 140;
/** Over how many ms a gap is made up for, and how much speed that may take. */
const EASE = 500;
const MOST = 0.12;

/**
 * What a sound track apart must do to be where the picture is. Times in ms of the track itself.
 * @param {{ want: number, at: number, length: number, moving: boolean, rate: number, ended?: boolean }} now
 *   `want`: where it should be; `at`: where it is; `moving`: the picture (or the clock) runs
 * @returns {{ inside: boolean, play: boolean, to: number | null, rate: number }} `to`: where to jump to
 */
export function followed({ want, at, length, moving, rate, ended = false }) {
  if (want < 0) return { inside: false, play: false, to: at > EXACT ? 0 : null, rate };
  // At its end a track would begin again if it were played.
  if (want >= length || (ended && want > length - JUMP)) return { inside: false, play: false, to: null, rate };
  const late = want - at;
  const far = Math.abs(late);
  if (!moving) return { inside: true, play: false, to: far > EXACT ? want : null, rate };
  if (far > JUMP * Math.max(1, rate)) return { inside: true, play: true, to: want, rate };
  const ease = far > FINE ? Math.max(-MOST, Math.min(MOST, late / EASE)) : 0;
  return { inside: true, play: true, to: null, rate: rate * (1 + ease) };
}
