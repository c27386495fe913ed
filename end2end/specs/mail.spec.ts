// Mail on its way to a real mail server.

import { test as base, expect } from '../support/fixtures.ts';
import { unique } from '../support/console.ts';
import { type Mailbox, startMailbox } from '../support/mailbox.ts';
import { alert, heading, visit } from '../support/page.ts';
import { turnReportOn } from '../support/report.ts';
import { startServer } from '../support/server.ts';

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

test('a test mail arrives, as text and as HTML @core', async ({ admin, mailbox, server }) => {
  const { email } = server.administrator;
  await visit(admin, '/instance/mail');
  await admin.getByRole('button', { name: 'Send test mail to me' }).click();
  await expect(alert(admin)).toContainText(`A test mail to ${email} is on its way.`);
  const mail = await mailbox.newest(email);
  expect(mail.subject).toBe('Test mail');
  expect(mail.messageId).toMatch(/^<[0-9a-f-]{36}@localhost>$/);
  expect(mail.text).toContain('shows that mail arrives');
  expect(mail.html).toContain('shows that mail arrives');
  expect(mail.html).not.toMatch(/<img|<link|src=/);

  await test.step('and nothing of what it said stays here', async () => {
    await expect(async () => {
      await visit(admin, '/instance/mail?state=sent');
      await expect(admin.getByRole('row', { name: /Test mail.*Sent/ })).toBeVisible({ timeout: 500 });
    }).toPass();
    await admin.getByRole('link', { name: 'Test mail' }).first().click();
    await expect(heading(admin, 'Test mail')).toBeVisible();
    await expect(admin.getByText('its text isn’t kept').or(admin.getByText("its text isn't kept"))).toBeVisible();
  });
});

test('a test report brings its file, and its link ends it @core', async ({
  admin,
  administration,
  browserOf,
  mailbox,
  organization,
}) => {
  const recipient = `${unique('reader')}@tenant.example`;
  const settings = `/organizations/${organization.handle}/admin`;
  await visit(admin, settings);
  await expect(admin.getByRole('button', { name: 'Send test report now' })).toHaveAttribute('aria-disabled', 'true');
  await turnReportOn(administration, organization, recipient);
  await visit(admin, settings);
  await admin.getByRole('button', { name: 'Send test report now' }).click();
  await expect(alert(admin)).toContainText('A test report was mailed to 1 address.');
  const mail = await mailbox.newest(recipient);
  expect(mail.subject).toMatch(`Test: Active users of ${organization.name}`);
  expect(mail.text).toContain('Active is who used the console');
  expect(mail.attachments.map(({ contentType }) => contentType)).toEqual(['text/csv']);
  expect(mail.attachments[0]?.content.toString()).toContain('user,email,role,last seen');
  const link = /Unsubscribe: (\S+)/.exec(mail.text ?? '')?.[1] ?? '';

  await test.step('one visit ends nothing, one press does', async () => {
    const page = await browserOf();
    await visit(page, link);
    await expect(page).toHaveURL('/unsubscribe');
    await page.getByRole('button', { name: 'Unsubscribe' }).click();
    await expect(alert(page)).toContainText('You are unsubscribed');
    await visit(page, link);
    await expect(page.getByRole('button', { name: 'Unsubscribe' })).toHaveCount(0);
  });

  await test.step('which the Admin page tells', async () => {
    await visit(admin, settings);
    await expect(admin.getByText(`mailed no more reports: ${recipient}`)).toBeVisible();
    await admin.getByRole('button', { name: 'Send test report now' }).click();
    await expect(alert(admin)).toContainText('Every recipient has unsubscribed');
    expect(mailbox.count(recipient)).toBe(1);
  });
});
