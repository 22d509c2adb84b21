/** @import { ActionRow } from './types.d.ts' */
import { oneLine } from './inert.js';
import { isMeant } from './near.js';
import { actionWords } from './words.js';

/** What a reader does again. @param {ActionRow[]} actions */
const steps = (actions) => actions.filter((one) => isMeant(one) && !/keyup/i.test(one.kind));

/** The actions as numbered steps. @param {ActionRow[]} actions */
export function stepsText(actions) {
  return steps(actions).map((action, at) => {
    const words = actionWords(action);
    const said = oneLine(action.value, 200);
    return `${at + 1}. ${words}${words.includes(said) ? '' : `: “${said}”`}`;
  }).join('\n');
}

/**
 * The steps as a test for Playwright, to be finished by a person.
 * @param {ActionRow[]} actions
 * @param {{ title: string | null, metadata: Record<string, any> }} manifest
 */
export function playwrightTest(actions, { title, metadata }) {
  const { width, height } = metadata.system?.viewport ?? {};
  const size = width > 0 && height > 0 && `await page.setViewportSize({ width: ${+width}, height: ${+height} });`;
  const lines = steps(actions).map((action) => action.code ?? `// ${actionWords(action)}`);
  return `import { test } from '@playwright/test';\n\ntest(${JSON.stringify(title ?? '')}, async ({ page }) => {${['', ...size ? [size] : [], ...lines].join('\n  ')}\n});\n`;
}
