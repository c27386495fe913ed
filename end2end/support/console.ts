// The console's server functions, called as its own script calls them: for what a test needs but isn't about, and for
// requests that no honest page would send.

import { randomBytes } from 'node:crypto';
import { type APIRequestContext, type APIResponse, expect } from '@playwright/test';
import type { Receiver } from './receiver.ts';
import type { Person } from './server.ts';

/** Paths of server functions by name; a build has one set of them. */
const paths = new Map<string, string>();

/** The path of the server function that a form of `page` posts to. */
async function pathOf(request: APIRequestContext, page: string, name: string): Promise<string> {
  const known = paths.get(name);
  if (known) {
    return known;
  }
  const response = await request.get(page);
  const path = new RegExp(`/fn/${name}\\d*`).exec(await response.text())?.[0];
  if (!path) {
    throw new Error(`no form on ${page} (${response.status()}) posts to ${name}`);
  }
  paths.set(name, path);
  return path;
}

/** Calls the server function that a form of `page` posts to. */
export async function call(
  request: APIRequestContext,
  page: string,
  name: string,
  form: Record<string, string>,
): Promise<APIResponse> {
  return post(request, await pathOf(request, page, name), form);
}

/** Posts `form` to a server function's path as the console's script would. */
export async function post(request: APIRequestContext, path: string, form: Record<string, string>) {
  return request.post(path, { form, headers: { Accept: 'application/json' } });
}

/** As [`call`], for a call that succeeds; answers its JSON. */
async function succeed(request: APIRequestContext, page: string, name: string, form: Record<string, string>) {
  const response = await call(request, page, name, form);
  expect(response.ok(), `${name}: ${response.status()} ${await response.text()}`).toBe(true);
  return response.json();
}

export async function signIn(request: APIRequestContext, { email, password }: Person) {
  await succeed(request, '/sign-in', 'sign_in', { email, password, next: '' });
}

export interface Organization {
  name: string;
  handle: string;
  /** For its first owner. */
  link: string;
}

/** Nobody else's. */
export function unique(prefix: string): string {
  return `${prefix}-${randomBytes(4).toString('hex')}`;
}

export function someone(name = 'Olga Owner'): Person {
  return { name, email: `${unique('person')}@tenant.example`, password: 'a long and lonesome road' };
}

/** `request` has to be an administrator's. */
export async function createOrganization(request: APIRequestContext, prefix = 'org'): Promise<Organization> {
  const handle = unique(prefix);
  const name = `Organization ${handle}`;
  const form = { display_name: name, handle, first_owner: 'link', lifetime: 'week' };
  const created = await succeed(request, '/organizations/new', 'create_org', form);
  return { name, handle, link: created.link.url };
}

/** Makes a new person the first owner; `request` is theirs, and signed in from then on. */
export async function takeOver(request: APIRequestContext, { link }: Organization, person: Person) {
  await request.get(link);
  await succeed(request, '/bootstrap', 'redeem_bootstrap', { ...person });
}

/** Days until a deleted organization is gone; `request` has to be an administrator's. */
export async function setGrace(request: APIRequestContext, days: number) {
  const form = { 'form[deletion_grace_days]': String(days), 'form[owners_may_delete]': 'true' };
  await succeed(request, '/instance/settings', 'save_instance', form);
}

/** Adds a plan in EUR and answers its key; `request` has to be an administrator's. */
export async function createPlan(
  request: APIRequestContext,
  { price, name = 'Team', buyer = 'owners', trial = '0' }: { price: string; name?: string; buyer?: string; trial?: string },
): Promise<string> {
  const key = unique('plan');
  await succeed(request, '/instance/plans', 'create_plan', {
    'form[key]': key,
    'form[name]': name,
    'form[currency]': 'EUR',
    'form[price]': price,
    'form[compute]': '2000',
    'form[compute_price]': '0.01',
    'form[trial_days]': trial,
    'form[buyer]': buyer,
  });
  return key;
}

export async function subscribe(request: APIRequestContext, { handle }: Organization, plan: string) {
  await succeed(request, `/organizations/${handle}/billing`, 'subscribe', { handle, plan });
}

export async function createWorkspace(request: APIRequestContext, { handle }: Organization, name: string) {
  const made = await succeed(request, `/organizations/${handle}/workspaces`, 'create_workspace', { handle, name });
  return made as { id: string };
}

export async function setSecret(request: APIRequestContext, { handle }: Organization, name: string) {
  await succeed(request, `/organizations/${handle}/secrets`, 'set_secret', { handle, name, value: 'hunter2' });
}

/** Connects the receiver's provider as “Main”. */
export async function connectAccount(request: APIRequestContext, { handle }: Organization, receiver: Receiver) {
  await succeed(request, `/organizations/${handle}/cloud-accounts`, 'connect_cloud_account', {
    handle,
    'form[name]': 'Main',
    'form[provider]': 'own',
    'form[connector]': 'webhook',
    'form[url]': receiver.url,
    'form[secret]': receiver.secret,
    'form[events]': 'true',
  });
}

/** What a program is told that asks to be signed in. */
export interface DeviceCodes {
  device_code: string;
  user_code: string;
  verification_uri_complete: string;
}

/** Asks as `tenantry login` does. */
export async function askToBeSignedIn(request: APIRequestContext): Promise<DeviceCodes> {
  const response = await request.post('/api/v1/device/authorize', { form: { client_id: 'tenantry-cli' } });
  expect(response.ok(), await response.text()).toBe(true);
  return response.json();
}

/** Asks what became of it. */
export async function comeBack(request: APIRequestContext, { device_code }: DeviceCodes) {
  const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
  const form = { client_id: 'tenantry-cli', grant_type, device_code };
  const response = await request.post('/api/v1/device/token', { form });
  return (await response.json()) as { access_token?: string; error?: string };
}
