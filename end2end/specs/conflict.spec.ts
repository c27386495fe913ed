import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';
import { field, visit } from '../support/page.ts';

function comparison(page: Page) {
  return page.getByRole('alert', { name: 'Somebody else saved this page while you were editing' });
}

function cells(page: Page, label: string) {
  return comparison(page).getByRole('row', { name: label }).getByRole('cell');
}

/** The button that chooses a side for one field. */
function side(page: Page, label: string, name: 'Keep mine' | 'Take theirs') {
  return comparison(page).getByRole('row', { name: label }).getByRole('button', { name });
}

async function save(page: Page) {
  await page.getByRole('button', { name: 'Save Configuration' }).click();
}

test.beforeEach(async ({ admin, secondAdmin, organization }) => {
  const path = `/organizations/${organization.handle}/admin`;
  await visit(admin, path);
  await visit(secondAdmin, path);
  // Somebody else is faster.
  await field(secondAdmin, 'Platform Domain').fill('theirs.example.com');
  await field(secondAdmin, 'Default User Host').fill('user-1.example.com');
  await save(secondAdmin);
  await expect(secondAdmin.getByText('Saved: Platform Domain, Default User Host.')).toBeVisible();
  // And here.
  await field(admin, 'Platform Domain').fill('mine.example.com');
  await admin.getByRole('switch', { name: 'Enforce MFA' }).check();
  await save(admin);
  await expect(comparison(admin)).toBeVisible();
});

test(
  'a stale save shows base, theirs and yours, and loses nothing',
  { tag: '@core' },
  async ({ admin, organization }) => {
    await expect(comparison(admin)).toBeFocused();
    await expect(cells(admin, 'Platform Domain').first()).toHaveText('Not set');
    await expect(cells(admin, 'Platform Domain').nth(1)).toHaveText('theirs.example.com');
    await expect(cells(admin, 'Platform Domain').nth(2)).toHaveText('mine.example.com');
    await expect(cells(admin, 'Default User Host').nth(1)).toHaveText('user-1.example.com');
    await expect(cells(admin, 'Enforce MFA').nth(2)).toHaveText('On');
    await expect(field(admin, 'Platform Domain')).toHaveValue('mine.example.com');
    await expect(admin.getByRole('switch', { name: 'Enforce MFA' })).toBeChecked();
    // What only they changed follows them.
    await expect(field(admin, 'Default User Host')).toHaveValue('user-1.example.com');

    await test.step('saving again puts mine over theirs', async () => {
      await expect(side(admin, 'Platform Domain', 'Keep mine')).toHaveAttribute('aria-pressed', 'true');
      await expect(side(admin, 'Default User Host', 'Take theirs')).toHaveAttribute('aria-pressed', 'true');
      await save(admin);
      await expect(admin.getByText('Saved: Enforce MFA, Platform Domain.')).toBeVisible();
      await expect(comparison(admin)).toBeHidden();
      await visit(admin, `/organizations/${organization.handle}/admin`);
      await expect(field(admin, 'Platform Domain')).toHaveValue('mine.example.com');
      await expect(field(admin, 'Default User Host')).toHaveValue('user-1.example.com');
      await expect(admin.getByRole('switch', { name: 'Enforce MFA' })).toBeChecked();
      await expect(admin.getByRole('row', { name: 'Revision 3' })).toBeVisible();
    });
  },
);

test('a side is chosen field by field', async ({ admin, organization }) => {
  await side(admin, 'Platform Domain', 'Take theirs').click();
  await expect(field(admin, 'Platform Domain')).toHaveValue('theirs.example.com');
  await side(admin, 'Default User Host', 'Keep mine').click();
  await expect(field(admin, 'Default User Host')).toHaveValue('');
  await save(admin);
  await expect(admin.getByText('Saved: Enforce MFA, Default User Host.')).toBeVisible();
  await visit(admin, `/organizations/${organization.handle}/admin`);
  await expect(field(admin, 'Platform Domain')).toHaveValue('theirs.example.com');
  await expect(field(admin, 'Default User Host')).toHaveValue('');
});

test('theirs can be loaded instead', async ({ admin }) => {
  await comparison(admin).getByRole('link', { name: 'Load theirs' }).click();
  await expect(comparison(admin)).toBeHidden();
  await expect(field(admin, 'Platform Domain')).toHaveValue('theirs.example.com');
  await expect(admin.getByRole('switch', { name: 'Enforce MFA' })).not.toBeChecked();
});

test('a third save in between is a conflict again', async ({ admin, secondAdmin }) => {
  await field(secondAdmin, 'Platform Domain').fill('newest.example.com');
  await save(secondAdmin);
  await expect(secondAdmin.getByText('Saved: Platform Domain.')).toBeVisible();
  await save(admin);
  await expect(cells(admin, 'Platform Domain').nth(1)).toHaveText('newest.example.com');
  await expect(field(admin, 'Platform Domain')).toHaveValue('mine.example.com');
});
