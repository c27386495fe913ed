// Use, reported as a platform reports it: by REST, with a meter token.

import { type APIRequestContext, expect } from '@playwright/test';
import { type Organization, call, createWorkspace, unique } from './console.ts';

export const minute = 60_000;
export const gigabyte = 1_000_000_000;

/** What a workspace used. */
export interface Used {
  meter: string;
  workspace: string;
  quantity: number;
  /** Days ago; today unless told. */
  ago?: number;
}

/** Reports use. */
export type Report = (...used: Used[]) => Promise<void>;

/** Days ago as `YYYY-MM-DD`. */
export function dayAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

/** The secret of a new meter token; `request` has to be an administrator's. */
export async function createMeterToken(request: APIRequestContext): Promise<string> {
  const form = { holder: 'meter', name: unique('meter'), lifetime: 'never' };
  const response = await call(request, '/instance/tokens', 'create_token', form);
  expect(response.ok(), await response.text()).toBe(true);
  return (await response.json()).secret;
}

/** What reports use with a token of its own. */
export async function reporter(request: APIRequestContext): Promise<Report> {
  const token = await createMeterToken(request);
  return async (...used) => {
    const data = used.map(({ meter, workspace, quantity, ago = 0 }) => ({
      specversion: '1.0',
      source: '/tests',
      id: unique('event'),
      type: meter,
      subject: workspace,
      time: ago === 0 ? new Date().toISOString() : `${dayAgo(ago)}T12:00:00Z`,
      data: { quantity },
    }));
    const headers = { Authorization: `Bearer ${token}` };
    const response = await request.post('/api/v1/usage/events', { headers, data });
    expect(response.status(), await response.text()).toBe(200);
    expect((await response.json()).accepted).toBe(used.length);
  };
}

/** Ids of new workspaces. */
export async function createWorkspaces(request: APIRequestContext, organization: Organization, ...names: string[]) {
  const ids: string[] = [];
  for (const name of names) {
    ids.push((await createWorkspace(request, organization, name)).id);
  }
  return ids;
}

/** Two workspaces, and what they used on three days. */
export async function someUse(request: APIRequestContext, organization: Organization) {
  const [build = '', training = ''] = await createWorkspaces(request, organization, 'build', 'training');
  const report = await reporter(request);
  await report(
    { meter: 'db_execution_ms', workspace: build, quantity: 30 * minute, ago: 1 },
    { meter: 'process_execution_ms', workspace: build, quantity: 90 * minute, ago: 1 },
    { meter: 'process_execution_ms', workspace: training, quantity: 40 * minute, ago: 1 },
    { meter: 'process_execution_ms', workspace: training, quantity: 7 * minute, ago: 2 },
    { meter: 'db_execution_ms', workspace: build, quantity: 5 * minute, ago: 20 },
    { meter: 'db_volume_bytes', workspace: build, quantity: 12 * gigabyte, ago: 1 },
    { meter: 'snapshot_storage_bytes', workspace: training, quantity: 3 * gigabyte, ago: 1 },
  );
  return { build, training, report };
}
