// The active user report, for tests that need one.

import { type APIRequestContext, expect } from '@playwright/test';
import { type Organization, call } from './console.ts';

/** Saves the report of a new organization; `request` has to be an administrator's. */
export async function turnReportOn(request: APIRequestContext, { handle }: Organization, recipients: string) {
  const response = await call(request, `/organizations/${handle}/admin`, 'save_admin', {
    handle,
    version: '1',
    'form[report]': 'true',
    'form[report_recipients]': recipients,
    'form[workspace]': '{}',
  });
  expect(response.ok(), await response.text()).toBe(true);
}

export async function sendTestReport(request: APIRequestContext, { handle }: Organization) {
  const response = await call(request, `/organizations/${handle}/admin`, 'send_test_report', { handle });
  expect(response.ok(), await response.text()).toBe(true);
}

/** The link that ends reports, in the text of one. */
export function linkIn(text: string): string {
  return /\S+\/unsubscribe\?token=\S+/.exec(text)?.[0] ?? '';
}
