// The same recording in the form that other viewers read.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { LONG, ZERO, consoleLines, entries, written } from './data.mjs';

const PAGE = 'page@0123456789abcdef';

/**
 * A folder that serves Playwright's trace viewer, with the recording as its trace: console lines with place and arguments,
 * requests without bodies.
 * @param {string} room @param {{ lines: number, requests: number, modules: string }} want
 */
export async function traceViewer(room, { lines, requests, modules }) {
  const dir = join(room, `trace-${lines}-${requests}`);
  mkdirSync(dir, { recursive: true });
  await written(join(dir, 'trace.trace'), traceLines(lines));
  await written(join(dir, 'trace.network'), networkLines(requests));
  if (!existsSync(join(dir, 'trace.zip'))) {
    const run = spawnSync('zip', ['-q', '-1', 'trace.zip', 'trace.trace', 'trace.network'], { cwd: dir, stdio: 'inherit' });
    if (run.status !== 0) throw new Error('zip is needed to pack the trace');
  }
  const viewer = join(dir, 'viewer');
  if (!existsSync(viewer)) {
    cpSync(join(modules, 'playwright-core/lib/vite/traceViewer'), viewer, { recursive: true });
    symlinkSync('../trace.zip', join(viewer, 'trace.zip'));
  }
  return viewer;
}

function* traceLines(count) {
  const line = (value) => `${JSON.stringify(value)}\n`;
  yield line({ version: 8, type: 'context-options', origin: 'library', browserName: 'chromium', playwrightVersion: '1.60.0', options: { viewport: { width: 960, height: 540 } }, platform: 'linux', wallTime: ZERO, monotonicTime: 0, sdkLanguage: 'javascript', title: 'scale' });
  // One step over all of it: what the viewer shows is what happened in the chosen step, or in all.
  yield line({ type: 'before', callId: 'call@1', startTime: 0, class: 'Frame', method: 'goto', title: 'Navigate', params: { url: 'https://shop.example.com/' }, pageId: PAGE });
  yield line({ type: 'after', callId: 'call@1', endTime: LONG });
  for (const { timestamp, method, text, args = [], stackTrace } of consoleLines(count)) {
    const { url, lineNumber, columnNumber } = stackTrace.callFrames[0];
    yield line({
      type: 'console', messageType: method === 'warn' ? 'warning' : method, text, time: timestamp - ZERO, pageId: PAGE, location: { url, lineNumber, columnNumber },
      args: args.length ? args.map(({ value }) => (typeof value === 'string' ? { preview: value, value } : { preview: JSON.stringify(value) })) : [{ preview: text, value: text }],
    });
  }
}

function* networkLines(count) {
  for (const { response: { content: { text: _, ...content }, ...response }, ...entry } of entries(count)) {
    const time = Date.parse(entry.startedDateTime) - ZERO;
    yield `${JSON.stringify({ type: 'resource-snapshot', snapshot: { pageref: PAGE, ...entry, response: { ...response, content, _transferSize: content.size }, _frameref: 'frame@1', _monotonicTime: time } })}\n`;
  }
}
