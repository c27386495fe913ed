// Not a test: pictures of every page to look at, by `npm run pictures`. They land in target/screenshots; the README's
// in docs/images.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { test } from './fixtures.ts';
import { askToBeSignedIn, createOrganization, createPlan, setGrace, subscribe } from './console.ts';
import { comparison, openEditor, write } from './editor.ts';
import { alert, field, heading, visit } from './page.ts';
import { linkIn, sendTestReport, turnReportOn } from './report.ts';
import { someUse } from './usage.ts';
import { file, halves } from './picture.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'target/screenshots');

test.use({ filling: 'the demonstration' });

/** Monaco lays itself out in one frame and paints in the next. */
async function painted(page: Page) {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** The page in either theme, at the width of a desk and of a phone: all of it, or what the window shows. */
async function picture(page: Page, name: string, shown: 'page' | 'window' = 'page') {
  await mkdir(folder, { recursive: true });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 800 });
      // What stays in view would stand in the middle of the whole page.
      await page.evaluate(() => scrollTo(0, 0));
      await painted(page);
      await page.screenshot({
        path: join(folder, `${name}-${width}-${colorScheme}.png`),
        fullPage: shown === 'page',
        animations: 'disabled',
      });
    }
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}

test('the profile', async ({ admin, organization }) => {
  await visit(admin, `/organizations/${organization.handle}/profile`);
  await field(admin, 'New handle').fill(`${organization.handle}-2`);
  await admin.getByRole('button', { name: 'Preview the change' }).click();
  const dialog = admin.getByRole('dialog', { name: 'Change the handle' });
  await dialog.waitFor();
  await picture(admin, 'profile-rename', 'window');
  await dialog.getByRole('button', { name: 'Change the handle' }).click();
  await admin.getByRole('button', { name: `Retire ${organization.handle}` }).waitFor();
  await picture(admin, 'profile');
});

test('workspaces, cloud accounts, secrets and processes', async ({ admin, administration, organization, receiver }) => {
  test.slow();
  await setGrace(administration, 0);
  const path = `/organizations/${organization.handle}`;
  await visit(admin, `${path}/workspaces`);
  await picture(admin, 'workspaces-none');
  for (const name of ['build', 'staging', 'training']) {
    await field(admin, 'Name').fill(name);
    await admin.getByRole('button', { name: 'Create workspace' }).click();
    await admin.getByRole('link', { name, exact: true }).waitFor();
  }
  await admin.getByRole('button', { name: 'Archive staging' }).click();
  await admin.getByRole('button', { name: 'Restore staging' }).waitFor();
  await picture(admin, 'workspaces');
  await admin.getByRole('link', { name: 'staging', exact: true }).click();
  await heading(admin, 'staging').waitFor();
  await picture(admin, 'workspace');

  await visit(admin, `${path}/secrets`);
  await field(admin, 'Name').fill('db-password');
  await field(admin, 'Value').fill('hunter2');
  await admin.getByRole('button', { name: 'Set secret' }).click();
  await admin.getByRole('button', { name: 'Remove db-password' }).waitFor();
  await picture(admin, 'secrets');
  await visit(admin, `${path}/authentication`);
  await picture(admin, 'authentication');
  await admin.getByRole('button', { name: 'Reset authentication' }).click();
  await admin.getByRole('dialog', { name: 'Reset authentication' }).waitFor();
  await picture(admin, 'authentication-reset', 'window');

  await visit(admin, `${path}/cloud-accounts`);
  await picture(admin, 'cloud-accounts-none');
  for (const n of [1, 2, 3]) {
    receiver.resources.add(`vm-${n}`);
  }
  receiver.stubborn.add('vm-2');
  await field(admin, 'Name').fill('Main');
  await field(admin, 'Provider').fill('hetzner');
  await field(admin, 'Address').fill(receiver.url);
  await field(admin, 'Secret').fill(receiver.secret);
  await admin.getByRole('button', { name: 'Connect account' }).click();
  await heading(admin, 'Main').waitFor();
  await picture(admin, 'cloud-account');
  await visit(admin, `${path}/cloud-accounts`);
  await picture(admin, 'cloud-accounts');

  await visit(admin, '/instance/settings');
  await picture(admin, 'instance');
  await visit(admin, `${path}/admin`);
  await admin.getByRole('button', { name: 'Delete this organization' }).click();
  await admin.getByRole('textbox', { name: 'Organization name' }).fill(organization.handle);
  await picture(admin, 'delete-whole', 'window');
  await admin.getByRole('button', { name: 'Delete for good' }).click();
  await admin.getByText('Waiting for the next attempt').waitFor();
  await admin.getByText('Give this step up…').click();
  await picture(admin, 'process');
  await visit(admin, '/processes');
  await picture(admin, 'processes');
});

test('what the demonstration holds', async ({ admin }) => {
  test.slow();
  for (const page of ['workspaces', 'cloud-accounts', 'secrets', 'authentication', 'processes']) {
    await visit(admin, `/organizations/acme/${page}`);
    await picture(admin, `acme-${page}`);
  }
  await visit(admin, '/organizations/acme/cloud-accounts');
  await admin.getByRole('link', { name: 'Production', exact: true }).click();
  await heading(admin, 'Production').waitFor();
  await picture(admin, 'acme-cloud-account');
  await visit(admin, '/organizations/fading-light');
  await picture(admin, 'scheduled');
  await admin.getByRole('link', { name: 'Watch the deletion' }).click();
  await admin.getByRole('button', { name: 'Restore the organization' }).waitFor();
  await picture(admin, 'scheduled-process');
  await visit(admin, '/processes');
  await picture(admin, 'processes-all');
  await visit(admin, '/instance/mail');
  await picture(admin, 'mail-all');
});

test('plans, billing and invoices', async ({ admin, administration, organization }) => {
  test.slow();
  const path = `/organizations/${organization.handle}/billing`;
  await visit(admin, '/instance/plans');
  await picture(admin, 'plans-none');
  const plan = await createPlan(administration, { price: '49', name: 'Team' });
  await createPlan(administration, { price: '199', name: 'Company', trial: '14' });
  await visit(admin, '/instance/plans');
  await picture(admin, 'plans');
  await visit(admin, `/instance/plans/${plan}`);
  await picture(admin, 'plan');
  await visit(admin, path);
  await picture(admin, 'billing-none');
  await subscribe(administration, organization, plan);
  await visit(admin, path);
  await field(admin, 'Agreed way to pay').fill('Bank transfer');
  await admin.getByRole('button', { name: 'Note it' }).click();
  await admin.getByRole('button', { name: 'Remove Bank transfer' }).waitFor();
  await admin.getByText('Show its lines').click();
  await admin.getByText('Cancel the plan…').click();
  await picture(admin, 'billing');
  await admin.getByRole('link', { name: /^INV-/ }).first().click();
  await admin.getByText('Void this invoice…').click();
  await picture(admin, 'invoice');
  await visit(admin, '/instance/invoices');
  await picture(admin, 'invoices');
});

test('the avatar', async ({ admin, organization }) => {
  await visit(admin, `/organizations/${organization.handle}/profile`);
  await field(admin, 'Picture').setInputFiles(file(halves(300, 100)));
  const dialog = admin.getByRole('dialog', { name: 'Cut out a square' });
  await dialog.waitFor();
  await picture(admin, 'avatar-crop', 'window');
  await dialog.getByRole('button', { name: 'Save avatar' }).click();
  await admin.getByRole('button', { name: 'Reset avatar' }).waitFor();
  await picture(admin, 'avatar');
});

test('the audit log', async ({ admin }) => {
  await visit(admin, '/organizations/acme/audit');
  await admin.getByText('Entry 1', { exact: true }).click();
  await picture(admin, 'audit');
});

test('the audit log’s stream', async ({ admin, organization, logReceiver }) => {
  logReceiver.status = 503;
  await visit(admin, `/organizations/${organization.handle}/audit`);
  await field(admin, "Receiver's address").fill(logReceiver.url);
  await admin.getByRole('button', { name: 'Start streaming' }).click();
  await admin.getByRole('button', { name: 'Send a test' }).click();
  await admin.getByText("The test event didn't arrive").waitFor();
  await picture(admin, 'audit-stream');
});

test('mail', async ({ admin, administration, organization }) => {
  await turnReportOn(administration, organization, 'grace@tenant.example');
  await sendTestReport(administration, organization);
  await visit(admin, '/instance/mail');
  await picture(admin, 'mail');
  await admin.getByRole('row', { name: /grace@tenant\.example/ }).getByRole('link').click();
  await admin.getByRole('button', { name: 'Reveal links' }).click();
  const text = admin.getByText('/unsubscribe?token=');
  await text.waitFor();
  await picture(admin, 'mail-revealed');
  await visit(admin, linkIn(await text.innerText()));
  await picture(admin, 'unsubscribe');
});

test('access tokens', async ({ admin }) => {
  await visit(admin, '/account/tokens');
  await picture(admin, 'tokens-none');
  for (const name of ['CI', 'Nightly report']) {
    await field(admin, 'Name').fill(name);
    await admin.getByRole('button', { name: 'Create token' }).click();
    await admin.getByRole('textbox', { name: `New token “${name}”` }).waitFor();
  }
  await admin.getByRole('button', { name: 'Turn off CI' }).click();
  await admin.getByRole('button', { name: 'Delete CI' }).waitFor();
  await picture(admin, 'tokens');
  await admin.goto('/api/v1/reference');
  await picture(admin, 'reference', 'window');
});

test('service accounts and other tokens', async ({ admin, organization }) => {
  const path = `/organizations/${organization.handle}`;
  await visit(admin, `${path}/service-accounts`);
  await picture(admin, 'service-accounts-none');
  for (const name of ['Backup', 'Deployment']) {
    await visit(admin, `${path}/service-accounts`);
    await field(admin, 'Name').fill(name);
    await field(admin, 'Description').fill('Runs in the pipeline of the platform team; ask Grace');
    await admin.getByRole('radio', { name: /^Owner/ }).check();
    await admin.getByRole('button', { name: 'Add service account' }).click();
    await heading(admin, name).waitFor();
  }
  const form = admin.getByRole('form', { name: 'New token' });
  const create = async (name: string) => {
    await form.getByLabel('Name').fill(name);
    await admin.getByRole('button', { name: 'Create token' }).click();
    const secret = admin.getByRole('textbox', { name: `New token “${name}”` });
    await secret.waitFor();
    return secret.inputValue();
  };
  await form.getByRole('radio', { name: /^Everything its role may/ }).check();
  const token = await create('pipeline');
  const headers = { Authorization: `Bearer ${token}` };
  await admin.request.post(`/api/v1${path}/workspaces`, { headers, data: { name: 'build' } });
  await admin.reload();
  await admin.getByRole('table', { name: 'What it did last' }).waitFor();
  await form.getByRole('radio', { name: /^Only these permissions/ }).check();
  await form.getByText('All permissions').click();
  await form.getByLabel('Expires after').selectOption('On a day you choose');
  await picture(admin, 'service-account');
  await visit(admin, `${path}/service-accounts`);
  await picture(admin, 'service-accounts');
  await visit(admin, `${path}/authentication`);
  await picture(admin, 'authentication-with-programs');
  await visit(admin, `${path}/workspaces`);
  await admin.getByRole('link', { name: 'build', exact: true }).click();
  await create('init');
  await picture(admin, 'workspace-token');
  await visit(admin, '/instance/tokens');
  await create('Terraform');
  await form.getByRole('radio', { name: /^Meter/ }).check();
  await create('Billing meter');
  await picture(admin, 'instance-tokens');
});

test('usage, its limits, and meters', async ({ admin, administration, organization }) => {
  test.slow();
  const acme = '/organizations/acme/usage';
  await visit(admin, acme);
  await picture(admin, 'usage');
  await visit(admin, `${acme}?range=365d&rehearse=compute`);
  await admin.getByText(/workspaces? would go to sleep/).click();
  await admin.getByRole('slider', { name: 'Days of Compute per day' }).focus();
  await picture(admin, 'usage-year');
  await visit(admin, `${acme}/workspaces`);
  await picture(admin, 'usage-workspaces');
  await admin.getByRole('link', { name: 'build', exact: true }).click();
  await admin.getByText('Only the use of the workspace').waitFor();
  await picture(admin, 'usage-of-one');
  await visit(admin, '/organizations/northwind/usage');
  await picture(admin, 'usage-capped');

  const usage = `/organizations/${organization.handle}/usage`;
  await visit(admin, usage);
  await picture(admin, 'usage-none');
  await visit(admin, `${usage}/workspaces`);
  await picture(admin, 'usage-workspaces-none');
  await someUse(administration, organization);
  await visit(admin, usage);
  const limit = admin.getByRole('form', { name: 'Compute limit' });
  await limit.getByLabel('Limit in minutes').fill('a lot');
  await limit.getByRole('button', { name: 'Save limit' }).click();
  await alert(admin).filter({ hasText: 'The limit was not saved' }).waitFor();
  await picture(admin, 'usage-refused');

  await visit(admin, '/instance/meters');
  await field(admin, 'Key').fill('GPU');
  await field(admin, 'Name').fill('GPU');
  await field(admin, 'Unit').fill('hours');
  await admin.getByRole('button', { name: 'Add meter' }).click();
  await alert(admin).waitFor();
  await picture(admin, 'meters');
  await admin.getByRole('link', { name: 'GPU time' }).click();
  await heading(admin, 'GPU time').waitFor();
  await picture(admin, 'meter');
});

test('approving a sign-in', async ({ admin }) => {
  const { user_code } = await askToBeSignedIn(admin.request);
  await visit(admin, '/device');
  await field(admin, 'Code').fill('BCDF-GHJ');
  await admin.getByRole('button', { name: 'Continue' }).click();
  await alert(admin).waitFor();
  await picture(admin, 'device');
  await field(admin, 'Code').fill(user_code);
  await admin.getByRole('button', { name: 'Continue' }).click();
  await heading(admin, 'Sign in the Tenantry command line?').waitFor();
  await picture(admin, 'device-question');
  await admin.getByRole('button', { name: 'Approve' }).click();
  await heading(admin, 'The Tenantry command line is signed in').waitFor();
  await picture(admin, 'device-approved');
});

test('not signed in', async ({ page, organization, emptyServer }) => {
  await visit(page, '/sign-in');
  await picture(page, 'sign-in');
  await field(page, 'Email').fill('olga@acme.example');
  await field(page, 'Password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await alert(page).waitFor();
  await picture(page, 'sign-in-refused');
  await visit(page, '/join');
  await picture(page, 'join');
  await visit(page, organization.link);
  await picture(page, 'bootstrap');
  await visit(page, '/bootstrap?token=none');
  await picture(page, 'bootstrap-dead');
  await visit(page, emptyServer.url);
  await picture(page, 'first-run');
  await visit(page, emptyServer.firstRunLink ?? '');
  await picture(page, 'setup');
});

test('organizations', async ({ admin }) => {
  await visit(admin, '/organizations');
  await picture(admin, 'organizations');
  await admin.getByRole('button', { name: 'Switch organization' }).click();
  await admin.getByRole('option').first().waitFor();
  await picture(admin, 'switcher', 'window');
  await admin.keyboard.press('Escape');
  await admin.getByRole('button', { name: 'Account:' }).click();
  await picture(admin, 'account', 'window');
  await visit(admin, '/organizations?search=nothing-of-the-kind');
  await picture(admin, 'organizations-none');
  await heading(admin, 'Organizations').focus();
  await admin.keyboard.press('?');
  await picture(admin, 'keys', 'window');
  await visit(admin, '/organizations/new');
  await picture(admin, 'new');
  await field(admin, 'Display name').fill('Acme');
  await admin.getByRole('button', { name: 'Create organization' }).click();
  await alert(admin).waitFor();
  await picture(admin, 'new-refused');
  await field(admin, 'Handle').fill('acme-two');
  await admin.getByRole('button', { name: 'Create organization' }).click();
  await heading(admin, 'Acme is ready').waitFor();
  await picture(admin, 'new-created');
  await visit(admin, '/organizations/acme');
  await picture(admin, 'overview');
  await visit(admin, '/organizations/late-bloom');
  await picture(admin, 'overview-waiting');
  await visit(admin, '/no-such-page');
  await picture(admin, 'not-found');
});

test('admin', async ({ admin, secondAdmin, administration }) => {
  test.slow();
  await setGrace(administration, 0);
  await visit(admin, '/organizations/acme/admin');
  await openEditor(admin);
  await admin.evaluate(() => scrollTo(0, 0));
  await picture(admin, 'admin');
  await write(admin, '{\n  "k8sMount": [],\n  "dns": ["10.0.0.1"]\n}');
  await field(admin, 'Platform Domain').fill('no host at all');
  await admin.getByRole('button', { name: 'Save Configuration' }).click();
  await alert(admin).filter({ hasText: 'The configuration was not saved' }).waitFor();
  await picture(admin, 'admin-refused');

  await visit(admin, '/organizations/acme/admin/revisions/3');
  await comparison(admin).waitFor();
  await picture(admin, 'revision');

  const organization = await createOrganization(administration);
  const path = `/organizations/${organization.handle}/admin`;
  await visit(admin, path);
  await visit(secondAdmin, path);
  await field(secondAdmin, 'Platform Domain').fill('theirs.example.com');
  await secondAdmin.getByRole('button', { name: 'Save Configuration' }).click();
  await secondAdmin.getByText('Saved: Platform Domain.').waitFor();
  await secondAdmin.getByRole('button', { name: 'Rotate link' }).click();
  await secondAdmin.getByRole('textbox', { name: 'New bootstrap link' }).waitFor();
  await picture(secondAdmin, 'admin-waiting');
  await field(admin, 'Platform Domain').fill('mine.example.com');
  await admin.getByRole('switch', { name: 'Receive Active User Report' }).check();
  await admin.getByRole('button', { name: 'Save Configuration' }).click();
  await admin.getByRole('button', { name: 'Take theirs' }).first().waitFor();
  await picture(admin, 'admin-conflict');
  await admin.getByRole('link', { name: 'Overview' }).click();
  await picture(admin, 'leave', 'window');
  await admin.getByRole('button', { name: 'Discard and leave' }).click();
  await heading(admin, organization.name).waitFor();

  await visit(admin, path);
  await admin.getByRole('button', { name: 'Delete this organization' }).click();
  await admin.getByRole('textbox', { name: 'Organization name' }).waitFor();
  await picture(admin, 'delete', 'window');
  await admin.getByRole('textbox', { name: 'Organization name' }).fill(organization.handle);
  await admin.getByRole('button', { name: 'Delete for good' }).click();
  await heading(admin, `Deleted ${organization.name}`).waitFor();
  await picture(admin, 'deletion');
});

test('the picture of the README', async ({ admin }) => {
  await mkdir(join(root, 'docs/images'), { recursive: true });
  await admin.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await admin.setViewportSize({ width: 1280, height: 1000 });
  await visit(admin, '/organizations/acme/admin');
  await admin.screenshot({ path: join(root, 'docs/images/admin.png'), animations: 'disabled' });
});
