import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';
import { createOrganization, unique } from '../support/console.ts';
import { editor, openEditor, source, write } from '../support/editor.ts';
import { alert, field, heading, visit } from '../support/page.ts';

const settings = (handle: string) => `/organizations/${handle}/admin`;

function flag(page: Page, name: string) {
  return page.getByRole('switch', { name });
}

/** Saves, and waits for the message that says so; it goes, lest it be taken for the next one. */
async function save(page: Page, saved: string | RegExp) {
  await page.getByRole('button', { name: 'Save Configuration' }).click();
  await expect(page.getByRole('status').filter({ hasText: saved })).toBeVisible();
  await page.getByRole('button', { name: 'Dismiss' }).click();
}

test('every field makes the round trip', { tag: '@core' }, async ({ admin, organization }) => {
  const workspace = '{\n  "dns": ["10.20.0.2", "corp.example"],\n  "homeDirPrefix": "/home/acme"\n}\n';
  const login = `${unique('login')}.example.com`;
  await visit(admin, settings(organization.handle));

  await flag(admin, 'Partner Organization').check();
  await flag(admin, 'Enforce MFA').check();
  await flag(admin, 'Receive Active User Report').check();
  await field(admin, 'Email Recipients').fill('ada@example.com, grace@example.com; Ada@Example.com');
  await field(admin, 'Schedule').selectOption('Monthly');
  await field(admin, 'Time zone').fill('Europe/Paris');
  await field(admin, 'Platform Domain').fill('https://Activate.Example.com/');
  await admin.getByRole('radio', { name: 'Limited to' }).check();
  await admin.getByRole('textbox', { name: 'Number of seats' }).fill('25');
  await field(admin, 'Default User Host').fill('user-1.example.com');
  await field(admin, 'Custom Login Domain').fill(login);
  await openEditor(admin);
  await write(admin, workspace);
  await expect(admin.getByText('11 unsaved changes')).toBeVisible();
  await admin.getByRole('textbox', { name: 'Reason for the change' }).fill('First set-up');
  await save(admin, /^Saved: Partner Organization, Enforce MFA, Receive Active User Report, /);
  await expect(admin.getByRole('region', { name: 'Unsaved changes' })).toBeHidden();

  await test.step('a reload shows all of it', async () => {
    await visit(admin, settings(organization.handle));
    await expect(flag(admin, 'Partner Organization')).toBeChecked();
    await expect(flag(admin, 'Enforce MFA')).toBeChecked();
    await expect(flag(admin, 'Receive Active User Report')).toBeChecked();
    await expect(field(admin, 'Email Recipients')).toHaveValue('ada@example.com, grace@example.com');
    await expect(field(admin, 'Schedule')).toHaveValue('monthly');
    await expect(field(admin, 'Time zone')).toHaveValue('Europe/Paris');
    await expect(field(admin, 'Platform Domain')).toHaveValue('activate.example.com');
    await expect(admin.getByRole('radio', { name: 'Limited to' })).toBeChecked();
    await expect(admin.getByRole('textbox', { name: 'Number of seats' })).toHaveValue('25');
    await expect(field(admin, 'Default User Host')).toHaveValue('user-1.example.com');
    await expect(field(admin, 'Custom Login Domain')).toHaveValue(login);
    await expect(source(admin)).toHaveValue(workspace);
    await expect(admin.getByText('10.20.0.2', { exact: true })).toBeVisible();
  });

  await test.step('the history tells who, what and why', async () => {
    const row = admin.getByRole('row', { name: 'Revision 2' });
    await expect(row).toContainText('Ada Administrator');
    await expect(row).toContainText('First set-up');
    await expect(row).toContainText('Custom Login Domain');
  });

  await test.step('and all of it can be taken back', async () => {
    await flag(admin, 'Partner Organization').uncheck();
    await flag(admin, 'Enforce MFA').uncheck();
    await flag(admin, 'Receive Active User Report').uncheck();
    await admin.getByRole('radio', { name: 'Unlimited' }).check();
    for (const name of ['Platform Domain', 'Default User Host', 'Custom Login Domain']) {
      await field(admin, name).fill('');
    }
    await openEditor(admin);
    await write(admin, '{}');
    await save(admin, /^Saved: /);
    await visit(admin, settings(organization.handle));
    await expect(flag(admin, 'Partner Organization')).not.toBeChecked();
    await expect(flag(admin, 'Receive Active User Report')).not.toBeChecked();
    await expect(admin.getByRole('radio', { name: 'Unlimited' })).toBeChecked();
    await expect(field(admin, 'Custom Login Domain')).toHaveValue('');
    await expect(source(admin)).toHaveValue('{}');
  });
});

test('the page says what it saves but does not act on yet', async ({ admin, organization }) => {
  await visit(admin, settings(organization.handle));
  await expect(admin.getByText('Saved with the configuration; not enforced yet.')).toHaveCount(3);
  await expect(admin.getByText('it is not proven by DNS and serves nothing yet')).toBeVisible();
});

test('the report asks for its recipients once it is on', async ({ admin, organization }) => {
  await visit(admin, settings(organization.handle));
  await expect(field(admin, 'Email Recipients')).toBeHidden();
  await flag(admin, 'Receive Active User Report').check();
  await expect(field(admin, 'Email Recipients')).toBeVisible();
  await expect(field(admin, 'Schedule')).toHaveValue('weekly');
  await expect(field(admin, 'Time zone')).toHaveValue('UTC');
  await admin.getByRole('button', { name: 'Save Configuration' }).click();
  await expect(alert(admin)).toContainText('The configuration was not saved');
  await expect(field(admin, 'Email Recipients')).toHaveAccessibleDescription(/Enter at least one address/);
  await field(admin, 'Email Recipients').fill('ada@example.com');
  await save(admin, 'Saved: Receive Active User Report, Email Recipients.');
});

test('what breaks a rule is said beside its field, while typing and on saving', async ({ admin, organization }) => {
  await visit(admin, settings(organization.handle));
  const wrong: [string, string, RegExp][] = [
    ['Platform Domain', 'under_score.example.com', /can't contain “_”/],
    ['Default User Host', '10.0.0.1', /This is an IPv4 address/],
    ['Custom Login Domain', 'localhost', /at least two parts/],
  ];
  for (const [name, value, says] of wrong) {
    await field(admin, name).fill(value);
    await field(admin, name).blur();
    await expect(field(admin, name)).toHaveAccessibleDescription(says);
  }
  await admin.getByRole('radio', { name: 'Limited to' }).check();
  await admin.getByRole('textbox', { name: 'Number of seats' }).fill('many');
  await admin.getByRole('button', { name: 'Save Configuration' }).click();
  const summary = alert(admin).filter({ hasText: 'The configuration was not saved' });
  await expect(summary).toBeFocused();
  await expect(summary.getByRole('link')).toHaveCount(4);
  await summary.getByRole('link', { name: /at least two parts/ }).click();
  await expect(field(admin, 'Custom Login Domain')).toBeFocused();
  await expect(field(admin, 'Custom Login Domain')).toHaveValue('localhost');

  await test.step('the error leaves as soon as it is mended', async () => {
    await field(admin, 'Custom Login Domain').fill('login.example.com');
    await expect(field(admin, 'Custom Login Domain')).not.toHaveAccessibleDescription(/at least two parts/);
  });
});

test('a login domain belongs to one organization', async ({ admin, administration, organization }) => {
  const domain = `${unique('login')}.example.com`;
  const other = await createOrganization(administration);
  for (const { handle } of [other, organization]) {
    await visit(admin, settings(handle));
    await field(admin, 'Custom Login Domain').fill(domain);
    await admin.getByRole('button', { name: 'Save Configuration' }).click();
    if (handle === other.handle) {
      await expect(admin.getByText('Saved: Custom Login Domain.')).toBeVisible();
    }
  }
  await expect(field(admin, 'Custom Login Domain')).toHaveAccessibleDescription(/Another organization already has/);
  await expect(field(admin, 'Custom Login Domain')).toHaveValue(domain);
});

test('an address pasted as a host is reduced to it', async ({ admin, organization }) => {
  await visit(admin, settings(organization.handle));
  await field(admin, 'Platform Domain').fill('https://user@Bücher.Example.com:8443/path?query');
  await field(admin, 'Platform Domain').blur();
  await expect(field(admin, 'Platform Domain')).toHaveValue('xn--bcher-kva.example.com');
});

test('zero seats means unlimited', async ({ admin, organization }) => {
  const [unlimited, limited] = ['Unlimited', 'Limited to'].map((name) => admin.getByRole('radio', { name }));
  const seats = admin.getByRole('textbox', { name: 'Number of seats' });
  await visit(admin, settings(organization.handle));
  await expect(unlimited).toBeChecked();
  await seats.fill('12');
  await expect(limited).toBeChecked();
  await save(admin, 'Saved: Seats.');
  await seats.fill('0');
  await expect(unlimited).toBeChecked();
  await save(admin, 'Saved: Seats.');
  await visit(admin, settings(organization.handle));
  await expect(unlimited).toBeChecked();
  await expect(seats).toHaveValue('');
});

test('unsaved edits are counted, kept and discarded', async ({ admin, organization }) => {
  await visit(admin, settings(organization.handle));
  const bar = admin.getByRole('region', { name: 'Unsaved changes' });
  await expect(bar).toBeHidden();
  await flag(admin, 'Enforce MFA').check();
  await expect(bar.getByText('1 unsaved change', { exact: true })).toBeVisible();
  await field(admin, 'Platform Domain').fill('activate.example.com');
  await expect(bar.getByText('2 unsaved changes')).toBeVisible();
  await flag(admin, 'Enforce MFA').uncheck();
  await expect(bar.getByText('1 unsaved change', { exact: true })).toBeVisible();

  await test.step('leaving asks', async () => {
    const dialog = admin.getByRole('dialog', { name: 'Leave without saving?' });
    await admin.getByRole('link', { name: 'Overview' }).click();
    await dialog.getByRole('button', { name: 'Keep editing' }).click();
    await expect(dialog).toBeHidden();
    await expect(field(admin, 'Platform Domain')).toHaveValue('activate.example.com');
    await expect(admin).toHaveURL(settings(organization.handle));
  });

  await test.step('discarding puts back what is saved', async () => {
    await bar.getByRole('button', { name: 'Discard' }).click();
    await expect(field(admin, 'Platform Domain')).toHaveValue('');
    await expect(bar).toBeHidden();
  });

  await test.step('leaving with consent drops them', async () => {
    await field(admin, 'Platform Domain').fill('activate.example.com');
    await admin.getByRole('link', { name: 'Overview' }).click();
    await admin.getByRole('button', { name: 'Discard and leave' }).click();
    await expect(heading(admin, organization.name)).toBeVisible();
    await visit(admin, settings(organization.handle));
    await expect(field(admin, 'Platform Domain')).toHaveValue('');
  });
});

test('the back button and closing the tab ask as well', async ({ admin, organization }) => {
  await visit(admin, `/organizations/${organization.handle}`);
  await admin.getByRole('link', { name: 'Admin' }).click();
  await expect(heading(admin, 'Admin')).toBeVisible();
  await field(admin, 'Platform Domain').fill('activate.example.com');
  await admin.goBack();
  await admin
    .getByRole('dialog', { name: 'Leave without saving?' })
    .getByRole('button', { name: 'Keep editing' })
    .click();
  await expect(admin).toHaveURL(settings(organization.handle));
  await expect(field(admin, 'Platform Domain')).toHaveValue('activate.example.com');

  const asked = admin.waitForEvent('dialog');
  await admin.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.accept();
});

test('what is typed while a save is on its way is kept, and unsaved', async ({ admin, organization }) => {
  let answer = () => {};
  const answered = new Promise<void>((resolve) => (answer = resolve));
  await visit(admin, settings(organization.handle));
  await admin.route('**/fn/save_admin*', async (route) => {
    await answered;
    await route.continue();
  });
  await field(admin, 'Platform Domain').fill('activate.example.com');
  await admin.getByRole('button', { name: 'Save Configuration' }).click();
  await expect(admin.getByRole('button', { name: 'Saving…' })).toBeVisible();
  await field(admin, 'Platform Domain').fill('later.example.com');
  await field(admin, 'Default User Host').fill('user-1.example.com');
  answer();
  await expect(admin.getByText('Saved: Platform Domain.')).toBeVisible();
  await admin.getByRole('button', { name: 'Dismiss' }).click();
  await expect(admin.getByText('2 unsaved changes')).toBeVisible();
  await expect(admin.getByRole('row', { name: 'Revision 2' })).toBeVisible();
  await expect(field(admin, 'Platform Domain')).toHaveValue('later.example.com');
  await expect(field(admin, 'Default User Host')).toHaveValue('user-1.example.com');
  await save(admin, 'Saved: Platform Domain, Default User Host.');
});

test('an answer that comes after the page was left does no harm', async ({ admin, organization }) => {
  let answer = () => {};
  const answered = new Promise<void>((resolve) => (answer = resolve));
  await visit(admin, settings(organization.handle));
  await admin.route('**/fn/load_admin*', async (route) => {
    await answered;
    await route.continue();
  });
  const refreshed = admin.waitForResponse('**/fn/load_admin*');
  await field(admin, 'Platform Domain').fill('activate.example.com');
  await admin.getByRole('button', { name: 'Save Configuration' }).click();
  await admin.getByRole('link', { name: 'View revision' }).click();
  await expect(heading(admin, 'Revision 2')).toBeVisible();
  answer();
  await (await refreshed).finished();
  await admin.getByRole('link', { name: 'Admin', exact: true }).first().click();
  await expect(heading(admin, 'Admin')).toBeVisible();
  await expect(field(admin, 'Platform Domain')).toHaveValue('activate.example.com');
});

test('Ctrl+S saves', async ({ admin, organization }) => {
  await visit(admin, settings(organization.handle));
  await field(admin, 'Default User Host').fill('user-1.example.com');
  await admin.keyboard.press('Control+s');
  await expect(admin.getByText('Saved: Default User Host.')).toBeVisible();
  await admin.getByRole('link', { name: 'View revision' }).click();
  await expect(heading(admin, 'Revision 2')).toBeVisible();
});

test('revisions are shown, compared and restored', { tag: '@core' }, async ({ admin, organization }) => {
  const path = settings(organization.handle);
  await visit(admin, path);
  await flag(admin, 'Enforce MFA').check();
  await field(admin, 'Platform Domain').fill('one.example.com');
  await openEditor(admin);
  await write(admin, '{ "dns": ["10.0.0.1"] }');
  await save(admin, 'Saved: Enforce MFA, Platform Domain, Workspace settings.');
  await flag(admin, 'Enforce MFA').uncheck();
  await field(admin, 'Platform Domain').fill('two.example.com');
  await write(admin, '{ "dns": [] }');
  await admin.getByRole('textbox', { name: 'Reason for the change' }).fill('Back to basics');
  await save(admin, 'Saved: Enforce MFA, Platform Domain, Workspace settings.');

  await test.step('a revision tells what it changed', async () => {
    await admin.getByRole('link', { name: 'Revision 3' }).click();
    await expect(heading(admin, 'Revision 3')).toBeVisible();
    await expect(admin.getByText('Back to basics')).toBeVisible();
    const row = admin.getByRole('row', { name: 'Platform Domain' });
    await expect(row.getByRole('cell')).toHaveText(['one.example.com', 'two.example.com']);
    await expect(admin.getByText('These are the current settings.')).toBeVisible();
  });

  await test.step('beside any other', async () => {
    await admin.getByLabel('Compare with').selectOption('Revision 1');
    await admin.getByRole('button', { name: 'Compare', exact: true }).click();
    await expect(admin).toHaveURL(`${path}/revisions/3?against=1`);
    const row = admin.getByRole('row', { name: 'Platform Domain' });
    await expect(row.getByRole('cell')).toHaveText(['Not set', 'two.example.com']);
    await expect(admin.getByRole('row', { name: 'Enforce MFA' })).toHaveCount(0);
  });

  await test.step('an earlier one is restored, as a revision of its own', async () => {
    await visit(admin, `${path}/revisions/2`);
    await field(admin, 'Reason').fill('It was better before');
    await admin.getByRole('button', { name: 'Restore this revision' }).click();
    await expect(alert(admin)).toContainText('Revision 2 was restored.');
    await expect(flag(admin, 'Enforce MFA')).toBeChecked();
    await expect(field(admin, 'Platform Domain')).toHaveValue('one.example.com');
    await expect(source(admin)).toHaveValue('{ "dns": ["10.0.0.1"] }');
    const row = admin.getByRole('row', { name: 'Revision 4' });
    await expect(row).toContainText('restored from revision 2');
    await expect(row).toContainText('It was better before');
  });
});

test('a secret value is redacted from a past revision', { tag: '@core' }, async ({ admin, organization }) => {
  const path = settings(organization.handle);
  await visit(admin, path);
  await openEditor(admin);
  await write(admin, '{ "envs": ["TOKEN=hunter2-hunter2"] }');
  await expect(admin.getByRole('list', { name: 'Remarks' })).toContainText('looks like a secret');
  await save(admin, 'Saved: Workspace settings.');
  await write(admin, '{}');
  await save(admin, 'Saved: Workspace settings.');

  await visit(admin, `${path}/revisions/2`);
  expect(await admin.content()).not.toContain('hunter2-hunter2');
  const redact = admin.getByRole('form', { name: 'Redact' });
  await redact.getByRole('button', { name: 'Redact secret values' }).click();
  const reason = redact.getByRole('textbox', { name: 'Reason' });
  await expect(reason).toHaveAccessibleDescription(/Say why/);
  await reason.fill('It leaked');
  await redact.getByRole('button', { name: 'Redact secret values' }).click();
  await expect(admin.getByText('Restoring it would lose them')).toBeVisible();
  await expect(admin.getByRole('button', { name: 'Restore this revision' })).toBeHidden();
  await visit(admin, path);
  await expect(admin.getByRole('row', { name: 'Revision 2' })).toContainText('Redacted');
});

test('without Monaco the text area does', async ({ admin, complaints, organization }) => {
  complaints.forgive(/\/monaco\/.*ERR_FAILED/);
  await admin.route('**/monaco/**', (route) => route.abort());
  await visit(admin, settings(organization.handle));
  await admin.getByRole('heading', { name: 'Workspace settings' }).scrollIntoViewIfNeeded();
  await expect(admin.getByText('The editor could not be loaded')).toBeVisible();
  await expect(editor(admin)).toHaveCount(0);
  await source(admin).fill('{ "dockerNetwork": "bridge" }');
  await save(admin, 'Saved: Workspace settings.');
});
