// What specs begin with: an instance, its administrator, and a browser for everybody else. Every test makes its own
// organizations and people, so that tests know nothing of each other.

import { type APIRequestContext, type BrowserContext, type Page, test as base, expect } from '@playwright/test';
import { Complaints } from './complaints.ts';
import { type Organization, createOrganization, signIn, someone, takeOver } from './console.ts';
import { type LogReceiver, startLogReceiver } from './log-receiver.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { type Filling, type Person, type Server, startServer } from './server.ts';

type Cookies = Awaited<ReturnType<BrowserContext['storageState']>>;

interface TestFixtures {
  complaints: Complaints;
  /** A page in a browser of its own: nobody's, or of somebody who has signed in. */
  browserOf: (person?: Person) => Promise<Page>;
  /** The platform administrator's page. */
  admin: Page;
  /** A second browser of the platform administrator. */
  secondAdmin: Page;
  /** An organization that waits for its first owner. */
  organization: Organization;
  /** Makes somebody the first owner. */
  ownerOf: (organization: Organization) => Promise<Person>;
  /** An instance for this test alone, where nobody is yet. */
  emptyServer: Server;
  /** A provider behind a webhook. */
  receiver: Receiver;
  /** Whom an audit log can be streamed to. */
  logReceiver: LogReceiver;
}

interface WorkerFixtures {
  filling: Filling;
  server: Server;
  administratorCookies: Cookies;
  /** Requests of the platform administrator. */
  administration: APIRequestContext;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  filling: ['an administrator', { option: true, scope: 'worker' }],

  server: [
    async ({ filling }, use) => {
      const server = await startServer(filling);
      await use(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],

  administration: [
    async ({ playwright, server }, use) => {
      const request = await playwright.request.newContext({ baseURL: server.url });
      await signIn(request, server.administrator);
      await use(request);
      await request.dispose();
    },
    { scope: 'worker' },
  ],

  administratorCookies: [
    async ({ administration }, use) => use(await administration.storageState()),
    { scope: 'worker' },
  ],

  baseURL: async ({ server }, use) => use(server.url),

  complaints: [
    async ({ server }, use, testInfo) => {
      const complaints = new Complaints();
      await use(complaints);
      if (testInfo.status !== testInfo.expectedStatus) {
        await testInfo.attach('server.log', { body: server.log(), contentType: 'text/plain' });
      }
      expect(complaints.all, 'complaints of the browsers').toEqual([]);
    },
    { auto: true },
  ],

  context: async ({ context, complaints }, use) => {
    await complaints.hearOf(context);
    await use(context);
  },

  browserOf: async ({ browser, complaints }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (person) => {
      const context = await browser.newContext();
      contexts.push(context);
      await complaints.hearOf(context);
      if (person) {
        await signIn(context.request, person);
      }
      return context.newPage();
    });
    await Promise.all(contexts.map((context) => context.close()));
  },

  admin: async ({ browserOf, administratorCookies }, use) => {
    const page = await browserOf();
    await page.context().addCookies(administratorCookies.cookies);
    await use(page);
  },

  secondAdmin: async ({ browserOf, administratorCookies }, use) => {
    const page = await browserOf();
    await page.context().addCookies(administratorCookies.cookies);
    await use(page);
  },

  organization: async ({ administration }, use) => use(await createOrganization(administration)),

  ownerOf: async ({ playwright, server }, use) => {
    await use(async (organization) => {
      const person = someone();
      const request = await playwright.request.newContext({ baseURL: server.url });
      await takeOver(request, organization, person);
      await request.dispose();
      return person;
    });
  },

  emptyServer: async ({}, use) => {
    const server = await startServer('nobody');
    await use(server);
    await server.stop();
  },

  receiver: async ({}, use) => {
    const receiver = await startReceiver();
    await use(receiver);
    await receiver.stop();
  },

  logReceiver: async ({}, use) => {
    const receiver = await startLogReceiver();
    await use(receiver);
    await receiver.stop();
  },
});

export { expect };
