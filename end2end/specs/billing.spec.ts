import type { Page } from '@playwright/test';
import { extractText, getDocumentProxy } from 'unpdf';
import { createPlan, unique } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { alert, expectNotFound, field, heading, visit } from '../support/page.ts';

function billing(handle: string) {
  return `/organizations/${handle}/billing`;
}

function section(page: Page, name: string) {
  return page.getByRole('region', { name, exact: true });
}

test('a plan is sold, billed and paid', { tag: '@core' }, async ({ admin, organization, ownerOf, browserOf }) => {
  const key = unique('team');
  await visit(admin, '/instance/plans');
  const add = admin.getByRole('form', { name: 'Add a plan' });
  await add.getByLabel('Name').fill('Team');
  await add.getByLabel('Key').fill(key);
  await add.getByLabel('Currency').fill('Q1');
  await add.getByLabel('Price a month').fill('49');
  await add.getByLabel('Days of trial').fill('0');
  await add.getByRole('button', { name: 'Add plan' }).click();
  await expect(add.getByLabel('Currency')).toHaveAccessibleDescription(/three letters/);
  await expect(add.getByLabel('Key')).toHaveValue(key);
  await add.getByLabel('Currency').fill('EUR');
  await add.getByLabel('Compute included').fill('2000');
  await add.getByLabel('Price of a further minute').fill('0.01');
  await expect(add.getByRole('status')).toContainText('2,000 min included, then EUR 0.01 a minute');
  await add.getByRole('button', { name: 'Add plan' }).click();
  await expect(heading(admin, 'Team')).toBeVisible();

  const owner = await browserOf(await ownerOf(organization));
  await visit(owner, `/organizations/${organization.handle}`);
  await owner.getByRole('link', { name: 'Billing' }).click();
  await expect(owner.getByText('No invoices yet')).toBeVisible();
  const card = owner.getByRole('listitem').filter({ has: owner.locator(`button[value="${key}"]`) });
  await expect(card).toContainText('EUR 49.00 a month');
  await card.getByRole('button', { name: 'Subscribe to Team' }).click();
  await expect(section(owner, 'Plan')).toContainText('Active');
  const row = section(owner, 'Invoices').getByRole('row').filter({ hasText: 'INV-' });
  await expect(row).toContainText('Open');
  await expect(row).toContainText('EUR 49.00');
  await expect(section(owner, 'Next invoice')).toContainText('EUR 49.00');

  const document = await row.getByRole('link', { name: 'Download PDF' }).getAttribute('href');
  const answer = await owner.request.get(document ?? '');
  expect(answer.headers()['content-type']).toBe('application/pdf');
  const number = /INV-\d{6}/.exec(document ?? '')?.[0] ?? '';
  expect(answer.headers()['content-disposition']).toBe(`inline; filename="${number}.pdf"`);
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(await answer.body())), { mergePages: true });
  // Between glyphs that stand apart there may be spaces.
  const words = text.replaceAll(/\s/g, '');
  expect(words).toContain('49.00');
  expect(words).toContain(number);

  await row.getByRole('link', { name: number, exact: true }).click();
  await expect(heading(owner, number)).toBeVisible();
  await expect(section(owner, 'Lines')).toContainText('Team');
  await expect(owner.getByRole('button', { name: 'Mark as paid' })).toHaveCount(0);

  await visit(admin, '/instance/invoices?state=open');
  await admin.getByRole('link', { name: number, exact: true }).click();
  await field(admin, 'Note').fill('Transfer 4711');
  await admin.getByRole('button', { name: 'Mark as paid' }).click();
  await expect(section(admin, 'Invoice')).toContainText('Transfer 4711');
  await expect(admin.getByRole('button', { name: 'Mark as paid' })).toHaveCount(0);
  await visit(owner, billing(organization.handle));
  await expect(row).toContainText('Paid');
});

test('an invoice is void with a reason', async ({ admin, administration, organization }) => {
  const plan = await createPlan(administration, { price: '20' });
  await visit(admin, billing(organization.handle));
  await admin.locator(`button[value="${plan}"]`).click();
  await section(admin, 'Invoices').getByRole('link', { name: /^INV-/ }).first().click();
  await admin.getByText('Void this invoice…').click();
  const form = admin.getByRole('form', { name: 'Void this invoice' });
  await form.getByLabel('Reason').fill(' ');
  await form.getByRole('button', { name: 'Void the invoice' }).click();
  await expect(form.getByLabel('Reason')).toHaveAccessibleDescription(/Say why/);
  await form.getByLabel('Reason').fill('Billed by mistake');
  await form.getByRole('button', { name: 'Void the invoice' }).click();
  await expect(section(admin, 'Invoice')).toContainText('Billed by mistake');
  await expect(section(admin, 'Invoice')).toContainText('Void');
});

test('a plan is changed, cancelled and kept', async ({ admin, administration, organization, ownerOf, browserOf }) => {
  const [small, large] = [
    await createPlan(administration, { price: '20', name: unique('Small') }),
    await createPlan(administration, { price: '200', name: unique('Large'), trial: '14' }),
  ];
  const owner = await browserOf(await ownerOf(organization));
  await visit(owner, billing(organization.handle));
  await expect(owner.getByText('14 days free with half the compute').first()).toBeVisible();
  await owner.locator(`button[value="${large}"]`).click();
  await expect(section(owner, 'Plan')).toContainText('Trial until');
  await owner.getByText('Change the plan…').click();
  await owner.locator(`button[value="${small}"]`).click();
  await expect(section(owner, 'Plan')).toContainText('EUR 20.00 a month');

  await owner.getByText('Cancel the plan…').click();
  await expect(owner.getByText(/Everything stays until/)).toBeVisible();
  await owner.getByRole('button', { name: 'Cancel at the end of the cycle' }).click();
  await expect(owner.getByText(/^Ends on/)).toBeVisible();
  const stale = await owner.context().newPage();
  await visit(stale, billing(organization.handle));
  await owner.getByRole('button', { name: 'Keep the plan' }).click();
  await expect(owner.getByText('Cancel the plan…')).toBeVisible();
  await stale.getByRole('button', { name: 'Keep the plan' }).click();
  await expect(alert(stale).filter({ hasText: 'The plan still ends' })).toContainText('Someone else saved');
  await visit(admin, `/organizations/${organization.handle}/admin`);
  await expect(field(admin, 'Plan')).toBeDisabled();
  await expect(admin.getByText('which its owners bought')).toBeVisible();
});

test('the platform provides a plan', async ({ admin, administration, organization, ownerOf, browserOf }) => {
  const name = unique('Granted');
  const plan = await createPlan(administration, { price: '20', name, buyer: 'nobody' });
  await visit(admin, `/organizations/${organization.handle}/admin`);
  await field(admin, 'Plan').selectOption(plan);
  await expect(admin.getByText('1 unsaved change')).toBeVisible();
  await admin.getByRole('button', { name: 'Save Configuration' }).click();
  await expect(admin.getByText('Saved: Plan.')).toBeVisible();
  const owner = await browserOf(await ownerOf(organization));
  await visit(owner, billing(organization.handle));
  await expect(owner.getByText(`The plan ${name} is provided by the platform`)).toBeVisible();
  await expect(owner.getByRole('button', { name: /Subscribe|Change to/ })).toHaveCount(0);
  await visit(owner, `/organizations/${organization.handle}/profile`);
  await expect(section(owner, 'Set by the platform')).toContainText(name);
});

test('agreed ways to pay, of which one is the default', async ({ admin, organization }) => {
  await visit(admin, billing(organization.handle));
  await expect(admin.getByText('Invoices are paid by transfer')).toBeVisible();
  for (const label of ['Bank transfer', 'Cheque']) {
    await field(admin, 'Agreed way to pay').fill(label);
    await admin.getByRole('button', { name: 'Note it' }).click();
    await expect(admin.getByRole('row').filter({ hasText: label })).toBeVisible();
  }
  const remove = admin.getByRole('button', { name: 'Remove Bank transfer' });
  await expect(remove).toHaveAttribute('aria-disabled', 'true');
  await expect(remove).toHaveAccessibleDescription(/The default can't be removed/);
  await admin.getByRole('button', { name: 'Make default: Cheque' }).click();
  await expect(admin.getByRole('row').filter({ hasText: 'Cheque' })).toContainText('Default');
  await admin.getByRole('button', { name: 'Remove Bank transfer' }).click();
  await expect(admin.getByRole('row').filter({ hasText: 'Bank transfer' })).toHaveCount(0);
});

test('a plan is changed and archived', async ({ admin, secondAdmin, administration }) => {
  const plan = await createPlan(administration, { price: '20', name: unique('Old') });
  await visit(secondAdmin, `/instance/plans/${plan}`);
  await visit(admin, `/instance/plans/${plan}`);
  await field(admin, 'Price a month').fill('25');
  await admin.getByRole('switch', { name: 'Archived' }).check();
  await admin.getByRole('button', { name: 'Save plan' }).click();
  await expect(alert(admin)).toContainText('from each organization');
  await expect(section(admin, 'About')).toContainText('EUR 25.00');
  await expect(section(admin, 'About')).toContainText('Archived');
  await field(secondAdmin, 'Price a month').fill('30');
  await secondAdmin.getByRole('button', { name: 'Save plan' }).click();
  await expect(alert(secondAdmin)).toContainText('Someone else saved');
  await expect(field(secondAdmin, 'Price a month')).toHaveValue('30');
});

test('without a provider of cards there is no page for one', async ({ admin, organization }) => {
  await expectNotFound(admin, `${billing(organization.handle)}/card`);
});
