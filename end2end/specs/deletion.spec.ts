import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';
import { type Organization, post, someone } from '../support/console.ts';
import { alert, expectNotFound, field, fillPerson, heading, visit } from '../support/page.ts';

function dialog(page: Page, { name }: Organization) {
  return page.getByRole('dialog', { name: `Delete ${name}` });
}

/** Of the process that the page shows. */
function steps(page: Page) {
  return page.getByRole('region', { name: 'Steps' }).getByRole('listitem');
}

async function preview(page: Page, organization: Organization) {
  await visit(page, `/organizations/${organization.handle}/admin`);
  await page.getByRole('button', { name: 'Delete this organization' }).click();
  const modal = dialog(page, organization);
  await expect(modal).toBeVisible();
  return {
    modal,
    confirm: modal.getByRole('textbox', { name: 'Organization name' }),
    apply: modal.getByRole('button', { name: 'Delete for good' }),
    cancel: modal.getByRole('button', { name: 'Cancel' }),
    form: modal.getByRole('form', { name: 'Confirm the deletion' }),
  };
}

test(
  'the preview lists what goes, and only the exact name enables the button',
  { tag: '@core' },
  async ({ admin, organization, ownerOf }) => {
    const owner = await ownerOf(organization);
    const { modal, confirm, apply, cancel } = await preview(admin, organization);
    await expect(confirm).toBeFocused();
    await expect(modal).toContainText('1 membership');
    await expect(modal).toContainText('1 person who belongs nowhere else, with their account');
    await expect(modal).toContainText('1 revision of its settings');
    await expect(modal).toContainText(`The handle “${organization.handle}”, held for 90 days`);
    await modal.getByText('1 person who belongs nowhere else').click();
    await expect(modal.getByRole('listitem').getByText(owner.name, { exact: true }).last()).toBeVisible();

    await expect(apply).toBeDisabled();
    for (const wrong of [organization.handle.toUpperCase(), ` ${organization.handle}`, organization.name]) {
      await confirm.fill(wrong);
      await expect(apply).toBeDisabled();
    }
    await confirm.press('Enter');
    await expect(confirm).toBeVisible();
    await confirm.fill(organization.handle);
    await expect(apply).toBeEnabled();

    await cancel.click();
    await expect(modal).toBeHidden();
    await visit(admin, `/organizations/${organization.handle}`);
    await expect(admin.getByText('Active', { exact: true })).toBeVisible();
  },
);

test(
  'deleting removes everything and holds the handle',
  { tag: '@core' },
  async ({ admin, browserOf, organization, ownerOf }) => {
    const owner = await ownerOf(organization);
    const ownersPage = await browserOf(owner);
    await visit(ownersPage, `/organizations/${organization.handle}`);

    const { confirm, apply } = await preview(admin, organization);
    await confirm.fill(organization.handle);
    await apply.click();
    await expect(admin).toHaveURL(/\/processes\/[\w-]+$/);
    await expect(heading(admin, `Deleted ${organization.name}`)).toBeVisible();
    await expect(admin.getByText('100 %')).toBeVisible();
    await expect(steps(admin).filter({ hasText: 'Done' })).toHaveCount(10);
    await expect(admin.getByText('Handle held until')).toBeVisible();
    await admin.reload();
    await expect(heading(admin, `Deleted ${organization.name}`)).toBeVisible();

    await test.step('it is gone', async () => {
      await admin.getByRole('link', { name: 'Back to organizations' }).click();
      await expect(heading(admin, 'Organizations')).toBeVisible();
      await visit(admin, `/organizations?search=${organization.handle}`);
      await expect(admin.getByText('No organization found')).toBeVisible();
      await expectNotFound(admin, `/organizations/${organization.handle}`);
      await expectNotFound(admin, `/organizations/${organization.handle}/admin`);
    });

    await test.step('with its owner, who belonged nowhere else', async () => {
      await visit(ownersPage, `/organizations/${organization.handle}`);
      await expect(ownersPage).toHaveURL(/\/sign-in/);
      await field(ownersPage, 'Email').fill(owner.email);
      await field(ownersPage, 'Password').fill(owner.password);
      await ownersPage.getByRole('button', { name: 'Sign in' }).click();
      await expect(alert(ownersPage)).toContainText('Email or password is wrong.');
    });

    await test.step('and nobody can take its handle', async () => {
      await visit(admin, '/organizations/new');
      await field(admin, 'Display name').fill('A successor');
      await field(admin, 'Handle').fill(organization.handle);
      await admin.getByRole('button', { name: 'Create organization' }).click();
      await expect(field(admin, 'Handle')).toHaveAccessibleDescription(/taken, or held for a while/);
    });
  },
);

test('a forged confirmation is refused by the server', { tag: '@core' }, async ({ admin, organization }) => {
  const { form } = await preview(admin, organization);
  const action = (await form.getAttribute('action')) ?? '';
  const plan = await form.evaluate((element) => String(new FormData(element as HTMLFormElement).get('plan')));
  const { handle } = organization;
  for (const [forged, status] of [
    [{ handle, plan, confirm: handle.toUpperCase() }, 422],
    [{ handle, plan, confirm: '' }, 422],
    [{ handle, plan }, 422],
    [{ handle, plan: 'made-up', confirm: handle }, 409],
    [{ handle, confirm: handle }, 409],
  ] as const) {
    const response = await post(admin.request, action, forged);
    expect(response.status(), JSON.stringify(forged)).toBe(status);
  }
  await visit(admin, `/organizations/${handle}`);
  await expect(heading(admin, organization.name)).toBeVisible();
});

test("somebody else's preview deletes nothing", async ({ admin, browserOf, organization, ownerOf, server }) => {
  const { form } = await preview(admin, organization);
  const action = (await form.getAttribute('action')) ?? '';
  const plan = await form.evaluate((element) => String(new FormData(element as HTMLFormElement).get('plan')));
  const forged = { handle: organization.handle, plan, confirm: organization.handle };
  const owner = await browserOf(await ownerOf(organization));
  expect((await post(owner.request, action, forged)).status()).toBe(409);
  // The same person, in another session.
  const elsewhere = await browserOf(server.administrator);
  expect((await post(elsewhere.request, action, forged)).status()).toBe(409);
  await visit(admin, `/organizations/${organization.handle}`);
  await expect(heading(admin, organization.name)).toBeVisible();
});

test(
  'a plan whose set grew is refused, with the new preview',
  { tag: '@core' },
  async ({ admin, organization, page }) => {
    const { modal, confirm, apply } = await preview(admin, organization);
    await expect(modal).toContainText('1 live bootstrap link');
    await expect(modal).not.toContainText('1 membership');

    const olga = someone();
    await visit(page, organization.link);
    await fillPerson(page, olga);
    await page.getByRole('button', { name: 'Create account and take over' }).click();
    await expect(heading(page, organization.name)).toBeVisible();

    await confirm.fill(organization.handle);
    await apply.click();
    await expect(modal).toContainText('More would go now than the preview showed. Nothing was changed.');
    await expect(modal).toContainText('1 membership');
    await expect(modal).toContainText('1 person who belongs nowhere else');
    await expect(confirm).toHaveValue('');
    await expect(apply).toBeDisabled();
    await page.reload();
    await expect(heading(page, organization.name)).toBeVisible();

    await test.step('the new one can be confirmed', async () => {
      await confirm.fill(organization.handle);
      await apply.click();
      await expect(heading(admin, `Deleted ${organization.name}`)).toBeVisible();
    });
  },
);

test('a plan that shrank is carried out', async ({ admin, secondAdmin, organization }) => {
  const { confirm, apply } = await preview(admin, organization);
  await visit(secondAdmin, `/organizations/${organization.handle}/admin`);
  await secondAdmin.getByRole('button', { name: 'Revoke link' }).click();
  await expect(secondAdmin.getByText('Revoked', { exact: true })).toBeVisible();
  await confirm.fill(organization.handle);
  await apply.click();
  await expect(heading(admin, `Deleted ${organization.name}`)).toBeVisible();
});
