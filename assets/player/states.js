import { isApart } from './address.js';
import { isLabel, label } from './label.js';

/**
 * What the page says when it cannot show a recording: `state/reason` where the reason changes the advice.
 * @param {string} state
 * @param {string} [reason]
 */
export function stateWords(state, reason) {
  const key = [`state ${state}/${reason}`, `state ${state}`].find(isLabel) ?? 'state damaged';
  const [title, cause, next] = label(key).split('\n');
  return { title, cause, next };
}

/** An error that names the page state it leads to. Its message is fit for a reader. */
export class StateError extends Error {
  /**
   * @param {string} state
   * @param {string} [reason]
   */
  constructor(state, reason) {
    const { cause, next } = stateWords(state, reason);
    super(`${cause} ${next}`);
    this.state = state;
    this.reason = reason;
  }
}

/** A file of the bundle that is not to be had. */
export function unreachable() {
  return new StateError('unreachable', isApart() ? 'sandboxed' : undefined);
}
