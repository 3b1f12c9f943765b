import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/protocol/record';
import * as strings from '../../src/webview/strings';
import { toCsv } from '../../src/webview/csv';
import { WebviewBrowser, snapshot, type WebviewPage } from './browser';
import { rankEvents, recordOf } from './fixture';
import { FIGURES, TABLE, studyEvents } from './studyFixture';

let browser: WebviewBrowser;
beforeAll(async () => {
  browser = await WebviewBrowser.start();
});
afterAll(() => browser.stop());

const record = () => recordOf(studyEvents(), 'run-study', 'later.recovery.json');
const IDS = FIGURES.map(({ id }) => `figure-${id}`);
const button = ({ page }: WebviewPage, name: string) => page.getByRole('button', { name, exact: true });

describe('tables and figures of a study', () => {
  it.each(['light', 'dark', 'highContrast'] as const)('are drawn in a panel, in the theme %s', async (theme) => {
    const page = await browser.open({ theme });
    await page.send(snapshot(record()));
    for (const id of IDS) expect(await page.ink(id), id).toBeGreaterThan(1500);
    expect(await page.page.locator('[data-chart]').count()).toBe(IDS.length);
    expect(await page.page.locator('.tiles').isVisible()).toBe(false);
    expect(await page.page.innerText('header')).toContain('52 branches, the last separates at n = 16');
    await page.screenshot(`study-${theme}`);
    expect(await page.troubles()).toEqual([]);
    await page.close();
  });

  it('has rows for people, and the same with all digits on the clipboard', async () => {
    const page = await browser.open();
    await page.send(snapshot(record()));
    const rows = await page.page.locator('[data-table=types] tr').allInnerTexts();
    expect(rows.map((row) => row.split('\t').map((cell) => cell.replace(/\s/g, ' ')))).toEqual([
      ['Target blocks', 'Count', 'Threshold', 'Morse–Bott'],
      ['{1, 2}, "merged"', '1 234 567', '0.1235', strings.tables.yes],
      ['{3}', '4', '–', strings.tables.no],
    ]);
    expect(await page.page.innerText('[data-table=types]')).toContain(TABLE.note);
    await button(page, strings.tables.copyLabel(TABLE.title)).click();
    const text = 'Target blocks,Count,Threshold,Morse–Bott\r\n"{1, 2}, ""merged""",1234567,0.123456789,true\r\n{3},4,,false\r\n';
    await expect.poll(async () => (await page.posted()).at(-1)).toEqual({ type: 'copy', text });
    await page.close();
    const report = await browser.open({ report: record() });
    await report.drawn();
    await report.page.evaluate(`navigator.clipboard.writeText = (text) => Promise.resolve(void (window.copied = text))`);
    await button(report, strings.tables.copyLabel(TABLE.title)).click();
    expect(await report.page.evaluate('window.copied')).toBe(text);
    await report.close();
  });

  it('a table that comes again replaces its rows, and its columns where they differ', async () => {
    const page = await browser.open();
    await page.send(snapshot(record()));
    const send = (table: typeof TABLE) => page.send({ type: 'events', events: [{ type: 'table', table }] });
    await send({ ...TABLE, rows: [['new', 1, 2, true]] });
    expect(await page.page.locator('[data-table=types] tbody tr').allInnerTexts()).toHaveLength(1);
    await send({ ...TABLE, columns: [{ title: 'Only', kind: 'text' }], rows: [['new']] });
    expect(await page.page.locator('[data-table=types] tr').allInnerTexts()).toEqual(['Only', 'new']);
    expect(await page.page.locator('[data-table]').count()).toBe(1);
    await page.close();
  });

  it('a figure has its numbers as a table, says what a log axis leaves out, and can be switched to linear', async () => {
    const page = await browser.open();
    await page.send(snapshot(record()));
    const figure = page.page.locator('[data-chart=figure-decay]');
    expect(await figure.locator('.chart-note').first().innerText()).toBe(strings.charts.zerosLeftOut(1));
    await button(page, strings.charts.tableLabel('Decay of the loss near a branch')).click();
    await page.drawn();
    expect(await figure.locator('tbody tr').count()).toBe(40 + 2 + 3 + 1);
    for (const axis of ['x', 'y'] as const) {
      await button(page, strings.charts.axisToggleLabel(axis, 'log', 'Decay of the loss near a branch')).click();
      await page.drawn();
    }
    expect(await figure.locator('.chart-note').first().isVisible()).toBe(false);
    await expect
      .poll(async () => (await page.posted()).at(-1))
      .toMatchObject({ view: { axes: { 'figure-decay': { x: 'linear', y: 'linear' } }, openTables: ['figure-decay'] } });
    await page.close();
  });

  it('tells under the pointer what a cell and a node are', async () => {
    const page = await browser.open({ height: 2400 });
    await page.send(snapshot(record()));
    for (const id of ['figure-heat', 'figure-lattice']) {
      const canvas = page.page.locator(`[data-chart=${id}] canvas`);
      await canvas.scrollIntoViewIfNeeded();
      const before = await canvas.screenshot();
      await canvas.hover();
      await expect.poll(async () => (await canvas.screenshot()).equals(before), { timeout: 5000 }).toBe(false);
    }
    await page.screenshot('study-hover');
    expect(await page.troubles()).toEqual([]);
    await page.close();
  });

  it('is the same in a report, on paper too', async () => {
    const report = await browser.open({ report: record(), colorScheme: 'dark' });
    await report.drawn();
    for (const id of IDS) expect(await report.ink(id), id).toBeGreaterThan(1500);
    await report.screenshot('study-report-dark');
    await report.page.evaluate('window.dispatchEvent(new Event("beforeprint"))');
    await report.page.emulateMedia({ media: 'print' });
    for (const id of IDS) expect(await report.ink(id), id).toBeGreaterThan(1500);
    await report.screenshot('study-report-print');
    expect(await report.troubles()).toEqual([]);
    await report.close();
  });

  it('a record of before tables and figures still opens', async () => {
    const old = recordOf(rankEvents()) as Partial<RunRecord> & RunRecord;
    delete (old as Partial<RunRecord>).tables;
    delete (old as Partial<RunRecord>).figures;
    const report = await browser.open({ report: old });
    await report.drawn();
    expect(await report.page.innerText('.results')).toContain('splitting 2');
    expect(await report.troubles()).toEqual([]);
    await report.close();
  });
});

describe('comma-separated values', () => {
  it('quote what would break a line or a column', () => {
    expect(
      toCsv(
        ['a', 'b,c'],
        [
          [null, 'x\ny'],
          [0.1, '"'],
          [true, -0],
        ],
      ),
    ).toBe('a,"b,c"\r\n,"x\ny"\r\n0.1,""""\r\ntrue,0\r\n');
  });
});
