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

test('the schema refuses what the reader would refuse', () => {
  assert.throws(() => check({ format: 'recording/2' }));
  assert.throws(() => check({ format: 'recording/1', media: [{ kind: 'video', file: '../video.webm' }] }));
  assert.throws(() => check({ t: 1, timestamp: 2, text: 'both clocks' }, 'consoleLine'));
  assert.throws(() => check({ text: 'no clock' }, 'consoleLine'));
});
