// Monaco as a person meets it. Its insides have neither roles nor labels for what is checked here, so this is the one
// place that knows its classes.

import { type Locator, type Page, expect } from '@playwright/test';
import { field } from './page.ts';

/** Where the workspace settings are typed: the editor's own text box, once it is loaded. */
export function editor(page: Page): Locator {
  return page.getByRole('textbox', { name: /^JSON editor/ });
}

/** The text area that the form sends; the editor writes into it. */
export function source(page: Page): Locator {
  return field(page, 'Workspace settings');
}

/** Scrolls to the editor, which makes it load. */
export async function openEditor(page: Page) {
  await page.getByRole('heading', { name: 'Workspace settings' }).scrollIntoViewIfNeeded();
  await expect(editor(page)).toBeAttached();
  await expect(page.getByText('Press Ctrl+M so that Tab leaves the editor', { exact: false })).toBeVisible();
}

/** Replaces the whole text by pasting: behind keys the editor would complete brackets and indent lines. */
export async function write(page: Page, text: string) {
  await focusEditor(page);
  await page.keyboard.press('Control+A');
  await editor(page).evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
  await expect(source(page)).toHaveValue(text);
}

/** Waits until a revision's texts are in the diff editor, if they differ at all. */
export async function expectDiffReady(page: Page) {
  await expect(page.locator('.diff:not([data-stage="ready"])')).toHaveCount(0);
}

export async function focusEditor(page: Page) {
  await editor(page).focus();
  await expect(editor(page)).toBeFocused();
}

export function squiggles(page: Page): Locator {
  return page.locator('.monaco-editor .squiggly-error');
}

/** An entry of the list that completion offers. */
export function suggestion(page: Page, name: string): Locator {
  return page.locator('.suggest-widget').getByRole('option', { name: new RegExp(`^${name}`) });
}

export async function isDark(page: Page): Promise<boolean> {
  return page.locator('.monaco-editor.vs-dark').first().isVisible();
}

/** What the comparison of two texts shows on its right. */
export function comparison(page: Page): Locator {
  return page.locator('.monaco-diff-editor .editor.modified');
}
