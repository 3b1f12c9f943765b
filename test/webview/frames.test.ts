import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FigureLayer, ResultFigure } from '../../src/protocol/figure';
import { figureChart } from '../../src/webview/charts/figure';
import { chosenFrame, framed } from '../../src/webview/charts/frames';
import * as strings from '../../src/webview/strings';
import { WebviewBrowser, snapshot } from './browser';
import { recordOf } from './fixture';
import { FIGURES, studyEvents } from './studyFixture';

const x = Array.from({ length: 201 }, (_, k) => -1 + k / 100);
const line = (label: string, f: (at: number) => number, ink: 'primary' | 'foreground'): FigureLayer => ({
  kind: 'line',
  label,
  ink,
  x,
  y: x.map(f),
});
const frame = (variant: number, sampleSize: number) => ({
  name: `m = ${2 ** (variant + 1)}, n = ${sampleSize}, trial ${variant}`,
  cell: { variant, sampleSize },
  layers: [line('recovered', (at) => at * variant, 'primary')],
});
const cells = [
  [0, 1],
  [1, 3],
  [2, 5],
] as const;
const curves: ResultFigure = {
  id: 'recoveredFunction',
  title: 'Recovered function against the target',
  caption: 'As it is.',
  x: { title: 'x', scale: 'linear' },
  y: { title: 'value', scale: 'linear' },
  layers: [line('target', (at) => at * at, 'foreground')],
  frames: { title: 'Cell', frames: cells.map(([variant, size]) => frame(variant, size)) },
};
const map = (label: string): FigureLayer => ({
  kind: 'heatMap',
  label,
  scale: 'linear',
  range: [-4, 4],
  x: [1, 2, 3],
  y: [-1, -2],
  rowNames: ['1', '2'],
  values: [
    [0, 1, 2],
    [-4, 8, 4],
  ],
});
const matrix: ResultFigure = {
  ...curves,
  id: 'recoveredMatrix',
  title: 'Recovered matrix',
  layers: [],
  frames: { title: 'Cell', frames: cells.map(([variant, size]) => ({ ...frame(variant, size), layers: [map('recovered')] })) },
};

describe('a figure of which one picture is shown at a time', () => {
  it('has the layers of the frame that is chosen, else of the last, under those of all', () => {
    expect(chosenFrame(curves, undefined)?.name).toBe('m = 8, n = 5, trial 2');
    const shown = framed(curves, '1/3');
    expect(shown.layers.map((layer) => layer.kind === 'line' && layer.label)).toEqual(['recovered', 'target']);
    expect(shown.caption).toBe(strings.figures.ofFrame('m = 4, n = 3, trial 1', 'As it is.'));
    expect(framed(curves, '1/3')).toBe(shown);
    expect(framed(FIGURES[0]!, '1/3')).toBe(FIGURES[0]);
  });

  it('a colour scale of its own holds what is beyond it at its ends', () => {
    const chart = figureChart(framed(matrix, '0/1'), { x: 'linear', y: 'linear' });
    const cellsOf = chart.series.flatMap((series) => (series.kind === 'heatMap' ? series.cells : []));
    expect(cellsOf.map(({ fraction }) => fraction)).toEqual([0.5, 0.625, 0.75, 0, 1, 1]);
    expect(chart.legend[0]).toMatchObject({ kind: 'ramp' });
    expect(cellsOf[4]!.text).toContain('8');
  });
});

describe('choosing what is shown', () => {
  let browser: WebviewBrowser;
  beforeAll(async () => {
    browser = await WebviewBrowser.start();
  });
  afterAll(() => browser.stop());

  const diagram = FIGURES.find(({ id }) => id === 'heat')!;
  const heat = {
    ...diagram,
    layers: diagram.layers.map((layer) => (layer.kind === 'heatMap' ? { ...layer, trials: true } : layer)),
  };
  const record = () =>
    recordOf([...studyEvents(), ...[heat, curves, matrix].map((figure) => ({ type: 'figure' as const, figure }))], 'run-study');

  it.each(['light', 'dark'] as const)(
    'by a list, for all figures together, and by a cell of the phase diagram (%s)',
    async (theme) => {
      const page = await browser.open({ height: 2600, theme });
      await page.send(snapshot(record()));
      const summary = (id: string) => page.page.locator(`[data-chart=figure-${id}] .chart-summary`).innerText();
      expect(await summary('recoveredFunction')).toContain('m = 8, n = 5');
      const list = page.page.locator('[data-chart=figure-recoveredFunction] vscode-dropdown');
      await list.click();
      await list.locator('vscode-option').first().click();
      await page.drawn();
      for (const id of ['recoveredFunction', 'recoveredMatrix']) {
        expect(await summary(id)).toContain('m = 2, n = 1');
        expect(await page.ink(`figure-${id}`)).toBeGreaterThan(1000);
      }
      const plot = page.page.locator('[data-chart=figure-heat] .plot');
      const box = (await plot.boundingBox())!;
      await page.page.mouse.click(box.x + box.width * 0.55, box.y + box.height * 0.45);
      await page.drawn();
      expect(await summary('recoveredMatrix')).toContain('m = 4, n = 3');
      await page.page
        .locator('[data-chart=figure-recoveredFunction]')
        .getByRole('button', { name: /table of the data/ })
        .click();
      await page.drawn();
      expect(await page.page.locator('#table-figure-recoveredFunction tbody tr').count()).toBe(402);
      await page.page
        .locator('[data-chart=figure-recoveredFunction]')
        .getByRole('button', { name: /table of the data/ })
        .click();
      await page.screenshot(`frames-${theme}`);
      expect(await page.troubles()).toEqual([]);
      await page.close();
    },
  );

  it('works in a report', async () => {
    const report = await browser.open({ report: record(), height: 2000 });
    await report.drawn();
    const chart = report.page.locator('[data-chart=figure-recoveredFunction]');
    await chart.locator('select').selectOption('0/1');
    await report.drawn();
    expect(await chart.locator('.chart-summary').innerText()).toContain('m = 2, n = 1');
    expect(await report.troubles()).toEqual([]);
    await report.close();
  });
});
