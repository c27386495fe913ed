import { expect, test } from '../support/fixtures.ts';
import { createOrganization } from '../support/console.ts';
import { expectNotFound, fillSignIn, heading, visit } from '../support/page.ts';

test.use({ filling: 'the demonstration' });

const demonstration = (email: string) => ({ name: '', email, password: 'demonstration only' });

const pages = [
  '/organizations',
  '/organizations/new',
  '/organizations/acme',
  '/organizations/acme/admin',
  '/organizations/acme/admin/revisions/1',
  '/organizations/no-such-organization',
  '/organizations/acme/workspaces',
  '/organizations/acme/cloud-accounts',
  '/organizations/acme/workspaces/0198c0de-0000-7000-8000-000000000000',
  '/organizations/acme/cloud-accounts/0198c0de-0000-7000-8000-000000000000',
  '/organizations/acme/profile',
  '/organizations/acme/authentication',
  '/organizations/acme/service-accounts',
  '/organizations/acme/service-accounts/0198c0de-0000-7000-8000-000000000000',
  '/organizations/acme/secrets',
  '/organizations/acme/audit',
  '/organizations/acme/processes',
  '/organizations/acme/usage',
  '/organizations/acme/usage/workspaces',
  '/organizations/acme/billing',
  '/organizations/acme/billing/card',
  '/organizations/acme/billing/invoices/INV-000001',
  '/instance/plans',
  '/instance/plans/team',
  '/instance/invoices',
  '/processes',
  '/processes/0198c0de-0000-7000-8000-000000000000',
  '/instance/settings',
  '/instance/tokens',
  '/instance/meters',
  '/instance/meters/gpu_minutes',
  '/instance/mail',
  '/instance/mail/0198c0de-0000-7000-8000-000000000000',
  '/account/tokens',
  '/device',
];

/** Of platform administrators alone. */
const instancePages = [
  '/instance/settings',
  '/instance/tokens',
  '/instance/meters',
  '/instance/meters/gpu_minutes',
  '/instance/plans',
  '/instance/invoices',
  '/instance/mail',
  '/processes',
];

test('without a session every page leads to the sign-in', async ({ page }) => {
  for (const path of pages) {
    const response = await page.goto(path);
    expect(response?.status()).toBe(200);
    await expect(page).toHaveURL(`/sign-in?next=${encodeURIComponent(path)}`);
    await expect(heading(page, 'Sign in')).toBeVisible();
  }
});

test('a session that is none leads there as well', async ({ page, server }) => {
  await page.context().addCookies([{ name: 'tenantry_session', value: 'A'.repeat(43), url: server.url }]);
  await page.goto('/organizations');
  await expect(page).toHaveURL('/sign-in?next=%2Forganizations');
});

for (const [email, organization] of [
  ['olga@acme.example', 'acme'],
  ['martin@acme.example', 'acme'],
  ['eve@contractor.example', 'acme'],
  ['paula@partner.example', 'northwind'],
]) {
  test(`${email} finds ${organization} and no Admin page`, async ({ browserOf }) => {
    const page = await browserOf(demonstration(email));
    await visit(page, `/organizations/${organization}`);
    await expect(page.getByRole('navigation', { name: 'Organization' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Admin' })).toHaveCount(0);
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await expect(page).toHaveURL(`/organizations/${organization}`);
    for (const path of ['admin', 'admin/revisions/1', 'admin?restored=1']) {
      await expectNotFound(page, `/organizations/${organization}/${path}`);
    }
    await expectNotFound(page, '/organizations/new');
  });
}

test('members find what the organization shows them, and nothing of the instance', async ({ browserOf, admin }) => {
  const owner = await browserOf(demonstration('olga@acme.example'));
  const external = await browserOf(demonstration('eve@contractor.example'));
  await visit(admin, '/processes');
  const process = await admin.getByRole('link', { name: /^Delete Fading Light Studio/ }).getAttribute('href');
  for (const path of [...instancePages, process ?? '']) {
    await expectNotFound(owner, path);
    await expectNotFound(external, path);
  }
  const advanced = ['profile', 'usage', 'usage/workspaces', 'billing', 'authentication'];
  const ofOwners = ['service-accounts', 'secrets', 'audit', ...advanced];
  for (const page of ['workspaces', 'cloud-accounts', 'processes', ...ofOwners]) {
    expect((await visit(owner, `/organizations/acme/${page}`))?.status(), page).toBe(200);
  }
  await visit(external, '/organizations/acme');
  for (const name of ['Service accounts', 'Secrets', 'Authentication', 'Org Profile', 'Usage', 'Billing', 'Audit log']) {
    await expect(external.getByRole('link', { name, exact: true })).toHaveCount(0);
  }
  for (const page of ofOwners) {
    expect((await visit(external, `/organizations/acme/${page}`))?.status(), page).toBe(403);
  }
});

test('an outsider learns of no organization', async ({ browserOf, administration }) => {
  const { handle } = await createOrganization(administration);
  const page = await browserOf(demonstration('nora@nowhere.example'));
  for (const path of [handle, 'acme', `${handle}/admin`, 'acme/admin', 'acme/workspaces', 'acme/secrets']) {
    await expectNotFound(page, `/organizations/${path}`);
  }
  await visit(page, '/organizations');
  await expect(page.getByText("You don't belong to an organization yet.")).toBeVisible();
  await page.getByRole('button', { name: 'Switch organization' }).click();
  await page.getByRole('combobox', { name: 'Find an organization' }).fill('acme');
  await expect(page.getByText('No organization found.')).toBeVisible();
});

test('a frozen member is told so, and sees nothing', async ({ browserOf }) => {
  const page = await browserOf(demonstration('frank@acme.example'));
  const response = await visit(page, '/organizations/acme');
  expect(response?.status()).toBe(403);
  await expect(heading(page, "You can't open this page")).toBeAttached();
  await expect(page.getByText('frozen')).toBeVisible();
  await expectNotFound(page, '/organizations/acme/admin');
});

test('a person sees the organizations they belong to, and no others', async ({ page }) => {
  await visit(page, '/sign-in');
  await fillSignIn(page, 'olga@acme.example', 'demonstration only');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL('/organizations');
  await expect(page.getByRole('rowheader')).toHaveText([/Acme Corporation/, /Northwind Partners/]);
  await expect(page.getByRole('link', { name: 'Create organization' })).toHaveCount(0);
});

test('addresses that are none say so', async ({ admin }) => {
  for (const path of ['/no-such-page', '/organizations/acme/no-such-page', '/organizations/acme/admin/revisions/99']) {
    await expectNotFound(admin, path);
  }
  await visit(admin, '/no-such-page');
  await admin.getByRole('link', { name: 'Go to organizations' }).click();
  await expect(heading(admin, 'Organizations')).toBeVisible();
});
