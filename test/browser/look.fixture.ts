import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from '@jest/globals';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = fileURLToPath(new URL('../../docs/screenshots', import.meta.url));

/** What axe finds against WCAG 2.2 AA and its own best practices: nothing. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe);
  // What passes need not be described.
  const { violations } = await page.evaluate<AxeResults>("axe.run({ resultTypes: ['violations'] })");
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  expect(found).toEqual([]);
}

/** Nobody has to scroll sideways, and nothing is cut off at the right or left edge. */
export async function expectFitting(page: Page): Promise<void> {
  const { content, view } = await page.evaluate<{ content: number; view: number }>(
    '({ content: document.documentElement.scrollWidth, view: document.documentElement.clientWidth })',
  );
  expect(content).toBeLessThanOrEqual(view);
}

/** With SCREENSHOTS=1 (`npm run screenshots`) the page is kept as a picture of the documentation. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env.SCREENSHOTS !== '1') return;
  // A cursor that blinks would make a picture new each time.
  await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true, caret: 'hide', animations: 'disabled' });
}
