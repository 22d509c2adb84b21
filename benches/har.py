#!/usr/bin/env python3
"""HAR exported, in MB of HAR per CPU second (user and system) and MB of memory, beside other programs on the same file.

usage: benches/har.py [--mb N] [--runs N] [HAR...]

Makes two HARs of N MB (default 150) of the entries of examples/checkout-bug when none are given: `alike` repeats them
with times and numbers of their own, and in `varied` addresses, header values and bodies differ as well. Give the
program another name with SEALCAST=path (default target/release/sealcast). The best of the runs counts: what else
the machine does only adds to it.
"""
import argparse, copy, json, os, random, shutil, subprocess, sys
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


def make(name, size):
    path = ROOM / f'{name}-{size}.har'
    if path.exists():
        return path
    found = next((ROOT / 'examples/checkout-bug').rglob('*.har'))
    entries = json.loads(found.read_text())['log']['entries']
    chance, written = random.Random(1), 0
    with open(path.with_suffix('.part'), 'w') as out:
        out.write('{"log":{"version":"1.2","creator":{"name":"bench","version":"1"},"entries":[')
        number = 0
        while written < size * 1_000_000:
            entry = copy.deepcopy(chance.choice(entries))
            at = chance.randrange(3_600_000)
            entry['startedDateTime'] = f'2026-11-21T09:{at // 60000 % 60:02}:{at // 1000 % 60:02}.{at % 1000:03}Z'
            entry['time'], entry['connection'] = round(chance.random() * 500, 3), str(number)
            if name == 'varied':
                vary(entry, chance, number)
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
    for har in given.hars or [make(name, given.mb) for name in ('alike', 'varied')]:
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
