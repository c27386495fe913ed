import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';
import { createOrganization, someone, unique } from '../support/console.ts';
import { alert, expectNotFound, field, fillPerson, heading, visit } from '../support/page.ts';

async function rotate(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Rotate link' }).click();
  const link = page.getByRole('textbox', { name: 'New bootstrap link' });
  await expect(link).toBeVisible();
  return link.inputValue();
}

async function expectDead(page: Page, link: string) {
  const response = await visit(page, link);
  expect(response?.status()).toBe(404);
  await expect(heading(page, "This link doesn't work")).toBeAttached();
}

test(
  'the first owner takes over by the link, once',
  { tag: '@core' },
  async ({ admin, browserOf, organization, server }) => {
    const page = `/organizations/${organization.handle}`;
    const owner = await browserOf();
    const olga = someone();

    await test.step('opening it redeems nothing and hides its secret', async () => {
      await visit(owner, organization.link);
      await expect(owner).toHaveURL(`${server.url}/bootstrap`);
      await expect(heading(owner, `Become the owner of ${organization.name}`)).toBeVisible();
      await visit(admin, `${page}/admin`);
      await expect(admin.getByText('Live, opened')).toBeVisible();
      await expect(admin.getByText('None yet')).toBeVisible();
    });

    await test.step('a new person takes over', async () => {
      await fillPerson(owner, olga);
      await owner.getByRole('button', { name: 'Create account and take over' }).click();
      await expect(owner).toHaveURL(page);
      await expect(heading(owner, organization.name)).toBeVisible();
      await expect(owner.getByRole('definition').filter({ hasText: olga.name })).toBeVisible();
      await expect(owner.getByText('Active', { exact: true })).toBeVisible();
    });

    await test.step('the owner sees no Admin page', async () => {
      await expect(owner.getByRole('navigation', { name: 'Organization' })).toBeVisible();
      await expect(owner.getByRole('link', { name: 'Admin' })).toHaveCount(0);
      await expect(owner.getByRole('link', { name: 'Configure' })).toHaveCount(0);
      await expectNotFound(owner, `${page}/admin`);
    });

    await test.step('the link is dead', async () => {
      await expectDead(await browserOf(), organization.link);
      await visit(admin, `${page}/admin`);
      await expect(admin.getByText('Redeemed')).toBeVisible();
      await expect(admin.getByRole('button', { name: 'Rotate link' })).toBeHidden();
    });
  },
);

test('two people race for one link, and one of them wins', { tag: '@core' }, async ({ browserOf, organization }) => {
  const racers = await Promise.all([browserOf(), browserOf()]);
  for (const racer of racers) {
    await visit(racer, organization.link);
    await fillPerson(racer, someone());
  }
  await Promise.all(racers.map((racer) => racer.getByRole('button', { name: 'Create account and take over' }).click()));
  const outcomes = await Promise.all(
    racers.map(async (racer) => {
      const won = racer.getByRole('navigation', { name: 'Organization' });
      await expect(won.or(alert(racer).filter({ hasText: 'The organization was not taken over' }))).toBeVisible();
      return won.isVisible();
    }),
  );
  expect(outcomes.filter(Boolean)).toHaveLength(1);
});

test('somebody who has an account accepts as themselves', async ({
  administration,
  browserOf,
  organization,
  ownerOf,
}) => {
  const owner = await ownerOf(await createOrganization(administration));
  const page = await browserOf(owner);
  await visit(page, organization.link);
  await expect(page.getByText(`You are signed in as ${owner.email}.`)).toBeVisible();
  await page.getByRole('button', { name: `Accept as ${owner.name}` }).click();
  await expect(page).toHaveURL(`/organizations/${organization.handle}`);
  await visit(page, '/organizations');
  await expect(page.getByRole('rowheader')).toHaveCount(2);
});

test('somebody who has an account can sign in first', async ({ page, administration, organization, ownerOf }) => {
  const owner = await ownerOf(await createOrganization(administration));
  await visit(page, organization.link);
  await fillPerson(page, owner);
  await page.getByRole('button', { name: 'Create account and take over' }).click();
  await expect(field(page, 'Email')).toHaveAccessibleDescription(/already has an account/);
  await page.getByRole('link', { name: 'Sign in first' }).click();
  await field(page, 'Email').fill(owner.email);
  await field(page, 'Password').fill(owner.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL('/bootstrap');
  await page.getByRole('button', { name: `Accept as ${owner.name}` }).click();
  await expect(page).toHaveURL(`/organizations/${organization.handle}`);
});

test('the Join page takes a pasted link', async ({ page, organization }) => {
  await visit(page, '/sign-in');
  await page.getByRole('link', { name: 'Join with a link' }).click();
  await expect(heading(page, 'Join with a link')).toBeVisible();
  const link = field(page, 'Link');
  await link.fill('https://elsewhere.example/invitation');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(link).toHaveAccessibleDescription(/Copy the whole of it/);
  await link.fill(`  ${organization.link}  `);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page).toHaveURL('/bootstrap');
  await expect(heading(page, `Become the owner of ${organization.name}`)).toBeVisible();
});

test('a rotated link replaces the one before', { tag: '@core' }, async ({ admin, browserOf, organization }) => {
  await visit(admin, `/organizations/${organization.handle}/admin`);
  await expect(admin.getByText('Live, not opened')).toBeVisible();
  await admin.getByLabel('The new link lives').selectOption('Never expires');
  const link = await rotate(admin);
  expect(link).not.toBe(organization.link);
  await expect(admin.getByRole('listitem').filter({ hasText: 'Never expires' })).toBeVisible();

  await expectDead(await browserOf(), organization.link);
  const owner = await browserOf();
  await visit(owner, link);
  await expect(heading(owner, `Become the owner of ${organization.name}`)).toBeVisible();

  await test.step('also while somebody is typing', async () => {
    const newest = await (async () => {
      await visit(admin, `/organizations/${organization.handle}/admin`);
      return rotate(admin);
    })();
    await fillPerson(owner, someone());
    await owner.getByRole('button', { name: 'Create account and take over' }).click();
    await expect(alert(owner)).toContainText('The organization was not taken over');
    await visit(owner, newest);
    await fillPerson(owner, someone());
    await owner.getByRole('button', { name: 'Create account and take over' }).click();
    await expect(owner).toHaveURL(`/organizations/${organization.handle}`);
  });
});

test('a revoked link is dead', async ({ admin, page, organization }) => {
  await visit(admin, `/organizations/${organization.handle}/admin`);
  await admin.getByRole('button', { name: 'Revoke link' }).click();
  await expect(admin.getByText('Revoked', { exact: true })).toBeVisible();
  await expect(admin.getByRole('button', { name: 'Revoke link' })).toBeHidden();
  await expectDead(page, organization.link);
  await visit(admin, `/organizations/${organization.handle}`);
  await expect(admin.getByText('The bootstrap link was revoked.')).toBeVisible();
});

test('the administrator can be the owner instead', async ({ admin, page, organization }) => {
  await visit(admin, `/organizations/${organization.handle}/admin`);
  await admin.getByRole('button', { name: 'Make me the owner now' }).click();
  await expect(admin.getByRole('button', { name: 'Make me the owner now' })).toBeHidden();
  await expect(admin.getByRole('definition').filter({ hasText: 'Ada Administrator' })).toBeVisible();
  await expectDead(page, organization.link);
  await visit(admin, `/organizations/${organization.handle}`);
  await expect(admin.getByText('Active', { exact: true })).toBeVisible();
});

test('a token that never was leads nowhere', async ({ page, server }) => {
  await expectDead(page, `${server.url}/bootstrap?token=${unique('made-up')}`);
  const response = await visit(page, '/bootstrap');
  expect(response?.status()).toBe(404);
});
