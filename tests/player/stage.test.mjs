import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileUrl, isWeb, repairAddress } from '../../assets/player/address.js';
import { decodeBase64, decodeByAtob } from '../../assets/player/base64.js';
import { crc32 } from '../../assets/player/crc32.js';
import { askServer, estimateNow, isExpired, parseDate } from '../../assets/player/expiry.js';
import { formatId, parseId, parseOptions, parsePlace, writePlace } from '../../assets/player/fragment.js';
import { parseEnd, parseHeader } from '../../assets/player/header.js';
import { isCharacter, meaningOf, SHORTCUTS } from '../../assets/player/keymap.js';
import { land } from '../../assets/player/landing.js';
import { linkTo } from '../../assets/player/link.js';
import { marksOf, nearestMark } from '../../assets/player/marks.js';
import { neighbour, panelsOf } from '../../assets/player/panels.js';
import { nextRate } from '../../assets/player/rates.js';
import { limitsOf, spanOf, withLimit } from '../../assets/player/span.js';
import { StateError, stateWords } from '../../assets/player/states.js';
import { placeOfRow, stepFrom } from '../../assets/player/steps.js';
import { createStore } from '../../assets/player/store.js';
import { summaryOf } from '../../assets/player/summary.js';
import { formatClock, formatTime, fragmentTime, gapWords, leftWords, parseTime } from '../../assets/player/time.js';

test('times are read in all the spellings of a link', () => {
  for (const [text, ms] of [['83.5', 83_500], ['83s', 83_000], ['1m23s', 83_000], ['1:23', 83_000], ['1:02:03', 3_723_000], ['1h', 3_600_000], ['0', 0], ['1m1.5s', 61_500]]) {
    assert.equal(parseTime(text), ms, text);
  }
  for (const text of ['', 'x', '-1', '1:', ':1', '1:2:3:4', '1e3', 'NaN', '1 s', '99999999999']) assert.equal(parseTime(text), null, text);
});

test('times are written as m:ss.d', () => {
  assert.equal(formatTime(14_030), '0:14.0');
  assert.equal(formatTime(-1_200), '-0:01.2');
  assert.equal(formatTime(-20), '0:00.0');
  assert.equal(formatTime(3_723_999), '1:02:03.9');
  assert.equal(formatTime(300), '0:00.3');
  assert.equal(formatClock(14_999), '0:14');
  assert.equal(formatClock(59_999.9999), '1:00');
  assert.equal(fragmentTime(14_330), '14.3');
  assert.equal(fragmentTime(-5), '0');
  assert.equal(gapWords(430), '0.4 s');
  assert.equal(gapWords(12_300), '12 s');
  assert.equal(gapWords(180_000), '3 min');
  assert.equal(leftWords(85_299), '23 h 41 min');
  assert.equal(leftWords(3 * 86_400 + 4 * 3600), '3 d 4 h');
  assert.equal(leftWords(59), 'less than a minute');
});

test('a link says where to go; what makes no sense is left out', () => {
  assert.deepEqual(parsePlace('#k=abc&t=1m23s&panel=network&id=n42&q=a%20b+c'), { time: 83_000, panel: 'network', selected: { stream: 'network', row: 41 }, q: 'a b c' });
  assert.deepEqual(parsePlace('#t=soon&panel=__proto__&id=x1&q=&__proto__=1'), {});
  assert.deepEqual(parsePlace('#q=%E0%A4%A&t=%E0%A4%A'), { q: '%E0%A4%A' }, 'an escape that makes no sense stands as it is');
  assert.deepEqual(parsePlace(''), {});
  assert.equal(parseId('c0'), null);
  assert.equal(parseId('n01'), null);
  assert.deepEqual(parseId('b7'), { stream: 'backend', row: 6 });
  assert.equal(formatId('actions', 2), 'a3');
});

test('the first of a name wins, and the key is kept to the letter', () => {
  assert.equal(parsePlace('#t=1&t=2').time, 1000);
  const hash = '#k=Ab_-9&s=aHR0&panel=info&unknown=1&embed=1&t=3';
  assert.equal(writePlace(hash, { time: 14_330, panel: 'network', selected: { stream: 'network', row: 41 }, q: 'a&b=c' }), '#k=Ab_-9&s=aHR0&embed=1&t=14.3&panel=network&id=n42&q=a%26b%3Dc');
  assert.equal(writePlace(hash, {}), '#k=Ab_-9&s=aHR0&embed=1');
  assert.equal(writePlace('#t=3', {}), '');
});

test('options of the fragment win over those of the query', () => {
  const options = parseOptions('?v=1&embed=1&theme=dark&controls=0', '#theme=light&muted=1');
  assert.deepEqual(options, { embed: true, autoplay: false, muted: true, loop: false, controls: false, panels: true, theme: 'light' });
  assert.equal(parseOptions('', '#theme=red').theme, 'auto');
});

test('a link to hand on keeps the key and never shows a local path', () => {
  const place = { time: 14_300, panel: 'network' };
  const web = { protocol: 'https:', origin: 'https://a.example', pathname: '/x/index.html', search: '?v=1', hash: '#k=KEY' };
  assert.equal(linkTo(web, place), 'https://a.example/x/index.html?v=1#k=KEY&t=14.3&panel=network');
  const file = { protocol: 'file:', origin: 'null', pathname: '/home/jo/My%20bug.html', search: '', hash: '' };
  assert.equal(linkTo(file, { time: 0 }), 'My bug.html#t=0');
  assert.equal(linkTo({ ...file, pathname: '/home/jo/%E0%A4%A.html' }, {}), '%E0%A4%A.html');
});

test('requests stay in the folder and carry signatures only', () => {
  const page = 'https://a.example/b/index.html?v=1&X-Amz-Signature=s&utm=x#k=KEY';
  assert.equal(fileUrl(page, 'media/v 1.webm'), 'https://a.example/b/media/v%201.webm?X-Amz-Signature=s');
  assert.equal(fileUrl(page, ''), 'https://a.example/b/index.html?X-Amz-Signature=s');
  for (const path of ['/etc/passwd', '../x', 'a/../../x', '//evil.example/x', '\\\\evil\\x', './x']) assert.equal(fileUrl(page, path), null, path);
  assert.equal(fileUrl(page, 'https://evil.example/x')?.startsWith('https://a.example/b/'), true);
  assert.equal(isWeb('https:'), true);
  assert.equal(isWeb('blob:'), false);
});

test('an escaped # is put right', () => {
  assert.deepEqual(repairAddress({ search: '?v=1%23k=abc&t=2', hash: '' }), { search: '?v=1', hash: '#k=abc&t=2' });
  assert.equal(repairAddress({ search: '?v=1', hash: '#k=abc' }), null);
  assert.equal(repairAddress({ search: '?v=1%23k=abc', hash: '#k=abc' }), null);
});

const HEADER = '{"v":1,"suite":"none","bundle":"paWlpaWlpaWlpaWlpaWlpQ","created":1700000000,"expires":1700086400,"kdf":null,"share":false}';

test('only the one spelling of a header is read', () => {
  assert.equal(parseHeader(HEADER).expires, 1_700_086_400);
  const edits = [
    HEADER.replace('"v":1', '"v": 1'), `${HEADER} `, HEADER.replace('1700086400', '01700086400'), HEADER.replace('1700086400', '1.7e9'),
    HEADER.replace(',"share":false', ''), HEADER.replace('paWl', 'pa+l'), HEADER.replace('pQ"', 'pR"'), HEADER.replace('"share":false', '"share":false,"x":1'),
    HEADER.replace('"suite":"none","bundle":"paWlpaWlpaWlpaWlpaWlpQ"', '"bundle":"paWlpaWlpaWlpaWlpaWlpQ","suite":"none"'), '{}', 'null', '', null, '[', HEADER.replace('null', '{}'),
    `${HEADER}${' '.repeat(600)}`,
  ];
  for (const edited of edits) assert.throws(() => parseHeader(edited), (error) => error instanceof StateError && error.state === 'damaged', String(edited));
});

test('what a newer version wrote is named so', () => {
  for (const newer of [HEADER.replace('"v":1', '"v":2'), '{"v":7}', HEADER.replace('none', 'C512')]) {
    assert.throws(() => parseHeader(newer), { state: 'unsupported', reason: 'newer-version' });
  }
});

test('without an end block the file was cut', () => {
  assert.deepEqual(parseEnd('{"parts":[[0,3,7]]}').get(0), { length: 3, crc: 7 });
  for (const text of [null, '', '{"parts":', '{}']) assert.throws(() => parseEnd(text), { state: 'damaged', reason: 'cut' });
});

test('now is what the server says, else the own clock, never before the page was made', () => {
  const clocks = { server: null, client: 100, created: 50, modified: null };
  assert.equal(estimateNow(clocks), 100);
  assert.equal(estimateNow({ ...clocks, server: 80 }), 80);
  assert.equal(estimateNow({ ...clocks, client: 10 }), 50);
  assert.equal(estimateNow({ ...clocks, server: 60, modified: 70 }), 70);
  const header = JSON.parse(HEADER);
  assert.equal(isExpired(header, 1_700_086_399), false);
  assert.equal(isExpired(header, 1_700_086_400), true);
  assert.equal(isExpired({ ...header, expires: 0 }, 9e9), false);
  assert.equal(parseDate('Sat, 21 Nov 2026 05:21:00 GMT'), 1_795_238_460);
  assert.equal(parseDate('yesterday'), null);
});

test('the server is asked for one byte, and silence is no answer', async () => {
  let asked;
  const get = async (url, init) => {
    asked = { url, ...init };
    return new Response('', { headers: { Date: 'Sat, 21 Nov 2026 05:21:00 GMT' } });
  };
  assert.equal(await askServer(get, 'https://a.example/', 1000), 1_795_238_460);
  assert.equal(asked.headers.Range, 'bytes=0-0');
  assert.equal(asked.cache, 'no-store');
  assert.equal(await askServer(() => Promise.reject(new TypeError('no')), 'https://a.example/', 1000), null);
  const never = (_, { signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  assert.equal(await askServer(never, 'https://a.example/', 5), null);
});

test('CRC-32 and base64', () => {
  const bytes = new TextEncoder().encode('123456789');
  assert.equal(crc32(bytes), 0xcbf43926);
  assert.equal(crc32(bytes.subarray(4), crc32(bytes.subarray(0, 4))), 0xcbf43926);
  assert.equal(crc32(new Uint8Array()), 0);
  assert.deepEqual([...decodeBase64('AP+A')], [0, 255, 128]);
  assert.deepEqual([...decodeByAtob('AP+A')], [0, 255, 128]);
  assert.throws(() => decodeByAtob('***'));
});

test('every state has its own heading, cause and next step', () => {
  for (const [state, reason] of [['expired'], ['damaged'], ['damaged', 'cut'], ['unsupported'], ['unsupported', 'newer-version'], ['unsupported', 'needs-server'], ['unreachable']]) {
    const { title, cause, next } = stateWords(state, reason);
    assert.ok(title && cause && next, state);
  }
  assert.equal(stateWords('expired').title, 'Recording link expired');
  assert.deepEqual(stateWords('damaged', 'nothing known'), stateWords('damaged'));
});

const MANIFEST = {
  duration: 40_000, streams: { console: { count: 3 }, network: { count: 2 } }, order: { count: 5 }, panels: null,
  failures: { count: 2, first: [14_000, 'network', 1, 'request'] },
  marks: { failures: [[9_000, 'console', 0, 'console'], [14_000, 'network', 1, 'request'], [null, 'console', 2, 'console']], actions: [[1_000, 0], [13_900, 1], [13_950, 2], [50_000, 3]] },
};

test('the page lands on its link, else on the first failure, else at the start', () => {
  assert.deepEqual(land(MANIFEST, {}), { time: 14_000, panel: 'network', selected: { stream: 'network', row: 1 }, q: null });
  assert.deepEqual(land(MANIFEST, { time: 5_000 }), { time: 5_000, panel: 'timeline', selected: null, q: null });
  assert.deepEqual(land(MANIFEST, { selected: { stream: 'console', row: 2 } }), { time: null, panel: 'console', selected: { stream: 'console', row: 2 }, q: null });
  assert.deepEqual(land(MANIFEST, { selected: { stream: 'console', row: 99 } }), land(MANIFEST, {}));
  assert.equal(land(MANIFEST, { panel: 'backend' }).panel, 'network');
  assert.equal(land(MANIFEST, { panel: 'info', q: 'x' }).q, 'x');
  assert.deepEqual(land({ ...MANIFEST, failures: { count: 0, first: null } }, {}), { time: 0, panel: 'timeline', selected: null, q: null });
});

test('panels are those with data that the sharer wants', () => {
  assert.deepEqual(panelsOf(MANIFEST), ['timeline', 'console', 'network', 'info']);
  assert.deepEqual(panelsOf({ ...MANIFEST, panels: ['network'] }), ['timeline', 'network']);
  assert.deepEqual(panelsOf({ ...MANIFEST, streams: {}, order: null }), ['info']);
  assert.equal(neighbour(['timeline', 'info'], 'info', 1), 'timeline');
  assert.equal(neighbour(['timeline', 'info'], 'timeline', -1), 'info');
});

test('failures are stepped through from the selected one, else from the playhead', () => {
  const { failures } = MANIFEST.marks;
  assert.equal(stepFrom(failures, { selected: { stream: 'console', row: 0 }, time: 0 }, 1), 1);
  assert.equal(stepFrom(failures, { selected: { stream: 'console', row: 0 }, time: 0 }, -1), -1);
  assert.equal(stepFrom(failures, { selected: null, time: 10_000 }, 1), 1);
  assert.equal(stepFrom(failures, { selected: { stream: 'console', row: 1 }, time: 10_000 }, -1), 0);
  assert.equal(stepFrom([], { selected: null, time: 0 }, 1), -1);
  assert.equal(placeOfRow(failures, { stream: 'network', row: 1 }), 1);
});

test('marks: what is drawn, and what a click means', () => {
  const marks = marksOf(MANIFEST);
  assert.deepEqual(marks.map(({ kind }) => kind), ['action', 'error', 'action', 'action', 'request']);
  assert.equal(nearestMark(marks, 13_980, 100)?.kind, 'request');
  assert.equal(nearestMark(marks, 20_000, 100), null);
});

test('spans', () => {
  const state = { span: { mode: 'whole', from: 0, to: 0 }, time: 2_000, duration: 40_000 };
  assert.equal(limitsOf(state), null);
  assert.deepEqual(limitsOf({ ...state, span: { mode: 'around', from: 0, to: 0 } }), [-3_000, 7_000]);
  assert.deepEqual(spanOf(state, 'range'), { mode: 'range', from: 0, to: 7_000 });
  assert.deepEqual(withLimit(state, 'from'), { mode: 'range', from: 2_000, to: 40_000 });
  assert.deepEqual(withLimit({ ...state, span: { mode: 'range', from: 5_000, to: 9_000 } }, 'to'), { mode: 'range', from: 0, to: 2_000 });
  assert.equal(nextRate(1, 1), 1.25);
  assert.equal(nextRate(4, 1), 4);
  assert.equal(nextRate(0.25, -1), 0.25);
});

test('keys mean what the help says, and nothing with other modifiers', () => {
  const press = (key, extra = {}) => meaningOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...extra });
  assert.equal(press(' '), 'toggle');
  assert.equal(press('k'), 'toggle');
  assert.equal(press('n'), 'nextFailure');
  assert.equal(press('N', { shiftKey: true }), 'previousFailure');
  assert.equal(press('N'), 'nextFailure');
  assert.equal(press('W', { shiftKey: true }), 'network');
  assert.equal(press('w'), null);
  assert.equal(press('?', { shiftKey: true }), 'help');
  assert.equal(press('f', { ctrlKey: true }), 'filter');
  assert.equal(press('f', { metaKey: true }), 'filter');
  assert.equal(press('f'), 'fullscreen');
  assert.equal(press('k', { ctrlKey: true }), 'commands');
  assert.equal(press('F', { ctrlKey: true, shiftKey: true }), 'find');
  assert.equal(press('f', { metaKey: true, shiftKey: true }), 'find');
  assert.equal(press('U', { ctrlKey: true, shiftKey: true }), null);
  assert.equal(press('j', { ctrlKey: true }), null);
  assert.equal(press('ArrowLeft', { shiftKey: true }), 'backTenth');
  assert.equal(press('7'), 'tenth');
  assert.equal(press('Escape'), 'close');
  assert.equal(press(']', { ctrlKey: true }), 'nextPanel');
  assert.equal(isCharacter({ key: 'n', ctrlKey: false, metaKey: false }), true);
  assert.equal(isCharacter({ key: ' ', ctrlKey: false, metaKey: false }), false);
  const ids = SHORTCUTS.flatMap(([, list]) => list.flatMap(([names]) => names.split(' ')));
  assert.equal(new Set(ids).size, ids.length);
});

test('the line under the title leaves out what is unknown', () => {
  const manifest = { started: null, duration: 42_000, metadata: { page: { url: 'https://shop.example/x' }, system: { browser: { name: 'Chrome', version: '156.0.1' }, os: { name: 'macOS', version: '15.1' } }, reporter: { name: 'Dana' } } };
  assert.equal(summaryOf(manifest), '0:42 · shop.example · Chrome 156 on macOS 15 · reported by Dana');
  assert.equal(summaryOf({ started: null, duration: 0, metadata: { page: 3, system: 'Linux', reporter: [] } }), '');
});

test('the store tells once a microtask, and only of what changed', async () => {
  const store = createStore({ time: 0, paused: true });
  const seen = [];
  store.on(['time'], (state) => seen.push(state.time));
  store.set({ time: 1 });
  store.set({ time: 2, paused: true });
  store.set({ paused: false });
  await null;
  assert.deepEqual(seen, [2]);
});
