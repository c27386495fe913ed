import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';
import { alert, field, heading, visit } from '../support/page.ts';

async function create(page: Page, name: string) {
  await field(page, 'Name').fill(name);
  await page.getByRole('button', { name: 'Create workspace' }).click();
}

function row(page: Page, name: string) {
  return page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
}

test('a workspace goes through its life', { tag: '@core' }, async ({ admin, organization }) => {
  await visit(admin, `/organizations/${organization.handle}/admin`);
  await field(admin, 'Platform Domain').fill('apps.example.com');
  await admin.getByRole('button', { name: 'Save Configuration' }).click();
  await expect(admin.getByText('Saved: Platform Domain.')).toBeVisible();

  await admin.getByRole('link', { name: 'Workspaces' }).click();
  await expect(admin.getByText('No workspaces yet')).toBeVisible();
  await create(admin, 'Build');
  await expect(field(admin, 'Name')).toHaveAccessibleDescription(/use small letters/);
  await expect(field(admin, 'Name')).toHaveValue('Build');
  await create(admin, 'build');
  const build = row(admin, 'build');
  await expect(build).toContainText(`build.${organization.handle}.apps.example.com`);
  await expect(build).toContainText('Active');
  await create(admin, 'build');
  await expect(field(admin, 'Name')).toHaveAccessibleDescription(/There is a workspace “build” already/);

  await admin.getByRole('button', { name: 'Let sleep build' }).click();
  await expect(build).toContainText('Asleep');
  await build.getByRole('link', { name: 'build', exact: true }).click();
  await expect(heading(admin, 'build')).toBeVisible();
  await expect(admin.getByRole('textbox', { name: 'DNS name' })).toHaveValue(
    `build.${organization.handle}.apps.example.com`,
  );
  await admin.getByRole('form', { name: 'Rename' }).getByLabel('Name').fill('test');
  await admin.getByRole('button', { name: 'Rename', exact: true }).click();
  await expect(heading(admin, 'test')).toBeVisible();
  await admin.getByRole('button', { name: 'Archive test' }).click();
  await expect(admin.getByText('Can be deleted')).toBeVisible();
  await expect(admin.getByRole('button', { name: 'Delete for good test' })).toHaveCount(0);
  await admin.getByRole('button', { name: 'Restore test' }).click();
  await expect(admin.getByText('Asleep', { exact: true })).toBeVisible();
});

test('an owner lets a workspace sleep', async ({ admin, organization, ownerOf, browserOf }) => {
  await visit(admin, `/organizations/${organization.handle}/workspaces`);
  await create(admin, 'build');
  await expect(row(admin, 'build')).toBeVisible();
  const owner = await browserOf(await ownerOf(organization));
  await visit(owner, `/organizations/${organization.handle}/workspaces`);
  await owner.getByRole('button', { name: 'Let sleep build' }).click();
  await expect(row(owner, 'build')).toContainText('Asleep');
});

test('search and filter stand in the address', async ({ admin, organization }) => {
  await visit(admin, `/organizations/${organization.handle}/workspaces`);
  for (const name of ['build-1', 'build-2', 'test']) {
    await create(admin, name);
    await expect(row(admin, name)).toBeVisible();
  }
  await admin.getByRole('searchbox', { name: 'Search workspaces' }).fill('uild');
  await admin.keyboard.press('Enter');
  await expect(admin).toHaveURL(/search=uild/);
  await expect(row(admin, 'test')).toHaveCount(0);
  await expect(row(admin, 'build-1')).toBeVisible();
  await admin.getByRole('link', { name: 'Asleep' }).click();
  await expect(admin.getByText('No workspace found')).toBeVisible();
  await admin.goBack();
  await expect(row(admin, 'build-2')).toBeVisible();
  await admin.getByRole('link', { name: 'Archived' }).click();
  await admin.getByRole('link', { name: 'Clear search and filter' }).click();
  await expect(row(admin, 'test')).toBeVisible();
});

test('secrets are set, never shown, and removed', async ({ admin, organization }) => {
  await visit(admin, `/organizations/${organization.handle}/secrets`);
  await expect(admin.getByText('No secrets yet')).toBeVisible();
  await field(admin, 'Name').fill('a b');
  await field(admin, 'Value').fill('hunter2');
  await admin.getByRole('button', { name: 'Set secret' }).click();
  await expect(field(admin, 'Name')).toHaveAccessibleDescription(/is no secret's name/);
  await field(admin, 'Name').fill('db-password');
  await field(admin, 'Value').fill('hunter2');
  await admin.getByRole('button', { name: 'Set secret' }).click();
  await expect(alert(admin)).toContainText('The secret was added.');
  const line = admin.getByRole('row').filter({ hasText: 'db-password' });
  await expect(line).toContainText('Not used');
  expect(await admin.content()).not.toContain('hunter2');

  await admin.getByRole('button', { name: 'Remove db-password' }).click();
  await expect(admin.getByText('No secrets yet')).toBeVisible();
});
