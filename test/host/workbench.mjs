// What a person does with a workbench, in words of its page.

export const workbench = {
  ready: (page) => page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 }),

  /** Runs a command from the palette by its title; the palette knows those of an extension from some time after the start on. */
  async command(page, title) {
    const input = page.locator('.quick-input-widget input.input');
    const row = page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
    for (let left = 12; ; left--) {
      await page.keyboard.press('F1');
      await input.waitFor({ state: 'visible' });
      await input.fill(`>${title}`);
      const isThere = await row.waitFor({ timeout: 10_000 }).then(
        () => true,
        () => false,
      );
      if (isThere || left === 0) break;
      await page.keyboard.press('Escape');
    }
    await row.click();
  },

  /** Reloads the window as the command does, which keeps what editors hold; the page's own reload may come too soon for that. */
  async reload(page) {
    const loaded = page.waitForEvent('load', { timeout: 60_000 });
    await workbench.command(page, 'Developer: Reload Window');
    await loaded;
    await workbench.ready(page);
  },

  async openFile(page, name) {
    await page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first().dblclick({ timeout: 60_000 });
    await page.locator('.tabs-container .tab.active', { hasText: name }).waitFor();
  },

  closeOthers: (page) => workbench.command(page, 'View: Close Other Editors in Group'),

  /** A lens by its whole title, without its icon. */
  codeLens: (page, title) => page.locator('.codelens-decoration a', { hasText: new RegExp(`^\\s*${title}\\s*$`) }).first(),

  /** Presses a lens once lenses have settled: one that is drawn anew between press and release hears nothing. */
  async pressLens(page, title) {
    const lens = workbench.codeLens(page, title);
    await lens.waitFor({ timeout: 60_000 });
    const titles = () => page.locator('.codelens-decoration a').allInnerTexts();
    for (let before = '', now = String(await titles()); before !== now;) {
      await page.waitForTimeout(500);
      [before, now] = [now, String(await titles())];
    }
    await lens.click();
  },

  /** A notification, in their list: with the smoke test driver VS Code shows none by itself. */
  async notification(page, text) {
    await workbench.command(page, 'Notifications: Show Notifications');
    return page.locator('.notifications-center .notification-list-item', { hasText: text }).first();
  },

  /** The page inside a webview: the outer frame holds the one with the content. */
  webview: (page) => page.locator('iframe.webview.ready').first().contentFrame().locator('iframe#active-frame').contentFrame(),
};
