/** Paused, the sound stands within this of the picture, in ms. */
const EXACT = 4;
/** Running, a gap up to this, in ms, is left alone: every correction costs more than it brings. */
const FINE = 20;
/** A gap beyond this, in ms, is jumped over; a smaller one is made up for by a little speed, which nobody hears. */
const JUMP = 140;
/** The same where an engine cannot change the speed without a gap of its own. */
const JUMP_ONLY = 45;
/** So far apart, in ms, the reader has gone elsewhere: nothing to measure. */
const ELSEWHERE = 700;
/** How much faster or slower the sound makes up for a gap. */
export const EASE = 0.15;

/**
 * What a sound track apart must do to be where the picture is. Times in ms of the track itself.
 * @param {{ want: number, at: number, length: number, moving: boolean, late: number | null, eases?: boolean, ended?: boolean }} now
 *   `want`: where it should be; `at`: where it is; `moving`: the picture (or the clock) runs; `late`: by how much it
 *   comes late as measured over a while, null when that is not known; `eases`: the engine changes speed smoothly
 * @returns {{ inside: boolean, play: boolean, to: number | null, ease: number }} `to`: where to jump to; `ease`: by how
 *   many ms to hurry (or, below 0, to slow down)
 */
export function followed({ want, at, length, moving, late, eases = true, ended = false }) {
  if (want < 0) return { inside: false, play: false, to: at > EXACT ? 0 : null, ease: 0 };
  // At its end a track would begin again if it were played.
  if (want >= length || (ended && want > length - JUMP)) return { inside: false, play: false, to: null, ease: 0 };
  const gap = Math.abs(want - at);
  if (!moving) return { inside: true, play: false, to: gap > EXACT ? want : null, ease: 0 };
  const far = Math.abs(late ?? 0);
  if (gap > ELSEWHERE || far > (eases ? JUMP : JUMP_ONLY)) return { inside: true, play: true, to: want, ease: 0 };
  return { inside: true, play: true, to: null, ease: eases && far > FINE ? late ?? 0 : 0 };
}

/** Readings are taken together over so many ms; engines tell the time by fits and starts. */
const WHILE = 300;
const READINGS = 5;

/** The middle of the last readings: single ones lie. */
export function createGauge() {
  /** @type {[when: number, value: number][]} */
  let readings = [];
  return {
    clear: () => void (readings = []),
    /** @param {number} when @param {number} value */
    add(when, value) {
      readings = readings.filter(([at]) => at > when - WHILE);
      readings.push([when, value]);
    },
    /** Null before there are enough. @returns {number | null} */
    middle() {
      if (readings.length < READINGS || readings[readings.length - 1][0] - readings[0][0] < WHILE / 2) return null;
      return readings.map(([, value]) => value).sort((a, b) => a - b)[readings.length >> 1];
    },
  };
}
