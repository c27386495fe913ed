// Words for what people do on any page of the console.

import { type Locator, type Page, expect } from '@playwright/test';
import type { Person } from './server.ts';

/** Opens a page and waits until it answers to script. */
export async function visit(page: Page, address: string) {
  const response = await page.goto(address);
  await awake(page);
  return response;
}

/** Waits until the page answers to script: it says so on its document. */
export async function awake(page: Page) {
  await page.waitForFunction(() => document.documentElement.hasAttribute('data-interactive'));
}

/** The control with this label, which may go on (“optional”, “changed”); never the section of that name. */
export function field(page: Page, label: string): Locator {
  return page.getByLabel(new RegExp(`^${label}`)).and(page.locator('input, select, textarea'));
}

export function heading(page: Page, name: string): Locator {
  return page.getByRole('heading', { level: 1, name, exact: true });
}

/** What the page says at once about a post. Monaco has alerts of its own, outside of the page's content. */
export function alert(page: Page): Locator {
  return page.getByRole('main').getByRole('alert');
}

export async function fillPerson(page: Page, { name, email, password }: Person) {
  await field(page, 'Your name').fill(name);
  await field(page, 'Email').fill(email);
  await field(page, 'Password').fill(password);
}

export async function fillSignIn(page: Page, email: string, password: string) {
  await field(page, 'Email').fill(email);
  await field(page, 'Password').fill(password);
}

/** The page for what isn't there, or isn't for this person. */
export async function expectNotFound(page: Page, address: string) {
  const response = await page.goto(address);
  expect(response?.status()).toBe(404);
  await expect(heading(page, 'Page not found')).toBeAttached();
}
