// What a browser fetches when it opens the Admin page for the first time, as `cargo xtask bench` reports it:
//
//   node support/first-load.mjs URL COOKIE
//
// Bytes are those on the wire, with headers, as compressed as they come.

import { chromium } from '@playwright/test';

const [url, cookie] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.TENANTRY_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
});
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const [name, ...value] = cookie.split('=');
  await context.addCookies([{ name, value: value.join('='), url }]);
  const page = await context.newPage();

  // Workers fetch on their own: the context's events see them, those of the page don't.
  const fetched = [];
  context.on('requestfinished', (request) => fetched.push(request));

  await page.goto(url, { waitUntil: 'networkidle' });
  await page.getByRole('heading', { name: 'Workspace settings' }).scrollIntoViewIfNeeded();
  await page.getByRole('textbox', { name: /^JSON editor/ }).waitFor({ state: 'attached' });
  await page.waitForLoadState('networkidle');
  // The workers start when the editor stands.
  await page.waitForTimeout(2000);

  const isMonaco = (request) => new URL(request.url()).pathname.startsWith('/monaco/');
  const withoutMonaco = await sum(fetched.filter((request) => !isMonaco(request)));
  console.log(JSON.stringify({ withoutMonaco, withMonaco: await sum(fetched) }));
} finally {
  await browser.close();
}

async function sum(requests) {
  const sizes = await Promise.all(requests.map((request) => request.sizes()));
  const bytes = sizes.reduce((all, size) => all + size.responseHeadersSize + size.responseBodySize, 0);
  return { requests: sizes.length, bytes };
}
