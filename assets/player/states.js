import { isApart } from './address.js';

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
  'damaged/header': {
    title: 'This recording is damaged',
    cause: 'The note in it that says until when it may be read, and by whom, was changed. It cannot be opened any more.',
    next: 'Ask the person who sent it for the link or file again.',
  },
  'damaged/link-altered': {
    title: 'This link was changed',
    cause: 'It names a place for the second half of its key that this page may not ask.',
    next: 'Copy the whole link again, as it was sent to you.',
  },
  'damaged/share': {
    title: 'The second half of the key is damaged',
    cause: 'What lies in its place is not the half that this recording was sealed with.',
    next: 'Ask the person who sent the link to put it there again.',
  },
  'damaged/cut': {
    title: 'This recording is incomplete',
    cause: 'The end of the file is missing: the download or the copy stopped half way.',
    next: 'Download it again. If that does not help, ask the person who sent it.',
  },
  'needs-key': {
    title: 'The key is missing',
    cause: 'This recording is sealed. Its key is the end of the link, behind the #; it is not in this address.',
    next: 'Use the whole link as it was sent to you, or paste the key.',
  },
  'needs-key/needs-share': {
    title: 'A part of the link is missing',
    cause: 'The key of this recording has two halves, and the link does not say where the second one is.',
    next: 'Paste the whole link, as it was sent to you.',
  },
  'wrong-key': {
    title: 'The key does not fit',
    cause: 'This key belongs to another recording.',
    next: 'Check that link and file belong together, or paste the right key.',
  },
  'wrong-key/cut-key': {
    title: 'The key is incomplete',
    cause: 'A key has 43 letters, digits, “-” and “_”. Some were lost or changed when the link was copied.',
    next: 'Copy the whole link again, or paste the key.',
  },
  'needs-password': {
    title: 'This recording asks for a password',
    cause: 'The person who sent it has set one, and sent it to you another way.',
    next: 'Type it here.',
  },
  'wrong-password': {
    title: 'The password is wrong',
    cause: 'The link is right, but this password does not open the recording. Upper and lower case count.',
    next: 'Type it once more.',
  },
  revoked: {
    title: 'This recording was taken back',
    cause: 'The person who sent it has deleted the second half of its key. Nobody can open it any more.',
    next: 'Ask the person who sent it whether you may still see it.',
  },
  'insecure-context': {
    title: 'This address is not secure enough',
    cause: 'The recording is sealed, and browsers open sealed things over https or from a file only. This page came over http.',
    next: 'Use the same address with https in front, or save the file and open it by double click.',
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
  'unreachable/sandboxed': {
    title: 'The recording cannot be reached from this frame',
    cause: 'The frame that this page stands in is sandboxed, and may not load the files beside the page.',
    next: 'Open it in a tab of its own. Whoever made the frame can add “allow-same-origin” to its sandbox.',
  },
  'unreachable/share': {
    title: 'The key cannot be fetched',
    cause: 'The second half of the key lies on another server, which does not answer, or not with the key.',
    next: 'Check the connection, then try again.',
  },
  'unreachable/cors': {
    title: 'The key may not be fetched from here',
    cause: 'The server that holds the second half of the key answers, but lets no other page read it.',
    next: 'Ask the person who sent the link to allow this page’s address there (CORS), then try again.',
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

/** A file of the bundle that is not to be had. */
export function unreachable() {
  return new StateError('unreachable', isApart() ? 'sandboxed' : undefined);
}
