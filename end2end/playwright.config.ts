import { defineConfig } from '@playwright/test';

// `cargo xtask test --only e2e` sets the scene: TENANTRY_BIN and TENANTRY_SITE_FILE name what is tested,
// TENANTRY_TEST_POSTGRES a cluster to make databases in. The fixtures start a server of their own for each worker.
const chromium = process.env.TENANTRY_CHROMIUM ?? '/usr/bin/chromium';

// With ENGINE=postgres the specs tagged @core run again, on PostgreSQL.
const onPostgres = process.env.ENGINE === 'postgres';

// Where xtask reads how many passed.
const results = process.env.TENANTRY_E2E_RESULTS;

export default defineConfig({
  testDir: 'specs',
  outputDir: onPostgres ? 'test-results/postgres' : 'test-results/sqlite',
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  ...(onPostgres ? { grep: /@core/ } : {}),
  reporter: [['list'], ...(results ? [['json', { outputFile: results }] as const] : [])],
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    // Recording costs a third of the time; `--trace on` does it when a failure needs a closer look.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromium,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'console', testIgnore: 'no-javascript.spec.ts' },
    { name: 'no-javascript', testMatch: 'no-javascript.spec.ts', use: { javaScriptEnabled: false } },
  ],
});
