import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';
import { entries, isGenuine } from '../support/log-receiver.ts';
import { alert, field, visit } from '../support/page.ts';

const log = (handle: string) => `/organizations/${handle}/audit`;
const section = (page: Page) => page.getByRole('region', { name: 'Streaming' });
const button = (page: Page, name: string) => section(page).getByRole('button', { name, exact: true });
const secret = (page: Page) => section(page).getByRole('textbox', { name: 'Secret of the stream' });

test('an owner streams the log to a receiver', { tag: '@core' }, async ({ browserOf, organization, ownerOf, logReceiver }) => {
  test.slow();
  const owner = await browserOf(await ownerOf(organization));
  await visit(owner, log(organization.handle));
  await owner.getByRole('link', { name: 'Streaming', exact: true }).click();
  await expect(section(owner)).toBeInViewport();
  await field(owner, "Receiver's address").fill('siem.example');
  await button(owner, 'Start streaming').click();
  await expect(field(owner, "Receiver's address")).toHaveAccessibleDescription(/begins with https:\/\//);
  await field(owner, "Receiver's address").fill(logReceiver.url);
  await button(owner, 'Start streaming').click();
  await expect(secret(owner)).toHaveValue(/^whsec_/);
  const first = await secret(owner).inputValue();
  await expect(button(owner, 'Pause')).toBeVisible();
  await expect.poll(() => logReceiver.deliveries.length).toBe(1);
  const [arrived] = logReceiver.deliveries;
  expect(isGenuine(arrived!, first)).toBe(true);
  expect(entries(arrived!).map(({ action }) => action)).toEqual(['audit_stream.set']);
  expect(arrived!.body).not.toContain('hunter2');

  await test.step('a receiver that fails is asked again', async () => {
    logReceiver.status = 503;
    await button(owner, 'Send a test').click();
    await expect(alert(owner).first()).toContainText('The receiver answered with HTTP status 503.');
    await expect.poll(() => logReceiver.deliveries.filter((one) => entries(one).length > 0).length).toBeGreaterThan(1);
    await visit(owner, log(organization.handle));
    await expect(owner.getByText("The log's stream doesn't arrive")).toBeVisible();
    await expect(section(owner).getByText('Failing')).toBeVisible();
    await expect(section(owner)).toContainText('Behind by');
    await expect(secret(owner)).toHaveCount(0);
    logReceiver.status = 200;
    await button(owner, 'Send a test').click();
    await expect(alert(owner)).toContainText('The test event has arrived.');
    await expect(async () => {
      await visit(owner, log(organization.handle));
      await expect(section(owner).getByText('Up to date')).toBeVisible();
    }).toPass();
    const batches = new Map(logReceiver.deliveries.map((one) => [one.id, entries(one)]));
    const numbers = [...batches.values()].flat().map(({ seq }) => seq);
    expect(numbers).toEqual(numbers.map((_, n) => numbers[0]! + n));
  });

  await test.step('a new secret signs, and a paused stream rests', async () => {
    await button(owner, 'New secret').click();
    await expect(secret(owner)).toHaveValue(/^whsec_/);
    const second = await secret(owner).inputValue();
    expect(second).not.toBe(first);
    await expect.poll(() => isGenuine(logReceiver.deliveries.at(-1)!, second)).toBe(true);
    await button(owner, 'Pause').click();
    await expect(section(owner).getByText('Paused', { exact: true })).toBeVisible();
    await button(owner, 'Resume').click();
    await expect.poll(() => entries(logReceiver.deliveries.at(-1)!).at(-1)?.action).toBe('audit_stream.resumed');
    await button(owner, 'Turn off').click();
    await expect(alert(owner).filter({ hasText: 'Streaming is off.' })).toBeVisible();
    await expect(section(owner)).toContainText('Not streamed');
    await expect(secret(owner)).toHaveCount(0);
    await expect(owner.getByRole('row', { name: /Audit log stream turned off/ })).toContainText('http://127.0.0.1');
  });
});

test('whoever has it changed meanwhile isn’t overwritten unseen', async ({ admin, secondAdmin, organization, logReceiver }) => {
  await visit(admin, log(organization.handle));
  await visit(secondAdmin, log(organization.handle));
  for (const page of [admin, secondAdmin]) {
    await field(page, "Receiver's address").fill(logReceiver.url);
    await button(page, 'Start streaming').click();
  }
  await expect(secret(admin)).toBeVisible();
  await expect(alert(secondAdmin)).toContainText('Someone else saved this page');
});
