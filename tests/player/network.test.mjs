// What the Network panel decides: commands to paste, bodies, differences, order.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { hexDump, multipart, readBody } from '../../assets/player/body.js';
import { FORMS, curl, quote, quoteCmd, quotePower } from '../../assets/player/curl.js';
import { diffLines } from '../../assets/player/diff.js';
import { cookies, requestBody } from '../../assets/player/http.js';
import { Word, exactJson } from '../../assets/player/json.js';
import { jsonNode } from '../../assets/player/remote.js';
import { sortPlaces, sortedView } from '../../assets/player/sort.js';
import { createView } from '../../assets/player/view.js';

/** What a stranger might have a page send, so that it leaves its quotes. */
const HOSTILE = [
  '', ' ', "'", '"', '\\', '\\"', '\\\\"', "it's", '$(touch pwned)', '`touch pwned`', '${IFS}', '$HOME', '!!', '!x', '%PATH%', '%PATH:~0,1%', '%%', '%', '^', '^^', '^"', '&calc', '| calc', '> x', '< x', '(a) & (b)',
  '@file', '-o /etc/passwd', '--config=x', '# no', '~', '*', '?', '[a]', '{a,b}', 'a\nb', 'a\r\nb', 'a\n\n& calc', "a'\ntouch pwned\n'", '\u001b[201~touch pwned', '\u0003', '\u0000x', '\u202eabc\u2066', 'a\u2028b', '‘ ’ ‚ ‛', '‘; calc; ’', '“”', '$env:USERNAME', '"; calc; "', "'; calc; '", "'+(calc)+'",
  '日本 😀', '\u{e0001}', 'end\\', 'end\\\\', '"\\', '\\\n', '<#', '#>', '\x60n', '\x60', 'x'.repeat(3000),
];
const REQUEST = { method: 'POST', url: 'https://a.test/p?a=%PATH%&b=[1]', headers: [{ name: 'X-A', value: 'one' }, { name: 'x-a', value: "t'wo" }, { name: 'Cookie', value: 'a=1' }, { name: 'cookie', value: 'b=2' }, { name: 'Content-Type', value: 'text/plain' }, { name: 'User-Agent', value: 'M' }, { name: '__proto__', value: 'p' }, { name: 'Host', value: 'h' }, { name: ':path', value: '/' }], postData: { mimeType: 'text/plain', text: 'body' } };
const [URL_FORM, BASH, CMD, POWER, FETCH, HAR] = FORMS.map(([, make]) => make);
const withText = (text) => ({ request: { method: 'POST', url: text, headers: [{ name: 'X-A', value: text }], postData: { text } } });

/** What a program gets from bash. Zero bytes cannot be arguments. */
function bash(command) {
  const { stdout, stderr } = spawnSync('bash', ['-c', `curl() { printf '%s\\0' "$@"; }\n${command}`], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8', HOME: '/home' } });
  assert.equal(stderr, '', command);
  return stdout.split('\0').slice(0, -1);
}

test('bash gives every argument on as it was recorded', () => {
  for (const text of HOSTILE.filter((one) => !one.includes('\0'))) {
    assert.deepEqual(bash(`curl ${quote(text)}`), [text], JSON.stringify(text));
    assert.doesNotMatch(quote(text), /[\p{C}\p{Zl}\p{Zp}]/u);
    if (!text) continue;
    const args = bash(curl(withText(text)));
    assert.deepEqual(args.slice(-4), ['-H', `X-A: ${text}`, '--data-raw', text]);
    assert.ok(args.includes('--url') && args[args.indexOf('--url') + 1] === text);
  }
  assert.deepEqual(bash(BASH({ request: REQUEST })).slice(0, 3), ['--globoff', REQUEST.url, '-H']);
});

/** As cmd reads a line at its prompt: names between percent signs, then carets and quotes. */
function cmd(line) {
  const names = { PATH: 'LEAKED', USERNAME: 'LEAKED' };
  const expanded = line.replace(/%([^%:]+)(:[^%]*)?%/g, (whole, name) => names[name] ?? whole);
  let out = '';
  for (let at = 0, quoted = false; at < expanded.length; at += 1) {
    const character = expanded[at];
    if (character === '^' && !quoted) out += expanded[++at] ?? '';
    else {
      assert.ok(quoted || !/[&|<>()\n\r]/.test(character), `cmd acts on ${character} in ${line}`);
      if (character === '"') quoted = !quoted;
      out += character;
    }
  }
  return out;
}

/** As a program of Microsoft's C reads an argument in quotes. */
function argumentOf(line) {
  assert.equal(line[0], '"');
  let out = '';
  for (let at = 1; ; at += 1) {
    assert.ok(at < line.length, `not closed: ${line}`);
    const slashes = /^\\*/.exec(line.slice(at))[0].length;
    if (line[at + slashes] !== '"') {
      out += '\\'.repeat(slashes) + line[at + slashes];
      at += slashes;
      continue;
    }
    out += '\\'.repeat(Math.floor(slashes / 2));
    at += slashes;
    if (slashes % 2 === 0) {
      assert.equal(at, line.length - 1, `goes on behind its quote: ${line}`);
      return out;
    }
    out += '"';
  }
}

test('cmd and the program behind it get every argument but its line breaks', () => {
  for (const text of HOSTILE) {
    const want = text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ');
    assert.equal(argumentOf(cmd(quoteCmd(text))), want, JSON.stringify(text));
    assert.ok(!/[\n\r]/.test(quoteCmd(text)));
    for (const line of CMD(withText(text)).split(' ^\n  ')) assert.ok(!/[\n\r]/.test(line), 'line breaks stand where the command is folded only');
  }
  assert.equal(quoteCmd('a"%B%'), '^"a^\\^"^%B^%^"');
});

/** Single-quoted texts of PowerShell and what stands between them. */
function power(text) {
  let out = '';
  let at = 0;
  const between = [];
  while (at < text.length) {
    if (text[at] !== "'") {
      between.push(text[at++]);
      continue;
    }
    for (at += 1; ; at += 1) {
      assert.ok(at < text.length, `not closed: ${text}`);
      if (!/['\u2018-\u201b]/.test(text[at])) out += text[at];
      else if (/['\u2018-\u201b]/.test(text[at + 1] ?? '')) out += text[at++];
      else break;
    }
    at += 1;
    // Only what we write ourselves stands outside the quotes.
    const joined = /^\+\[char\]::ConvertFromUtf32\(0x([0-9a-f]+)\)\+(?=')/.exec(text.slice(at));
    if (joined) {
      out += String.fromCodePoint(Number.parseInt(joined[1], 16));
      at += joined[0].length;
    }
  }
  return [out, between.join('')];
}

test('PowerShell reads every text as it was recorded, whatever quotes it has', () => {
  for (const text of HOSTILE) {
    const [out, between] = power(quotePower(text));
    assert.equal(out, text, JSON.stringify(text));
    assert.match(between, /^(\(\))?$/);
  }
  assert.equal(POWER({ request: REQUEST }), [
    "Invoke-WebRequest -UseBasicParsing -Uri 'https://a.test/p?a=%PATH%&b=[1]'", "-Method 'POST'", "-contenttype 'text/plain'", "-useragent 'M'",
    "-Headers @{'x-a'='one, t''wo'; 'cookie'='a=1; b=2'; '__proto__'='p'}", "-Body ([Text.Encoding]::UTF8.GetBytes('body'))",
  ].join(' \x60\n  '));
});

test('where PowerShell is, it agrees', { skip: spawnSync('pwsh', ['-v']).status !== 0 }, () => {
  for (const text of HOSTILE.filter((one) => !/\0/.test(one))) {
    const { stdout } = spawnSync('pwsh', ['-NoProfile', '-Command', `[Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes(${quotePower(text)}))`], { encoding: 'utf8' });
    assert.equal(Buffer.from(stdout.trim(), 'base64').toString(), text);
  }
});

test('fetch and HAR are scripts that hold the request and nothing else', () => {
  for (const text of HOSTILE) {
    const code = FETCH(withText(text));
    assert.doesNotMatch(code.replaceAll('\n', ''), /[\p{C}\p{Zl}\p{Zp}]/u);
    let got;
    new Function('fetch', code)((...args) => { got = args; });
    assert.deepEqual(got, [text, { method: 'POST', headers: [['X-A', text]], body: text || null }]);
    assert.deepEqual(JSON.parse(HAR({ ...withText(text), _sealcast: { left_out: {} } })), withText(text));
  }
  assert.equal(URL_FORM(withText('x y')), 'x y');
  for (const [name, make] of FORMS) assert.equal(typeof make({}), 'string', name);
  assert.match(HAR(exactJson('{"id":12345678901234567890}')), /12345678901234567890/);
});

test('numbers keep every digit', () => {
  const read = exactJson('{"id":12345678901234567890,"s":"12345678901234567890 \\" 98765432109876543210","f":0.12345678901234567890,"n":1234567890123456,"list":[-9223372036854775809]}');
  assert.deepEqual(read, { id: new Word('12345678901234567890', 'number'), s: '12345678901234567890 " 98765432109876543210', f: 0.12345678901234568, n: 1234567890123456, list: [new Word('-9223372036854775809', 'number')] });
  assert.deepEqual([jsonNode(null, read).text, jsonNode('id', read.id).kind], ['{id: 12345678901234567890, s: "12345678901234567890 \\" 9876543210987654…, f: 0.12345678901234568, n: 1234567890123456, list: […]}', 'number']);
  assert.throws(() => exactJson('{"a":12345678901234567890'));
});

test('bodies as text, bytes and images', () => {
  const base64 = (text) => Buffer.from(text).toString('base64');
  assert.equal(readBody({ text: base64('{"a":"é"}'), base64: true, mime: 'application/json' }).text, '{"a":"é"}');
  assert.deepEqual(readBody({ text: base64([0, 255]), base64: true, mime: 'image/png' }), { bytes: new Uint8Array([0, 255]), text: null, image: true });
  assert.equal(readBody({ text: base64('\0abc'), base64: true, mime: '' }).text, null, 'what has zero bytes is no text');
  assert.equal(readBody({ text: 'no base64!', base64: true, mime: '' }).text, 'no base64!');
  for (const mime of ['text/html', 'image/svg', 'image/svg+xml; x', 'application/pdf', 'image/']) assert.ok(!readBody({ text: '', base64: false, mime }).image, mime);
  assert.equal(hexDump(new TextEncoder().encode('GET / HTTP/1.1\r\n\r')), `00000000  47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d 0a  GET / HTTP/1.1..\n00000010  0d ${' '.repeat(46)}.`);
  assert.ok(hexDump(new Uint8Array(1e6)).endsWith('\n…'));
});

test('multipart forms', () => {
  const text = '--X\r\nContent-Disposition: form-data; name="a"\r\n\r\none\r\n\r\ntwo\r\n--X\r\nContent-Disposition: form-data; name="f"; filename="x.txt"\r\nContent-Type: text/plain\r\n\r\nhello\r\n--X--\r\n';
  assert.deepEqual(multipart(text), [['a', 'one\n\ntwo'], ['f', 'x.txt · 5 B']]);
  assert.deepEqual(multipart('nothing of the kind'), []);
  assert.deepEqual(multipart('--X'), []);
  assert.deepEqual(requestBody({ request: { postData: { mimeType: 'multipart/form-data; boundary=X', text } } }).params.length, 2);
});

test('cookies come from the headers where the recorder lists none', () => {
  const headers = [{ name: 'Cookie', value: 'a=1; b=c=d' }, { name: 'Set-Cookie', value: 'x=1; Path=/; HttpOnly\ny=; Secure' }];
  assert.deepEqual(cookies({ headers, cookies: [] }, 'cookie'), [['a', '1', ''], ['b', 'c=d', '']]);
  assert.deepEqual(cookies({ headers }, 'set-cookie'), [['x', '1', 'Path=/ · HttpOnly'], ['y', '', 'Secure']]);
  assert.deepEqual(cookies(undefined, 'cookie'), []);
});

test('differences by lines', () => {
  const diff = (a, b) => diffLines(a.split(''), b.split('')).map((line) => line.join('')).join(',');
  assert.equal(diff('abc', 'abc'), ' a, b, c');
  assert.equal(diff('abc', 'axc'), ' a,-b,+x, c');
  assert.equal(diff('', 'ab'), '+a,+b');
  assert.equal(diff('abcd', 'bd'), '-a, b,-c, d');
});

/** A feed of rows that lie in memory. */
const feedOf = (rows) => ({ count: rows.length, load: async (from, to) => rows.slice(from, to).map((data, at) => ({ stream: 'network', row: from + at, place: from + at, data })) });

test('rows in the order of a key, equal ones as they stand', async () => {
  const rows = Array.from({ length: 5001 }, (_, at) => (at * 7919) % 100);
  const order = await sortPlaces(feedOf(rows), (row) => row, new AbortController().signal);
  const want = rows.map((_, at) => at).sort((a, b) => rows[a] - rows[b] || a - b);
  assert.deepEqual([...order], want);
  assert.deepEqual([...await sortPlaces(feedOf([]), (row) => row, new AbortController().signal)], []);
  const stopped = new AbortController();
  stopped.abort();
  assert.equal(await sortPlaces(feedOf(rows), (row) => row, stopped.signal), null);
});

test('a sorted view shows what the view shows, up and down', () => {
  const view = createView([1, 5], { list: [0, 1, 3, 4, 6], length: 5 });
  const order = Uint32Array.of(4, 0, 3, 6, 1, 2, 5);
  const places = (down) => {
    const sorted = sortedView(view, order, down);
    return Array.from({ length: sorted.length }, (_, index) => sorted.at(index));
  };
  assert.deepEqual([places(false), places(true)], [[4, 3, 1], [1, 3, 4]]);
  const sorted = sortedView(view, order, false);
  assert.deepEqual([sorted.indexOf(3), sorted.indexOf(0), sorted.reach(1), sorted.reach(0)], [1, -1, 2, 0]);
});

test('what was redacted is a variable to fill in, in the way of each shell', () => {
  const request = { method: 'GET', url: 'https://a.test/?token=redacted-token-2', headers: [{ name: 'X-Key', value: 'a [redacted auth#3] b' }] };
  const made = Object.fromEntries(FORMS.map(([name, make]) => [name, make({ request })]));
  assert.match(made['cURL (bash)'], /'X-Key: a '"\$AUTH_3"' b'/);
  assert.match(made['cURL (bash)'], /token='"\$TOKEN_2"/);
  assert.match(made['cURL (cmd)'], /\^"X-Key\^: a %AUTH_3% b\^"/);
  assert.match(made.PowerShell, /\('a '\+\$env:AUTH_3\+' b'\)/);
  assert.match(made.fetch, /"a " \+ AUTH_3 \+ " b"/);
  assert.match(made.URL, /redacted-token-2/);
});
