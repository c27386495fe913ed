// Mail of an instance that has no mail server.

import { expect, test } from '../support/fixtures.ts';
import { unique } from '../support/console.ts';
import { alert, expectNotFound, visit } from '../support/page.ts';
import { sendTestReport, turnReportOn } from '../support/report.ts';

test('mail is kept, and its links are shown on request', async ({ admin, administration, organization }) => {
  const recipient = `${unique('reader')}@tenant.example`;
  await turnReportOn(administration, organization, recipient);
  await sendTestReport(administration, organization);
  await visit(admin, '/instance/mail?state=kept');
  await expect(admin.getByText('No mail server is configured')).toBeVisible();
  const row = admin.getByRole('row', { name: new RegExp(recipient) });
  await expect(row).toContainText('Kept');
  await row.getByRole('link').click();
  await expect(admin.getByRole('heading', { level: 1 })).toContainText(organization.name);
  await expect(admin.getByText('[link hidden]')).toBeVisible();
  await admin.getByRole('button', { name: 'Reveal links' }).click();
  await expect(admin.getByText('/unsubscribe?token=')).toBeVisible();
});

test('the list is filtered by state', async ({ admin }) => {
  await visit(admin, '/instance/mail');
  await admin.getByRole('button', { name: 'Send test mail to me' }).click();
  await expect(alert(admin)).toContainText('was kept in the list below');
  await expect(admin.getByRole('row', { name: /Test mail/ }).first()).toBeVisible();
  await admin.getByRole('link', { name: 'Failed', exact: true }).click();
  await expect(admin.getByText('No mail found')).toBeVisible();
});

test('mail is the platform administrators’ alone', async ({ browserOf, organization, ownerOf }) => {
  const page = await browserOf(await ownerOf(organization));
  await expectNotFound(page, '/instance/mail');
});
