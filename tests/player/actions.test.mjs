// Steps to reproduce, and what is drawn over the picture. No DOM.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawnAt, pageIn } from '../../assets/player/rings.js';
import { playwrightTest, stepsText } from '../../assets/player/step-text.js';

test('steps are numbered; what nobody does on purpose is left out', () => {
  const actions = [{ kind: 'navigate', url: 'https://a.test/cart' }, { kind: 'scroll' }, { kind: 'click', label: 'Pay' }, { kind: 'keyUp', value: 'a' }, { kind: 'change', label: 'E-mail', value: 'a@b' }, { kind: 'keyDown', value: 'Enter' }];
  assert.equal(stepsText(actions), '1. Go to cart\n2. Click “Pay”\n3. Set “E-mail”: “a@b”\n4. Press Enter');
});

test('a test is made of lines; what has none is a comment', () => {
  const manifest = { title: 'Card "fails"\n', metadata: { system: { viewport: { width: 1280, height: 720 } } } };
  const text = playwrightTest([{ kind: 'click', code: 'await page.x();' }, { kind: 'scroll', code: 'no' }, { kind: 'levitate', label: 'a\nb */' }], manifest);
  assert.equal(text, "import { test } from '@playwright/test';\n\ntest(\"Card \\\"fails\\\"\\n\", async ({ page }) => {\n  await page.setViewportSize({ width: 1280, height: 720 });\n  await page.x();\n  // Levitate “a b */”\n});\n");
  assert.ok(!playwrightTest([], { title: null, metadata: { system: { viewport: { width: '1; x', height: 1 } } } }).includes('x }'));
});

test('rings only where the picture has the shape of the page', () => {
  const metadata = { system: { viewport: { width: 1280, height: 720 } } };
  assert.equal(pageIn({ metadata, video: { width: 640, height: 360 } }).shape, 1280 / 720);
  assert.equal(pageIn({ metadata, video: { width: 640, height: 480 } }), null);
  assert.equal(pageIn({ metadata, video: null, frames: { width: 1280, height: 720 } }).width, 1280);
  assert.equal(pageIn({ metadata: {}, video: { width: 640, height: 360 } }), null);
  assert.equal(pageIn({ metadata, video: null }), null);
});

test('clicks are drawn where they were, keys by their name', () => {
  assert.deepEqual(drawnAt({ kind: 'click', x: 0, y: 5 }), [0, 5]);
  assert.equal(drawnAt({ kind: 'click' }), null);
  assert.equal(drawnAt({ kind: 'mousemove', x: 1, y: 1 }), null);
  assert.equal(drawnAt({ kind: 'keyDown', value: 'Enter', x: 1, y: 1 }), 'Enter');
  assert.equal(drawnAt({ kind: 'keyUp', value: 'Enter', x: 1, y: 1 }), null);
});
