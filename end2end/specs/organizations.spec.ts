import { expect, test } from '../support/fixtures.ts';
import { unique } from '../support/console.ts';
import { alert, field, heading, visit } from '../support/page.ts';

test('an organization is created and its bootstrap link shown once', { tag: '@core' }, async ({ admin, server }) => {
  const handle = unique('Acme_Labs');
  await visit(admin, '/organizations');
  await admin.getByRole('link', { name: 'Create organization' }).first().click();
  await expect(heading(admin, 'New organization')).toBeVisible();

  await test.step('the display name suggests a handle', async () => {
    await field(admin, 'Display name').fill('  Acme Láboratories  ');
    await expect(field(admin, 'Handle')).toHaveValue('acme-l-boratories');
    await field(admin, 'Handle').fill('no spaces');
    await expect(admin.getByText('A handle has only letters a to z')).toBeVisible();
    await field(admin, 'Handle').fill(handle);
    await expect(admin.getByText('A handle has only letters a to z')).toBeHidden();
    await expect(admin.getByText(handle.toLowerCase().replace('_', '-'))).toBeVisible();
  });

  await admin.getByLabel('The link expires after').selectOption('30 days');
  await admin.getByRole('button', { name: 'Create organization' }).click();
  await expect(heading(admin, 'Acme Láboratories is ready')).toBeVisible();

  const link = await admin.getByRole('textbox', { name: 'Bootstrap link' }).inputValue();
  expect(link).toMatch(new RegExp(`^${server.url}/bootstrap\\?token=[\\w-]{43}$`));

  await test.step('the link is copied', async () => {
    await admin.getByRole('button', { name: 'Copy Bootstrap link' }).click();
    await expect(admin.getByRole('button', { name: 'Copied Bootstrap link' })).toBeVisible();
    await admin.getByRole('searchbox', { name: 'Search organizations' }).focus();
    await admin.keyboard.press('Control+V');
    // The box takes a hundred characters.
    await expect(admin.getByRole('searchbox', { name: 'Search organizations' })).toHaveValue(link.slice(0, 100));
  });

  await test.step('and is never shown again', async () => {
    await admin.getByRole('link', { name: 'Open organization' }).click();
    await expect(heading(admin, 'Acme Láboratories')).toBeVisible();
    await expect(admin.getByText("The bootstrap link hasn't been opened yet")).toBeVisible();
    await admin.goBack();
    await expect(heading(admin, 'New organization')).toBeVisible();
    expect(await admin.content()).not.toContain('/bootstrap?token=');
  });
});

test('the creator can be the owner at once', async ({ admin }) => {
  const handle = unique('mine');
  await visit(admin, '/organizations/new');
  await field(admin, 'Display name').fill('My own');
  await field(admin, 'Handle').fill(handle);
  await admin.getByRole('radio', { name: 'Make me the owner now' }).check();
  await expect(admin.getByLabel('The link expires after')).toBeHidden();
  await admin.getByRole('button', { name: 'Create organization' }).click();
  await expect(admin.getByText('You are its owner.')).toBeVisible();
  await admin.getByRole('link', { name: 'Open organization' }).click();
  await expect(admin.getByRole('definition').filter({ hasText: 'Active' })).toBeVisible();
  await expect(admin.getByRole('definition').filter({ hasText: 'Owner' })).toBeVisible();
});

test('a handle that is taken is refused beside its field', async ({ admin, organization }) => {
  await visit(admin, '/organizations/new');
  await field(admin, 'Display name').fill('Another');
  await field(admin, 'Handle').fill(organization.handle.toUpperCase());
  await admin.getByRole('button', { name: 'Create organization' }).click();
  await expect(alert(admin)).toContainText('The organization was not created');
  await expect(field(admin, 'Handle')).toHaveAttribute('aria-invalid', 'true');
  await expect(field(admin, 'Handle')).toHaveAccessibleDescription(/This handle is taken/);
  await expect(field(admin, 'Display name')).toHaveValue('Another');

  await test.step('also one that only reads alike in DNS', async () => {
    await field(admin, 'Handle').fill(organization.handle.replace('-', '_'));
    await admin.getByRole('button', { name: 'Create organization' }).click();
    await expect(field(admin, 'Handle')).toHaveAccessibleDescription(/DNS label/);
  });
});

test('the switcher finds an organization by keyboard', async ({ admin, organization }) => {
  await visit(admin, '/organizations/new');
  await admin.getByRole('button', { name: 'Switch organization' }).click();
  const search = admin.getByRole('combobox', { name: 'Find an organization' });
  await expect(search).toBeFocused();
  await search.fill(organization.handle);
  const found = admin.getByRole('listbox', { name: 'Organizations' }).getByRole('option');
  await expect(found).toHaveCount(1);
  await expect(found).toContainText(organization.name);
  await expect(found).toHaveAttribute('aria-selected', 'true');
  await admin.keyboard.press('Enter');
  await expect(admin).toHaveURL(`/organizations/${organization.handle}`);
  await expect(heading(admin, organization.name)).toBeVisible();

  await test.step('and says when there is none', async () => {
    await admin.getByRole('button', { name: 'Switch organization' }).click();
    await search.fill('no such organization');
    await expect(admin.getByText('No organization found.')).toBeVisible();
    await admin.keyboard.press('Escape');
    await expect(search).toBeHidden();
  });
});

test('a late answer to an earlier search is not shown', async ({ admin, organization }) => {
  let answer = () => {};
  const answered = new Promise<void>((resolve) => (answer = resolve));
  await visit(admin, `/organizations/${organization.handle}`);
  let asked = 0;
  await admin.route('**/fn/search_orgs*', async (route) => {
    asked += 1;
    if (asked === 1) {
      await answered;
    }
    await route.continue();
  });
  const opened = admin.waitForRequest('**/fn/search_orgs*');
  await admin.getByRole('button', { name: 'Switch organization' }).click();
  const first = await opened;
  await admin.getByRole('combobox', { name: 'Find an organization' }).fill('no such organization');
  await expect(admin.getByText('No organization found.')).toBeVisible();
  answer();
  await (await first.response())?.finished();
  await admin.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await expect(admin.getByText('No organization found.')).toBeVisible();
});

test('keys lead around', async ({ admin, organization }) => {
  await visit(admin, `/organizations/${organization.handle}`);
  await admin.keyboard.press('?');
  const help = admin.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(help).toBeVisible();
  await admin.keyboard.press('Escape');
  await expect(help).toBeHidden();

  await admin.keyboard.press('g');
  await admin.keyboard.press('a');
  await expect(admin).toHaveURL(`/organizations/${organization.handle}/admin`);
  await expect(heading(admin, 'Admin')).toBeVisible();

  await admin.keyboard.press('/');
  const search = admin.getByRole('searchbox', { name: 'Search organizations' });
  await expect(search).toBeFocused();
  await admin.keyboard.type('go g o');
  await expect(search).toHaveValue('go g o');
  await search.fill('');
  await heading(admin, 'Admin').focus();

  await admin.keyboard.press('g');
  await admin.keyboard.press('o');
  await expect(admin).toHaveURL('/organizations');
  await expect(heading(admin, 'Organizations')).toBeVisible();
});

test('the theme is remembered', async ({ admin }) => {
  const isDark = () => admin.evaluate(() => getComputedStyle(document.documentElement).colorScheme === 'dark');
  await admin.emulateMedia({ colorScheme: 'dark' });
  await visit(admin, '/organizations');
  await expect.poll(isDark).toBe(true);
  await admin.getByRole('button', { name: 'Theme: as the system' }).click();
  await expect(admin.getByRole('button', { name: 'Theme: light' })).toBeVisible();
  await expect.poll(isDark).toBe(false);
  await visit(admin, '/organizations');
  await expect(admin.getByRole('button', { name: 'Theme: light' })).toBeVisible();
  await expect.poll(isDark).toBe(false);
  await admin.getByRole('button', { name: 'Theme: light' }).click();
  await expect(admin.getByRole('button', { name: 'Theme: dark' })).toBeVisible();
  await expect.poll(isDark).toBe(true);
});
