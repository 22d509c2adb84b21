// The schema of the recording folder, held against the example.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';

const examples = new URL('../../examples/', import.meta.url);
const read = (name) => readFileSync(new URL(name, examples), 'utf8');
const schema = JSON.parse(read('recording-1.schema.json'));
const ajv = new Ajv2020({ allowUnionTypes: true, strictRequired: false, strictTypes: false });
ajv.addSchema(schema, 'recording');

/** Checks a value against the schema or one of its definitions. */
function check(value, part = '') {
  const validate = ajv.getSchema(part ? `recording#/$defs/${part}` : 'recording');
  assert.ok(validate(value), JSON.stringify(validate.errors));
}

test('the example keeps to the schema', () => {
  check(JSON.parse(read('checkout-bug/recording.json')));
  for (const [file, part] of [['console', 'consoleLine'], ['actions', 'actionLine'], ['backend', 'backendLine']]) {
    const lines = read(`checkout-bug/${file}.ndjson`).trim().split('\n');
    assert.ok(lines.length > 10);
    for (const line of lines) check(JSON.parse(line), part);
  }
});

test('the schema admits what extract writes', () => {
  check({ format: 'recording/1', timeline: { source: 'none', uncertaintyMs: null } });
  const source = { params: { type: 'log' } };
  check({ t: 2, level: 'error', text: 'a', _cut: true, method: 'assert', type: 'javascript', uncaught: true, location: 'app.js:1:2', repeat: 2, traceId: 't', requestId: 'r', _source: source }, 'consoleLine');
  check({ level: 'info', text: 'without a clock', _source: source }, 'consoleLine');
  check({ type: 'click', label: 'Pay', selector: '#pay', value: 'v', url: 'u', x: 1, y: 2, durationMs: 3, error: 'e', _source: source }, 'actionLine');
  check({ t: 2, level: 'warn', service: 's', message: 'm', traceId: 't', requestId: 'r', _cut: true, _source: source }, 'backendLine');
});

test('the schema refuses what the reader would refuse', () => {
  assert.throws(() => check({ format: 'recording/2' }));
  assert.throws(() => check({ format: 'recording/1', media: [{ kind: 'video', file: '../video.webm' }] }));
  assert.throws(() => check({ t: 1, timestamp: 2, text: 'both clocks' }, 'consoleLine'));
  assert.throws(() => check({ text: 'no clock' }, 'consoleLine'));
});
