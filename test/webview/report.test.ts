import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatNumber } from '../../src/webview/format';
import * as strings from '../../src/webview/strings';
import { WebviewBrowser } from './browser';
import { rankEvents, recordOf, recoveryEvents } from './fixture';

let browser: WebviewBrowser;
beforeAll(async () => {
  browser = await WebviewBrowser.start();
});
afterAll(() => browser.stop());

const finished = () => recordOf(recoveryEvents());

describe('report', () => {
  it.each(['light', 'dark'] as const)(
    'draws charts, verdicts and tables on a %s screen, alone and without a network',
    async (colorScheme) => {
      const record = finished();
      const report = await browser.open({ report: record, colorScheme });
      await report.drawn();
      for (const chart of ['testError', 'lossCurves', 'singularValues', 'hessian'])
        expect(await report.ink(chart)).toBeGreaterThan(2000);
      expect(await report.page.title()).toBe(strings.header.pageTitle('Matrix completion of a rank-1 target'));
      expect(await report.page.locator('.verdict').count()).toBe(5);
      expect(await report.page.innerText('.results')).toContain(formatNumber(record.sampleSizes['7']!.medianTestError));
      expect(await report.page.locator('.actions').count()).toBe(0);
      expect(await report.page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
        colorScheme === 'dark' ? 'rgb(22, 25, 29)' : 'rgb(255, 255, 255)',
      );
      await report.screenshot(`report-${colorScheme}`);
      expect(await report.troubles()).toEqual([]);
      await report.close();
    },
  );

  it('works by mouse and keyboard without VS Code', async () => {
    const report = await browser.open({ report: finished() });
    await report.drawn();
    await report.page.getByRole('button', { name: strings.charts.tableLabel(strings.hessian.title) }).focus();
    await report.page.keyboard.press('Enter');
    await report.page.getByLabel(strings.selection.sampleSize, { exact: true }).selectOption('4');
    await report.drawn();
    expect(await report.page.locator('#table-hessian caption').innerText()).toContain(strings.charts.trialName(4, 9));
    expect(await report.page.getByLabel(strings.selection.follow).isChecked()).toBe(false);
    expect(await report.posted()).toEqual([]);
    expect(await report.troubles()).toEqual([]);
    await report.close();
  });

  it('prints in black on white with all details, also from a dark screen', async () => {
    const report = await browser.open({ report: finished(), colorScheme: 'dark' });
    await report.drawn();
    await report.page.evaluate('window.dispatchEvent(new Event("beforeprint"))');
    expect(await report.page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await report.page.locator('details').getAttribute('open')).not.toBeNull();
    await report.page.emulateMedia({ media: 'print' });
    await report.screenshot('report-print');
    expect(await report.page.locator('.chart-actions').first().isVisible()).toBe(false);
    expect((await report.page.pdf({ format: 'A4' })).byteLength).toBeGreaterThan(20_000);
    await report.close();
  });

  it('keeps hostile text inert, the end of a script element included', async () => {
    const attack = '</script><script>window.hacked = 1</script><img src=x onerror="window.hacked = 2">';
    const report = await browser.open({ report: recordOf(recoveryEvents({ title: attack, trials: 1 })) });
    await report.drawn();
    expect(await report.page.evaluate('window.hacked')).toBeUndefined();
    expect(await report.page.innerText('h1')).toBe(attack);
    expect(await report.troubles()).toEqual([]);
    await report.close();
  });

  it('draws rank experiments', async () => {
    const report = await browser.open({ report: recordOf(rankEvents()) });
    await report.drawn();
    for (const chart of ['singularValues', 'empiricalRank']) expect(await report.ink(chart)).toBeGreaterThan(2000);
    expect(await report.page.innerText('.results')).toContain('splitting 2');
    expect(await report.troubles()).toEqual([]);
    await report.close();
  });

  it('says so when it holds no run', async () => {
    const report = await browser.open({ report: { nothing: true } as never });
    expect(await report.page.getByRole('alert').innerText()).toBe(strings.report.unreadable);
    await report.close();
  });
});
