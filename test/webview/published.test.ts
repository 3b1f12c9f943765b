import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareRuns } from '../../src/protocol/compare';
import { publishedRows } from '../../src/protocol/published';
import type { RunRecord } from '../../src/protocol/record';
import { withPublished } from '../../src/webview/charts/published';
import { testErrorChart } from '../../src/webview/charts/testError';
import { comparisonTables } from '../../src/webview/compare/tables';
import { chartScene } from '../../src/webview/export/chartScene';
import { chartCsv } from '../../src/webview/export/data';
import { runMarkdown } from '../../src/webview/export/markdown';
import { sceneSvg } from '../../src/webview/export/svg';
import * as strings from '../../src/webview/strings';
import { WebviewBrowser, snapshot } from './browser';
import { recordOf, recoveryEvents } from './fixture';
import { studyEvents } from './studyFixture';

const FIGURE = {
  source: 'arXiv 2211.11623',
  figure: 'Fig. 2',
  chart: 'testError',
  values: [
    { x: 7, label: 'recovered from n', measured: 'recoveredFrom' },
    { x: 6, y: 0.7 },
    { y: 1e-6, label: 'tolerance', measured: 'no.such.result' },
  ],
};
const NAME = strings.published.legend('arXiv 2211.11623, Fig. 2');

function withFigure(events = recoveryEvents(), figure: object = FIGURE): RunRecord {
  const record = structuredClone(recordOf(events));
  record.accepted!.config.published = [figure as typeof FIGURE];
  return record;
}
const chart = (record: RunRecord) =>
  withPublished(testErrorChart(record, { x: 'linear', y: 'log' }), record.accepted!.config.published!, 'testError');

describe('published numbers', () => {
  it('stand beside the result that they name, or beside what the chart has at the same place', () => {
    const record = withFigure();
    const [from, at6, unknown] = publishedRows(record);
    const { results } = record.finished!.summary as unknown as { results: { recoveredFrom: number } };
    expect(from).toMatchObject({ published: 7, at: null, measured: results.recoveredFrom, unknown: null });
    expect(at6).toMatchObject({ published: 0.7, at: 6, measured: record.sampleSizes[6]!.medianTestError });
    expect(unknown).toMatchObject({ measured: null, unknown: 'no.such.result' });
    const half = withFigure(recoveryEvents().slice(0, 60));
    expect(publishedRows(half)[0]).toMatchObject({ measured: null, unknown: null });
  });

  it('of a figure are compared with the series that they name, else with the first', () => {
    const values = [
      { x: 10, y: 1, series: 'samples' },
      { x: 1, y: 2 },
      { x: 3.3, y: 1 },
    ];
    const rows = publishedRows(withFigure(studyEvents(), { source: 'a paper', chart: 'decay', values }));
    expect(rows.map(({ measured }) => measured)).toEqual([1e-3, 1, null]);
  });

  it('have a mark of their own in the chart, its legend, its words and what is exported', () => {
    const model = chart(withFigure());
    expect(model.series.at(-1)).toMatchObject({ kind: 'points', label: NAME, symbol: 'diamond', points: [{ x: 6, y: 0.7 }] });
    expect(model.markers.slice(-2)).toMatchObject([
      { axis: 'x', value: 7, symbol: 'diamond', label: `${NAME}: recovered from n` },
      { axis: 'y', value: 1e-6, symbol: 'diamond' },
    ]);
    expect(model.legend.filter(({ label }) => label === NAME)).toHaveLength(1);
    expect(model.series.slice(0, -1).some((series) => 'symbol' in series && series.symbol === 'diamond')).toBe(false);
    expect(model.summary).toContain('Published (arXiv 2211.11623, Fig. 2): recovered from n: 7; 0.7 at 6');
    const csv = chartCsv(model).split('\r\n');
    expect(csv).toContain(`"${NAME}","${NAME}",6,0.7,,`);
    expect(csv).toContain(`"${NAME}: recovered from n",,7,,,`);
    const scales = { x: 'linear', y: 'log' } as const;
    const polygons = (drawn: typeof model) =>
      sceneSvg(chartScene({ title: '', model: drawn, scales, origin: '' })).split('<polygon').length;
    // A point, the feet of two lines, and the legend.
    expect(polygons(model) - polygons(testErrorChart(withFigure(), scales))).toBe(4);
  });

  it('leave charts of other names alone', () => {
    const model = testErrorChart(withFigure(), { x: 'linear', y: 'log' });
    expect(withPublished(model, [FIGURE], 'lossCurves')).toBe(model);
  });

  it('are in the Markdown of the run, and side by side in a comparison, where they are no setting', () => {
    const record = withFigure();
    expect(runMarkdown(record)).toContain(`## ${strings.published.title}`);
    const other = recordOf(recoveryEvents());
    const tables = comparisonTables(compareRuns([record, other]), ['a', 'b']);
    const table = tables.find(({ id }) => id === 'compared-published')!;
    expect(table.columns.map(({ title }) => title).slice(-2)).toEqual(['a', 'b']);
    expect(table.rows[0]!.slice(-3)).toEqual([7, publishedRows(record)[0]!.measured, null]);
    expect(tables.find(({ id }) => id === 'compared-settings')!.rows).toEqual([]);
  });
});

describe('the panel', () => {
  let browser: WebviewBrowser;
  beforeAll(async () => {
    browser = await WebviewBrowser.start();
  });
  afterAll(() => browser.stop());

  it('shows published beside measured, and names a result that the run does not have', async () => {
    const page = await browser.open({ theme: 'dark', height: 1500 });
    await page.send(snapshot(withFigure()));
    await page.drawn();
    const table = page.page.locator('[data-table="published"]');
    expect(await table.innerText()).toContain('recovered from n');
    expect(await table.innerText()).toContain(strings.published.unknown(['no.such.result']));
    expect(await page.page.locator('[data-chart="testError"] .legend').innerText()).toContain(NAME);
    await page.screenshot('published-dark');
    expect(await page.troubles()).toEqual([]);
    await page.close();
  });
});
