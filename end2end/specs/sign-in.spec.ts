import { expect, test } from '../support/fixtures.ts';
import { unique } from '../support/console.ts';
import { alert, field, fillSignIn, heading, visit } from '../support/page.ts';

test('a wrong password says so and keeps the email', async ({ page, organization, ownerOf }) => {
  const owner = await ownerOf(organization);
  await visit(page, '/sign-in');
  await expect(field(page, 'Email')).toBeFocused();
  await fillSignIn(page, owner.email, 'not the password at all');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(alert(page)).toContainText('Not signed in');
  await expect(alert(page)).toContainText('Email or password is wrong.');
  await expect(alert(page)).toBeFocused();
  await expect(field(page, 'Email')).toHaveValue(owner.email);

  await alert(page).getByRole('link', { name: 'Email or password is wrong.' }).click();
  await expect(field(page, 'Email')).toBeFocused();

  await field(page, 'Password').fill(owner.password);
  await page.keyboard.press('Enter');
  // Whoever belongs to one organization begins there.
  await expect(page).toHaveURL(`/organizations/${organization.handle}`);
  await expect(heading(page, organization.name)).toBeVisible();
});

test('a person without an account is answered like one with a wrong password', async ({ page }) => {
  await visit(page, '/sign-in');
  await fillSignIn(page, `${unique('nobody')}@tenant.example`, 'whatever it may be');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(alert(page)).toContainText('Email or password is wrong.');
});

test('the password can be shown', async ({ page }) => {
  await visit(page, '/sign-in');
  await field(page, 'Password').fill('a secret between us');
  await expect(field(page, 'Password')).toHaveAttribute('type', 'password');
  await page.getByRole('button', { name: 'Show password' }).click();
  await expect(field(page, 'Password')).toHaveAttribute('type', 'text');
  await expect(field(page, 'Password')).toHaveValue('a secret between us');
});

test('signing in leads back to where one was going', async ({ page, server }) => {
  await visit(page, '/organizations?search=zzz&sort=created');
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await fillSignIn(page, server.administrator.email, server.administrator.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL('/organizations?search=zzz&sort=created');
  await expect(heading(page, 'Organizations')).toBeVisible();
});

for (const next of ['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:alert(1)']) {
  test(`signing in never leads to another site: ${next}`, async ({ page, server }) => {
    await visit(page, `/sign-in?next=${encodeURIComponent(next)}`);
    await fillSignIn(page, server.administrator.email, server.administrator.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page).toHaveURL('/organizations');
  });
}

test('signing out ends the session everywhere in this browser', async ({ browserOf, server }) => {
  const page = await browserOf(server.administrator);
  const other = await page.context().newPage();
  await visit(page, '/organizations');
  await visit(other, '/organizations');
  await page.getByRole('button', { name: 'Account:' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL('/sign-in');

  await page.goBack();
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await other.getByRole('link', { name: 'Create organization' }).first().click();
  await expect(other).toHaveURL(/\/sign-in\?next=/);
});

test('guessing is slowed down', async ({ page, organization, ownerOf }) => {
  const owner = await ownerOf(organization);
  await visit(page, '/sign-in');
  // Each failure past the free ones doubles the wait, so that sooner or later a guess falls into it.
  await expect(async () => {
    await fillSignIn(page, owner.email, 'not the password at all');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(alert(page)).toContainText(/Too many attempts\. Try again in \d+ seconds\./, { timeout: 1_000 });
  }).toPass({ intervals: [0] });
  await expect(field(page, 'Email')).toHaveValue(owner.email);
});
