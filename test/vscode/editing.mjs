// What a person does in an editor and in the quick picks around it.
import { workbench } from '../host/workbench.mjs';

export const picked = (page, text) => page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
/** A line of the editor, with the hints in it. */
export const line = (page, text) => page.locator('.view-lines .view-line', { hasText: text }).first();

/** What was wrong before the last key may stand for a moment still. */
export const noProblems = (page) => page.locator('.squiggly-error').first().waitFor({ state: 'detached', timeout: 60_000 });

/** Chooses what a new experiment begins with, by typing a part of it. */
export async function beginNew(page, what) {
  await workbench.command(page, 'Recovery: New Experiment…');
  const input = page.locator('.quick-input-widget input.input');
  await page.locator('.quick-input-title', { hasText: 'New Experiment: What' }).waitFor({ timeout: 60_000 });
  await input.fill(what);
  await picked(page, what).click();
  await page.locator('.quick-input-title', { hasText: 'New Experiment: Where' }).waitFor();
}

export async function makeFile(page, what, name) {
  await beginNew(page, what);
  await picked(page, 'In ').waitFor();
  await page.keyboard.press('Enter');
  const input = page.locator('.quick-input-widget input.input');
  await page.locator('.quick-input-title', { hasText: 'New Experiment: Name' }).waitFor();
  await input.fill(name);
  await input.press('Enter');
  await page.locator('.tabs-container .tab.active', { hasText: `${name}.recovery.json` }).waitFor();
}

/** Takes a letter out of a name in the file, by keyboard. */
export async function misspell(page, name, letter) {
  await line(page, `"${name}"`).click();
  await page.keyboard.press('Home');
  for (let i = 0; i < 1 + letter; i++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Delete');
  await page.locator('.squiggly-error').first().waitFor({ timeout: 60_000 });
}

/** Opens the quick fixes at the cursor and waits for one. */
export const quickFix = (page, title) =>
  offered(page, 'Control+.', page.locator('.action-widget .monaco-list-row', { hasText: title }), `quick fix "${title}"`);

/** Opens the completions at the cursor and waits for one. */
export const completion = (page, text) =>
  offered(
    page,
    'Control+Space',
    page.locator('.suggest-widget .monaco-list-row', { hasText: text }).first(),
    `completion "${text}"`,
  );

/** Presses a key until a list has the row; VS Code may ask before it knows the file, and then says that there is nothing. */
async function offered(page, key, row, what) {
  for (let left = 5; left > 0; left--) {
    await page.keyboard.press(key);
    const isThere = await row.waitFor({ timeout: 10_000 }).then(
      () => true,
      () => false,
    );
    if (isThere) return row;
    await page.keyboard.press('Escape');
  }
  throw new Error(`no ${what}`);
}
