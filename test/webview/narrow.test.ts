import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/protocol/record';
import { WebviewBrowser, snapshot } from './browser';
import { rankEvents, recordOf, recoveryEvents } from './fixture';
import { studyEvents } from './studyFixture';

let browser: WebviewBrowser;
beforeAll(async () => {
  browser = await WebviewBrowser.start();
});
afterAll(() => browser.stop());

const RUNS: Record<string, () => RunRecord> = {
  recovery: () => recordOf(recoveryEvents()),
  rank: () => recordOf(rankEvents(), 'run-rank'),
  study: () => recordOf(studyEvents(), 'run-study'),
};

/** What reaches beyond the page, except in tables that scroll by themselves. */
const BEYOND = `[...document.querySelectorAll('body *')]
  .filter((each) => !each.closest('.table-scroll, .visually-hidden'))
  .filter((each) => each.getBoundingClientRect().width > 0 && each.getBoundingClientRect().right > innerWidth + 1)
  .map((each) => each.tagName + '.' + each.className)`;

describe('a narrow panel', () => {
  it.each(Object.keys(RUNS))('of a %s experiment is as wide as its place, with long names, too', async (kind) => {
    const record = RUNS[kind]!();
    for (const verdict of record.verdicts) verdict.expected = JSON.stringify({ aVeryLongName: 'x'.repeat(200) });
    const page = await browser.open({ width: 480, theme: 'light' });
    await page.send(snapshot(record));
    expect(await page.page.evaluate(BEYOND)).toEqual([]);
    expect(await page.page.evaluate('document.documentElement.scrollWidth')).toBe(480);
    await page.screenshot(`narrow-${kind}`);
    await page.close();
  });
});
