import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FigureLayer, ResultFigure } from '../../src/protocol/figure';
import { figureChart } from '../../src/webview/charts/figure';
import { chosenFrame, framed } from '../../src/webview/charts/frames';
import { heatColour } from '../../src/webview/charts/palette';
import { chartPython } from '../../src/webview/export/python';
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

describe('a map of signed values', () => {
  const signed = (values: (number | null)[][], diverging?: boolean): ResultFigure => ({
    id: 'difference',
    title: 'Difference',
    caption: '',
    x: { title: 'x', scale: 'linear' },
    y: { title: 'y', scale: 'linear' },
    layers: [
      { kind: 'heatMap', label: 'minus', scale: 'linear', x: [1, 2], y: [1], values, ...(diverging ? { diverging } : {}) },
    ],
  });
  const chartOf = (figure: ResultFigure) => figureChart(figure, { x: 'linear', y: 'linear' });
  const fractionsOf = ({ series }: ReturnType<typeof chartOf>) =>
    series.flatMap((each) => (each.kind === 'heatMap' ? each.cells.map(({ fraction }) => fraction) : []));

  it('has zero in the middle of its colours, in the plot, beside it and in the Python script', () => {
    const chart = chartOf(signed([[-1, 3]], true));
    expect(fractionsOf(chart)).toEqual([1 / 3, 1]);
    const [ramp] = chart.legend;
    const steps = ramp?.kind === 'ramp' ? ramp.steps : [];
    expect([steps[0]!.label, steps.at(-1)!.label]).toEqual(['−3', '3']);
    expect(steps.every(({ ink }) => typeof ink === 'object' && 'heat' in ink && ink.diverging)).toBe(true);
    const script = chartPython({ title: '', model: chart, scales: { x: 'linear', y: 'linear' }, origin: '' });
    expect(script).toMatch(/cmap="RdBu_r", vmin=-3(\.0)?, vmax=3(\.0)?\)/);
  });

  it('else begins at the lowest', () => {
    expect(fractionsOf(chartOf(signed([[-1, 3]])))).toEqual([0, 1]);
    expect(fractionsOf(chartOf(signed([[null, null]], true)))).toEqual([null, null]);
  });

  it('has two hues of the same strength, which people who do not see red or green tell apart', () => {
    const [low, middle, high] = [0, 0.5, 1].map((fraction) => heatColour(fraction, true).match(/\d+/g)!.map(Number));
    expect(Math.max(...middle!) - Math.min(...middle!)).toBeLessThan(3);
    expect(low![2]! - low![0]!).toBeGreaterThan(80);
    expect(high![0]! - high![2]!).toBeGreaterThan(60);
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
