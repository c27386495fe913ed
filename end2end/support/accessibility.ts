// What axe and a narrow window find on a page.

import { AxeBuilder } from '@axe-core/playwright';
import { type Page, expect } from '@playwright/test';

/** No rule of WCAG 2.2 AA nor of good practice is broken, in either theme. */
export async function expectAccessible(page: Page) {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await painted(page);
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${help}\n${html}\n${failureSummary}`),
    );
    expect.soft(found, `${page.url()}, ${colorScheme}`).toEqual([]);
  }
}

/** What follows the theme by script has followed: the change is told before one frame, and shows in the next. */
function painted(page: Page) {
  return page.evaluate(
    () => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
  );
}

/** Nothing is wider than a small phone. */
export async function expectToFit(page: Page, width = 360) {
  const before = page.viewportSize();
  await page.setViewportSize({ width, height: 800 });
  const overflow = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await expect.soft.poll(overflow, { message: `${page.url()} at ${width} px`, timeout: 2_000 }).toBeLessThanOrEqual(0);
  if (before) {
    await page.setViewportSize(before);
  }
}
