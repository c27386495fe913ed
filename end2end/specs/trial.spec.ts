// A trial that lapses and recovers, on a server whose clock is turned.

import type { Page } from '@playwright/test';
import { type Clock, startClock } from '../support/clock.ts';
import { createOrganization, createPlan, signIn, someone, takeOver } from '../support/console.ts';
import { test as base, expect } from '../support/fixtures.ts';
import { field, visit } from '../support/page.ts';
import { startServer } from '../support/server.ts';

const test = base.extend<{}, { clock: Clock }>({
  clock: [
    async ({}, use) => {
      const clock = await startClock();
      await use(clock);
      await clock.stop();
    },
    { scope: 'worker' },
  ],

  server: [
    async ({ filling, clock }, use) => {
      const server = await startServer(filling, clock.environment);
      await use(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],
});

function section(page: Page, name: string) {
  return page.getByRole('region', { name, exact: true });
}

/** Looks again and again until the server has noticed. */
async function eventually(page: Page, address: string, see: () => Promise<void>) {
  await expect(async () => {
    await visit(page, address);
    await see();
  }).toPass({ timeout: 90_000 });
}

test('a trial lapses without a way to pay, and paying opens again @core', async ({
  clock,
  server,
  administration,
  browserOf,
  playwright,
}) => {
  test.setTimeout(180_000);
  const plan = await createPlan(administration, { price: '49', trial: '14' });
  const organization = await createOrganization(administration);
  const person = someone();
  const request = await playwright.request.newContext({ baseURL: server.url });
  await takeOver(request, organization, person);
  await request.dispose();
  const billing = `/organizations/${organization.handle}/billing`;
  const workspaces = `/organizations/${organization.handle}/workspaces`;

  const owner = await browserOf(person);
  await visit(owner, billing);
  await owner.locator(`button[value="${plan}"]`).click();
  await expect(section(owner, 'Plan')).toContainText('Trial');

  await clock.ahead(15);
  // Sessions of before have ended by this clock.
  await signIn(owner.request, person);
  await eventually(owner, billing, async () => {
    await expect(section(owner, 'Plan')).toContainText('Lapsed', { timeout: 1_000 });
  });
  expect((await visit(owner, workspaces))?.status()).toBe(403);

  await visit(owner, billing);
  await owner.locator(`button[value="${plan}"]`).click();
  const row = section(owner, 'Invoices').getByRole('row').filter({ hasText: 'INV-' });
  await expect(row).toContainText('Open');
  expect((await visit(owner, workspaces))?.status(), 'until it is paid').toBe(403);
  await visit(owner, billing);
  const invoice = (await row.getByRole('link', { name: /^INV-/ }).first().getAttribute('href')) ?? '';

  const admin = await browserOf(server.administrator);
  await visit(admin, invoice);
  await field(admin, 'Note').fill('Transfer 4711');
  await admin.getByRole('button', { name: 'Mark as paid' }).click();
  await expect(section(admin, 'Invoice')).toContainText('Paid');
  expect((await visit(owner, workspaces))?.status()).toBe(200);
  await visit(owner, billing);
  await expect(section(owner, 'Plan')).toContainText('Active');
});
