import { expect, test } from '../support/fixtures.ts';
import { askToBeSignedIn, comeBack } from '../support/console.ts';
import { alert, awake, field, fillSignIn, heading, visit } from '../support/page.ts';

test('a program is signed in, shown among the tokens and switched off @core', async ({
  browserOf,
  organization,
  ownerOf,
}) => {
  const owner = await ownerOf(organization);
  const page = await browserOf();
  const asked = await askToBeSignedIn(page.request);

  await test.step('the address it shows leads through signing in, and opening it decides nothing', async () => {
    await visit(page, asked.verification_uri_complete);
    await expect(page).toHaveURL(/\/sign-in\?next=/);
    await fillSignIn(page, owner.email, owner.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page).toHaveURL(`/device?user_code=${asked.user_code}`);
    await awake(page);
    await expect(field(page, 'Code')).toHaveValue(asked.user_code);
    expect(await comeBack(page.request, asked)).toMatchObject({ error: 'authorization_pending' });
  });

  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(heading(page, 'Sign in the Tenantry command line?')).toBeFocused();
  await expect(page.getByRole('definition').filter({ hasText: asked.user_code })).toBeVisible();
  await expect(page.getByRole('definition').filter({ hasText: /^(127\.0\.0\.1|::1)$/ })).toBeVisible();
  await expect(page.getByText(owner.email)).toBeVisible();
  await page.getByRole('button', { name: 'Approve' }).click();
  await expect(heading(page, 'The Tenantry command line is signed in')).toBeFocused();

  const { access_token: token } = await comeBack(page.request, asked);
  expect(token).toMatch(/^tnt_cli_[0-9A-Za-z]{49}$/);
  const status = async () => {
    const response = await page.request.get('/api/v1/me', { headers: { Authorization: `Bearer ${token}` } });
    return response.status();
  };
  expect(await status()).toBe(200);

  await page.getByRole('link', { name: 'Access tokens' }).click();
  await awake(page);
  const row = page.getByRole('row', { name: `Command line ${asked.user_code}` });
  await expect(row.getByRole('cell', { name: 'Command line', exact: true })).toBeVisible();
  await row.getByRole('button', { name: 'Turn off' }).click();
  await expect(row).toContainText('Off');
  expect(await status()).toBe(401);
});

test('a wrong code is told beside the field, and a sign-in can be denied', async ({
  browserOf,
  organization,
  ownerOf,
}) => {
  const page = await browserOf(await ownerOf(organization));
  await visit(page, '/device');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(field(page, 'Code')).toBeFocused();
  await field(page, 'Code').fill('ABCD-EFGH');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(field(page, 'Code')).toHaveAccessibleDescription(/none of them a vowel/);
  await field(page, 'Code').fill('bbbb-bbbb');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(field(page, 'Code')).toHaveAccessibleDescription(/Nothing waits under this code/);
  await expect(field(page, 'Code')).toHaveValue('bbbb-bbbb');

  const asked = await askToBeSignedIn(page.request);
  await field(page, 'Code').fill(asked.user_code.toLowerCase().replace('-', ' '));
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Deny' }).click();
  await expect(heading(page, 'The sign-in was denied')).toBeFocused();
  expect(await comeBack(page.request, asked)).toMatchObject({ error: 'access_denied' });
});

test('guessing codes is delayed', async ({ browserOf, organization, ownerOf }) => {
  const page = await browserOf(await ownerOf(organization));
  await visit(page, '/device');
  for (const code of ['bbbb-bbbb', 'cccc-cccc', 'dddd-dddd', 'ffff-ffff', 'gggg-gggg', 'hhhh-hhhh']) {
    await field(page, 'Code').fill(code);
    const answered = page.waitForResponse((response) => response.url().includes('/fn/find_device'));
    await page.getByRole('button', { name: 'Continue' }).click();
    expect((await answered).status()).toBe(422);
    await expect(page.getByRole('button', { name: 'Continue' })).not.toHaveAttribute('aria-busy');
  }
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(alert(page)).toContainText('Too many attempts.');
});
