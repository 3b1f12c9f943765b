import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareRuns } from '../../src/protocol/compare';
import type { RunRecord } from '../../src/protocol/record';
import { comparisonFigures } from '../../src/webview/compare/figures';
import { runNames } from '../../src/webview/compare/names';
import { comparisonTables } from '../../src/webview/compare/tables';
import * as strings from '../../src/webview/strings';
import { WebviewBrowser } from './browser';
import { recordOf, recoveryEvents } from './fixture';
import { FIGURES, studyEvents } from './studyFixture';

/** The same run with another learning rate, later. */
function withRate(learningRate: number): RunRecord {
  const record = structuredClone(recordOf(recoveryEvents()));
  const config = record.accepted!.config;
  if (config.experiment !== 'recovery') throw new Error('the fixture has changed');
  config.training.optimizer = { ...config.training.optimizer, learningRate } as typeof config.training.optimizer;
  record.id = `rate ${learningRate}`;
  return record;
}

describe('what a comparison says', () => {
  it('runs are named by what differs, else by file, time and number', () => {
    expect(runNames(compareRuns([withRate(0.05), withRate(0.2)]))).toEqual(['learningRate = 0.05', 'learningRate = 0.2']);
    const same = runNames(compareRuns([withRate(0.05), withRate(0.05)]));
    expect(new Set(same).size).toBe(2);
    expect(same[0]).toMatch(/^matrix-completion, /);
    const other = { ...withRate(0.2), fileName: 'other.recovery.json' };
    expect(runNames(compareRuns([withRate(0.05), other]))).toEqual(['matrix-completion', 'other']);
  });

  it('test error and loss of all runs in one figure each, with the numbers of the runs', () => {
    const runs = compareRuns([withRate(0.05), withRate(0.2)]);
    const [errors, losses] = comparisonFigures(runs, ['a', 'b']);
    expect(errors?.layers).toMatchObject([
      { kind: 'line', label: 'a', ink: 0, y: runs[0]!.sampleSizes.map(({ medianTestError }) => medianTestError) },
      {
        kind: 'line',
        label: strings.comparison.sameAs('b', 'a'),
        ink: 1,
        dash: true,
        y: runs[0]!.sampleSizes.map(({ medianTestError }) => medianTestError),
      },
      { kind: 'marker', axis: 'x', value: 7 },
    ]);
    expect(losses?.layers.map((layer) => 'label' in layer && layer.label)).toEqual(['a', strings.comparison.sameAs('b', 'a')]);
    const other = runs.map((run, i) => (i === 0 ? run : { ...run, sampleSizes: run.sampleSizes.slice(1) }));
    expect(comparisonFigures(other, ['a', 'b'])[0]?.layers[1]).toMatchObject({ label: 'b', dash: false });
    expect(losses?.caption).toContain('n = 7');
  });

  it('lines that runs share lie over each other, maps stand beside each other, and what one run has alone is left out', () => {
    const study = recordOf(studyEvents());
    const fewer = { ...study, figures: study.figures.filter(({ id }) => id !== 'heat') };
    const ids = (records: RunRecord[]) => comparisonFigures(compareRuns(records), ['a', 'b']).map(({ id }) => id);
    expect(ids([study, study])).toEqual(expect.arrayContaining(['compared-heat-0', 'compared-heat-1']));
    expect(ids([study, fewer]).filter((id) => id.includes('heat'))).toEqual([]);
    const lines = FIGURES.find(
      ({ layers }) => layers.some(({ kind }) => kind === 'line') && layers.every(({ kind }) => kind !== 'heatMap'),
    )!;
    const merged = comparisonFigures(compareRuns([study, study]), ['a', 'b']).find(({ id }) => id === `compared-${lines.id}`)!;
    const drawn = lines.layers.filter(({ kind }) => kind !== 'marker');
    expect(merged.layers.filter(({ kind }) => kind !== 'marker')).toHaveLength(2 * drawn.length);
    const tables = comparisonTables(compareRuns([study, study]), ['a', 'b']);
    const shared = tables.find(({ id }) => id === `compared-${study.tables[0]!.id}`)!;
    expect(shared.rows).toHaveLength(2 * study.tables[0]!.rows.length);
    expect(shared.rows[0]).toEqual(['a', ...study.tables[0]!.rows[0]!]);
  });

  it('the table of settings has only those that differ', () => {
    const settings = (records: RunRecord[]) =>
      comparisonTables(compareRuns(records), ['a', 'b']).find(({ id }) => id === 'compared-settings')!;
    expect(settings([withRate(0.05), withRate(0.2)]).rows).toEqual([['training.optimizer.learningRate', 0.05, 0.2]]);
    expect(settings([withRate(0.05), withRate(0.05)])).toMatchObject({ rows: [], note: strings.comparison.settings.same });
  });
});

describe('the panel', () => {
  let browser: WebviewBrowser;
  beforeAll(async () => {
    browser = await WebviewBrowser.start();
  });
  afterAll(() => browser.stop());

  it('draws the runs with a legend, tables and exports, keeps what is compared, and says what is malformed', async () => {
    const page = await browser.open({ theme: 'dark', height: 1500 });
    const runs = compareRuns([withRate(0.05), withRate(0.2)]);
    await page.send({ type: 'comparison', id: '["x","y"]', runs });
    await page.drawn();
    expect(await page.page.innerText('h1')).toBe(strings.comparison.title(2));
    for (const id of ['figure-compared-test-error', 'figure-compared-loss']) {
      expect(await page.ink(id)).toBeGreaterThan(100);
      const legend = page.page.locator(`[data-chart="${id}"] .legend`);
      expect(await legend.innerText()).toContain('learningRate = 0.2');
    }
    expect(await page.page.locator('[data-table="compared-settings"] tbody').innerText()).toContain(
      'training.optimizer.learningRate',
    );
    const menu = page.page.getByRole('button', { name: strings.exports.menuLabel(strings.comparison.testError.title) });
    await menu.click();
    await page.page.getByRole('menuitem', { name: strings.exports.csv }).click();
    await expect
      .poll(async () => (await page.posted()).at(-1))
      .toMatchObject({
        type: 'save',
        name: 'comparison-figure-compared-test-error.csv',
        content: expect.stringContaining('learningRate = 0.05') as string,
      });
    expect(await page.page.evaluate('window.harness.state()')).toMatchObject({ runId: '["x","y"]' });
    await page.screenshot('comparison-dark');
    await page.setTheme('light');
    await page.screenshot('comparison-light');
    expect(await page.troubles()).toEqual([]);
    await page.send({ type: 'comparison', id: 'x', runs: [{}] });
    expect(await page.page.getByRole('alert').innerText()).toBe(strings.status.badMessages(1));
    await page.close();
  });
});
