// Meters of the platform's own.

import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';
import { unique } from '../support/console.ts';
import { alert, expectNotFound, field, heading, visit } from '../support/page.ts';

function newKey(): string {
  return unique('meter').replace(/-/g, '_');
}

async function add(page: Page, key: string, name: string) {
  await visit(page, '/instance/meters');
  await field(page, 'Key').fill(key);
  await field(page, 'Name').fill(name);
  await field(page, 'Unit').fill('hours');
  await page.getByRole('button', { name: 'Add meter' }).click();
  await expect(heading(page, name)).toBeVisible();
}

test('a meter is added, changed, archived and taken back', async ({ admin }) => {
  const key = newKey();
  await visit(admin, '/organizations');
  await admin.getByRole('button', { name: 'Account:' }).click();
  await admin.getByRole('link', { name: 'Meters' }).click();
  await expect(heading(admin, 'Meters')).toBeVisible();
  const builtIn = admin.getByRole('table', { name: 'Built-in meters' });
  await expect(builtIn.getByRole('row', { name: /^db_execution_ms/ })).toContainText('Compute (database)');

  await field(admin, 'Key').fill('user_count');
  await field(admin, 'Name').fill('GPU time');
  await field(admin, 'Unit').fill('hours');
  await admin.getByRole('radio', { name: /^Maximum/ }).check();
  await field(admin, 'Prices of one unit').fill('EUR x');
  await admin.getByRole('button', { name: 'Add meter' }).click();
  await expect(field(admin, 'Key')).toHaveAccessibleDescription(/“user_count” is a built-in meter/);
  await expect(field(admin, 'Prices of one unit')).toHaveAccessibleDescription(/“EUR x”/);
  await expect(field(admin, 'Prices of one unit')).toHaveValue('EUR x');
  await field(admin, 'Key').fill(key);
  await field(admin, 'Prices of one unit').fill('EUR 1.5\nUSD 2');
  await admin.getByRole('button', { name: 'Add meter' }).click();

  await expect(heading(admin, 'GPU time')).toBeVisible();
  await expect(field(admin, 'Prices of one unit')).toHaveValue('EUR 1.50\nUSD 2.00');
  await field(admin, 'Name').fill('GPU hours');
  await admin.getByRole('switch', { name: 'Archived' }).check();
  await admin.getByRole('button', { name: 'Save meter' }).click();
  await expect(heading(admin, 'GPU hours')).toBeVisible();
  await expect(admin.getByText('This meter is archived')).toBeVisible();
  await admin.getByRole('switch', { name: 'Archived' }).uncheck();
  await admin.getByRole('button', { name: 'Save meter' }).click();
  await expect(admin.getByText('This meter is archived')).toHaveCount(0);
  await admin.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'Meters' }).click();
  const own = admin.getByRole('table', { name: 'Meters of your own' });
  await expect(own.getByRole('row', { name: new RegExp(key) })).toContainText('EUR 1.50, USD 2.00');
  await expect(own.getByRole('row', { name: new RegExp(key) })).toContainText('Takes events');
});

test('keys are taken once, and a stale change is refused', async ({ admin, secondAdmin }) => {
  const key = newKey();
  await add(admin, key, 'First');
  await visit(secondAdmin, `/instance/meters/${key}`);
  await field(admin, 'Name').fill('Second');
  await admin.getByRole('button', { name: 'Save meter' }).click();
  await expect(heading(admin, 'Second')).toBeVisible();
  await field(secondAdmin, 'Unit').fill('minutes');
  await secondAdmin.getByRole('button', { name: 'Save meter' }).click();
  await expect(alert(secondAdmin)).toContainText('Someone else saved this page');
  await expect(field(secondAdmin, 'Unit')).toHaveValue('minutes');
  await secondAdmin.getByRole('link', { name: 'Load theirs' }).click();
  await expect(heading(secondAdmin, 'Second')).toBeVisible();

  await visit(admin, '/instance/meters');
  await field(admin, 'Key').fill(key);
  await field(admin, 'Name').fill('Another');
  await field(admin, 'Unit').fill('hours');
  await admin.getByRole('button', { name: 'Add meter' }).click();
  await expect(field(admin, 'Key')).toHaveAccessibleDescription(/There is a meter/);
  await expectNotFound(admin, '/instance/meters/no_such_meter');
});
