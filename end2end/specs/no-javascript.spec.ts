// The same console without script: this file runs in a project of its own, with JavaScript switched off.

import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';
import {
  askToBeSignedIn,
  comeBack,
  connectAccount,
  createOrganization,
  someone,
  unique,
} from '../support/console.ts';
import { alert, field, fillPerson, fillSignIn, heading } from '../support/page.ts';
import { linkIn, turnReportOn } from '../support/report.ts';
import { dayAgo, someUse } from '../support/usage.ts';
import { file, halves } from '../support/picture.ts';

const settings = (handle: string) => `/organizations/${handle}/admin`;

async function save(page: Page) {
  await page.getByRole('button', { name: 'Save Configuration' }).click();
}

test('signing in and out', async ({ page, server }) => {
  const { email, password } = server.administrator;
  await page.goto('/organizations?search=x');
  await fillSignIn(page, email, 'not the password at all');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(alert(page)).toContainText('Email or password is wrong.');
  await expect(field(page, 'Email')).toHaveValue(email);
  await expect(field(page, 'Password')).toHaveValue('');

  await test.step('a second try from the answer leads on', async () => {
    await field(page, 'Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page).toHaveURL('/organizations?search=x');
    await expect(heading(page, 'Organizations')).toBeVisible();
  });

  await test.step('and out again', async () => {
    await page.getByRole('button', { name: 'Account:' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page).toHaveURL('/sign-in');
    await page.goto('/organizations');
    await expect(page).toHaveURL(/\/sign-in\?next=/);
  });
});

test('nothing stands about that needs script', async ({ admin, organization }) => {
  for (const path of ['/organizations', `/organizations/${organization.handle}`, settings(organization.handle)]) {
    await admin.goto(path);
    await expect(admin.getByRole('button', { name: 'Theme' })).toHaveCount(0);
    await expect(admin.getByRole('button', { name: 'Switch organization' })).toHaveCount(0);
    await expect(admin.getByText('Loading', { exact: true })).toHaveCount(0);
  }
  await expect(admin.getByRole('button', { name: 'Discard' })).toHaveCount(0);
  await expect(admin.getByRole('button', { name: 'Format' })).toHaveCount(0);
  await expect(admin.getByRole('button', { name: 'Revert' })).toHaveCount(0);
});

test('an avatar is sent, refused and reset', async ({ browserOf, organization, ownerOf }) => {
  const page = await browserOf(await ownerOf(organization));
  const profile = `/organizations/${organization.handle}/profile`;
  const avatar = page.getByRole('region', { name: 'Avatar' }).locator('img.avatar');
  await page.goto(profile);
  await field(page, 'Picture').setInputFiles(file(Buffer.from('some text')));
  await page.getByRole('button', { name: 'Save avatar' }).click();
  await expect(alert(page)).toContainText('The avatar was not changed');
  await expect(field(page, 'Picture')).toHaveAccessibleDescription(/That isn't a PNG, JPEG, WebP or GIF picture\./);
  await field(page, 'Picture').setInputFiles(file(halves(40, 20)));
  await page.getByRole('button', { name: 'Save avatar' }).click();
  await expect(page).toHaveURL(profile);
  await expect(avatar).toBeVisible();
  await page.getByRole('button', { name: 'Reset avatar' }).click();
  await expect(page).toHaveURL(profile);
  await expect(avatar).toHaveCount(0);
});

test('name and handle are changed, and the old handle leads on', async ({ browserOf, organization, ownerOf }) => {
  const page = await browserOf(await ownerOf(organization));
  const after = unique('plain');
  await page.goto(`/organizations/${organization.handle}/profile`);
  await field(page, 'Display name').fill('Plain & simple');
  await page.getByRole('button', { name: 'Save name' }).click();
  await expect(field(page, 'Display name')).toHaveValue('Plain & simple');
  await field(page, 'New handle').fill('-');
  await page.getByRole('button', { name: 'Preview the change' }).click();
  await expect(field(page, 'New handle')).toHaveAccessibleDescription(/starts with a letter or a digit/);
  await field(page, 'New handle').fill(after);
  await page.getByRole('button', { name: 'Preview the change' }).click();
  await page.getByRole('button', { name: 'Change the handle' }).click();
  await expect(page).toHaveURL(`/organizations/${after}/profile`);
  await page.goto(`/organizations/${organization.handle}`);
  await expect(page).toHaveURL(`/organizations/${after}`);
  await page.goto(`/organizations/${after}/profile`);
  await page.getByRole('button', { name: `Retire ${organization.handle}` }).click();
  await expect(page.getByText('There are none. A changed handle leaves one.')).toBeVisible();
});

test('the audit log is filtered', async ({ admin, organization }) => {
  await admin.goto(`/organizations/${organization.handle}/audit`);
  await admin.getByLabel('Action').selectOption('Bootstrap link made');
  await admin.getByRole('button', { name: 'Filter' }).click();
  await expect(admin.getByRole('row')).toHaveCount(2);
  await expect(admin.getByLabel('Action')).toHaveValue('bootstrap_link.rotated');
});

test('the audit log is streamed', async ({ admin, organization, logReceiver }) => {
  await admin.goto(`/organizations/${organization.handle}/audit`);
  const address = field(admin, "Receiver's address");
  await address.fill('siem.example');
  await admin.getByRole('button', { name: 'Start streaming' }).click();
  await expect(alert(admin)).toContainText('An address begins with https://');
  await expect(address).toHaveValue('siem.example');
  await address.fill(logReceiver.url);
  await admin.getByRole('button', { name: 'Start streaming' }).click();
  await expect(admin.getByRole('textbox', { name: 'Secret of the stream' })).toHaveValue(/^whsec_/);
  await admin.getByRole('button', { name: 'Send a test' }).click();
  await expect(alert(admin)).toContainText('The test event has arrived.');
  await admin.getByRole('button', { name: 'Turn off' }).click();
  await expect(alert(admin)).toContainText('Streaming is off.');
});

test('a token is made, turned off and deleted', async ({ browserOf, organization, ownerOf }) => {
  const page = await browserOf(await ownerOf(organization));
  await page.goto('/account/tokens');
  await field(page, 'Name').fill('  ');
  await page.getByRole('radio', { name: /^Everything you may/ }).check();
  await page.getByRole('button', { name: 'Create token' }).click();
  await expect(alert(page)).toContainText('No token was made');
  await expect(page.getByRole('radio', { name: /^Everything you may/ })).toBeChecked();
  await field(page, 'Name').fill('CI');
  await page.getByRole('button', { name: 'Create token' }).click();
  await expect(page.getByRole('textbox', { name: 'New token “CI”' })).toHaveValue(/^tnt_personal_/);
  await expect(page.getByRole('row', { name: /CI/ })).toHaveCount(1);
  await page.getByRole('button', { name: 'Turn off CI' }).click();
  await expect(page.getByRole('row', { name: /CI/ })).toContainText('Off');
  await page.getByRole('button', { name: 'Delete CI' }).click();
  await expect(page.getByText('No tokens yet')).toBeVisible();
});

test('a program is signed in', async ({ browserOf, organization, ownerOf }) => {
  const page = await browserOf(await ownerOf(organization));
  const [approved, denied] = [await askToBeSignedIn(page.request), await askToBeSignedIn(page.request)];
  await page.goto(approved.verification_uri_complete);
  await field(page, 'Code').fill('bbbb-bbbb');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(field(page, 'Code')).toHaveAccessibleDescription(/Nothing waits under this code/);
  await expect(field(page, 'Code')).toHaveValue('bbbb-bbbb');
  await field(page, 'Code').fill(approved.user_code);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(heading(page, 'Sign in the Tenantry command line?')).toBeVisible();
  await page.getByRole('button', { name: 'Approve' }).click();
  await expect(heading(page, 'The Tenantry command line is signed in')).toBeVisible();
  expect((await comeBack(page.request, approved)).access_token).toMatch(/^tnt_cli_/);

  await page.goto(denied.verification_uri_complete);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Deny' }).click();
  await expect(heading(page, 'The sign-in was denied')).toBeVisible();
  expect(await comeBack(page.request, denied)).toMatchObject({ error: 'access_denied' });

  await test.step('a decision on a code that is gone says so above the code', async () => {
    const late = await askToBeSignedIn(page.request);
    const other = await page.context().newPage();
    for (const tab of [page, other]) {
      await tab.goto(late.verification_uri_complete);
      await tab.getByRole('button', { name: 'Continue' }).click();
    }
    await page.getByRole('button', { name: 'Deny' }).click();
    await other.getByRole('button', { name: 'Approve' }).click();
    await expect(alert(other)).toContainText('Nothing was decided');
    await expect(field(other, 'Code')).toHaveValue(late.user_code);
  });
});

test('an organization is created and taken over', async ({ admin, page }) => {
  const handle = unique('plain');
  await admin.goto('/organizations');
  await admin.getByRole('link', { name: 'Create organization' }).first().click();
  await field(admin, 'Display name').fill('Plain & simple');
  await field(admin, 'Handle').fill('admin');
  await admin.getByLabel('The link expires after').selectOption('1 day');
  await admin.getByRole('button', { name: 'Create organization' }).click();
  await expect(alert(admin)).toContainText('The organization was not created');
  await expect(field(admin, 'Handle')).toHaveAccessibleDescription(/reserved/);
  await expect(field(admin, 'Display name')).toHaveValue('Plain & simple');
  await expect(field(admin, 'Handle')).toHaveValue('admin');
  await expect(admin.getByLabel('The link expires after')).toHaveValue('day');
  await field(admin, 'Handle').fill(handle);
  await admin.getByRole('button', { name: 'Create organization' }).click();
  await expect(heading(admin, 'Plain & simple is ready')).toBeVisible();
  const link = await admin.getByRole('textbox', { name: 'Bootstrap link' }).inputValue();

  const owner = someone();
  await page.goto('/join');
  await field(page, 'Link').fill('nonsense');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(field(page, 'Link')).toHaveAccessibleDescription(/incomplete/);
  await field(page, 'Link').fill(link);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page).toHaveURL('/bootstrap');
  await fillPerson(page, { ...owner, password: 'short' });
  await page.getByRole('button', { name: 'Create account and take over' }).click();
  await expect(field(page, 'Password')).toHaveAccessibleDescription(/at least 15 characters/);
  await expect(field(page, 'Your name')).toHaveValue(owner.name);
  await expect(field(page, 'Email')).toHaveValue(owner.email);
  await field(page, 'Password').fill(owner.password);
  await page.getByRole('button', { name: 'Create account and take over' }).click();
  await expect(page).toHaveURL(`/organizations/${handle}`);
  await expect(heading(page, 'Plain & simple')).toBeVisible();
});

test('the list is searched, filtered and sorted', async ({ admin, organization }) => {
  await admin.goto('/organizations?sort=created');
  const search = admin.getByRole('searchbox', { name: 'Search organizations' });
  await search.fill(organization.handle);
  await search.press('Enter');
  await expect(admin).toHaveURL(`/organizations?sort=created&search=${organization.handle}`);
  await expect(admin.getByRole('rowheader')).toHaveCount(1);
  await admin.getByRole('link', { name: 'Active', exact: true }).click();
  await expect(admin.getByText('No organization found')).toBeVisible();
});

test('every field of the Admin page is saved', async ({ admin, organization }) => {
  const login = `${unique('login')}.example.com`;
  const workspace = '{\n  "dockerNetwork": "bridge"\n}\n';
  await admin.goto(settings(organization.handle));
  await admin.getByRole('switch', { name: 'Partner Organization' }).check();
  await admin.getByRole('switch', { name: 'Enforce MFA' }).check();
  await admin.getByRole('switch', { name: 'Receive Active User Report' }).check();
  await field(admin, 'Email Recipients').fill('ada@example.com,\ngrace@example.com');
  await field(admin, 'Schedule').selectOption('Daily');
  await field(admin, 'Time zone').fill('Europe/Paris');
  await field(admin, 'Platform Domain').fill('https://activate.example.com/');
  await admin.getByRole('radio', { name: 'Limited to' }).check();
  await admin.getByRole('textbox', { name: 'Number of seats' }).fill('12');
  await field(admin, 'Default User Host').fill('user-1.example.com');
  await field(admin, 'Custom Login Domain').fill(login);
  await field(admin, 'Workspace settings').fill(workspace);
  await admin.getByRole('textbox', { name: 'Reason for the change' }).fill('Without script');
  await save(admin);
  await expect(alert(admin)).toContainText('Saved: Partner Organization, Enforce MFA');
  await expect(admin.getByRole('link', { name: 'View revision' })).toBeVisible();

  await admin.goto(settings(organization.handle));
  for (const name of ['Partner Organization', 'Enforce MFA', 'Receive Active User Report']) {
    await expect(admin.getByRole('switch', { name })).toBeChecked();
  }
  await expect(field(admin, 'Email Recipients')).toHaveValue('ada@example.com, grace@example.com');
  await expect(field(admin, 'Schedule')).toHaveValue('daily');
  await expect(field(admin, 'Time zone')).toHaveValue('Europe/Paris');
  await expect(field(admin, 'Platform Domain')).toHaveValue('activate.example.com');
  await expect(admin.getByRole('radio', { name: 'Limited to' })).toBeChecked();
  await expect(admin.getByRole('textbox', { name: 'Number of seats' })).toHaveValue('12');
  await expect(field(admin, 'Default User Host')).toHaveValue('user-1.example.com');
  await expect(field(admin, 'Custom Login Domain')).toHaveValue(login);
  await expect(field(admin, 'Workspace settings')).toHaveValue(workspace);
  await expect(admin.getByRole('row', { name: 'Revision 2' })).toContainText('Without script');
});

test('a refused save keeps everything typed', async ({ admin, organization }) => {
  const workspace = '{\n  "k8sMount": []\n}';
  await admin.goto(settings(organization.handle));
  await admin.getByRole('switch', { name: 'Receive Active User Report' }).check();
  await admin.getByRole('switch', { name: 'Enforce MFA' }).check();
  await field(admin, 'Platform Domain').fill('not a host');
  await field(admin, 'Workspace settings').fill(workspace);
  await admin.getByRole('textbox', { name: 'Reason for the change' }).fill('A reason');
  await save(admin);
  const summary = alert(admin).filter({ hasText: 'The configuration was not saved' });
  await expect(summary.getByRole('link')).toHaveCount(3);
  await expect(field(admin, 'Email Recipients')).toHaveAccessibleDescription(/Enter at least one address/);
  await expect(field(admin, 'Platform Domain')).toHaveAccessibleDescription(/a space isn't one of them/);
  await expect(field(admin, 'Workspace settings')).toHaveAccessibleDescription(/line 2, column 3 \(\/k8sMount\)/);
  await expect(field(admin, 'Platform Domain')).toHaveValue('not a host');
  await expect(field(admin, 'Workspace settings')).toHaveValue(workspace);
  await expect(admin.getByRole('switch', { name: 'Enforce MFA' })).toBeChecked();
  await expect(admin.getByRole('textbox', { name: 'Reason for the change' })).toHaveValue('A reason');

  await test.step('and is mended from there', async () => {
    await field(admin, 'Email Recipients').fill('ada@example.com');
    await field(admin, 'Platform Domain').fill('activate.example.com');
    await field(admin, 'Workspace settings').fill('{ "dockerNetwork": "bridge" }');
    await save(admin);
    await expect(alert(admin)).toContainText(
      'Saved: Enforce MFA, Receive Active User Report, Email Recipients, Platform Domain, Workspace settings.',
    );
    await expect(admin.getByRole('row', { name: 'Revision 2' })).toContainText('A reason');
  });
});

test('a stale save shows both sides and loses nothing', async ({ admin, secondAdmin, organization }) => {
  await admin.goto(settings(organization.handle));
  await secondAdmin.goto(settings(organization.handle));
  await field(secondAdmin, 'Platform Domain').fill('theirs.example.com');
  await field(secondAdmin, 'Default User Host').fill('user-1.example.com');
  await save(secondAdmin);
  await expect(alert(secondAdmin)).toContainText('Saved: ');

  await field(admin, 'Platform Domain').fill('mine.example.com');
  await save(admin);
  const comparison = admin.getByRole('alert', { name: 'Somebody else saved this page while you were editing' });
  const row = comparison.getByRole('row', { name: 'Platform Domain' });
  for (const side of ['Not set', 'theirs.example.com', 'mine.example.com']) {
    await expect(row.getByRole('cell', { name: side, exact: true })).toBeVisible();
  }
  await expect(field(admin, 'Platform Domain')).toHaveValue('mine.example.com');
  await expect(field(admin, 'Default User Host')).toHaveValue('user-1.example.com');
  await save(admin);
  await expect(alert(admin)).toContainText('Saved: Platform Domain.');
  await admin.goto(settings(organization.handle));
  await expect(field(admin, 'Platform Domain')).toHaveValue('mine.example.com');
  await expect(field(admin, 'Default User Host')).toHaveValue('user-1.example.com');
});

test('revisions are compared and restored', async ({ admin, organization }) => {
  await admin.goto(settings(organization.handle));
  for (const [domain, revision] of [
    ['one.example.com', 'Revision 2'],
    ['two.example.com', 'Revision 3'],
  ]) {
    await field(admin, 'Platform Domain').fill(domain);
    await save(admin);
    await expect(admin.getByRole('link', { name: revision })).toBeVisible();
  }
  await admin.getByRole('link', { name: 'Revision 3' }).click();
  await expect(heading(admin, 'Revision 3')).toBeVisible();
  await admin.getByLabel('Compare with').selectOption('Revision 1');
  await admin.getByRole('button', { name: 'Compare', exact: true }).click();
  await expect(admin.getByRole('row', { name: 'Platform Domain' }).getByRole('cell')).toHaveText([
    'Not set',
    'two.example.com',
  ]);
  await admin.goto(`${settings(organization.handle)}/revisions/2`);
  await admin.getByRole('button', { name: 'Restore this revision' }).click();
  await expect(alert(admin)).toContainText('Revision 2 was restored.');
  await expect(field(admin, 'Platform Domain')).toHaveValue('one.example.com');
});

test('the bootstrap link is rotated and revoked', async ({ admin, page, organization }) => {
  await admin.goto(settings(organization.handle));
  await admin.getByRole('button', { name: 'Rotate link' }).click();
  const link = await admin.getByRole('textbox', { name: 'New bootstrap link' }).inputValue();
  expect((await page.goto(organization.link))?.status()).toBe(404);
  expect((await page.goto(link))?.status()).toBe(200);
  await admin.getByRole('button', { name: 'Revoke link' }).click();
  await expect(admin.getByText('Revoked', { exact: true })).toBeVisible();
  expect((await page.goto(link))?.status()).toBe(404);
  await admin.getByRole('button', { name: 'Make me the owner now' }).click();
  await expect(admin.getByRole('definition').filter({ hasText: 'Ada Administrator' })).toBeVisible();
});

test('an organization is deleted by its name', async ({ admin, organization }) => {
  await admin.goto(settings(organization.handle));
  await admin.getByRole('button', { name: 'Delete this organization' }).click();
  const modal = admin.getByRole('dialog', { name: `Delete ${organization.name}` });
  await expect(modal).toBeVisible();
  await expect(modal).toContainText('1 live bootstrap link');
  const apply = modal.getByRole('button', { name: 'Delete for good' });
  const confirm = modal.getByRole('textbox', { name: 'Organization name' });

  await test.step('the server refuses a wrong case and shows the preview again', async () => {
    await expect(apply).toBeEnabled();
    await confirm.fill(organization.handle.toUpperCase());
    await apply.click();
    await expect(modal).toContainText('Nothing was deleted');
    await expect(confirm).toHaveAccessibleDescription(/exactly as it is written/);
    await expect(confirm).toHaveValue(organization.handle.toUpperCase());
    await expect(modal).toContainText('1 live bootstrap link');
  });

  await confirm.fill(organization.handle);
  await apply.click();
  await expect(admin).toHaveURL(/\/processes\//);
  await expect(heading(admin, `Deleted ${organization.name}`)).toBeVisible();
});

test('a plan whose set grew is refused, with the new preview', async ({ admin, page, organization }) => {
  await admin.goto(settings(organization.handle));
  await admin.getByRole('button', { name: 'Delete this organization' }).click();
  const modal = admin.getByRole('dialog', { name: `Delete ${organization.name}` });
  await expect(modal).not.toContainText('1 membership');
  await page.goto(organization.link);
  await fillPerson(page, someone());
  await page.getByRole('button', { name: 'Create account and take over' }).click();
  await expect(heading(page, organization.name)).toBeVisible();

  await modal.getByRole('textbox', { name: 'Organization name' }).fill(organization.handle);
  await modal.getByRole('button', { name: 'Delete for good' }).click();
  await expect(modal).toContainText('More would go now than the preview showed.');
  await expect(modal).toContainText('1 membership');
  await expect(modal.getByRole('textbox', { name: 'Organization name' })).toHaveValue('');
});

test('a workspace is made, sleeps, is renamed, archived and restored', async ({ admin, organization }) => {
  const path = `/organizations/${organization.handle}/workspaces`;
  await admin.goto(path);
  await field(admin, 'Name').fill('Build');
  await admin.getByRole('button', { name: 'Create workspace' }).click();
  await expect(field(admin, 'Name')).toHaveAccessibleDescription(/use small letters/);
  await expect(field(admin, 'Name')).toHaveValue('Build');
  await field(admin, 'Name').fill('build');
  await admin.getByRole('button', { name: 'Create workspace' }).click();
  await expect(field(admin, 'Name')).toHaveValue('');
  const line = admin.getByRole('row').filter({ hasText: 'build' });
  await admin.getByRole('button', { name: 'Let sleep build' }).click();
  await expect(line).toContainText('Asleep');
  await admin.getByRole('button', { name: 'Wake build' }).click();
  await expect(line).toContainText('Active');
  await admin.getByRole('searchbox', { name: 'Search workspaces' }).fill('nothing');
  await admin.getByRole('button', { name: 'Search' }).click();
  await expect(admin.getByText('No workspace found')).toBeVisible();
  await admin.getByRole('link', { name: 'Clear search and filter' }).click();

  await admin.getByRole('link', { name: 'build', exact: true }).click();
  const name = admin.getByRole('form', { name: 'Rename' }).getByLabel('Name');
  await name.fill('a b');
  await admin.getByRole('button', { name: 'Rename', exact: true }).click();
  await expect(name).toHaveValue('a b');
  await name.fill('test');
  await admin.getByRole('button', { name: 'Rename', exact: true }).click();
  await expect(heading(admin, 'test')).toBeVisible();
  await admin.getByRole('button', { name: 'Archive test' }).click();
  await expect(admin.getByText('Can be deleted')).toBeVisible();
  await admin.getByRole('button', { name: 'Restore test' }).click();
  await expect(admin.getByText('Asleep', { exact: true })).toBeVisible();
});

test('a cloud account is connected, checked, changed and disconnected', async ({ admin, organization, receiver }) => {
  receiver.resources.add('vm-1');
  const path = `/organizations/${organization.handle}/cloud-accounts`;
  await admin.goto(path);
  await field(admin, 'Name').fill('Main');
  await field(admin, 'Provider').fill('own');
  await admin.getByRole('radio', { name: /^Webhook/ }).check();
  await field(admin, 'Address').fill('nowhere');
  await field(admin, 'Secret').fill(receiver.secret);
  await admin.getByRole('button', { name: 'Connect account' }).click();
  await expect(field(admin, 'Address')).toHaveAccessibleDescription(/begins with https/);
  await expect(field(admin, 'Name')).toHaveValue('Main');
  await expect(field(admin, 'Secret')).toHaveValue('');
  expect(await admin.content(), 'secrets never come back').not.toContain(receiver.secret);
  await field(admin, 'Address').fill(receiver.url);
  await field(admin, 'Secret').fill(receiver.secret);
  await admin.getByRole('button', { name: 'Connect account' }).click();
  await expect(heading(admin, 'Main')).toBeVisible();
  const line = (id: string) => admin.getByRole('row').filter({ hasText: `The ${id}` });
  await expect(line('vm-1')).toContainText('running');
  receiver.resources.add('vm-2');
  await admin.getByRole('button', { name: 'Check again' }).click();
  await expect(line('vm-2')).toBeVisible();
  await admin.getByRole('button', { name: 'Disconnect' }).click();
  await expect(alert(admin)).toContainText('2 resources still run there');
  await field(admin, 'Name').fill('Renamed');
  await admin.getByRole('button', { name: 'Save account' }).click();
  await expect(heading(admin, 'Renamed')).toBeVisible();
  receiver.resources.clear();
  await admin.getByRole('button', { name: 'Disconnect' }).click();
  await expect(admin.getByText('No cloud accounts yet')).toBeVisible();
});

test('the connect form has the fields of either connector', async ({ admin, organization }) => {
  const path = `/organizations/${organization.handle}/cloud-accounts`;
  await admin.goto(path);
  await field(admin, 'Name').fill('Cluster');
  await field(admin, 'Provider').fill('own');
  await admin.getByRole('radio', { name: /^Kubernetes/ }).check();
  await field(admin, 'Address').fill('http://127.0.0.1:9');
  await field(admin, 'Secret').fill('a-bearer-token');
  await field(admin, 'Label selector').fill('example.com/organization=acme');
  await admin.getByRole('button', { name: 'Connect account' }).click();
  await expect(heading(admin, 'Cluster')).toBeVisible();
  await expect(admin.getByText('The account could not be checked')).toBeVisible();
  await expect(admin.getByRole('definition').filter({ hasText: 'example.com/organization=acme' })).toBeVisible();
});

test('secrets are set, replaced and removed', async ({ admin, organization }) => {
  await admin.goto(`/organizations/${organization.handle}/secrets`);
  await field(admin, 'Name').fill('a b');
  await field(admin, 'Value').fill('hunter2');
  await admin.getByRole('button', { name: 'Set secret' }).click();
  await expect(field(admin, 'Name')).toHaveAccessibleDescription(/is no secret's name/);
  await expect(field(admin, 'Name')).toHaveValue('a b');
  await expect(field(admin, 'Value')).toHaveValue('');
  for (const told of ['The secret was added.', 'The secret has its new value.']) {
    await field(admin, 'Name').fill('db-password');
    await field(admin, 'Value').fill('hunter2');
    await admin.getByRole('button', { name: 'Set secret' }).click();
    await expect(alert(admin)).toContainText(told);
    expect(await admin.content(), 'secrets never come back').not.toContain('hunter2');
  }
  await admin.getByRole('button', { name: 'Remove db-password' }).click();
  await expect(admin.getByText('No secrets yet')).toBeVisible();
});

test('a service account is added, gets a token, is changed and deleted', async ({ admin, organization }) => {
  await admin.goto(`/organizations/${organization.handle}/service-accounts`);
  await field(admin, 'Name').fill('Deployment');
  await admin.getByRole('radio', { name: /^Owner/ }).check();
  await admin.getByRole('button', { name: 'Add service account' }).click();
  await expect(heading(admin, 'Deployment')).toBeVisible();

  const form = admin.getByRole('form', { name: 'New token' });
  await form.getByLabel('Name').fill('pipeline');
  await form.getByRole('textbox', { name: 'Permissions' }).fill('org.read');
  await form.getByRole('button', { name: 'Create token' }).click();
  await expect(alert(admin)).toContainText('Choose “Only these permissions”, or empty their field.');
  await expect(form.getByRole('textbox', { name: 'Permissions' })).toHaveValue('org.read');
  await form.getByRole('radio', { name: /^Only these permissions/ }).check();
  await form.getByRole('button', { name: 'Create token' }).click();
  await expect(admin.getByRole('textbox', { name: 'New token “pipeline”' })).toHaveValue(/^tnt_service_/);
  await expect(admin.getByRole('row', { name: /pipeline/ })).toContainText('org.read');

  const settings = admin.getByRole('form', { name: 'Settings' });
  await settings.getByLabel('Name').fill(' ');
  await settings.getByRole('button', { name: 'Save account' }).click();
  await expect(settings.getByRole('alert')).toContainText('The account was not changed');
  await settings.getByLabel('Name').fill('Roll-out');
  await settings.getByRole('button', { name: 'Save account' }).click();
  await expect(heading(admin, 'Roll-out')).toBeVisible();
  await expect(admin.getByRole('textbox', { name: /^New token/ })).toHaveCount(0);
  await admin.getByRole('button', { name: 'Turn off', exact: true }).click();
  await expect(admin.getByText('This account is off')).toBeVisible();
  await admin.getByRole('button', { name: 'Delete with its tokens' }).click();
  await expect(admin.getByText('No service accounts yet')).toBeVisible();
});

test('tokens of the instance are made of either kind', async ({ admin }) => {
  await admin.goto('/instance/tokens');
  const name = unique('meter');
  const form = admin.getByRole('form', { name: 'New token' });
  await form.getByRole('radio', { name: /^Meter/ }).check();
  await form.getByLabel('Name').fill(name);
  await form.getByRole('button', { name: 'Create token' }).click();
  await expect(admin.getByRole('textbox', { name: `New token “${name}”` })).toHaveValue(/^tnt_meter_/);
  await admin.getByRole('button', { name: `Turn off ${name}` }).click();
  await expect(admin.getByRole('row', { name: new RegExp(name) })).toContainText('Off');
});

test('use is shown, days are chosen, and limits are set', async ({ admin, secondAdmin, administration, organization }) => {
  await someUse(administration, organization);
  const usage = `/organizations/${organization.handle}/usage`;
  await admin.goto(usage);
  const compute = admin.getByRole('figure', { name: 'Compute' });
  await expect(compute.getByRole('img', { name: 'Compute per day' })).toBeVisible();
  await expect(compute.getByRole('slider')).toHaveCount(0);
  await compute.getByRole('radio', { name: 'Cumulative' }).check();
  await expect(compute.getByRole('img', { name: 'Compute, cumulative' })).toBeVisible();
  await compute.getByText('Show as a table').click();
  await expect(compute.getByRole('row', { name: new RegExp(dayAgo(1)) })).toContainText('160');
  const other = admin.getByRole('form', { name: 'Other days' });
  await other.getByLabel('From').fill(dayAgo(21));
  await other.getByLabel('Until').fill(dayAgo(19));
  await other.getByRole('button', { name: 'Show' }).click();
  await expect(compute.getByText(/: 5 min in all/)).toBeVisible();
  await admin.getByRole('link', { name: 'By workspace' }).click();
  await admin.getByRole('link', { name: 'build', exact: true }).click();
  await expect(admin.getByText('Only the use of the workspace build is shown.')).toBeVisible();
  await admin.getByRole('link', { name: 'Show all workspaces' }).click();

  await secondAdmin.goto(usage);
  const form = admin.getByRole('form', { name: 'Storage limit' });
  const value = form.getByLabel(/^Limit in/);
  await value.fill('a lot');
  await form.getByRole('button', { name: 'Save limit' }).click();
  await expect(alert(admin)).toHaveCount(1);
  await expect(value).toHaveAccessibleDescription(/Enter a number of gigabytes/);
  await expect(value).toHaveValue('a lot');
  await expect(admin.getByRole('form', { name: 'Compute limit' }).getByLabel(/^Limit in/)).toHaveValue('');
  await value.fill('18');
  await form.getByLabel('When it is reached').selectOption('Cap and warn');
  await form.getByRole('button', { name: 'Save limit' }).click();
  await expect(form.getByRole('alert')).toContainText('Saved.');
  await expect(admin.getByRole('article', { name: /^Storage/ })).toContainText('15 GB of 18 GB (cap and warn)');

  const stale = secondAdmin.getByRole('form', { name: 'Storage limit' });
  await stale.getByLabel(/^Limit in/).fill('5');
  await stale.getByRole('button', { name: 'Save limit' }).click();
  await expect(alert(secondAdmin)).toContainText('Someone else saved this page');
  await expect(stale.getByLabel(/^Limit in/)).toHaveValue('5');
  await stale.getByRole('link', { name: 'Load theirs' }).click();
  await expect(stale.getByLabel(/^Limit in/)).toHaveValue('18');

  await admin.goto(usage);
  await admin.getByRole('article', { name: /^Compute/ }).getByRole('link', { name: /What would a cap stop/ }).click();
  await admin.getByText('2 workspaces would go to sleep').click();
  await expect(admin.getByRole('listitem').filter({ hasText: 'training' })).toBeVisible();
  await admin.getByRole('form', { name: 'Test the warning of storage' }).getByRole('button').click();
  await expect(alert(admin)).toContainText('Nobody owns the organization yet');
});

test('a meter is added and archived', async ({ admin }) => {
  const key = unique('meter').replace(/-/g, '_');
  await admin.goto('/instance/meters');
  await field(admin, 'Key').fill('GPU');
  await field(admin, 'Name').fill('GPU time');
  await field(admin, 'Unit').fill('hours');
  await field(admin, 'Prices of one unit').fill('EUR 1.5');
  await admin.getByRole('radio', { name: /^Maximum/ }).check();
  await admin.getByRole('button', { name: 'Add meter' }).click();
  await expect(field(admin, 'Key')).toHaveAccessibleDescription(/A key begins with a small letter/);
  await expect(field(admin, 'Prices of one unit')).toHaveValue('EUR 1.5');
  await expect(admin.getByRole('radio', { name: /^Maximum/ })).toBeChecked();
  await field(admin, 'Key').fill(key);
  await admin.getByRole('button', { name: 'Add meter' }).click();
  await expect(heading(admin, 'GPU time')).toBeVisible();
  await admin.getByRole('switch', { name: 'Archived' }).check();
  await admin.getByRole('button', { name: 'Save meter' }).click();
  await expect(admin.getByText('This meter is archived')).toBeVisible();
  await expect(admin.getByRole('switch', { name: 'Archived' })).toBeChecked();
});

test('the rules of signing in are saved, and everybody signs in again', async ({
  admin,
  secondAdmin,
  organization,
  ownerOf,
  browserOf,
}) => {
  const path = `/organizations/${organization.handle}/authentication`;
  const owner = await browserOf(await ownerOf(organization));
  await admin.goto(path);
  await secondAdmin.goto(path);
  await field(admin, 'Hours in the console').fill('48');
  await field(admin, 'Days a token may live').fill('1');
  await admin.getByRole('button', { name: 'Save rules' }).click();
  await expect(field(admin, 'Days a token may live')).toHaveAccessibleDescription(/shorter than a session of 48 hours/);
  await expect(field(admin, 'Hours in the console')).toHaveValue('48');
  await field(admin, 'Days a token may live').fill('30');
  await admin.getByRole('button', { name: 'Save rules' }).click();
  await expect(alert(admin)).toContainText('Saved.');
  await field(secondAdmin, 'Hours on the command line').fill('4');
  await secondAdmin.getByRole('button', { name: 'Save rules' }).click();
  await expect(alert(secondAdmin)).toContainText('Someone else saved this page');
  await expect(field(secondAdmin, 'Hours on the command line')).toHaveValue('4');

  await admin.getByRole('button', { name: 'Reset authentication' }).click();
  const dialog = admin.getByRole('dialog', { name: 'Reset authentication' });
  await expect(dialog).toContainText('1 person has to sign in again');
  await dialog.getByRole('button', { name: 'Reset now' }).click();
  await expect(alert(admin)).toContainText('are refused from now on');
  await owner.goto(`/organizations/${organization.handle}`);
  await expect(owner).toHaveURL(/\/sign-in\?next=/);
});

test('the instance is set, and a deletion is scheduled and called off', async ({ emptyServer, browser, complaints }) => {
  const context = await browser.newContext({ baseURL: emptyServer.url });
  await complaints.hearOf(context);
  const page = await context.newPage();
  const person = someone('Ada Administrator');
  await page.goto(emptyServer.firstRunLink ?? '');
  await fillPerson(page, person);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.goto('/instance/settings');
  await field(page, 'Days until').fill('forever');
  await page.getByRole('switch', { name: 'Owners may delete their organization' }).uncheck();
  await page.getByRole('button', { name: 'Save settings' }).click();
  await expect(field(page, 'Days until')).toHaveAccessibleDescription(/number of days from 0 to 365/);
  await expect(field(page, 'Days until')).toHaveValue('forever');
  await expect(page.getByRole('switch', { name: 'Owners may delete their organization' })).not.toBeChecked();
  await field(page, 'Days until').fill('7');
  await page.getByRole('button', { name: 'Save settings' }).click();
  await expect(alert(page)).toContainText('Saved.');

  const organization = await createOrganization(page.request);
  await page.goto(settings(organization.handle));
  await page.getByRole('button', { name: 'Delete this organization' }).click();
  const modal = page.getByRole('dialog', { name: `Delete ${organization.name}` });
  await expect(modal).toContainText('For 7 days platform administrators can restore it');
  await modal.getByRole('textbox', { name: 'Organization name' }).fill(organization.handle);
  await modal.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page).toHaveURL(/\/processes\//);
  await page.getByRole('button', { name: 'Restore the organization' }).click();
  await expect(heading(page, organization.name)).toBeVisible();
  await context.close();
});

test('a step is retried and given up', async ({ admin, administration, organization, receiver }) => {
  receiver.resources.add('vm-1');
  receiver.stubborn.add('vm-1');
  await connectAccount(administration, organization, receiver);
  await admin.goto(settings(organization.handle));
  await admin.getByRole('button', { name: 'Delete this organization' }).click();
  const modal = admin.getByRole('dialog', { name: `Delete ${organization.name}` });
  await modal.getByRole('textbox', { name: 'Organization name' }).fill(organization.handle);
  await modal.getByRole('button', { name: 'Delete for good' }).click();
  // The page looks again by itself until it has to wait.
  await expect(admin.getByText('Waiting for the next attempt')).toBeVisible();
  const asked = () => Math.max(...[...receiver.effects.values()].map(({ times }) => times));
  const before = asked();
  await admin.getByRole('button', { name: 'Retry now' }).click();
  await expect.poll(asked).toBeGreaterThan(before);
  await expect(admin.getByText('Waiting for the next attempt')).toBeVisible();
  const step = admin.getByRole('region', { name: 'Steps' }).getByRole('listitem').filter({ hasText: 'End The vm-1' });
  await step.getByText('Give this step up…').click();
  await step.getByLabel('Reason').fill('The provider went out of business.');
  await step.getByRole('button', { name: 'Give up' }).click();
  await expect(heading(admin, `Deleted ${organization.name}`)).toBeVisible();
  await expect(step).toContainText('The provider went out of business.');
  await admin.goto('/processes?state=succeeded');
  await expect(admin.getByRole('link', { name: `Delete ${organization.name}` })).toBeVisible();
});

test('a test report, its links, and the end of it', async ({ admin, administration, browserOf, organization }) => {
  const recipient = `${unique('reader')}@tenant.example`;
  await turnReportOn(administration, organization, recipient);
  await admin.goto(settings(organization.handle));
  await admin.getByRole('button', { name: 'Send test report now' }).click();
  await expect(alert(admin)).toContainText('A test report was mailed to 1 address.');
  await admin.goto('/instance/mail');
  await admin.getByRole('row', { name: new RegExp(recipient) }).getByRole('link').click();
  await admin.getByRole('button', { name: 'Reveal links' }).click();
  const link = linkIn(await admin.getByText('/unsubscribe?token=').innerText());

  const reader = await browserOf();
  await reader.goto(link);
  await expect(reader).toHaveURL('/unsubscribe');
  await reader.getByRole('button', { name: 'Unsubscribe' }).click();
  await expect(alert(reader)).toContainText('You are unsubscribed');
});

test('a plan is added, bought, cancelled and kept, and its invoice settled', async ({ admin, organization }) => {
  const key = unique('team');
  await admin.goto('/instance/plans');
  const add = admin.getByRole('form', { name: 'Add a plan' });
  await add.getByLabel('Name').fill('Team');
  await add.getByLabel('Key').fill(key);
  await add.getByLabel('Currency').fill('EUR');
  await add.getByLabel('Price a month').fill('4.999');
  await add.getByLabel('Days of trial').fill('0');
  await add.getByRole('button', { name: 'Add plan' }).click();
  await expect(add.getByLabel('Price a month')).toHaveAccessibleDescription(/at most 2 decimals/);
  await expect(add.getByLabel('Key')).toHaveValue(key);
  await add.getByLabel('Price a month').fill('49');
  await add.getByRole('button', { name: 'Add plan' }).click();
  await expect(heading(admin, 'Team')).toBeVisible();
  await field(admin, 'Users included').fill('3');
  await admin.getByRole('button', { name: 'Save plan' }).click();
  await expect(alert(admin)).toContainText('Saved.');

  const path = `/organizations/${organization.handle}/billing`;
  await admin.goto(path);
  await admin.locator(`button[value="${key}"]`).click();
  await expect(admin.getByRole('region', { name: 'Plan', exact: true })).toContainText('Active');
  await admin.getByText('Cancel the plan…').click();
  await admin.getByRole('button', { name: 'Cancel at the end of the cycle' }).click();
  await expect(admin.getByText(/^Ends on/)).toBeVisible();
  await admin.getByRole('button', { name: 'Keep the plan' }).click();
  await expect(admin.getByText('Cancel the plan…')).toBeVisible();
  await admin.getByRole('link', { name: /^INV-/ }).first().click();
  await field(admin, 'Note').fill('x'.repeat(300));
  await admin.getByRole('button', { name: 'Mark as paid' }).click();
  await expect(admin.getByRole('region', { name: 'Invoice', exact: true })).toContainText('Paid');
});

test('a test mail', async ({ admin }) => {
  await admin.goto('/instance/mail');
  await admin.getByRole('button', { name: 'Send test mail to me' }).click();
  await expect(alert(admin).filter({ hasText: 'A test mail to' })).toBeVisible();
});
