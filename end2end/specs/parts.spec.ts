import { expect, test } from '../support/fixtures.ts';
import { field, heading, visit } from '../support/page.ts';

// The code of the Admin page comes with a part of its own, which may be gone after an update.
const PART = '**/pkg/*/split_admin.wasm';

test('a page whose code is gone comes as a document', async ({ admin, complaints, organization }) => {
  complaints.forgive(/split_admin\.wasm.*ERR_FAILED|Failed to fetch/);
  await visit(admin, `/organizations/${organization.handle}`);
  await admin.evaluate(() => document.documentElement.setAttribute('data-same-document', ''));
  await admin.route(PART, (route) => route.abort(), { times: 1 });
  await admin.getByRole('link', { name: 'Admin', exact: true }).click();
  await expect(heading(admin, 'Admin')).toBeVisible();
  await expect(admin.locator('html[data-interactive]')).toBeAttached();
  await expect(admin.locator('html[data-same-document]')).not.toBeAttached();
  await expect(admin).toHaveURL(`/organizations/${organization.handle}/admin`);
});

test('a page works without its code as it does without script', async ({ admin, complaints, organization }) => {
  complaints.forgive(/split_admin\.wasm.*ERR_FAILED|Failed to fetch/);
  await admin.route(PART, (route) => route.abort());
  await admin.goto(`/organizations/${organization.handle}/admin`);
  // The page may have loaded itself anew once before it gives up.
  await expect(admin.locator('html.js')).not.toBeAttached();
  await field(admin, 'Platform Domain').fill('activate.example.com');
  await admin.getByRole('button', { name: 'Save Configuration' }).click();
  await expect(admin.getByText('Saved: Platform Domain.')).toBeVisible();
});

test('a page works when no code comes at all', async ({ admin, complaints, organization }) => {
  complaints.forgive(/tenantry_bg\.wasm.*ERR_FAILED|Failed to fetch/);
  await admin.route('**/pkg/*/tenantry_bg.wasm', (route) => route.abort());
  await admin.goto(`/organizations/${organization.handle}/admin`);
  // The page may have loaded itself anew once before it gives up.
  await expect(admin.locator('html.js')).not.toBeAttached();
  await field(admin, 'Platform Domain').fill('activate.example.com');
  await admin.getByRole('button', { name: 'Save Configuration' }).click();
  await expect(admin.getByText('Saved: Platform Domain.')).toBeVisible();
});
