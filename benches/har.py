#!/usr/bin/env python3
"""HAR exported, in MB of HAR per CPU second (user and system) and MB of memory, beside other programs on the same file.

usage: benches/har.py [--mb N] [--runs N] [HAR...]

Makes four HARs of N MB (default 150) of the entries of examples/checkout-bug when none are given: `again` repeats them
as they are, `alike` with times and numbers of their own, in `varied` addresses, header values and bodies differ as
well, and `browser` has the bodies of sites: scripts and styles, pages, pictures in base64, and answers of APIs, in
sizes as browsers export them. Give the program another name with SEALCAST=path (default target/release/sealcast). The
best of the runs counts: what else the machine does only adds to it.
"""
import argparse, base64, copy, itertools, json, os, random, shutil, subprocess, sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOM = ROOT / 'target' / 'bench-har'
PROGRAM = os.environ.get('SEALCAST', str(ROOT / 'target/release/sealcast'))
WORDS = 'cart order price sum list item view user page load time state error value index count total name'.split()


def words(chance, count):
    return ' '.join(chance.choice(WORDS) + (str(chance.randrange(9999)) if chance.random() < .2 else '') for _ in range(count))


def body(chance):
    kind = chance.random()
    if kind < .5:
        item = lambda: {'id': chance.randrange(10**9), 'name': words(chance, 4), 'price': round(chance.random() * 100, 2), 'tags': [words(chance, 1)]}
        return 'application/json', json.dumps({'items': [item() for _ in range(chance.randrange(3, 60))]})
    if kind < .8:
        return 'text/javascript', ''.join(f'function f{n}(a,b){{return a.{chance.choice(WORDS)}+b["{words(chance, 1)}"]}}\n' for n in range(chance.randrange(10, 150)))
    return 'text/html', '<!doctype html>' + ''.join(f'<p class="{chance.choice(WORDS)}">{words(chance, 12)}</p>\n' for _ in range(chance.randrange(5, 60)))


def vary(entry, chance, number):
    entry['request']['url'] += f'/{number}?page={chance.randrange(99)}'
    for message in (entry['request'], entry['response']):
        for header in message['headers']:
            if header['name'].lower() in ('referer', 'date', 'etag', 'last-modified', 'x-request-id'):
                header['value'] += f' {chance.randrange(10**6)}'
    mime, text = body(chance)
    entry['response']['content'] = {'size': len(text), 'mimeType': mime, 'text': text}


class Site:
    """Texts of words by Zipf's law, as code, styles, pages and data use them."""

    def __init__(self, chance):
        self.chance = chance
        syllables = [a + b for a in 'b c d f g h k l m n p r s st t tr v w'.split() for b in 'a e i o u ai er on in es'.split()]
        self.words = [''.join(chance.choices(syllables, k=chance.choice((1, 2, 2, 3)))) for _ in range(8000)]
        self.weights = list(itertools.accumulate(1 / rank for rank in range(2, 8002)))

    def some(self, count):
        return self.chance.choices(self.words, cum_weights=self.weights, k=count)

    def size(self, median, most):
        return min(most, int(self.chance.lognormvariate(0, 1) * median))

    def filled(self, patterns, size):
        """Patterns with words in them, drawn until they are as long as told."""
        pieces, length = [], 0
        while length < size:
            words, number = iter(self.some(160)), self.chance.randrange(10**5)
            for pattern in self.chance.choices(patterns, k=20):
                pieces.append(pattern.format(a=next(words), b=next(words), c=next(words), d=next(words), n=number % 100, h=f'{number:05x}'))
                length += len(pieces[-1])
        return ''.join(pieces)

    def script(self):
        return self.filled((
            'function {a}(e,t){{var n=e.{b};return n&&n.{c}?t({d}(n.{c},{n})):void 0}}', 'const {a}=(e,t=!1)=>e.{b}({{{c}:t,{d}:{n}}});',
            '{n}{h}:(e,t,n)=>{{"use strict";n.d(t,{{Z:()=>{a}}});var r=n({n}),o=n({h!r});t.{b}=r.{c}(o.{d})}},', 'if("{a}"===e.type)return this.{b}=this.{c}||[],this.{d}.push(e);',
            'try{{{a}.{b}("{c} {d} {a} {b}")}}catch(e){{console.error("{c} {d}",e)}}', '{a}.prototype.{b}=function(){{for(var e=0;e<this.{c}.length;e++)this.{c}[e].{d}()}};',
            '/* {a} {b} {c} {d} */', 'e.exports={{{a}:"{b}-{c}",{d}:[{n},{n},.{n}]}};', '(0,r.jsx)("div",{{className:"{a}-{b} {c}",children:{d}}}),'), self.size(60_000, 900_000))

    def style(self):
        return self.filled((
            '.{a}-{b}{{display:flex;padding:{n}px 0 {n}px;color:#{h}}}', '.{a}:hover,.{b}>.{c}{{background:rgba(0,0,0,.{n});transition:opacity .{n}s}}',
            '@media (min-width:{n}0px){{.{a}{{margin:0 {n}px;grid-template-columns:1fr {n}fr}}}}', '.{a}__{b}--{c}:before{{content:"{d}";width:{n}%}}'), self.size(25_000, 250_000))

    def page(self):
        return '<!doctype html><html lang="en"><head><meta charset="utf-8">' + self.filled((
            '<div class="{a} {b}-{c}"><a href="/{a}/{b}-{n}" title="{c} {d}">{c} {d} {a}</a></div>\n', '<p>{a} {b} {c} {d} {b}, {d} {a} {c} &amp; {b}.</p>\n',
            '<img src="https://cdn.acme.example/{a}/{b}-{h}.webp" alt="{c} {d}" width="{n}" loading="lazy">', '<li data-{a}="{h}"><span class="{b}">{c} {n}</span></li>\n',
            '<script>window.__{a}={{"{b}":{n},"{c}":"{d}"}}</script>\n'), self.size(40_000, 400_000))

    def data(self):
        chance = self.chance
        item = lambda: {'id': f'{chance.getrandbits(128):032x}'[:chance.choice((8, 24, 32))], 'name': ' '.join(self.some(3)), 'slug': '-'.join(self.some(3)), 'price': {'amount': chance.randrange(10**5), 'currency': 'EUR'},
                        'image': f'https://cdn.acme.example/{self.some(1)[0]}/{chance.randrange(10**6)}.webp', 'createdAt': f'2026-0{chance.randrange(1, 9)}-1{chance.randrange(9)}T1{chance.randrange(9)}:22:33.000Z',
                        'tags': self.some(4), 'text': ' '.join(self.some(chance.randrange(40))), 'active': chance.random() < .5}
        return json.dumps({'data': [item() for _ in range(max(1, self.size(12, 400)))], 'next': chance.randrange(99)}, separators=(',', ':'))

    def picture(self):
        return base64.b64encode(self.chance.randbytes(self.size(12_000, 300_000))).decode()

    def body(self):
        mime, make = self.chance.choices((('application/json', self.data), ('image/webp', self.picture), ('text/javascript', self.script), ('text/css', self.style), ('text/html', self.page), ('', str)), (25, 25, 20, 6, 4, 20))[0]
        return mime, make()


def visit(entry, site, chance, number):
    """Makes an entry one of a browser that loads a site."""
    vary(entry, chance, number)
    mime, text = site.body()
    entry['response']['content'] = {'size': len(text), 'mimeType': mime or 'x-unknown'} | ({'text': text} if text else {})
    if mime.startswith('image'):
        entry['response']['content']['encoding'] = 'base64'


def make(name, size):
    path = ROOM / f'{name}-{size}.har'
    if path.exists():
        return path
    found = next((ROOT / 'examples/checkout-bug').rglob('*.har'))
    entries = json.loads(found.read_text())['log']['entries']
    chance, written = random.Random(1), 0
    site = Site(chance) if name == 'browser' else None
    with open(path.with_suffix('.part'), 'w') as out:
        out.write('{"log":{"version":"1.2","creator":{"name":"bench","version":"1"},"entries":[')
        number = 0
        while written < size * 1_000_000:
            entry = copy.deepcopy(chance.choice(entries))
            if name != 'again':
                at = chance.randrange(3_600_000)
                entry['startedDateTime'] = f'2026-11-21T09:{at // 60000 % 60:02}:{at // 1000 % 60:02}.{at % 1000:03}Z'
                entry['time'], entry['connection'] = round(chance.random() * 500, 3), str(number)
            if name == 'varied':
                vary(entry, chance, number)
            elif site:
                visit(entry, site, chance, number)
            written += out.write((',' if number else '') + json.dumps(entry))
            number += 1
        out.write(']}}')
    return path.with_suffix('.part').rename(path)


def run(command):
    """CPU seconds and the most memory in MB of a program."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    if status:
        sys.exit(f'{command[0]} failed: {errors.decode()}')
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--mb', type=int, default=150)
    parser.add_argument('--runs', type=int, default=3)
    parser.add_argument('hars', nargs='*', type=Path)
    given = parser.parse_args()
    ROOM.mkdir(parents=True, exist_ok=True)
    for har in given.hars or [make(name, given.mb) for name in ('again', 'alike', 'varied', 'browser')]:
        size = har.stat().st_size / 1e6
        print(f'{har.name}, {size:.0f} MB')
        out = str(ROOM / 'x.html')
        rows = [(f'sealcast --redact {level}', [PROGRAM, 'export', str(har), '-o', out, '--force', '--redact', level]) for level in ('off', 'standard', 'strict')]
        rows += [('jq -c .', ['jq', '-c', '.', str(har)]), ('python3 -m json.tool', ['python3', '-m', 'json.tool', '--compact', str(har)]), ('gzip -6', ['gzip', '-6', '-c', str(har)])]
        for name, command in rows:
            if shutil.which(command[0]) is None:
                print(f'  {name:28} not there')
                continue
            seconds, memory = min(run(command) for _ in range(given.runs))
            share = f'   share of {os.path.getsize(out) / 1e6:.2f} MB' if command[0] == PROGRAM else ''
            print(f'  {name:28} {size / seconds:6.0f} MB per CPU s   {seconds:6.2f} s   {memory:6.0f} MB of memory{share}')


main()
