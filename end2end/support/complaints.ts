// What browsers complain of: errors on the console, errors nobody caught, and whatever the Content-Security-Policy
// forbids. Any of them fails the test.

import type { BrowserContext, ConsoleMessage } from '@playwright/test';

export class Complaints {
  private readonly heard: string[] = [];
  private readonly forgiven: RegExp[] = [];

  /** What nobody forgave. */
  get all(): string[] {
    return this.heard.filter((complaint) => !this.forgiven.some((pattern) => pattern.test(complaint)));
  }

  /** For what a test brings about on purpose. */
  forgive(pattern: RegExp) {
    this.forgiven.push(pattern);
  }

  async hearOf(context: BrowserContext) {
    context.on('console', (message) => {
      if (message.type() === 'error' && !isRefusal(message)) {
        this.heard.push(`${message.location().url}: ${message.text()}`);
      }
    });
    context.on('weberror', (error) => this.heard.push(String(error.error())));
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (violation) => {
        console.error(`the policy forbids ${violation.blockedURI} (${violation.violatedDirective})`);
      });
    });
  }
}

/** The browser's own note that a page or a form was refused, as many tests want it to be. An asset never is. */
function isRefusal(message: ConsoleMessage): boolean {
  const { url } = message.location();
  const isAsset = /^\/(pkg|assets|monaco)\//.test(URL.canParse(url) ? new URL(url).pathname : '');
  return !isAsset && /^Failed to load resource: the server responded with a status of 4\d\d/.test(message.text());
}
