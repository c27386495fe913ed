import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';
import { alert, awake, field, visit } from '../support/page.ts';

/** Whether the server takes the token. */
async function statusOf(page: Page, token: string) {
  const response = await page.request.get('/api/v1/me', { headers: { Authorization: `Bearer ${token}` } });
  return response.status();
}

async function create(page: Page, name: string): Promise<string> {
  await field(page, 'Name').fill(name);
  await page.getByRole('button', { name: 'Create token' }).click();
  const secret = page.getByRole('textbox', { name: `New token “${name}”` });
  await expect(secret).toHaveValue(/^tnt_personal_[0-9A-Za-z]{49}$/);
  return secret.inputValue();
}

test('a token is seen once, used, turned off and deleted @core', async ({ browserOf, organization, ownerOf }) => {
  const page = await browserOf(await ownerOf(organization));
  await visit(page, '/organizations');
  await page.getByRole('button', { name: 'Account:' }).click();
  await page.getByRole('link', { name: 'Access tokens' }).click();
  await awake(page);
  await expect(page.getByText('No tokens yet')).toBeVisible();

  await page.getByRole('radio', { name: /^Everything you may/ }).check();
  const token = await create(page, 'CI');
  await expect(field(page, 'Name')).toHaveValue('');
  const row = page.getByRole('row', { name: /CI/ });
  await expect(row).toContainText('Active');
  expect(await statusOf(page, token)).toBe(200);

  await row.getByRole('button', { name: 'Turn off CI' }).click();
  await expect(row).toContainText('Off');
  expect(await statusOf(page, token)).toBe(401);
  await row.getByRole('button', { name: 'Turn on CI' }).click();
  await expect(row).toContainText('Active');
  expect(await statusOf(page, token)).toBe(200);

  await page.reload();
  await awake(page);
  await expect(page.getByRole('textbox', { name: /^New token/ })).toHaveCount(0);
  await row.getByRole('button', { name: 'Turn off CI' }).click();
  await row.getByRole('button', { name: 'Delete CI' }).click();
  await expect(page.getByText('No tokens yet')).toBeVisible();
  expect(await statusOf(page, token)).toBe(401);
});

test('a sixth token is refused, and what was typed stays', async ({ browserOf, organization, ownerOf }) => {
  const page = await browserOf(await ownerOf(organization));
  await visit(page, '/account/tokens');
  for (const name of ['One', 'Two', 'Three', 'Four', 'Five']) {
    await create(page, name);
  }
  await field(page, 'Name').fill('Six');
  await page.getByRole('button', { name: 'Create token' }).click();
  await expect(alert(page).filter({ hasText: 'You have 5 personal tokens already' })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'New token “Five”' }), 'shown only now').toBeVisible();
  await expect(field(page, 'Name')).toHaveValue('Six');
  await expect(page.getByRole('row')).toHaveCount(6);
});
