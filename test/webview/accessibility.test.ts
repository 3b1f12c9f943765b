import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebviewBrowser, snapshot, type WebviewPage } from './browser';
import { recordOf, recoveryEvents } from './fixture';
import { studyEvents } from './studyFixture';

const AUDIT = readFileSync(path.join(import.meta.dirname, 'page/audit.mjs'), 'utf8');
const RUNS = { recovery: recordOf(recoveryEvents()), study: recordOf(studyEvents(), 'run-study') };
const MOST_STOPS = 200;

let browser: WebviewBrowser;
beforeAll(async () => {
  browser = await WebviewBrowser.start();
});
afterAll(() => browser.stop());

async function opened(run: keyof typeof RUNS): Promise<WebviewPage> {
  const page = await browser.open({ width: 1000 });
  await page.send(snapshot(RUNS[run]));
  await page.page.evaluate(AUDIT);
  return page;
}

const audit = ({ page }: WebviewPage) => page.evaluate<string[]>('window.audit()');

describe.each(['recovery', 'study'] as const)('a panel of a %s run', (run) => {
  it('has contrast, names, words and tables in every theme', async () => {
    const page = await opened(run);
    for (const theme of ['dark', 'light', 'highContrast', 'highContrastLight'] as const) {
      await page.setTheme(theme);
      expect(await audit(page), theme).toEqual([]);
    }
    // The audit does find what is wrong.
    await page.page.evaluate(`document.querySelector('h1').style.color = '#d8d8d8'`);
    await page.page.evaluate(`document.querySelector('figure.chart vscode-button').setAttribute('aria-label', '')`);
    expect(await audit(page)).toEqual([expect.stringMatching(/^contrast 1\./), expect.stringMatching(/^no name/)]);
    await page.close();
  });

  it.each(['highContrast', 'highContrastLight', 'dark', 'light'] as const)(
    'shows where the keyboard is, in %s',
    async (theme) => {
      const page = await opened(run);
      await page.setTheme(theme);
      const places: string[] = [];
      for (let stop = 0; stop < MOST_STOPS; stop++) {
        await page.page.keyboard.press('Tab');
        const at = await page.page.evaluate<{ place: string; ring: number } | null>('window.focusRing()');
        if (at === null) break;
        places.push(at.place);
        expect(at.ring, at.place).toBeGreaterThanOrEqual(3);
      }
      expect(places.length).toBeGreaterThan(10);
      expect(places.length).toBeLessThan(MOST_STOPS);
      await page.close();
    },
  );
});
