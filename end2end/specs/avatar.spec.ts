import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';
import { expectAccessible, expectToFit } from '../support/accessibility.ts';
import { field, visit } from '../support/page.ts';
import { blue, file, halves, red } from '../support/picture.ts';

const profile = (handle: string) => `/organizations/${handle}/profile`;

/** The picture in the section *Avatar*. */
const shown = (page: Page) => page.getByRole('region', { name: 'Avatar' }).locator('img.avatar');
const dialog = (page: Page) => page.getByRole('dialog', { name: 'Cut out a square' });
const square = (page: Page) => dialog(page).getByRole('application', { name: 'The square that is kept' });

async function choose(page: Page, picture = halves(300, 100)) {
  await field(page, 'Picture').setInputFiles(file(picture));
  await expect(dialog(page)).toBeVisible();
}

async function save(page: Page) {
  await dialog(page).getByRole('button', { name: 'Save avatar' }).click();
  await expect(dialog(page)).toBeHidden();
  await expect(shown(page)).toBeVisible();
}

/** The colour of the avatar's file, left and right. */
async function colours(page: Page) {
  const source = await shown(page).getAttribute('src');
  return page.evaluate(async (source) => {
    const picture = await createImageBitmap(await (await fetch(source ?? '')).blob());
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const context = canvas.getContext('2d');
    context?.drawImage(picture, 0, 0);
    const at = (x: number) => Array.from(context?.getImageData(x, 128, 1, 1).data.slice(0, 3) ?? []);
    return [at(10), at(245)];
  }, source);
}

test('a picture is chosen and cut by keyboard alone @core', async ({ admin, organization }) => {
  await visit(admin, profile(organization.handle));
  await expect(shown(admin)).toHaveCount(0);
  // On a busy machine the first press may come to nothing.
  await expect(async () => {
    await field(admin, 'Picture').focus();
    const asked = admin.waitForEvent('filechooser', { timeout: 3_000 });
    await admin.keyboard.press('Enter');
    await (await asked).setFiles(file(halves(300, 100)));
  }).toPass();
  await expect(dialog(admin)).toBeVisible();
  await square(admin).focus();
  const said = dialog(admin).getByRole('status');
  await expect(said).toHaveText('100 pixels wide, 100 from the left, 0 from the top');
  for (let press = 0; press < 25; press++) {
    await admin.keyboard.press('ArrowRight');
  }
  await expect(said).toHaveText('100 pixels wide, 200 from the left, 0 from the top');
  await admin.keyboard.press('+');
  await expect(dialog(admin).getByLabel('Zoom')).toHaveValue('110');
  await admin.keyboard.press('Tab');
  await expect(dialog(admin).getByLabel('Zoom')).toBeFocused();
  await admin.keyboard.press('ArrowRight');
  await expect(dialog(admin).getByLabel('Zoom')).toHaveValue('111');
  await admin.keyboard.press('Tab');
  await admin.keyboard.press('Tab');
  await expect(dialog(admin).getByRole('button', { name: 'Save avatar' })).toBeFocused();
  await admin.keyboard.press('Enter');
  await expect(dialog(admin)).toBeHidden();
  await expect(shown(admin)).toBeVisible();
  const [left, right] = await colours(admin);
  expect([left, right]).toEqual([blue, blue]);

  await test.step('and shown everywhere', async () => {
    await expect(admin.getByRole('banner').locator('img.avatar')).toHaveAttribute('src', /-64\.webp$/);
    await visit(admin, `/organizations?search=${organization.handle}`);
    await expect(admin.getByRole('row', { name: organization.handle }).locator('img.avatar')).toBeVisible();
    await visit(admin, `/organizations/${organization.handle}`);
    await expect(admin.getByRole('main').locator('img.avatar')).toBeVisible();
  });
});

test('the square follows the pointer, and what is called off changes nothing', async ({ admin, organization }) => {
  await visit(admin, profile(organization.handle));
  await choose(admin);
  await dialog(admin).getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog(admin)).toBeHidden();
  await expect(shown(admin)).toHaveCount(0);

  await choose(admin);
  const place = await square(admin).boundingBox();
  if (!place) {
    throw new Error('the square is nowhere');
  }
  await admin.mouse.move(place.x + 20, place.y + 20);
  await admin.mouse.down();
  await admin.mouse.move(place.x + 900, place.y + 30, { steps: 5 });
  await admin.mouse.up();
  await expect(dialog(admin).getByRole('status')).toHaveText('100 pixels wide, 0 from the left, 0 from the top');
  await save(admin);
  expect(await colours(admin)).toEqual([red, red]);
});

test('a dropped picture is taken, and reset returns to the initials', async ({ browserOf, organization, ownerOf }) => {
  const page = await browserOf(await ownerOf(organization));
  await visit(page, profile(organization.handle));
  const bytes = halves(80, 80).toString('base64');
  const transfer = await page.evaluateHandle((bytes) => {
    const data = new DataTransfer();
    const content = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
    data.items.add(new File([content], 'dropped.png', { type: 'image/png' }));
    return data;
  }, bytes);
  const zone = page.locator('.avatar-drop');
  await zone.dispatchEvent('dragover', { dataTransfer: transfer });
  await zone.dispatchEvent('drop', { dataTransfer: transfer });
  await expect(dialog(page)).toBeVisible();
  await save(page);
  expect(await colours(page)).toEqual([red, blue]);
  await expect(page.getByText('The avatar was saved.')).toBeVisible();
  await page.getByRole('button', { name: 'Reset avatar' }).click();
  await expect(shown(page)).toHaveCount(0);
  await expect(page.getByText('The avatar was reset.')).toBeVisible();
  await expect(field(page, 'Picture')).toBeFocused();
  await expect(page.getByRole('button', { name: 'Reset avatar' })).toHaveCount(0);
  await page.reload();
  await expect(shown(page)).toHaveCount(0);
});

test('what is no picture, or too large, is refused beside the field', async ({ admin, organization }) => {
  await visit(admin, profile(organization.handle));
  const picture = field(admin, 'Picture');
  await picture.setInputFiles(file(Buffer.from('some text'), 'picture.png'));
  await expect(picture).toHaveAccessibleDescription(/That isn't a PNG, JPEG, WebP or GIF picture\./);
  await picture.setInputFiles(file(Buffer.alloc(5 * 1024 * 1024 + 1)));
  await expect(picture).toHaveAccessibleDescription(/larger than 5 MiB/);
  // A kind that browsers show and the server doesn't take.
  const drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><circle r="40"/></svg>';
  await picture.setInputFiles(file(Buffer.from(drawing), 'drawing.svg', 'image/svg+xml'));
  await dialog(admin).getByRole('button', { name: 'Save avatar' }).click();
  await expect(dialog(admin)).toBeHidden();
  await expect(picture).toHaveAccessibleDescription(/That isn't a PNG, JPEG, WebP or GIF picture\./);
  await expect(admin.getByRole('alert')).toContainText('The avatar was not changed');
  await choose(admin);
  await expect(picture).not.toHaveAccessibleDescription(/That isn't/);
});

test('the dialog is accessible, and fits', async ({ admin, organization }) => {
  await visit(admin, profile(organization.handle));
  await choose(admin);
  await expectAccessible(admin);
  await expectToFit(admin);
  await save(admin);
  await expectAccessible(admin);
  await expectToFit(admin);
});
