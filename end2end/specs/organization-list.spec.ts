import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';
import { heading, visit } from '../support/page.ts';
import { seededOrganizations } from '../support/server.ts';

test.use({ filling: 'many organizations' });

/** The display names in the table, from the first row on. */
async function names(page: Page): Promise<string[]> {
  return page.getByRole('row').getByRole('rowheader').getByRole('link').allInnerTexts();
}

function table(page: Page) {
  return page.getByRole('table', { name: 'Organizations' });
}

test('the list is paged, and the page stands in the URL', async ({ admin }) => {
  await visit(admin, '/organizations');
  await expect(table(admin).getByRole('rowheader')).toHaveCount(50);
  const first = await names(admin);
  expect(first).toEqual([...first].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)));

  const pages = admin.getByRole('navigation', { name: 'Pages' });
  await pages.getByRole('link', { name: 'Next' }).click();
  await expect(admin).toHaveURL(/[?&]after=/);
  await expect(table(admin).getByText(first[0], { exact: true })).toBeHidden();
  const second = await names(admin);
  await pages.getByRole('link', { name: 'Next' }).click();
  await expect(table(admin).getByRole('rowheader')).toHaveCount(seededOrganizations - 100);
  await expect(pages.getByRole('link', { name: 'Next' })).toHaveCount(0);
  const third = await names(admin);
  expect(new Set([...first, ...second, ...third]).size).toBe(seededOrganizations);

  await test.step('backwards, by the pager, by the back button and by reloading', async () => {
    await pages.getByRole('link', { name: 'Previous' }).click();
    await expect(admin).toHaveURL(/[?&]before=/);
    await expect.poll(() => names(admin)).toEqual(second);
    await admin.goBack();
    await expect.poll(() => names(admin)).toEqual(third);
    await admin.reload();
    await expect.poll(() => names(admin)).toEqual(third);
    await admin.goBack();
    await expect.poll(() => names(admin)).toEqual(second);
  });
});

test('the list is searched by the words of name and handle', async ({ admin }) => {
  await visit(admin, '/organizations?sort=created');
  const search = admin.getByRole('searchbox', { name: 'Search organizations' });
  await search.fill('robo AMBER');
  await search.press('Enter');
  await expect(admin).toHaveURL('/organizations?search=robo%20AMBER&sort=created');
  await expect.poll(() => names(admin)).toEqual(['Amber Robotics 20', 'Amber Robotics 120']);
  await admin.reload();
  await expect(search).toHaveValue('robo AMBER');
  await expect.poll(() => names(admin)).toEqual(['Amber Robotics 20', 'Amber Robotics 120']);

  await test.step('without a hit it says so and offers the way back', async () => {
    await search.fill('nothing of the kind');
    await admin.getByRole('button', { name: 'Search', exact: true }).click();
    await expect(admin.getByText('No organization found')).toBeVisible();
    await expect(table(admin)).toBeHidden();
    await admin.getByRole('link', { name: 'Clear search and filter' }).click();
    await expect(admin).toHaveURL('/organizations?sort=created');
    await expect(table(admin).getByRole('rowheader')).toHaveCount(50);
    await expect(search).toHaveValue('');
  });
});

test('the list is filtered by state', async ({ admin, organization }) => {
  await visit(admin, '/organizations');
  const states = admin.getByRole('navigation', { name: 'Filter by state' });
  await expect(states.getByRole('link', { name: 'All' })).toHaveAttribute('aria-current', 'true');
  await states.getByRole('link', { name: 'Waiting for its owner' }).click();
  await expect(admin).toHaveURL('/organizations?state=pending_bootstrap');
  await expect(table(admin).getByRole('row', { name: organization.name })).toContainText('Waiting for its owner');
  await expect(table(admin).getByText('Amber', { exact: false })).toHaveCount(0);
  await states.getByRole('link', { name: 'Deleting' }).click();
  await expect(admin.getByText('No organization found')).toBeVisible();
  await admin.goBack();
  await expect(table(admin).getByRole('row', { name: organization.name })).toBeVisible();
});

test('the list is sorted by its headings', async ({ admin }) => {
  await visit(admin, '/organizations?search=foundry');
  const created = table(admin).getByRole('columnheader', { name: 'Created' });
  await expect(created).not.toHaveAttribute('aria-sort');
  await created.getByRole('link').click();
  await expect(admin).toHaveURL('/organizations?search=foundry&sort=created');
  await expect(created).toHaveAttribute('aria-sort', 'ascending');
  const ascending = await names(admin);
  expect(ascending[0]).toBe('Amber Foundry 10');
  await created.getByRole('link').click();
  await expect(admin).toHaveURL('/organizations?search=foundry&sort=created&dir=desc');
  await expect(created).toHaveAttribute('aria-sort', 'descending');
  await expect.poll(() => names(admin)).toEqual([...ascending].reverse());
  await admin.goBack();
  await expect(created).toHaveAttribute('aria-sort', 'ascending');
  await expect.poll(() => names(admin)).toEqual(ascending);
});

test('the search of the top bar leads to the list', async ({ admin, organization }) => {
  await visit(admin, `/organizations/${organization.handle}`);
  await admin.keyboard.press('/');
  await admin.keyboard.type('jagged studio');
  await admin.keyboard.press('Enter');
  await expect(admin).toHaveURL('/organizations?search=jagged%20studio');
  await expect.poll(() => names(admin)).toEqual(['Jagged Studio 99']);
  await table(admin).getByRole('link', { name: 'Jagged Studio 99' }).click();
  // Where the link was is another page now; whoever listens to it begins at its heading.
  await expect(heading(admin, 'Jagged Studio 99')).toBeFocused();
});
