// What organizations use: charts, each workspace's part, and limits that warn and cap.

import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { test as base, expect } from '../support/fixtures.ts';
import { type Mailbox, startMailbox } from '../support/mailbox.ts';
import { alert, field, heading, visit } from '../support/page.ts';
import { startServer } from '../support/server.ts';
import { createWorkspaces, dayAgo, gigabyte, minute, reporter, someUse } from '../support/usage.ts';

const test = base.extend<{}, { mailbox: Mailbox }>({
  mailbox: [
    async ({}, use) => {
      const mailbox = await startMailbox();
      await use(mailbox);
      await mailbox.stop();
    },
    { scope: 'worker' },
  ],

  server: [
    async ({ filling, mailbox }, use) => {
      const server = await startServer(filling, { TENANTRY_SMTP_URL: mailbox.url });
      await use(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],
});

function limit(page: Page, dimension: string): Locator {
  return page.getByRole('article', { name: new RegExp(`^${dimension}`) });
}

/** Saves a dimension's limit. */
async function setLimit(page: Page, dimension: string, value: string, action = 'Warn') {
  const form = page.getByRole('form', { name: `${dimension} limit` });
  await form.getByLabel(/^Limit in/).fill(value);
  await form.getByLabel('When it is reached').selectOption(action);
  await form.getByRole('button', { name: 'Save limit' }).click();
  await expect(form.getByRole('alert').filter({ hasText: 'Saved.' })).toBeVisible();
}

/** Looks again and again until what follows from a change has. */
async function eventually(page: Page, address: string, see: () => Promise<void>) {
  await expect(async () => {
    await visit(page, address);
    await see();
  }).toPass({ timeout: 30_000 });
}

test(
  'use is shown by day, told by pointer and keys, and as a table',
  { tag: '@core' },
  async ({ administration, browserOf, organization, ownerOf }) => {
    await someUse(administration, organization);
    const page = await browserOf(await ownerOf(organization));
    await visit(page, `/organizations/${organization.handle}`);
    await page.getByRole('navigation', { name: 'Organization' }).getByRole('link', { name: 'Usage' }).click();
    await expect(heading(page, 'Usage')).toBeVisible();
    await expect(page.getByText('on no plan, so nothing is charged')).toBeVisible();
    const summary = page.getByRole('region', { name: 'Summary' });
    await expect(summary.getByText('160 min')).toBeVisible();
    await expect(summary.getByText('15 GB')).toBeVisible();

    const compute = page.getByRole('figure', { name: 'Compute' });
    await expect(compute.getByRole('img', { name: 'Compute per day' })).toBeVisible();
    await expect(compute.getByText(/172 min in all, highest 160 min/)).toBeVisible();
    const days = compute.getByRole('slider', { name: 'Days of Compute per day' });
    await days.focus();
    await page.keyboard.press('ArrowLeft');
    await expect(compute.getByRole('tooltip')).toContainText('Database30 min');
    await expect(compute.getByRole('tooltip')).toContainText('Process130 min');
    await expect(days).toHaveAttribute('aria-valuetext', /Database 30 min, Process 130 min, total 160 min/);
    await page.keyboard.press('ArrowLeft');
    await expect(days).toHaveAttribute('aria-valuetext', /total 7 min/);
    await page.keyboard.press('Escape');
    await expect(compute.getByRole('tooltip')).toHaveCount(0);
    await days.hover();
    await expect(compute.getByRole('tooltip')).toBeVisible();

    await compute.getByRole('radio', { name: 'Cumulative' }).check();
    await expect(compute.getByRole('img', { name: 'Compute, cumulative' })).toBeVisible();
    await expect(compute.getByRole('img', { name: 'Compute per day' })).toBeHidden();
    await compute.getByText('Show as a table').click();
    await expect(compute.getByRole('row', { name: new RegExp(dayAgo(1)) })).toContainText('160');
    await expect(page.getByRole('figure', { name: 'Storage' }).getByText(/15 GB/).first()).toBeVisible();
    await expect(page.getByRole('figure', { name: 'Users' })).toBeVisible();
  },
);

test('days are chosen, one workspace is looked at, and both are downloaded', async ({
  admin,
  administration,
  organization,
}) => {
  await someUse(administration, organization);
  await visit(admin, `/organizations/${organization.handle}/usage`);
  const compute = admin.getByRole('figure', { name: 'Compute' });
  await admin.getByRole('link', { name: 'Last 7 days' }).click();
  await expect(admin).toHaveURL(/range=7d/);
  await expect(compute.getByText(/167 min in all/)).toBeVisible();
  await expect(admin.getByRole('link', { name: 'Last 7 days' })).toHaveAttribute('aria-current', 'true');

  const other = admin.getByRole('form', { name: 'Other days' });
  await other.getByLabel('From').fill(dayAgo(21));
  await other.getByLabel('Until').fill(dayAgo(19));
  await other.getByRole('button', { name: 'Show' }).click();
  await expect(admin).toHaveURL(new RegExp(`from=${dayAgo(21)}&until=${dayAgo(19)}`));
  await expect(compute.getByText(/: 5 min in all/)).toBeVisible();
  await admin.reload();
  await expect(other.getByLabel('From')).toHaveValue(dayAgo(21));

  await admin.getByRole('link', { name: 'By workspace' }).click();
  await expect(heading(admin, 'Usage by workspace')).toBeVisible();
  await expect(admin.getByRole('rowheader')).toHaveText(['build']);
  await admin.getByRole('link', { name: 'Last 30 days' }).click();
  await expect(admin.getByRole('rowheader')).toHaveText(['build', 'training']);
  await expect(admin.getByRole('row', { name: /^build/ })).toContainText('125 min');
  await expect(admin.getByRole('row', { name: /^build/ })).toContainText('72.7%');
  await admin.getByRole('link', { name: 'training', exact: true }).click();
  await expect(admin.getByText('Only the use of the workspace training is shown.')).toBeVisible();
  await expect(compute.getByText(/47 min in all/)).toBeVisible();
  await expect(admin.getByRole('figure', { name: 'Users' })).toHaveCount(0);
  await expect(admin.getByRole('region', { name: 'Limits' })).toHaveCount(0);

  const [download] = await Promise.all([
    admin.waitForEvent('download'),
    admin.getByRole('link', { name: 'Download CSV' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe(`usage-${organization.handle}.csv`);
  const lines = (await readFile(await download.path(), 'utf8')).trim().split(/\r?\n/);
  expect(lines[0]).toBe('day,meter,value,unit,workspace');
  expect(lines).toContain(`${dayAgo(1)},process_execution_ms,${40 * minute},ms,training`);
  expect(lines).toHaveLength(4);
  await admin.getByRole('link', { name: 'Show all workspaces' }).click();
  await expect(compute.getByText(/172 min in all/)).toBeVisible();
});

test('before anything is reported, the page says how it comes', async ({ admin, organization }) => {
  await visit(admin, `/organizations/${organization.handle}/usage`);
  await expect(admin.getByText('No use was reported yet')).toBeVisible();
  await expect(admin.getByRole('main').getByRole('link', { name: 'API reference' })).toHaveAttribute(
    'href',
    '/api/v1/reference',
  );
  await admin.getByRole('link', { name: 'By workspace' }).click();
  await expect(admin.getByText('No use in these days')).toBeVisible();
});

test('a limit is set, refused, taken away, and never saved over a newer one', async ({
  admin,
  secondAdmin,
  administration,
  organization,
}) => {
  await someUse(administration, organization);
  const usage = `/organizations/${organization.handle}/usage`;
  await visit(admin, usage);
  await visit(secondAdmin, usage);
  const storage = limit(admin, 'Storage');
  await expect(storage).toContainText('No limit');
  await setLimit(admin, 'Storage', '18');
  await expect(storage).toContainText('15 GB of 18 GB');
  await expect(storage).toContainText('83%');
  await expect(storage).toContainText('Near the limit');

  const form = secondAdmin.getByRole('form', { name: 'Storage limit' });
  await form.getByLabel(/^Limit in/).fill('a lot');
  await form.getByRole('button', { name: 'Save limit' }).click();
  await expect(alert(secondAdmin)).toContainText('Someone else saved this page');
  await expect(form.getByLabel(/^Limit in/)).toHaveValue('a lot');
  await form.getByRole('link', { name: 'Load theirs' }).click();
  await expect(form.getByLabel(/^Limit in/)).toHaveValue('18');
  await form.getByLabel(/^Limit in/).fill('a lot');
  await form.getByRole('button', { name: 'Save limit' }).click();
  await expect(form.getByLabel(/^Limit in/)).toHaveAccessibleDescription(/Enter a number of gigabytes/);
  await expect(form.getByLabel(/^Limit in/)).toHaveValue('a lot');
  await expect(secondAdmin.getByRole('form', { name: 'Compute limit' }).getByRole('alert')).toBeHidden();

  await setLimit(admin, 'Storage', '');
  await expect(storage).toContainText('No limit');
});

test('a test warning arrives, once', async ({ admin, browserOf, mailbox, organization, ownerOf }) => {
  const owner = await ownerOf(organization);
  const page = await browserOf(owner);
  const usage = `/organizations/${organization.handle}/usage`;
  await visit(page, usage);
  await setLimit(page, 'Users', '10');
  await page.getByRole('form', { name: 'Test the warning of users' }).getByRole('button').click();
  await expect(alert(page).filter({ hasText: 'Mailed to 1 owner.' })).toBeVisible();
  const mail = await mailbox.newest(owner.email);
  expect(mail.subject).toBe(`Test: Users of ${organization.name} is at 10 % of its limit`);
  expect(mail.text).toContain('1 user in the organization now, of a limit of 10 users.');
  await eventually(admin, '/instance/mail?state=sent', async () => {
    await expect(admin.getByRole('row', { name: new RegExp(organization.name) })).toHaveCount(1, { timeout: 500 });
  });
  expect(mailbox.count(owner.email)).toBe(1);
});

test('what crosses a limit at once in several requests is mailed once', async ({
  admin,
  administration,
  browserOf,
  mailbox,
  organization,
  ownerOf,
}) => {
  const owner = await ownerOf(organization);
  const page = await browserOf(owner);
  const { build, report } = await someUse(administration, organization);
  const usage = `/organizations/${organization.handle}/usage`;
  await visit(page, usage);
  await setLimit(page, 'Storage', '20');
  // Each alone crosses 100%.
  const volume = (gigabytes: number) => ({
    meter: 'db_volume_bytes',
    workspace: build,
    quantity: gigabytes * gigabyte,
  });
  await Promise.all([report(volume(18)), report(volume(19)), report(volume(18))]);
  const mail = await mailbox.newest(owner.email);
  expect(mail.subject).toMatch(/^Storage of .* is at (75|100) % of its limit$/);
  await eventually(page, usage, async () => {
    await expect(limit(page, 'Storage')).toContainText('at 75%, 100%', { timeout: 500 });
  });
  // A later one, so that whatever was to come before it has come.
  await page.getByRole('form', { name: 'Test the warning of storage' }).getByRole('button').click();
  await eventually(admin, '/instance/mail?state=sent', async () => {
    const row = admin.getByRole('row', { name: new RegExp(`Test: Storage of ${organization.name}`) });
    await expect(row).toHaveCount(1, { timeout: 500 });
  });
  const mails = admin.getByRole('row', { name: new RegExp(`Storage of ${organization.name} is at 100 %`) });
  await expect(mails).toHaveCount(1);
});

test(
  'a cap has workspaces sleep, and raising the limit wakes them',
  { tag: '@core' },
  async ({ admin, administration, organization }) => {
    test.slow();
    const { build, report } = await someUse(administration, organization);
    const home = `/organizations/${organization.handle}`;
    await visit(admin, `${home}/usage`);

    await test.step('a rehearsal tells, and stops nothing', async () => {
      await limit(admin, 'Compute').getByRole('link', { name: /What would a cap stop/ }).click();
      await expect(admin).toHaveURL(/rehearse=compute/);
      const rehearsal = admin.getByRole('region', { name: 'A cap on compute now' });
      await rehearsal.getByText('2 workspaces would go to sleep').click();
      await expect(rehearsal.getByRole('listitem')).toHaveText(['build', 'training']);
      await limit(admin, 'Compute').getByRole('link', { name: /^Close the rehearsal/ }).click();
      await expect(rehearsal).toHaveCount(0);
      await visit(admin, `${home}/workspaces`);
      await expect(admin.getByRole('row', { name: /^build/ })).toContainText('Active');
      await expect(admin.getByRole('row', { name: /^training/ })).toContainText('Active');
    });

    await visit(admin, `${home}/usage`);
    await setLimit(admin, 'Compute', '1000', 'Cap and warn');
    await report({ meter: 'process_execution_ms', workspace: build, quantity: 2_000 * minute });
    await eventually(admin, `${home}/usage`, async () => {
      await expect(admin.getByText('Compute is capped')).toBeVisible({ timeout: 500 });
    });
    await expect(limit(admin, 'Compute')).toContainText('Capped');
    await expect(admin.getByText(/This ends when the limit is raised or taken away, or with the next cycle on/)).toBeVisible();
    for (const name of ['build', 'training']) {
      await eventually(admin, `${home}/workspaces`, async () => {
        await expect(admin.getByRole('row', { name: new RegExp(`^${name}`) })).toContainText('Asleep', { timeout: 500 });
      });
    }
    await admin.getByRole('button', { name: 'Wake build' }).click();
    await expect(alert(admin).filter({ hasText: 'Nothing was changed' })).toBeVisible();

    await visit(admin, `${home}/usage`);
    await setLimit(admin, 'Compute', '100000', 'Cap and warn');
    for (const name of ['build', 'training']) {
      await eventually(admin, `${home}/workspaces`, async () => {
        await expect(admin.getByRole('row', { name: new RegExp(`^${name}`) })).toContainText('Active', { timeout: 500 });
      });
    }
    await visit(admin, `${home}/usage`);
    await expect(admin.getByText('Compute is capped')).toHaveCount(0);
    await expect(limit(admin, 'Compute')).toContainText('Below the limit');
  },
);

test('a meter of the platform’s own has a chart', async ({ admin, administration, organization }) => {
  const key = `requests_${organization.handle.replace(/[^a-z0-9]/g, '_')}`;
  await visit(admin, '/instance/meters');
  await field(admin, 'Key').fill(key);
  await field(admin, 'Name').fill(`Requests of ${organization.handle}`);
  await field(admin, 'Unit').fill('requests');
  await admin.getByRole('button', { name: 'Add meter' }).click();
  await expect(heading(admin, `Requests of ${organization.handle}`)).toBeVisible();
  const [build = ''] = await createWorkspaces(administration, organization, 'build');
  const report = await reporter(administration);
  await report({ meter: key, workspace: build, quantity: 1_250, ago: 1 });
  await visit(admin, `/organizations/${organization.handle}/usage`);
  const chart = admin.getByRole('figure', { name: `Requests of ${organization.handle}` });
  await expect(chart.getByText(/1,250 requests in all/)).toBeVisible();
});
