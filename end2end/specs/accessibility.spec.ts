import { expect, test } from '../support/fixtures.ts';
import { expectAccessible, expectToFit } from '../support/accessibility.ts';
import {
  askToBeSignedIn,
  connectAccount,
  createOrganization,
  createPlan,
  createWorkspace,
  setGrace,
  setSecret,
  subscribe,
} from '../support/console.ts';
import { expectDiffReady, openEditor, write } from '../support/editor.ts';
import { alert, field, heading, visit } from '../support/page.ts';
import { file, halves } from '../support/picture.ts';
import { linkIn, sendTestReport, turnReportOn } from '../support/report.ts';
import { someUse } from '../support/usage.ts';

test.use({ filling: 'the demonstration' });

test('pages of people who are not signed in', async ({ page, organization }) => {
  await visit(page, '/sign-in');
  await expectAccessible(page);
  await expectToFit(page);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await field(page, 'Email').fill('nobody@demo.example');
  await field(page, 'Password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(alert(page)).toBeVisible();
  await expectAccessible(page);
  await expectToFit(page);

  await visit(page, '/join');
  await expectAccessible(page);
  await expectToFit(page);
  await visit(page, organization.link);
  await field(page, 'Password').fill('short');
  await expect(page.getByText('at least 15 characters; this one')).toBeVisible();
  await expectAccessible(page);
  await expectToFit(page);
});

test('pages of the first run and of dead links', async ({ page, emptyServer }) => {
  await visit(page, emptyServer.url);
  await expectAccessible(page);
  await visit(page, emptyServer.firstRunLink ?? '');
  await expectAccessible(page);
  await expectToFit(page);
  await visit(page, `${emptyServer.url}/bootstrap?token=none`);
  await expectAccessible(page);
  await expectToFit(page);
});

test('the organizations', async ({ admin }) => {
  await visit(admin, '/organizations');
  await expectAccessible(admin);
  await expectToFit(admin);
  await admin.getByRole('button', { name: 'Switch organization' }).click();
  await expect(admin.getByRole('listbox', { name: 'Organizations' }).getByRole('option')).not.toHaveCount(0);
  await expectAccessible(admin);
  await expectToFit(admin);
  await admin.keyboard.press('Escape');
  await admin.getByRole('button', { name: 'Account:' }).click();
  await expect(admin.getByRole('button', { name: 'Sign out' })).toBeVisible();
  await expectAccessible(admin);
  await admin.keyboard.press('Escape');
  await visit(admin, '/organizations?search=nothing-of-the-kind&state=deleting');
  await expectAccessible(admin);
  await expectToFit(admin);
  await heading(admin, 'Organizations').focus();
  await admin.keyboard.press('?');
  await expect(admin.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await expectAccessible(admin);
});

test('a new organization, before and after', async ({ admin }) => {
  await visit(admin, '/organizations/new');
  await expectAccessible(admin);
  await expectToFit(admin);
  await field(admin, 'Display name').fill('Acme');
  await field(admin, 'Handle').fill('a c m e');
  await admin.getByRole('button', { name: 'Create organization' }).click();
  await expect(alert(admin)).toBeVisible();
  await expectAccessible(admin);
  await field(admin, 'Handle').fill('a-new-one-to-look-at');
  await admin.getByRole('button', { name: 'Create organization' }).click();
  await expect(heading(admin, 'Acme is ready')).toBeVisible();
  await expectAccessible(admin);
  await expectToFit(admin);
});

test('the profile, and a change of handle', async ({ admin, organization }) => {
  await visit(admin, `/organizations/${organization.handle}/profile`);
  await expectAccessible(admin);
  await expectToFit(admin);
  await field(admin, 'New handle').fill(`${organization.handle}-2`);
  await admin.getByRole('button', { name: 'Preview the change' }).click();
  const dialog = admin.getByRole('dialog', { name: 'Change the handle' });
  await expect(dialog).toBeVisible();
  await expectAccessible(admin);
  await expectToFit(admin);
  await dialog.getByRole('button', { name: 'Change the handle' }).click();
  await expect(admin.getByRole('button', { name: `Retire ${organization.handle}` })).toBeVisible();
  await expectAccessible(admin);
  await expectToFit(admin);
});

test('plans, billing and invoices', async ({ admin, administration, organization }) => {
  test.slow();
  await visit(admin, `/organizations/${organization.handle}/billing`);
  await expectAccessible(admin);
  await expectToFit(admin);
  const plan = await createPlan(administration, { price: '49', name: 'Team' });
  await visit(admin, '/instance/plans');
  for (const label of ['Name', 'Key', 'Currency', 'Price a month']) {
    await field(admin, label).fill('?');
  }
  await admin.getByRole('button', { name: 'Add plan' }).click();
  await expect(alert(admin)).toBeVisible();
  await expectAccessible(admin);
  await expectToFit(admin);
  await visit(admin, `/instance/plans/${plan}`);
  await expectAccessible(admin);
  await expectToFit(admin);
  await subscribe(administration, organization, plan);
  await visit(admin, `/organizations/${organization.handle}/billing`);
  await admin.getByText('Show its lines').click();
  await admin.getByText('Cancel the plan…').click();
  await field(admin, 'Agreed way to pay').fill('Bank transfer');
  await admin.getByRole('button', { name: 'Note it' }).click();
  await expect(admin.getByRole('button', { name: 'Remove Bank transfer' })).toBeVisible();
  await expectAccessible(admin);
  await expectToFit(admin);
  await admin.getByRole('link', { name: /^INV-/ }).first().click();
  await admin.getByText('Void this invoice…').click();
  await expectAccessible(admin);
  await expectToFit(admin);
  for (const state of ['', '?state=void']) {
    await visit(admin, `/instance/invoices${state}`);
    await expectAccessible(admin);
    await expectToFit(admin);
  }
});

test('the audit log', async ({ admin, organization }) => {
  await visit(admin, `/organizations/${organization.handle}/audit`);
  await admin.getByText('Entry 1').click();
  await expectAccessible(admin);
  await expectToFit(admin);
  await visit(admin, `/organizations/${organization.handle}/audit?from=2999-01-01`);
  await expectAccessible(admin);
  await expectToFit(admin);
});

test('the audit log’s stream', async ({ admin, organization, logReceiver }) => {
  logReceiver.status = 503;
  await visit(admin, `/organizations/${organization.handle}/audit`);
  await field(admin, "Receiver's address").fill(logReceiver.url);
  await admin.getByRole('button', { name: 'Start streaming' }).click();
  await admin.getByRole('button', { name: 'Send a test' }).click();
  await expect(admin.getByText("The test event didn't arrive")).toBeVisible();
  await expectAccessible(admin);
  await expectToFit(admin);
});

test('access tokens', async ({ admin }) => {
  await visit(admin, '/account/tokens');
  await expectAccessible(admin);
  await expectToFit(admin);
  await field(admin, 'Name').fill('CI');
  await admin.getByRole('button', { name: 'Create token' }).click();
  await expect(admin.getByRole('textbox', { name: 'New token “CI”' })).toBeVisible();
  await expectAccessible(admin);
  await expectToFit(admin);
});

test('the reference of the API', async ({ admin }) => {
  // It is long, and every word of it is looked at.
  test.slow();
  await admin.goto('/api/v1/reference');
  await expectAccessible(admin);
  await expectToFit(admin);
});

test('approving a sign-in', async ({ admin }) => {
  const { user_code } = await askToBeSignedIn(admin.request);
  await visit(admin, '/device');
  await expectAccessible(admin);
  await expectToFit(admin);
  await field(admin, 'Code').fill('wrong');
  await admin.getByRole('button', { name: 'Continue' }).click();
  await expect(alert(admin)).toBeVisible();
  await expectAccessible(admin);
  await field(admin, 'Code').fill(user_code);
  await admin.getByRole('button', { name: 'Continue' }).click();
  await expect(heading(admin, 'Sign in the Tenantry command line?')).toBeVisible();
  await expectAccessible(admin);
  await expectToFit(admin);
  await admin.getByRole('button', { name: 'Approve' }).click();
  await expect(heading(admin, 'The Tenantry command line is signed in')).toBeVisible();
  await expectAccessible(admin);
  await expectToFit(admin);
});

test('an organization’s landing page and its navigation', async ({ admin, organization }) => {
  for (const handle of ['acme', organization.handle]) {
    await visit(admin, `/organizations/${handle}`);
    await expectAccessible(admin);
    await expectToFit(admin);
  }
  await admin.setViewportSize({ width: 390, height: 800 });
  await admin.getByRole('button', { name: 'Navigation' }).click();
  await expect(admin.getByRole('navigation', { name: 'Organization' })).toBeVisible();
  await expectAccessible(admin);
  await admin.getByRole('link', { name: 'Admin' }).click();
  await expect(heading(admin, 'Admin')).toBeVisible();
});

test('the Admin page', async ({ admin }) => {
  await visit(admin, '/organizations/acme/admin');
  await expectAccessible(admin);
  await expectToFit(admin);
  await openEditor(admin);
  await write(admin, '{ "k8sMount": [] }');
  await expect(admin.getByRole('list', { name: 'Remarks' })).toContainText('k8sMounts');
  await field(admin, 'Platform Domain').fill('no host at all');
  await admin.getByRole('button', { name: 'Save Configuration' }).click();
  await expect(alert(admin).filter({ hasText: 'The configuration was not saved' })).toBeVisible();
  await expectAccessible(admin);
  await expectToFit(admin);
});

test('a conflict, a saved page and a new link', async ({ admin, secondAdmin, organization }) => {
  const path = `/organizations/${organization.handle}/admin`;
  await visit(admin, path);
  await visit(secondAdmin, path);
  await field(secondAdmin, 'Platform Domain').fill('theirs.example.com');
  await secondAdmin.getByRole('button', { name: 'Save Configuration' }).click();
  await expect(secondAdmin.getByText('Saved: Platform Domain.')).toBeVisible();
  await secondAdmin.getByRole('button', { name: 'Rotate link' }).click();
  await expect(secondAdmin.getByRole('textbox', { name: 'New bootstrap link' })).toBeVisible();
  await expectAccessible(secondAdmin);
  await expectToFit(secondAdmin);

  await field(admin, 'Platform Domain').fill('mine.example.com');
  await admin.getByRole('button', { name: 'Save Configuration' }).click();
  await expect(admin.getByRole('button', { name: 'Take theirs' }).first()).toBeVisible();
  await expectAccessible(admin);
  await expectToFit(admin);
  await admin.getByRole('link', { name: 'Overview' }).click();
  await expect(admin.getByRole('dialog', { name: 'Leave without saving?' })).toBeVisible();
  await expectAccessible(admin);
});

test('revisions', async ({ admin }) => {
  for (const version of [1, 2, 3]) {
    await visit(admin, `/organizations/acme/admin/revisions/${version}`);
    await expectDiffReady(admin);
    await expectAccessible(admin);
    await expectToFit(admin);
  }
});

test('an avatar, from its square to its place', async ({ admin, organization }) => {
  await visit(admin, `/organizations/${organization.handle}/profile`);
  await field(admin, 'Picture').setInputFiles(file(Buffer.from('some text')));
  await expect(field(admin, 'Picture')).toHaveAccessibleDescription(/isn't a/);
  await expectAccessible(admin);
  await field(admin, 'Picture').setInputFiles(file(halves(300, 100)));
  const dialog = admin.getByRole('dialog', { name: 'Cut out a square' });
  await expect(dialog).toBeVisible();
  await expectAccessible(admin);
  await expectToFit(admin);
  await dialog.getByRole('button', { name: 'Save avatar' }).click();
  await expect(admin.getByRole('button', { name: 'Reset avatar' })).toBeVisible();
  await expectAccessible(admin);
  await expectToFit(admin);
});

test('workspaces, and one in each state', async ({ admin, administration, organization }) => {
  const path = `/organizations/${organization.handle}/workspaces`;
  await visit(admin, path);
  await expectAccessible(admin);
  await expectToFit(admin);
  await field(admin, 'Name').fill('Not a name');
  await admin.getByRole('button', { name: 'Create workspace' }).click();
  await expect(alert(admin)).toBeVisible();
  await expectAccessible(admin);
  await createWorkspace(administration, organization, 'a-name-that-is-as-long-as-names-get');
  await visit(admin, `${path}?search=nothing-of-the-kind`);
  await expectAccessible(admin);
  await expectToFit(admin);
  for (const { handle } of [{ handle: 'acme' }, organization]) {
    await visit(admin, `/organizations/${handle}/workspaces`);
    await expectAccessible(admin);
    await expectToFit(admin);
  }
  for (const name of ['build', 'staging', 'trial-2025']) {
    await visit(admin, '/organizations/acme/workspaces');
    await admin.getByRole('link', { name, exact: true }).click();
    await expect(heading(admin, name)).toBeVisible();
    await expectAccessible(admin);
    await expectToFit(admin);
  }
});

test('cloud accounts, and what runs there', async ({ admin, administration, organization, receiver }) => {
  const path = `/organizations/${organization.handle}/cloud-accounts`;
  await visit(admin, path);
  await expectAccessible(admin);
  await expectToFit(admin);
  await admin.getByRole('radio', { name: /^Kubernetes/ }).check();
  await field(admin, 'Name').fill('Main');
  await field(admin, 'Provider').fill('own');
  await field(admin, 'Address').fill('nowhere');
  await field(admin, 'Secret').fill('short');
  await admin.getByRole('button', { name: 'Connect account' }).click();
  await expect(alert(admin)).toBeVisible();
  await expectAccessible(admin);
  await expectToFit(admin);

  await connectAccount(administration, organization, receiver);
  await visit(admin, path);
  await admin.getByRole('link', { name: 'Main', exact: true }).click();
  await expect(admin.getByText('Nothing runs there')).toBeVisible();
  await expectAccessible(admin);
  await expectToFit(admin);
  await visit(admin, '/organizations/acme/cloud-accounts');
  await expectAccessible(admin);
  await expectToFit(admin);
  for (const name of ['Production', 'Shared cluster']) {
    await visit(admin, '/organizations/acme/cloud-accounts');
    await admin.getByRole('link', { name, exact: true }).click();
    await expect(heading(admin, name)).toBeVisible();
    await expectAccessible(admin);
    await expectToFit(admin);
  }
});

test('secrets', async ({ admin, administration, organization }) => {
  const path = `/organizations/${organization.handle}/secrets`;
  await visit(admin, path);
  await expectAccessible(admin);
  await expectToFit(admin);
  await field(admin, 'Name').fill('a b');
  await admin.getByRole('button', { name: 'Set secret' }).click();
  await expect(alert(admin)).toBeVisible();
  await expectAccessible(admin);
  await setSecret(administration, organization, 'a-secret-whose-name-is-rather-long-for-a-small-phone');
  for (const handle of [organization.handle, 'acme']) {
    await visit(admin, `/organizations/${handle}/secrets`);
    await expectAccessible(admin);
    await expectToFit(admin);
  }
});

test('service accounts, and their tokens', async ({ admin, organization }) => {
  await visit(admin, `/organizations/${organization.handle}/service-accounts`);
  await expectAccessible(admin);
  await expectToFit(admin);
  await field(admin, 'Name').fill('Deployment');
  await field(admin, 'Description').fill('Rolls out each release; ask the platform team');
  await admin.getByRole('button', { name: 'Add service account' }).click();
  await expect(heading(admin, 'Deployment')).toBeVisible();
  await expectAccessible(admin);
  await expectToFit(admin);
  const form = admin.getByRole('form', { name: 'New token' });
  await form.getByRole('radio', { name: /^Only these permissions/ }).check();
  await form.getByText('All permissions').click();
  await form.getByLabel('Expires after').selectOption('On a day you choose');
  await form.getByLabel('Name').fill('pipeline');
  await form.getByRole('button', { name: 'Create token' }).click();
  await expect(alert(admin).filter({ hasText: 'No token was made' })).toBeVisible();
  await expectAccessible(admin);
  await expectToFit(admin);
  await form.getByRole('radio', { name: /^Reading/ }).check();
  await form.getByLabel('Expires after').selectOption('7 days');
  await form.getByRole('button', { name: 'Create token' }).click();
  await expect(admin.getByRole('textbox', { name: 'New token “pipeline”' })).toBeVisible();
  await admin.getByRole('button', { name: 'Turn off', exact: true }).click();
  await expect(admin.getByText('This account is off')).toBeVisible();
  await expectAccessible(admin);
  await expectToFit(admin);
  for (const path of ['/organizations/acme/service-accounts', '/instance/tokens']) {
    await visit(admin, path);
    await expectAccessible(admin);
    await expectToFit(admin);
  }
});

test('usage and its limits', async ({ admin, administration, organization }) => {
  test.slow();
  const acme = '/organizations/acme/usage';
  for (const path of [acme, `${acme}?range=365d&rehearse=compute`, `${acme}/workspaces`, '/organizations/northwind/usage']) {
    await visit(admin, path);
    await expectAccessible(admin);
    await expectToFit(admin);
  }
  const usage = `/organizations/${organization.handle}/usage`;
  for (const path of [usage, `${usage}/workspaces`]) {
    await visit(admin, path);
    await expectAccessible(admin);
    await expectToFit(admin);
  }
  const { build } = await someUse(administration, organization);
  await visit(admin, `${usage}?workspace=${build}`);
  await expectAccessible(admin);
  await expectToFit(admin);
  await visit(admin, usage);
  await admin.getByRole('slider', { name: 'Days of Compute per day' }).focus();
  await expectAccessible(admin);
  await expectToFit(admin);
  const form = admin.getByRole('form', { name: 'Compute limit' });
  await form.getByLabel(/^Limit in/).fill('a lot');
  await form.getByRole('button', { name: 'Save limit' }).click();
  await expect(alert(admin)).toBeVisible();
  await expectAccessible(admin);
  await expectToFit(admin);
  await form.getByLabel(/^Limit in/).fill('200');
  await form.getByRole('button', { name: 'Save limit' }).click();
  await expect(alert(admin).filter({ hasText: 'Saved.' })).toBeVisible();
  await expectAccessible(admin);
  await expectToFit(admin);
});

test('meters', async ({ admin }) => {
  await visit(admin, '/instance/meters');
  await expectAccessible(admin);
  await expectToFit(admin);
  await field(admin, 'Key').fill('user_count');
  await field(admin, 'Name').fill('Users');
  await field(admin, 'Unit').fill('users');
  await admin.getByRole('button', { name: 'Add meter' }).click();
  await expect(alert(admin)).toBeVisible();
  await expectAccessible(admin);
  await expectToFit(admin);
  await visit(admin, '/instance/meters/gpu_minutes');
  await expectAccessible(admin);
  await expectToFit(admin);
});

test('authentication, and its reset', async ({ admin, organization, ownerOf }) => {
  await ownerOf(organization);
  await visit(admin, `/organizations/${organization.handle}/authentication`);
  await expectAccessible(admin);
  await expectToFit(admin);
  await field(admin, 'Hours in the console').fill('for ever');
  await field(admin, 'Trusted email domains').fill('nowhere');
  await admin.getByRole('button', { name: 'Save rules' }).click();
  await expect(alert(admin)).toBeVisible();
  await expectAccessible(admin);
  await expectToFit(admin);
  await field(admin, 'Hours in the console').fill('8');
  await field(admin, 'Trusted email domains').fill('gmail.com');
  await admin.getByRole('button', { name: 'Save rules' }).click();
  await expect(admin.getByText('Anybody can have an address at gmail.com')).toBeVisible();
  await expectAccessible(admin);
  await expectToFit(admin);
  await admin.getByRole('button', { name: 'Reset authentication' }).click();
  const dialog = admin.getByRole('dialog', { name: 'Reset authentication' });
  await dialog.getByText('1 person has to sign in again').click();
  await expectAccessible(admin);
  await expectToFit(admin);
  await dialog.getByRole('button', { name: 'Reset now' }).click();
  await expect(alert(admin).filter({ hasText: 'from now on' })).toBeVisible();
  await expectAccessible(admin);
});

test('the instance’s settings', async ({ admin }) => {
  await visit(admin, '/instance/settings');
  await expectAccessible(admin);
  await expectToFit(admin);
  await field(admin, 'Days until').fill('for ever');
  await admin.getByRole('button', { name: 'Save settings' }).click();
  await expect(alert(admin)).toBeVisible();
  await expectAccessible(admin);
  await expectToFit(admin);
});

test('processes, of the instance and of organizations', async ({ admin, organization }) => {
  const paths = [
    '/processes',
    '/processes?state=cancelled',
    '/organizations/fading-light/processes',
    `/organizations/${organization.handle}/processes`,
  ];
  for (const path of paths) {
    await visit(admin, path);
    await expectAccessible(admin);
    await expectToFit(admin);
  }
});

test('a deletion that is scheduled', async ({ admin }) => {
  await visit(admin, '/organizations/fading-light');
  await expect(admin.getByText('The deletion of this organization is scheduled')).toBeVisible();
  await expectAccessible(admin);
  await expectToFit(admin);
  for (const page of ['workspaces', 'cloud-accounts', 'service-accounts', 'secrets', 'authentication', 'profile', 'admin']) {
    await visit(admin, `/organizations/fading-light/${page}`);
    await expectAccessible(admin);
    await expectToFit(admin);
  }
  await visit(admin, '/organizations/fading-light');
  await admin.getByRole('link', { name: 'Watch the deletion' }).click();
  await expect(admin.getByRole('button', { name: 'Restore the organization' })).toBeVisible();
  await expectAccessible(admin);
  await expectToFit(admin);
});

test('a deletion that waits for a step', async ({ admin, administration, organization, receiver }) => {
  await setGrace(administration, 0);
  await createWorkspace(administration, organization, 'build');
  receiver.resources.add('vm-1');
  receiver.stubborn.add('vm-1');
  await connectAccount(administration, organization, receiver);
  await visit(admin, `/organizations/${organization.handle}/admin`);
  await admin.getByRole('button', { name: 'Delete this organization' }).click();
  const modal = admin.getByRole('dialog', { name: `Delete ${organization.name}` });
  await modal.getByText('1 workspace').click();
  await modal.getByRole('textbox', { name: 'Organization name' }).fill(organization.handle);
  await expectAccessible(admin);
  await expectToFit(admin);
  await modal.getByRole('button', { name: 'Delete for good' }).click();
  await expect(admin.getByText('Waiting for the next attempt')).toBeVisible();
  await admin.getByText('Give this step up…').click();
  await expectAccessible(admin);
  await expectToFit(admin);
});

test('a deletion, from its preview to its report', async ({ admin, administration }) => {
  await setGrace(administration, 0);
  const organization = await createOrganization(administration);
  await visit(admin, `/organizations/${organization.handle}/admin`);
  await admin.getByRole('button', { name: 'Delete this organization' }).click();
  const confirm = admin.getByRole('textbox', { name: 'Organization name' });
  await expect(confirm).toBeFocused();
  await expectAccessible(admin);
  await expectToFit(admin);
  await confirm.fill(organization.handle);
  await admin.getByRole('button', { name: 'Delete for good' }).click();
  await expect(heading(admin, `Deleted ${organization.name}`)).toBeVisible();
  await expectAccessible(admin);
  await expectToFit(admin);
});

test('mail, and the end of it', async ({ admin, administration, organization }) => {
  await turnReportOn(administration, organization, 'reader@tenant.example');
  await sendTestReport(administration, organization);
  await visit(admin, '/instance/mail');
  await expectAccessible(admin);
  await expectToFit(admin);
  await admin.getByRole('row', { name: /reader@tenant\.example/ }).getByRole('link').click();
  await admin.getByRole('button', { name: 'Reveal links' }).click();
  const text = admin.getByText('/unsubscribe?token=');
  await expect(text).toBeVisible();
  await expectAccessible(admin);
  await expectToFit(admin);
  await visit(admin, linkIn(await text.innerText()));
  await expectAccessible(admin);
  await expectToFit(admin);
  await visit(admin, '/instance/mail?state=failed');
  await expectAccessible(admin);
});

test('what isn’t there', async ({ admin }) => {
  await visit(admin, '/no-such-page');
  await expectAccessible(admin);
  await expectToFit(admin);
});

test('the keyboard reaches everything, and its focus shows', async ({ admin, organization }) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await admin.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await visit(admin, `/organizations/${organization.handle}/admin`);
    await admin.keyboard.press('Tab');
    await expect(admin.getByRole('link', { name: 'Skip to content' })).toBeFocused();
    const reached: string[] = [];
    for (let stop = 0; stop < 40; stop++) {
      const { name, ring } = await admin.evaluate(() => {
        const element = document.activeElement as HTMLElement;
        const style = getComputedStyle(element);
        const name = element.getAttribute('aria-label') ?? element.getAttribute('name') ?? element.innerText.trim();
        return { name, ring: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth) };
      });
      expect.soft(ring, `the focus ring of “${name}”, ${colorScheme}`).toBeGreaterThanOrEqual(2);
      reached.push(name);
      if (name === 'form[login_domain]') {
        break;
      }
      await admin.keyboard.press('Tab');
    }
    expect(reached).toEqual(expect.arrayContaining(['Switch organization', 'form[partner]', 'form[login_domain]']));
  }
});

test('the skip link leads to the content', async ({ admin }) => {
  await visit(admin, '/organizations');
  await admin.keyboard.press('Tab');
  await admin.keyboard.press('Enter');
  await expect(admin.getByRole('main')).toBeFocused();
});
