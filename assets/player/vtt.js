/** @typedef {{ start: number, end: number, text: string }} Cue ms; the text is plain, in lines, with its speakers' names */

const TIMING = /^\s*(?:(\d+):)?(\d\d?):(\d\d)[.,](\d{1,3})\s*-->\s*(?:(\d+):)?(\d\d?):(\d\d)[.,](\d{1,3})/;
/** @type {Record<string, string>} */
const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', lrm: '\u200e', rlm: '\u200f' };

/**
 * The cues of a WebVTT file. Only timing lines count, so that headers, notes, styles and regions are passed over; SRT
 * is read just as well. One pass over the lines: a file of any size and shape takes time in proportion.
 * @param {string} text
 * @returns {Cue[]}
 */
export function parseVtt(text) {
  /** @type {Cue[]} */
  const cues = [];
  /** @type {{ start: number, end: number, lines: string[] } | null} */
  let cue = null;

  function finish() {
    const said = cue && cueText(cue.lines.join('\n'));
    if (cue && said) cues.push({ start: cue.start, end: Math.max(cue.start, cue.end), text: said });
    cue = null;
  }

  for (const line of text.replace(/\r\n?/g, '\n').split('\n')) {
    const timing = line.includes('-->') ? TIMING.exec(line) : null;
    if (timing) {
      finish();
      cue = { start: msOf(timing, 1), end: msOf(timing, 5), lines: [] };
    } else if (!line.trim()) finish();
    else cue?.lines.push(line);
  }
  finish();
  return cues;
}

/** @param {RegExpExecArray} found @param {number} from */
function msOf(found, from) {
  const [hours = 0, minutes, seconds] = found.slice(from, from + 3).map((part) => Number(part ?? 0));
  return (hours * 3600 + minutes * 60 + seconds) * 1000 + Number(found[from + 3].padEnd(3, '0'));
}

/**
 * What a cue says: tags are left out, but a voice tag names its speaker.
 * @param {string} raw
 */
export function cueText(raw) {
  let out = '';
  let from = 0;
  while (from < raw.length) {
    const open = raw.indexOf('<', from);
    if (open < 0) break;
    out += raw.slice(from, open);
    const close = raw.indexOf('>', open);
    const tag = raw.slice(open + 1, close < 0 ? raw.length : close);
    const voice = /^v(?:\.[^\s]*)?\s+([^]*)/.exec(tag);
    if (voice) out += `${out && !/\s$/.test(out) ? ' ' : ''}${voice[1].trim().replace(/\s+/g, ' ')}: `;
    from = close < 0 ? raw.length : close + 1;
  }
  return (out + raw.slice(from)).replace(/&(#x?[\da-f]{1,6}|[a-z]{2,4});/gi, character).trim();
}

/** @param {string} whole @param {string} name */
function character(whole, name) {
  if (name[0] !== '#') return Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : whole;
  const code = Number(/^#x/i.test(name) ? `0${name.slice(1)}` : name.slice(1));
  return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000) ? String.fromCodePoint(code) : whole;
}
