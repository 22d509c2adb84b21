/** @import { App, StreamName } from './types.d.ts' */
import { createBreath } from './breath.js';
import { streamFeed } from './feed.js';
import { FIELDS } from './fields.js';
import { visible } from './inert.js';
import { panelsOf } from './panels.js';
import { compileQuery, parseQuery } from './query.js';
import { scan } from './scan.js';

/** Stands between a row and its details. */
const BORDER = '\u0000';
/** What is shown of one panel; more words find fewer. */
export const HITS = 30;

/** @typedef {{ row: number, text: [before: string, hit: string, after: string] }} Hit */
/** @typedef {[panel: StreamName | 'info', hits: Hit[]]} Group */

/**
 * Looks through the rows and details of all panels, panel by panel, and through the metadata. Reports what it has so
 * far, with the share that is done, 0 to 1. Stops silently once the signal says so.
 * @param {Pick<App, 'source'>} app
 * @param {string} words in the filter language
 * @param {AbortSignal} signal
 * @param {(groups: Group[], done: number) => void} report
 * @returns {Promise<string | null>} what is wrong with the words
 */
export async function searchAll({ source }, words, signal, report) {
  const { test, error } = compileQuery(words, FIELDS);
  if (!test) return error;
  const fits = test;
  const term = parseQuery(words, (key) => Object.hasOwn(FIELDS.keys, key)).terms.find(({ not, key }) => !not && !key);
  const shown = panelsOf(source.manifest);
  const panels = /** @type {StreamName[]} */ (shown.filter((name) => name !== 'timeline' && name !== 'info'));
  const total = panels.reduce((sum, name) => sum + source.count(name), 0);
  const breathe = createBreath();
  /** @type {Group[]} */
  const groups = [];
  let before = 0;

  /** @param {Group[0]} panel */
  function open(panel) {
    const hits = /** @type {Hit[]} */ ([]);
    groups.push([panel, hits]);
    const full = () => hits.length >= HITS || signal.aborted;
    /** @param {any} item */
    const take = (item) => !full() && fits(item) && hits.push({ row: item.row, text: cutAround(item.all, term) }) > 0;
    return { full, take };
  }

  for (const panel of panels) {
    const feed = streamFeed(source, panel);
    const { full, take } = open(panel);
    await scan({
      feed: {
        blocks: feed.blocks,
        async load(from, to) {
          for (const item of await feed.load(from, to)) {
            if (full()) break;
            const { detail } = item.data;
            take({ ...item, all: `${FIELDS.text(item)}${BORDER}${detail ? unquoted(await source.text(panel, detail)) : ''}` });
            await breathe();
          }
          // Details may be long: none outlives its test.
          return [];
        },
      },
      test: () => false,
      ahead: 1,
      report: ({ scanned }) => report(groups, (before + scanned) / total),
      signal: /** @type {AbortSignal} */ ({ get aborted() { return full(); } }),
    });
    before += source.count(panel);
  }
  if (shown.includes('info')) open('info').take({ data: {}, all: unquoted(JSON.stringify(source.manifest.metadata)) });
  if (!signal.aborted) report(groups, 1);
  return null;
}

/** Quotes within JSON's strings as people type them. @param {string} json */
function unquoted(json) {
  return json.replaceAll('\\"', '"');
}

/**
 * A text around what was asked for.
 * @param {string} text
 * @param {import('./query.js').Term} [term]
 * @returns {Hit['text']}
 */
export function cutAround(text, term) {
  const word = term?.value ?? '';
  const match = term?.regex?.exec(text);
  const at = match ? match.index : text.toLowerCase().indexOf(word.toLowerCase());
  const end = at + Math.min((match?.[0] ?? word).length, 100);
  const kept = (/** @type {number} */ from, /** @type {number} */ to) => text.slice(Math.max(0, from), to).replace(/\s+/g, ' ').split(BORDER);
  return [(at > 30 ? '…' : '') + visible(kept(at - 30, at).pop()), visible(kept(at, end)[0]), visible(kept(end, end + 120)[0])];
}
