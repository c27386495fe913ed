import { readFile } from 'node:fs/promises';
import { expect, test } from '../support/fixtures.ts';
import { field, visit } from '../support/page.ts';

const log = (handle: string) => `/organizations/${handle}/audit`;

test('what is done stands in the log, by filter and as a file', async ({ admin, organization }) => {
  await visit(admin, `/organizations/${organization.handle}/profile`);
  await field(admin, 'Display name').fill('Logged');
  await admin.getByRole('button', { name: 'Save name' }).click();
  await expect(admin.getByRole('banner')).toContainText('Logged');

  await admin.getByRole('group', { name: 'Activity' }).getByRole('link', { name: 'Audit log' }).click();
  const rows = admin.getByRole('table', { name: /^Audit log/ }).getByRole('row');
  await expect(rows).toHaveCount(4);
  await expect(rows.nth(1)).toContainText('Display name changed');
  await expect(rows.nth(1)).toContainText('127.0.0.1');
  await rows.nth(1).getByText('Entry 3').click();
  await expect(rows.nth(1)).toContainText(`${organization.name} → Logged`);

  await test.step('filtered', async () => {
    await admin.getByLabel('Action').selectOption('Organization created');
    await admin.getByRole('button', { name: 'Filter' }).click();
    await expect(admin).toHaveURL(`${log(organization.handle)}?action=organization.created`);
    await expect(rows).toHaveCount(2);
    await rows.nth(1).getByRole('link').click();
    await expect(admin).toHaveURL(/actor=/);
    await admin.getByRole('link', { name: 'By anybody' }).click();
    await admin.getByLabel('From', { exact: true }).fill('2999-01-01');
    await admin.getByRole('button', { name: 'Filter' }).click();
    await expect(admin.getByText('Nothing in the log matches the filters.')).toBeVisible();
    await admin.getByRole('link', { name: 'Clear the filters' }).click();
    await expect(rows).toHaveCount(4);
    await expect(admin.getByLabel('From', { exact: true })).toHaveValue('');
    await expect(admin.getByLabel('Action')).toHaveValue('');
  });

  await test.step('as a file', async () => {
    const waiting = admin.waitForEvent('download');
    await admin.getByRole('link', { name: 'Export CSV' }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toBe(`audit-${organization.handle}.csv`);
    const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n');
    expect(lines).toHaveLength(5);
    expect(lines[1]).toContain('Audit log exported');
  });
});

test('an owner reads the log, a stranger doesn’t', async ({ browserOf, organization, ownerOf, administration }) => {
  const owner = await browserOf(await ownerOf(organization));
  await visit(owner, log(organization.handle));
  await expect(owner.getByRole('row', { name: /Bootstrap link redeemed/ })).toBeVisible();
  const response = await administration.get(`${log('nobody-of-that-name')}/export`);
  expect(response.status()).toBe(404);
});
