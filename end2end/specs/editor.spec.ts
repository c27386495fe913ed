import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';
import {
  comparison,
  editor,
  focusEditor,
  isDark,
  openEditor,
  source,
  squiggles,
  suggestion,
  write,
} from '../support/editor.ts';
import { alert, field, heading, visit } from '../support/page.ts';

const settings = (handle: string) => `/organizations/${handle}/admin`;

/** Everything of Monaco's that the page asks for from now on. */
function monacoRequests(page: Page): string[] {
  const requests: string[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname.startsWith('/monaco/')) {
      requests.push(request.url());
    }
  });
  return requests;
}

test('Monaco is loaded on the Admin page alone, and only when it is near', async ({ admin, organization }) => {
  const requests = monacoRequests(admin);
  for (const path of ['/organizations', '/organizations/new', `/organizations/${organization.handle}`]) {
    await visit(admin, path);
  }
  await visit(admin, settings(organization.handle));
  await field(admin, 'Partner Organization').focus();
  await admin.waitForLoadState('networkidle');
  expect(requests).toEqual([]);

  await openEditor(admin);
  expect(requests.length).toBeGreaterThan(0);
});

test('focus loads Monaco as well, and lands in it', async ({ admin, organization }) => {
  await visit(admin, settings(organization.handle));
  await expect(source(admin)).toBeAttached();
  await source(admin).focus();
  await expect(editor(admin)).toBeFocused();
  await admin.keyboard.press('Control+End');
  await admin.keyboard.press('Enter');
  await expect(source(admin)).toHaveValue('{}\n');
});

test('completion offers the keys and explains them', async ({ admin, organization }) => {
  await visit(admin, settings(organization.handle));
  await openEditor(admin);
  await write(admin, '{\n  \n}');
  await admin.keyboard.press('ArrowUp');
  await admin.keyboard.press('End');
  await admin.keyboard.press('Control+Space');
  for (const key of ['k8sMounts', 'mounts', 'envs', 'dns', 'homeDirPrefix', 'dockerNetwork']) {
    await expect(suggestion(admin, key)).toBeVisible();
  }
  await suggestion(admin, 'k8sMounts').click();
  await expect(source(admin)).toHaveValue(/"k8sMounts": \[/);
});

test('an unknown key is squiggled and refused', async ({ admin, organization }) => {
  const text = '{\n  "dns": ["10.0.0.1"],\n  "k8sMount": []\n}';
  await visit(admin, settings(organization.handle));
  await openEditor(admin);
  await write(admin, text);
  await expect(squiggles(admin)).toHaveCount(1);
  const remarks = admin.getByRole('list', { name: 'Remarks on the workspace settings' });
  await expect(remarks).toContainText('“k8sMount” is no key here. The nearest valid key is “k8sMounts”.');
  await expect(remarks).toContainText('/k8sMount');

  await admin.getByRole('button', { name: 'Save Configuration' }).click();
  await expect(alert(admin).filter({ hasText: 'The configuration was not saved' })).toBeVisible();
  await expect(admin.getByText(/nearest valid key is “k8sMounts”\. \(line 3, column 3 \(\/k8sMount\)\)/)).toBeVisible();
  await expect(source(admin)).toHaveValue(text);

  await test.step('the remark leads to its place', async () => {
    await remarks.getByRole('button', { name: 'line 3, column 3' }).click();
    await expect(editor(admin)).toBeFocused();
    await admin.keyboard.press('Control+Delete');
    await admin.keyboard.insertText('"envs"');
    await expect(source(admin)).toHaveValue(/^ {2}"envs"/m);
  });

  await test.step('mended, it is saved', async () => {
    await write(admin, text.replace('k8sMount', 'k8sMounts'));
    await expect(squiggles(admin)).toHaveCount(0);
    await expect(remarks).toBeHidden();
    await admin.getByRole('button', { name: 'Save Configuration' }).click();
    await expect(admin.getByText('Saved: Workspace settings.')).toBeVisible();
  });
});

test('broken syntax names its place', async ({ admin, organization }) => {
  await visit(admin, settings(organization.handle));
  await openEditor(admin);
  await write(admin, '{\n  "dns": [,]\n}');
  await expect(squiggles(admin).first()).toBeVisible();
  const remarks = admin.getByRole('list', { name: 'Remarks on the workspace settings' });
  await expect(remarks.getByRole('button', { name: 'line 2, column' })).toBeVisible();
});

test('Format and Revert', async ({ admin, organization }) => {
  await visit(admin, settings(organization.handle));
  await openEditor(admin);
  await write(admin, '{"dns":["10.0.0.1"]}');
  await admin.getByRole('button', { name: 'Format' }).click();
  await expect(source(admin)).toHaveValue('{\n  "dns": [\n    "10.0.0.1"\n  ]\n}');
  await expect(admin.getByText('1 unsaved change', { exact: true })).toBeVisible();
  await admin.getByRole('button', { name: 'Revert' }).click();
  await expect(source(admin)).toHaveValue('{}');
  await expect(admin.getByText('1 unsaved change', { exact: true })).toBeHidden();
});

test('an earlier text is compared and restored', async ({ admin, organization }) => {
  const path = settings(organization.handle);
  const [first, second] = ['{ "dockerNetwork": "before" }', '{ "dockerNetwork": "after" }'];
  await visit(admin, path);
  await openEditor(admin);
  for (const text of [first, second]) {
    await write(admin, text);
    await admin.getByRole('button', { name: 'Save Configuration' }).click();
    await expect(admin.getByText('Saved: Workspace settings.')).toBeVisible();
    await admin.getByRole('button', { name: 'Dismiss' }).click();
  }
  await expect(admin.getByRole('link', { name: 'Revision 3' })).toBeVisible();

  await visit(admin, `${path}/revisions/3`);
  await expect(comparison(admin)).toContainText('after');
  await visit(admin, `${path}/revisions/2`);
  await admin.getByRole('button', { name: 'Restore this revision' }).click();
  await expect(alert(admin)).toContainText('Revision 2 was restored.');
  await expect(heading(admin, 'Admin')).toBeVisible();
  await openEditor(admin);
  await expect(source(admin)).toHaveValue(first);
});

test('the keyboard can leave the editor', async ({ admin, organization }) => {
  await visit(admin, settings(organization.handle));
  await openEditor(admin);
  await write(admin, '{}');
  const hint = admin.getByRole('status').filter({ hasText: 'Press Ctrl+M' });

  await test.step('Tab indents at first', async () => {
    await admin.keyboard.press('Tab');
    await expect(editor(admin)).toBeFocused();
    await expect(source(admin)).toHaveValue(/^\{\}\s+$/);
  });

  await test.step('Ctrl+M lets it leave, which is announced', async () => {
    await admin.keyboard.press('Control+m');
    await expect(hint).toContainText('Tab leaves the editor now');
    await admin.keyboard.press('Tab');
    await expect(editor(admin)).not.toBeFocused();
    await admin.keyboard.press('Shift+Tab');
    await expect(editor(admin)).toBeFocused();
    await admin.keyboard.press('Control+m');
    await expect(hint).toContainText('Tab indents now');
  });

  await test.step('Escape lets it leave once', async () => {
    await admin.keyboard.press('Escape');
    await admin.keyboard.press('Tab');
    await expect(editor(admin)).not.toBeFocused();
    await focusEditor(admin);
    await admin.keyboard.press('Tab');
    await expect(editor(admin)).toBeFocused();
  });
});

test('the editor follows the theme', async ({ admin, organization }) => {
  await admin.emulateMedia({ colorScheme: 'light' });
  await visit(admin, settings(organization.handle));
  await openEditor(admin);
  await expect.poll(() => isDark(admin)).toBe(false);
  await admin.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => isDark(admin)).toBe(true);
  await admin.getByRole('button', { name: 'Theme: as the system' }).click();
  await expect.poll(() => isDark(admin)).toBe(false);
});
