import { expect, test } from '../support/fixtures.ts';
import { call, post } from '../support/console.ts';
import { fillSignIn, visit } from '../support/page.ts';

test('every answer carries the security headers', async ({ administration, organization }) => {
  for (const path of [
    '/sign-in',
    '/organizations',
    `/organizations/${organization.handle}/admin`,
    '/none',
    '/readyz',
  ]) {
    const headers = (await administration.get(path)).headers();
    expect(headers, path).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    expect(headers['permissions-policy'], path).toContain('camera=()');
    expect(headers['content-security-policy'], path).toContain("frame-ancestors 'none'");
    expect(headers['x-request-id'], path).toBeTruthy();
  }
});

test('pages run no script but their own', async ({ administration }) => {
  const nonces = new Set<string>();
  for (let round = 0; round < 2; round++) {
    const response = await administration.get('/organizations');
    const policy = response.headers()['content-security-policy'];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("form-action 'self'");
    const scripts = policy.split(';').find((directive) => directive.trim().startsWith('script-src ')) ?? '';
    expect(scripts).not.toContain('unsafe-inline');
    expect(scripts).not.toContain("'unsafe-eval'");
    const nonce = /'nonce-([^']+)'/.exec(scripts)?.[1] ?? '';
    expect(await response.text()).toContain(`nonce="${nonce}"`);
    nonces.add(nonce);
  }
  expect(nonces.size).toBe(2);
});

test('the policy stops what somebody slips into a page', async ({ admin, complaints }) => {
  complaints.forgive(/the policy forbids|Content Security Policy/);
  await visit(admin, '/organizations');
  await admin.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "taken over"';
    document.body.append(script);
  });
  await expect(admin).toHaveTitle('Organizations · Tenantry');
});

test('cookies are out of script’s reach', async ({ page, server }) => {
  await visit(page, '/sign-in');
  await fillSignIn(page, server.administrator.email, server.administrator.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL('/organizations');
  const cookies = await page.context().cookies();
  expect(cookies.map(({ name }) => name).sort()).toEqual(['tenantry_device', 'tenantry_session']);
  for (const cookie of cookies) {
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
  }
  expect(await page.evaluate(() => document.cookie)).toBe('');
});

test('a post from another site does nothing', async ({ admin, organization }) => {
  const path = `/organizations/${organization.handle}/admin`;
  await visit(admin, path);
  const revoke = (await admin.getByRole('form', { name: 'Revoke link' }).getAttribute('action')) ?? '';
  const form = { handle: organization.handle };
  const foreign: Record<string, string>[] = [
    { Origin: 'https://evil.example' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site', Origin: 'http://other.localhost' },
    { Origin: 'null' },
  ];
  for (const headers of foreign) {
    for (const accept of ['text/html', 'application/json']) {
      const response = await admin.request.post(revoke, { form, headers: { Accept: accept, ...headers } });
      expect(response.status(), JSON.stringify(headers)).toBe(403);
    }
  }
  await visit(admin, path);
  await expect(admin.getByText('Live, not opened')).toBeVisible();
  expect((await post(admin.request, revoke, form)).ok()).toBe(true);
});

test('a page of another site can’t post or frame', async ({ admin, complaints, organization, server }) => {
  complaints.forgive(/frame-ancestors|X-Frame-Options|Refused to display|Framing/);
  const path = `/organizations/${organization.handle}/admin`;
  await visit(admin, path);
  const revoke = (await admin.getByRole('form', { name: 'Revoke link' }).getAttribute('action')) ?? '';
  const evil = await admin.context().newPage();
  await evil.route('http://evil.example/**', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<form method="post" action="${server.url}${revoke}">
          <input name="handle" value="${organization.handle}"><button>Win a prize</button>
        </form><iframe title="console" src="${server.url}${path}"></iframe>`,
    }),
  );
  await evil.goto('http://evil.example/');
  await expect(evil.frameLocator('iframe').getByRole('heading', { name: 'Admin' })).toHaveCount(0);
  await evil.getByRole('button', { name: 'Win a prize' }).click();
  await expect(evil).toHaveURL(new RegExp(`^${server.url}/fn/`));
  await expect(evil.getByText('The request came from another site')).toBeVisible();
  await visit(admin, path);
  await expect(admin.getByText('Live, not opened')).toBeVisible();
});

test('a link’s token leaves the address and the log', async ({ page, organization, server }) => {
  const token = new URL(organization.link).searchParams.get('token') ?? '';
  const seen: string[] = [];
  page.on('request', (request) => {
    if (request.url() !== organization.link) {
      seen.push(request.url(), request.headers()['referer'] ?? '');
    }
  });
  await visit(page, organization.link);
  await expect(page).toHaveURL('/bootstrap');
  expect(seen.join('\n')).not.toContain(token);
  expect(await page.content()).not.toContain(token);
  expect(server.log()).toContain('/bootstrap');
  expect(server.log()).not.toContain(token);
});

test('a prefetched link counts as not opened', async ({ administration, organization, page }) => {
  await administration.get(organization.link, { headers: { 'Sec-Purpose': 'prefetch' }, maxRedirects: 0 });
  const overview = await administration.get(`/organizations/${organization.handle}`);
  expect(await overview.text()).toContain("hasn't been opened yet");
  await visit(page, organization.link);
  await expect(page.getByRole('button', { name: 'Create account and take over' })).toBeVisible();
});

test('a form that is too large is refused', async ({ administration }) => {
  const response = await call(administration, '/organizations/new', 'create_org', {
    display_name: 'x'.repeat(1024 * 1024 + 1),
  });
  expect(response.status()).toBe(413);
});

test('assets are compressed and kept for good', async ({ administration, server }) => {
  const page = await (await administration.get('/sign-in')).text();
  const assets = [...page.matchAll(/(?:href|src)="(\/(?:pkg|assets)\/[^"]+)"/g)].map(([, path]) => path);
  expect(assets.length).toBeGreaterThan(2);
  for (const path of new Set(assets)) {
    const response = await fetch(server.url + path, { headers: { 'Accept-Encoding': 'br' } });
    expect(response.status, path).toBe(200);
    expect(response.headers.get('cache-control'), path).toContain('immutable');
  }
});
