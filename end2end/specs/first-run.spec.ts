import { expect, test } from '../support/fixtures.ts';
import { fillPerson, heading, field, visit } from '../support/page.ts';
import { someone } from '../support/console.ts';

test(
  'the printed link makes the first administrator, once',
  { tag: '@core' },
  async ({ page, browserOf, emptyServer }) => {
    await visit(page, emptyServer.url);
    await expect(page.getByText('This console has no administrator yet')).toBeVisible();

    const link = emptyServer.firstRunLink ?? '';
    const ada = someone('Ada First');
    const late = await browserOf();
    await test.step('the link leads to an address without its secret', async () => {
      await visit(page, link);
      await expect(page).toHaveURL(`${emptyServer.url}/setup`);
      await visit(late, link);
      await expect(heading(late, 'Become the first platform administrator')).toBeVisible();
    });

    await test.step('a weak password is refused, and the rest is kept', async () => {
      await fillPerson(page, { ...ada, password: 'too short' });
      await expect(page.getByRole('status').filter({ hasText: 'at least 15' })).toBeVisible();
      await page.getByRole('button', { name: 'Create account' }).click();
      await expect(page.getByRole('alert')).toContainText('A password has at least 15 characters');
      await expect(field(page, 'Email')).toHaveValue(ada.email);
      await expect(field(page, 'Password')).toHaveAttribute('aria-invalid', 'true');
    });

    await test.step('a time in which deletions can be called off is recommended', async () => {
      await expect(page.getByRole('radio', { name: /^Keep it for 30 days first/ })).toBeChecked();
      await late.getByRole('radio', { name: /^Delete it at once/ }).check();
    });

    await test.step('the account is made and signed in', async () => {
      await field(page, 'Password').fill(ada.password);
      await page.getByRole('button', { name: 'Create account' }).click();
      await expect(page).toHaveURL(`${emptyServer.url}/organizations`);
      await expect(page.getByText('No organizations yet')).toBeVisible();
      await page.getByRole('button', { name: `Account: ${ada.name}` }).click();
      await expect(page.getByText('Platform administrator', { exact: true })).toBeVisible();
      await page.getByRole('link', { name: 'Instance settings' }).click();
      await expect(field(page, 'Days until')).toHaveValue('30');
    });

    await test.step('the link is dead, also for those who opened it in time', async () => {
      await fillPerson(late, someone('Eve Late'));
      await late.getByRole('button', { name: 'Create account' }).click();
      await expect(late.getByRole('alert')).toContainText('Not found');
      const stranger = await browserOf();
      const response = await visit(stranger, link);
      expect(response?.status()).toBe(404);
      await expect(heading(stranger, "This set-up link doesn't work")).toBeAttached();
    });
  },
);
