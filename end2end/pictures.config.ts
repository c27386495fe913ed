// `npm run pictures`: screenshots to look at, of the same pages that the specs prove.

import { defineConfig } from '@playwright/test';
import config from './playwright.config.ts';

export default defineConfig({
  ...config,
  testDir: 'support',
  testMatch: 'pictures.ts',
  grep: /.*/,
  projects: [{ name: 'pictures' }],
});
