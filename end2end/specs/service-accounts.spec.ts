import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';
import { alert, field, heading, visit } from '../support/page.ts';

/** What the server answers a program with this token. */
async function status(page: Page, token: string, path: string) {
  const response = await page.request.get(`/api/v1${path}`, { headers: { Authorization: `Bearer ${token}` } });
  return response.status();
}

async function add(page: Page, name: string) {
  await field(page, 'Name').fill(name);
  await page.getByRole('button', { name: 'Add service account' }).click();
}

/** The form that makes a token; its page has other forms with fields of these names. */
function newToken(page: Page) {
  return page.getByRole('form', { name: 'New token' });
}

async function createToken(page: Page, name: string): Promise<string> {
  await newToken(page).getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Create token' }).click();
  const secret = page.getByRole('textbox', { name: `New token “${name}”` });
  await expect(secret).toHaveValue(/^tnt_[a-z]+_[0-9A-Za-z]{49}$/);
  return secret.inputValue();
}

test(
  'a service account is added, works, is turned off and deleted',
  { tag: '@core' },
  async ({ organization, ownerOf, browserOf }) => {
    const page = await browserOf(await ownerOf(organization));
    const home = `/organizations/${organization.handle}`;
    await visit(page, home);
    await page.getByRole('navigation', { name: 'Organization' }).getByRole('link', { name: 'Service accounts' }).click();
    await expect(page.getByText('No service accounts yet')).toBeVisible();
    await field(page, 'Description').fill('Runs in the pipeline');
    await page.getByRole('radio', { name: /^Owner/ }).check();
    await add(page, 'Deployment');

    await expect(heading(page, 'Deployment')).toBeVisible();
    await expect(page.getByText('Runs in the pipeline')).toBeVisible();
    await expect(page.getByText('The account can do nothing until it has one.')).toBeVisible();
    await page.getByRole('radio', { name: /^Everything its role may/ }).check();
    const token = await createToken(page, 'pipeline');
    expect(token).toMatch(/^tnt_service_/);
    expect(await status(page, token, home)).toBe(200);
    const made = await page.request.post(`/api/v1${home}/workspaces`, {
      headers: { Authorization: `Bearer ${token}` },
      data: { name: 'build' },
    });
    expect(made.status()).toBe(201);

    await page.reload();
    const did = page.getByRole('table', { name: 'What it did last' });
    await expect(did.getByRole('row', { name: /Workspace created/ })).toBeVisible();
    await page.getByRole('link', { name: 'All of it in the audit log' }).click();
    await expect(page.getByRole('table', { name: /Audit log/ }).getByRole('row')).toHaveCount(2);
    await expect(page.getByRole('cell', { name: 'Deployment (service account)' })).toBeVisible();
    await page.goBack();

    await page.getByRole('button', { name: 'Turn off', exact: true }).click();
    await expect(page.getByText('Its tokens are refused until it is turned on again.')).toBeVisible();
    expect(await status(page, token, home)).toBe(401);
    await page.getByRole('button', { name: 'Turn on', exact: true }).click();
    await expect(page.getByText('This account is off')).toHaveCount(0);
    expect(await status(page, token, home)).toBe(200);
    await page.getByRole('button', { name: 'Turn off', exact: true }).click();
    await page.getByRole('button', { name: 'Delete with its tokens' }).click();
    await expect(page.getByText('No service accounts yet')).toBeVisible();
    expect(await status(page, token, home)).toBe(401);
  },
);

test('names are taken once, and a stale change is refused', async ({ admin, secondAdmin, organization }) => {
  const path = `/organizations/${organization.handle}/service-accounts`;
  for (const name of ['CI', 'Backup']) {
    await visit(admin, path);
    await add(admin, name);
    await expect(heading(admin, name)).toBeVisible();
  }
  await visit(admin, path);
  await add(admin, 'ci');
  await expect(field(admin, 'Name')).toHaveAccessibleDescription(/There is a service account “ci” already/);
  await expect(field(admin, 'Name')).toHaveValue('ci');

  await admin.getByRole('link', { name: 'CI', exact: true }).click();
  await expect(heading(admin, 'CI')).toBeVisible();
  await visit(secondAdmin, new URL(admin.url()).pathname);
  const settings = (page: Page) => page.getByRole('form', { name: 'Settings' });
  await settings(admin).getByLabel('Name').fill('Pipeline');
  await settings(admin).getByRole('button', { name: 'Save account' }).click();
  await expect(heading(admin, 'Pipeline')).toBeVisible();
  await settings(secondAdmin).getByLabel('Description').fill('Mine');
  await settings(secondAdmin).getByRole('button', { name: 'Save account' }).click();
  await expect(alert(secondAdmin)).toContainText('Someone else saved this page');
  await expect(settings(secondAdmin).getByLabel('Description')).toHaveValue('Mine');
  await settings(secondAdmin).getByRole('button', { name: 'Save account' }).click();
  await expect(alert(secondAdmin), 'not even when it is saved again').toContainText('Someone else saved this page');
  await settings(secondAdmin).getByRole('link', { name: 'Load theirs' }).click();
  await expect(heading(secondAdmin, 'Pipeline')).toBeVisible();
});

test('a third token is refused, and its secret shows only where it was made', async ({ admin, organization }) => {
  const path = `/organizations/${organization.handle}/service-accounts`;
  await visit(admin, path);
  await add(admin, 'One');
  await expect(heading(admin, 'One')).toBeVisible();
  await createToken(admin, 'first');
  await createToken(admin, 'second');
  await newToken(admin).getByLabel('Name').fill('third');
  await admin.getByRole('button', { name: 'Create token' }).click();
  await expect(alert(admin).filter({ hasText: 'The service account has 2 tokens already' })).toBeVisible();
  await expect(admin.getByRole('textbox', { name: 'New token “second”' })).toBeVisible();
  await admin.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'Service accounts' }).click();
  await add(admin, 'Two');
  await expect(heading(admin, 'Two')).toBeVisible();
  await expect(admin.getByRole('textbox', { name: /^New token/ })).toHaveCount(0);
});

test('a reset includes programs when asked to', async ({ admin, organization }) => {
  const home = `/organizations/${organization.handle}`;
  await visit(admin, `${home}/service-accounts`);
  await add(admin, 'CI');
  await expect(heading(admin, 'CI')).toBeVisible();
  const token = await createToken(admin, 'pipeline');
  await visit(admin, `${home}/authentication`);
  const dialog = admin.getByRole('dialog', { name: 'Reset authentication' });
  await admin.getByRole('button', { name: 'Reset authentication' }).click();
  await expect(dialog).toContainText('Tokens of service accounts and workspaces, which go on as before.');
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  await admin.getByRole('checkbox', { name: /tokens of service accounts and workspaces \(1\)/ }).check();
  await admin.getByRole('button', { name: 'Reset authentication' }).click();
  await dialog.getByText('1 token of service accounts and workspaces will be refused').click();
  await expect(dialog.getByText('pipeline of CI')).toBeVisible();
  expect(await status(admin, token, home)).toBe(200);
  await dialog.getByRole('button', { name: 'Reset now' }).click();
  await expect(alert(admin)).toContainText('and 1 token of service accounts and workspaces, are refused');
  expect(await status(admin, token, home)).toBe(403);
});

test('a workspace reads its settings with its token, and nothing else', async ({ admin, organization }) => {
  const home = `/organizations/${organization.handle}`;
  await visit(admin, `${home}/workspaces`);
  await field(admin, 'Name').fill('build');
  await admin.getByRole('button', { name: 'Create workspace' }).click();
  await admin.getByRole('link', { name: 'build', exact: true }).click();
  await expect(admin.getByText('No tokens yet')).toBeVisible();
  await expect(newToken(admin).getByRole('radio')).toHaveCount(0);
  const token = await createToken(admin, 'init');
  expect(token).toMatch(/^tnt_workspace_/);
  expect(await status(admin, token, `${home}/workspace-settings`)).toBe(200);
  expect(await status(admin, token, home)).toBe(403);
  await expect(admin.getByRole('row', { name: /init/ })).toContainText('org.workspace_settings.read');
});

test('the instance has tokens for administration and for meters', async ({ admin, organization }) => {
  await visit(admin, '/organizations');
  await admin.getByRole('button', { name: 'Account:' }).click();
  await admin.getByRole('link', { name: 'Instance tokens' }).click();
  await expect(heading(admin, 'Instance tokens')).toBeVisible();
  const form = newToken(admin);
  await form.getByRole('radio', { name: /^Only these permissions/ }).check();
  await form.getByRole('textbox', { name: 'Permissions' }).fill('org.read nonsense');
  await form.getByLabel('Name').fill('narrow');
  await admin.getByRole('button', { name: 'Create token' }).click();
  await expect(alert(admin).filter({ hasText: 'There is no scope “nonsense”' })).toBeVisible();
  await form.getByRole('textbox', { name: 'Permissions' }).fill('org.read');
  await form.getByLabel('Expires after').selectOption('On a day you choose');
  await admin.getByRole('button', { name: 'Create token' }).click();
  await expect(form.getByLabel('Expires after')).toHaveAccessibleDescription(/or a day from/);
  const day = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
  await form.getByLabel('Until the end of').fill(day);
  const narrow = await createToken(admin, 'narrow');
  expect(narrow).toMatch(/^tnt_admin_/);
  expect(await status(admin, narrow, `/organizations/${organization.handle}`)).toBe(200);
  expect(await status(admin, narrow, '/instance/mail')).toBe(403);

  await form.getByRole('radio', { name: /^Meter/ }).check();
  await expect(form.getByRole('radio', { name: /^Reading/ })).toBeHidden();
  await form.getByLabel('Expires after').selectOption('Never');
  const meter = await createToken(admin, 'meter');
  expect(meter).toMatch(/^tnt_meter_/);
  expect(await status(admin, meter, '/me')).toBe(200);
  expect(await status(admin, meter, '/organizations')).toBe(403);
  await admin.getByRole('button', { name: 'Turn off narrow' }).click();
  await expect(admin.getByRole('row', { name: /narrow/ })).toContainText('Off');
  expect(await status(admin, narrow, '/me')).toBe(401);
  await expect(admin.getByRole('row', { name: /meter/ })).toContainText('usage.write');
});
