import { expect, test } from '../support/fixtures.ts';
import { call, unique } from '../support/console.ts';
import { awake, expectNotFound, field, heading, visit } from '../support/page.ts';

const profile = (handle: string) => `/organizations/${handle}/profile`;

test('an owner finds the profile under Advanced and changes the name', async ({ browserOf, organization, ownerOf }) => {
  const page = await browserOf(await ownerOf(organization));
  await visit(page, `/organizations/${organization.handle}`);
  const advanced = page.getByRole('group', { name: 'Advanced' });
  await advanced.getByRole('link', { name: 'Org Profile' }).click();
  await awake(page);
  await expect(heading(page, 'Org Profile')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Set by the platform' })).toContainText('Unlimited');

  await field(page, 'Display name').fill('  ');
  await page.getByRole('button', { name: 'Save name' }).click();
  await expect(field(page, 'Display name')).toHaveAccessibleDescription(/Enter a name/);
  await field(page, 'Display name').fill('Renamed & co');
  await page.getByRole('button', { name: 'Save name' }).click();
  await expect(page.getByRole('banner')).toContainText('Renamed & co');
  await page.reload();
  await expect(field(page, 'Display name')).toHaveValue('Renamed & co');
});

test('of two who save a name, the second is told and may replace it', async ({ admin, secondAdmin, organization }) => {
  await visit(admin, profile(organization.handle));
  await visit(secondAdmin, profile(organization.handle));
  await field(secondAdmin, 'Display name').fill('Theirs');
  await secondAdmin.getByRole('button', { name: 'Save name' }).click();
  await expect(secondAdmin.getByRole('banner')).toContainText('Theirs');
  await field(admin, 'Display name').fill('Mine');
  await admin.getByRole('button', { name: 'Save name' }).click();
  await expect(admin.getByText('Now it is “Theirs”.')).toBeVisible();
  await expect(field(admin, 'Display name')).toHaveValue('Mine');
  await admin.getByRole('button', { name: 'Save name' }).click();
  await expect(admin.getByRole('banner')).toContainText('Mine');
});

test('a changed handle leads on as an alias until it is retired @core', async ({ browserOf, organization, ownerOf }) => {
  const page = await browserOf(await ownerOf(organization));
  const before = organization.handle;
  const after = unique('after');
  await visit(page, profile(before));
  await expect(page.getByText('There are none. A changed handle leaves one.')).toBeVisible();
  await field(page, 'New handle').fill('not a handle');
  await expect(field(page, 'New handle')).toHaveAccessibleDescription(/a space isn't one of them/);
  await field(page, 'New handle').fill(after);
  await page.getByRole('button', { name: 'Preview the change' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change the handle' });
  await expect(dialog).toContainText(`/organizations/${before}`);
  await expect(dialog).toContainText(`/organizations/${after}`);
  await dialog.getByRole('button', { name: 'Change the handle' }).click();
  await expect(page).toHaveURL(profile(after));
  const row = page.getByRole('row', { name: new RegExp(before) });
  await expect(row).toBeVisible();
  await expect(field(page, 'New handle'), 'typed for the page before').toHaveValue('');

  await test.step('its old address leads on', async () => {
    const response = await page.request.get(profile(before), { maxRedirects: 0, headers: { Accept: 'text/html' } });
    expect([response.status(), response.headers().location]).toEqual([308, profile(after)]);
    await page.goto(`/organizations/${before}`);
    await expect(page).toHaveURL(`/organizations/${after}`);
  });

  await test.step('until it is retired', async () => {
    await visit(page, profile(after));
    await row.getByRole('button', { name: `Retire ${before}` }).click();
    await expect(page.getByText('There are none. A changed handle leaves one.')).toBeVisible();
    await expectNotFound(page, `/organizations/${before}`);
  });
});

test('a handle that somebody takes meanwhile is refused', async ({ admin, administration, organization }) => {
  const wanted = unique('wanted');
  await visit(admin, profile(organization.handle));
  await field(admin, 'New handle').fill(wanted);
  await admin.getByRole('button', { name: 'Preview the change' }).click();
  const dialog = admin.getByRole('dialog', { name: 'Change the handle' });
  await expect(dialog).toContainText(wanted);
  const form = { display_name: 'Quicker', handle: wanted, first_owner: 'link', lifetime: 'week' };
  expect((await call(administration, '/organizations/new', 'create_org', form)).ok()).toBe(true);
  await dialog.getByRole('button', { name: 'Change the handle' }).click();
  await expect(dialog.getByRole('alert')).toContainText('The handle was not changed');
  await expect(dialog.getByRole('alert')).toContainText('taken');
  await expect(admin).toHaveURL(profile(organization.handle));
});
