import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TEMPLATES } from '../../src/experiment';
import type { RunRecord } from '../../src/protocol/record';
import { bundle, ofEnglish, STUDIES, wordsOf } from '../unit/extension/germanWords';
import { runText } from '../unit/studies/runFile';
import { WebviewBrowser } from './browser';
import { recordOf } from './fixture';

let browser: WebviewBrowser;
beforeAll(async () => {
  browser = await WebviewBrowser.start();
});
afterAll(() => browser.stop());

/** A run whose file says nothing in words of its own. */
async function recordOfText(text: string): Promise<RunRecord> {
  const record = recordOf((await runText(text)).events, 'run-1', 'x.recovery.json');
  const { accepted } = record;
  return { ...record, accepted: accepted && { ...accepted, config: { ...accepted.config, title: '', description: '' } } };
}

/** Everything that a person reads on the page, tables and labels for screen readers too. */
async function read(report: RunRecord, translations?: Record<string, string>): Promise<string[]> {
  const page = await browser.open({ report, width: 1000, translations });
  await page.drawn();
  const texts = await page.page.evaluate<string[]>(`(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
    const labels = [...document.querySelectorAll('[aria-label], [title]')].flatMap((each) => [each.ariaLabel ?? '', each.title]);
    return [...document.body.innerText.split('\\n'), ...labels];
  })()`);
  expect(await page.troubles()).toEqual([]);
  expect(await page.page.evaluate('document.documentElement.lang')).toBe(translations ? 'de' : 'en');
  if (translations) await page.screenshot(`report-german-${report.accepted?.config.experiment ?? ''}`);
  await page.close();
  return texts;
}

/** Texts of the file of a run: names that somebody gave, and of what was published. */
function namesIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(namesIn) : [];
}

/** Texts with words that only English has, but for names of the file format and of the file itself. */
function english(texts: readonly string[], { accepted }: RunRecord) {
  const names = namesIn(accepted?.config).filter((name) => / /.test(name));
  return [...new Set(texts)].flatMap((text) => {
    const own = text.replace(/^[^:]+: erwartet \w*|, gefunden \w*$/g, '');
    const said = names.reduce((rest, name) => rest.replaceAll(name, ' '), /^[a-z]\w*$/.test(own) ? '' : own);
    const left = wordsOf(said).filter((word) => ofEnglish.has(word));
    return left.length === 0 ? [] : [{ text, left }];
  });
}

test('a report in English is recognized as such', async () => {
  const record = await recordOfText(TEMPLATES.geometry);
  expect(english(await read(record), record).length).toBeGreaterThan(10);
});

describe('reports of runs that are opened from a German editor', () => {
  test.each(STUDIES)('say nothing in English: %s', async (_, text) => {
    const record = await recordOfText(text);
    expect(english(await read(record, bundle), record)).toEqual([]);
  });
});
