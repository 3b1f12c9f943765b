import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { snapshot, WebviewBrowser } from './browser';
import { recordOf, recoveryEvents } from './fixture';

const file = path.resolve(import.meta.dirname, '../../l10n/bundle.l10n.de.json');
const german = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;

/** Texts that are different in the two languages and occur in no German text: whoever sees one sees English. */
const onlyEnglish = Object.keys(german).filter(
  (text) => /^[A-Z][^{}]{6,}$/.test(text) && !Object.values(german).some((translated) => translated.includes(text)),
);

let browser: WebviewBrowser;
beforeAll(async () => {
  browser = await WebviewBrowser.start();
});
afterAll(() => browser.stop());

/** Everything that a person reads on a page of this record, labels for screen readers too. */
async function words(translations: Record<string, string>): Promise<string> {
  const page = await browser.open({ width: 1000, translations });
  await page.send(snapshot(recordOf(recoveryEvents())));
  await page.drawn();
  const [text, labels] = await page.page.evaluate<[string, string]>(`(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
    const labels = [...document.querySelectorAll('[aria-label], [title]')];
    return [document.body.innerText, labels.map((each) => (each.ariaLabel ?? '') + ' ' + each.title).join('\\n')];
  })()`);
  expect(await page.troubles()).toEqual([]);
  if (translations === german) await page.screenshot('panel-german');
  await page.close();
  return `${text}\n${labels}`;
}

test('a panel speaks the language of the host, and no English beside it', async () => {
  const before = await words({});
  const after = await words(german);
  const seen = (text: string) => onlyEnglish.filter((english) => text.includes(english));
  expect(seen(before).length).toBeGreaterThan(25);
  expect(seen(after)).toEqual([]);
  expect(after).toContain('Eigenwerte der Hesse-Matrix');
  expect(after).toContain('Noch einmal starten');
});
