/** @typedef {{ title: string, cause: string, next: string }} StateWords */

/**
 * What the page says when it cannot show a recording: a row a state, or `state/reason` where the reason
 * changes the advice.
 * @type {Record<string, StateWords>}
 */
const WORDS = {
  expired: {
    title: 'Recording link expired',
    cause: 'This link was made to work for a limited time, and that time is over.',
    next: 'Ask the person who sent it for a new one.',
  },
  damaged: {
    title: 'This recording is damaged',
    cause: 'Something in it was changed on the way, so it cannot be trusted.',
    next: 'Ask for the file again, best as a zip: some mail and chat systems rewrite web pages.',
  },
  'damaged/cut': {
    title: 'This recording is incomplete',
    cause: 'The end of the file is missing: the download or the copy stopped half way.',
    next: 'Download it again. If that does not help, ask the person who sent it.',
  },
  unsupported: {
    title: 'This browser cannot open the recording',
    cause: 'It lacks something the page needs.',
    next: 'Open it in a current Chrome, Edge, Firefox or Safari.',
  },
  'unsupported/newer-version': {
    title: 'Made by a newer sealcast',
    cause: 'This page is older than the recording in it.',
    next: 'Ask for the recording again, as it was exported.',
  },
  'unsupported/needs-server': {
    title: 'This recording needs a web server',
    cause: 'A part of it is a file beside the page, which a page opened by double click may not read.',
    next: 'Run “sealcast serve” on the folder, or ask for the one-file form.',
  },
  unreachable: {
    title: 'The recording cannot be reached',
    cause: 'A part of it could not be loaded: the server did not answer, or refused.',
    next: 'Check the connection and load the page again.',
  },
};

/**
 * @param {string} state
 * @param {string} [reason]
 */
export function stateWords(state, reason) {
  return WORDS[`${state}/${reason}`] ?? WORDS[state] ?? WORDS.damaged;
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
