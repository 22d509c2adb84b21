/** @import { Span, State } from './types.d.ts' */

/** Half the width of the span around the playhead, in ms. */
const AROUND = 5000;

/**
 * The ms limits of the span; null for the whole recording.
 * @param {State} state
 * @returns {[number, number] | null}
 */
export function limitsOf({ span, time }) {
  if (span.mode === 'around') return [time - AROUND, time + AROUND];
  return span.mode === 'range' && span.to > span.from ? [span.from, span.to] : null;
}

/**
 * A span of another mode. A range keeps its limits while something else is looked at; the first one starts
 * as what lies around the playhead.
 * @param {State} state
 * @param {Span['mode']} mode
 * @returns {Span}
 */
export function spanOf({ span, time, duration }, mode) {
  if (mode !== 'range' || span.to > span.from) return { ...span, mode };
  return { mode, from: Math.max(0, time - AROUND), to: Math.min(duration, time + AROUND) };
}

/**
 * The range with one limit moved to the playhead; the other one gives way when they cross.
 * @param {State} state
 * @param {'from' | 'to'} side
 * @returns {Span}
 */
export function withLimit({ span, time, duration }, side) {
  const set = span.to > span.from ? span : { from: 0, to: duration };
  if (side === 'from') return { mode: 'range', from: time, to: set.to > time ? set.to : duration };
  return { mode: 'range', from: set.from < time ? set.from : 0, to: time };
}
