import { expect, test } from '../support/fixtures.ts';
import { alert, field, fillSignIn, heading, visit } from '../support/page.ts';

test('rules are checked, saved and kept from being overwritten', async ({ admin, secondAdmin, organization }) => {
  const path = `/organizations/${organization.handle}/authentication`;
  await visit(admin, path);
  await visit(secondAdmin, path);
  await field(admin, 'Hours in the console').fill('48');
  await field(admin, 'Days a token may live').fill('1');
  await field(admin, 'Trusted email domains').fill('gmail.com nowhere');
  await admin.getByRole('button', { name: 'Save rules' }).click();
  await expect(field(admin, 'Days a token may live')).toHaveAccessibleDescription(/shorter than a session of 48 hours/);
  await expect(field(admin, 'Trusted email domains')).toHaveAccessibleDescription(/“nowhere” is no domain/);
  await expect(field(admin, 'Hours in the console')).toHaveValue('48');

  await field(admin, 'Days a token may live').fill('30');
  await field(admin, 'Trusted email domains').fill('gmail.com');
  await admin.getByRole('button', { name: 'Save rules' }).click();
  await expect(alert(admin).filter({ hasText: 'Saved.' })).toBeVisible();
  await expect(admin.getByText('Anybody can have an address at gmail.com')).toBeVisible();

  await field(secondAdmin, 'Hours on the command line').fill('4');
  await secondAdmin.getByRole('button', { name: 'Save rules' }).click();
  await expect(alert(secondAdmin)).toContainText('Someone else saved this page');
  await expect(field(secondAdmin, 'Hours on the command line')).toHaveValue('4');
  await secondAdmin.getByRole('button', { name: 'Save rules' }).click();
  await expect(alert(secondAdmin), 'not even when it is saved again').toContainText('Someone else saved this page');
  await secondAdmin.getByRole('link', { name: 'Load theirs' }).click();
  await expect(field(secondAdmin, 'Days a token may live')).toHaveValue('30');
});

test(
  'a reset has everybody sign in again, on the very next request',
  { tag: '@core' },
  async ({ admin, organization, ownerOf, browserOf }) => {
    const person = await ownerOf(organization);
    const owner = await browserOf(person);
    const path = `/organizations/${organization.handle}`;
    await visit(owner, path);
    await visit(admin, `${path}/authentication`);
    await admin.getByRole('button', { name: 'Reset authentication' }).click();
    const dialog = admin.getByRole('dialog', { name: 'Reset authentication' });
    await expect(dialog).toContainText('1 person has to sign in again');
    await dialog.getByText('1 person has to sign in again').click();
    await expect(dialog.getByText(person.name, { exact: true })).toBeVisible();
    await dialog.getByRole('button', { name: 'Reset now' }).click();
    await expect(alert(admin)).toContainText('1 person has to sign in again');

    await visit(owner, path);
    await expect(owner).toHaveURL(/\/sign-in\?next=/);
    await fillSignIn(owner, person.email, person.password);
    await owner.getByRole('button', { name: 'Sign in' }).click();
    await expect(heading(owner, organization.name)).toBeVisible();
  },
);
