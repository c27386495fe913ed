import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';
import { createOrganization, someone, takeOver } from '../support/console.ts';
import type { Receiver } from '../support/receiver.ts';
import { alert, expectNotFound, field, heading, visit } from '../support/page.ts';

async function connect(page: Page, handle: string, receiver: Receiver, name = 'Main') {
  await visit(page, `/organizations/${handle}/cloud-accounts`);
  await field(page, 'Name').fill(name);
  await field(page, 'Provider').fill('own');
  await field(page, 'Address').fill(receiver.url);
  await field(page, 'Secret').fill(receiver.secret);
  await page.getByRole('button', { name: 'Connect account' }).click();
  await expect(heading(page, name)).toBeVisible();
}

async function startDeletion(page: Page, handle: string, name: string) {
  await visit(page, `/organizations/${handle}/admin`);
  await page.getByRole('button', { name: 'Delete this organization' }).click();
  const modal = page.getByRole('dialog', { name: `Delete ${name}` });
  await modal.getByRole('textbox', { name: 'Organization name' }).fill(handle);
  return modal;
}

test('an account is connected, checked, changed and disconnected', async ({ admin, organization, receiver }) => {
  receiver.resources.add('vm-1');
  await connect(admin, organization.handle, receiver);
  await expect(admin.getByText('Connected', { exact: true })).toBeVisible();
  await expect(admin.getByRole('row').filter({ hasText: 'The vm-1' })).toContainText('running');
  receiver.resources.add('vm-2');
  await admin.getByRole('button', { name: 'Check again' }).click();
  await expect(admin.getByRole('row').filter({ hasText: 'The vm-2' })).toBeVisible();
  await admin.getByRole('button', { name: 'Disconnect' }).click();
  await expect(alert(admin)).toContainText('2 resources still run there: The vm-1, The vm-2.');

  await field(admin, 'Name').fill('Renamed');
  await admin.getByRole('button', { name: 'Save account' }).click();
  await expect(heading(admin, 'Renamed')).toBeVisible();
  await field(admin, 'Address').fill('https://elsewhere.example.com');
  await admin.getByRole('button', { name: 'Save account' }).click();
  await expect(field(admin, 'Secret')).toHaveAccessibleDescription(/Enter the secret for the new address/);

  receiver.resources.clear();
  await admin.getByRole('button', { name: 'Disconnect' }).click();
  await expect(heading(admin, 'Cloud accounts')).toBeVisible();
  await expect(admin.getByText('No cloud accounts yet')).toBeVisible();
});

test('addresses inside are refused, and the account says so', async ({ admin, organization, receiver }) => {
  await connect(admin, organization.handle, { ...receiver, url: 'http://169.254.169.254/latest' }, 'Metadata');
  await expect(alert(admin).or(admin.getByText('The account could not be checked')).first()).toBeVisible();
  await expect(admin.getByText('No answer', { exact: true })).toBeVisible();
});

test('a connector is told of every change of a workspace', async ({ admin, organization, receiver }) => {
  await connect(admin, organization.handle, receiver);
  await visit(admin, `/organizations/${organization.handle}/workspaces`);
  await field(admin, 'Name').fill('build');
  await admin.getByRole('button', { name: 'Create workspace' }).click();
  await admin.getByRole('button', { name: 'Let sleep build' }).click();
  await expect.poll(() => receiver.events().sort()).toEqual(['workspace.created', 'workspace.slept']);
});

test(
  'a deletion ends what runs elsewhere, through a crash, each thing once',
  { tag: '@core' },
  async ({ admin, organization, receiver, server }) => {
    test.slow();
    for (const n of [1, 2, 3]) {
      receiver.resources.add(`vm-${n}`);
    }
    await connect(admin, organization.handle, receiver);
    await visit(admin, `/organizations/${organization.handle}/workspaces`);
    await field(admin, 'Name').fill('build');
    await admin.getByRole('button', { name: 'Create workspace' }).click();
    await expect.poll(() => receiver.events()).toEqual(['workspace.created']);

    const modal = await startDeletion(admin, organization.handle, organization.name);
    await expect(modal).toContainText('3 cloud resources that are ended at their providers');
    await expect(modal).toContainText('1 workspace');
    receiver.stubborn.add('vm-2');
    const asked = new Promise<void>((told) => {
      receiver.onTerminate = (id) => id === 'vm-2' && told();
    });
    await modal.getByRole('button', { name: 'Delete for good' }).click();
    await asked;
    // A page that watches would complain.
    await admin.goto('about:blank');
    await server.crash();
    receiver.stubborn.clear();
    // The lease of the dead server has to run out first.
    await visit(admin, '/processes');
    await admin.getByRole('link', { name: `Delete ${organization.name}` }).click();
    await expect(heading(admin, `Deleted ${organization.name}`)).toBeVisible({ timeout: 90_000 });
    await expect(admin.getByText('100 %')).toBeVisible();
    await expect(admin.getByText('End The vm-2 (vm) in Main', { exact: true })).toBeVisible();
    expect(receiver.resources.size).toBe(0);
    const ends = [...receiver.effects.values()].filter(({ type }) => type === 'resource.terminate');
    expect(ends).toHaveLength(3);
    expect(receiver.events()).toEqual(['workspace.created', 'workspace.deleted']);
    await expectNotFound(admin, `/organizations/${organization.handle}`);
  },
);

test('a step that fails is retried and given up with a reason', async ({ admin, organization, receiver }) => {
  test.slow();
  receiver.resources.add('vm-1');
  receiver.stubborn.add('vm-1');
  await connect(admin, organization.handle, receiver);
  const modal = await startDeletion(admin, organization.handle, organization.name);
  await modal.getByRole('button', { name: 'Delete for good' }).click();
  await expect(admin.getByText('Waiting for the next attempt')).toBeVisible();
  const steps = admin.getByRole('region', { name: 'Steps' }).getByRole('listitem');
  const step = steps.filter({ hasText: 'End The vm-1 (vm) in Main' });
  await expect(step).toContainText('It is on its way out');
  await admin.getByRole('button', { name: 'Retry now' }).click();
  await expect(step).toContainText('2 attempts');
  await step.getByText('Give this step up…').click();
  await step.getByLabel('Reason').fill('The provider went out of business.');
  await step.getByRole('button', { name: 'Give up' }).click();
  await expect(heading(admin, `Deleted ${organization.name}`)).toBeVisible();
  await expect(step).toContainText('By Ada Administrator: The provider went out of business.');
  await expect(admin.getByText('1 of 12 steps, listed above')).toBeVisible();
});

test('with a time of grace an owner deletes and an administrator restores', async ({
  emptyServer,
  browser,
}) => {
  const context = await browser.newContext({ baseURL: emptyServer.url });
  const admin = await context.newPage();
  const person = someone('Ada Administrator');
  await visit(admin, emptyServer.firstRunLink ?? '');
  await field(admin, 'Your name').fill(person.name);
  await field(admin, 'Email').fill(person.email);
  await field(admin, 'Password').fill(person.password);
  await admin.getByRole('button', { name: 'Create account' }).click();
  await expect(heading(admin, 'Organizations')).toBeVisible();

  await visit(admin, '/instance/settings');
  await field(admin, 'Days until').fill('forever');
  await admin.getByRole('button', { name: 'Save settings' }).click();
  await expect(field(admin, 'Days until')).toHaveAccessibleDescription(/number of days from 0 to 365/);
  await field(admin, 'Days until').fill('30');
  await admin.getByRole('button', { name: 'Save settings' }).click();
  await expect(alert(admin)).toContainText('Saved.');

  const organization = await createOrganization(admin.request);
  const theirs = await browser.newContext({ baseURL: emptyServer.url });
  const owner = await theirs.newPage();
  await takeOver(owner.request, organization, someone());
  await visit(owner, `/organizations/${organization.handle}/profile`);
  await owner.getByRole('button', { name: 'Delete this organization' }).click();
  const modal = owner.getByRole('dialog', { name: `Delete ${organization.name}` });
  await expect(modal).toContainText('For 30 days platform administrators can restore it');
  await modal.getByRole('textbox', { name: 'Organization name' }).fill(organization.handle);
  await modal.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(alert(owner)).toContainText(`The deletion of “${organization.handle}” has been started.`);
  await expectNotFound(owner, `/organizations/${organization.handle}`);

  await visit(admin, `/organizations/${organization.handle}`);
  await expect(alert(admin).or(admin.getByText('The deletion of this organization is scheduled')).first()).toBeVisible();
  await admin.getByRole('link', { name: 'Watch the deletion' }).click();
  await expect(admin.getByText('It begins in')).toBeVisible();
  await admin.getByRole('button', { name: 'Restore the organization' }).click();
  await expect(heading(admin, organization.name)).toBeVisible();
  await visit(owner, `/organizations/${organization.handle}`);
  await expect(heading(owner, organization.name)).toBeVisible();
  await context.close();
  await theirs.close();
});
