import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ResultFigure } from '../../src/protocol/figure';
import { figureChart, figureRows, switchableAxes } from '../../src/webview/charts/figure';
import { modelTicks } from '../../src/webview/charts/modelTicks';
import { withoutHidden } from '../../src/webview/charts/window';
import { chartCsv } from '../../src/webview/export/data';
import { cellAt, cellSentence, heatMapOf, heatSlices, neighbour } from '../../src/webview/charts/heatSlices';
import * as strings from '../../src/webview/strings';
import { WebviewBrowser, snapshot } from './browser';
import { recordOf } from './fixture';
import { FIGURES, studyEvents } from './studyFixture';

const heat = FIGURES.find(({ id }) => id === 'heat')!;
/** With a prediction line through its rows, as a phase diagram has it. */
const diagram: ResultFigure = {
  ...heat,
  layers: [...heat.layers, { kind: 'line', label: 'theory', ink: 'accent', x: [2, 3, 5], y: [0, 1, 2] }],
};
const layer = heatMapOf(diagram)!;

describe('rows and columns of a heat map', () => {
  it('a row has the values of the map, its gaps, and the prediction of this row', () => {
    const [row, column] = heatSlices(diagram, { row: 2, column: 2 });
    expect(row!.layers[0]).toMatchObject({ kind: 'line', x: [1, 2, 3, 4, 5], y: [2, null, 0.3, 1e-7, 1e-9] });
    expect(row!.y.scale).toBe('log');
    expect(row!.layers.filter(({ kind }) => kind === 'marker')).toMatchObject([
      { axis: 'x', value: 3.5, label: 'optimistic' },
      { axis: 'x', value: 5, label: 'theory' },
    ]);
    expect(column!.layers[0]).toMatchObject({ kind: 'line', x: [0, 1, 2], y: [0.1, 0.2, 0.3] });
    expect(column!.layers.slice(1)).toMatchObject([{ axis: 'x', value: 1, label: 'theory' }]);
    const chart = figureChart(column!, { x: 'linear', y: 'log' });
    expect(chart.empty).toBeNull();
    expect(chart.legend.map(({ label }) => label)).toEqual(['median test error']);
    const { ticks, format } = modelTicks(chart, 'x', 'linear', { most: 6 });
    expect(ticks.map(format)).toEqual(['m = 2', 'm = 4', 'm = 8']);
    expect(figureRows(column!).map(([, at]) => at)).toEqual(['m = 2', 'm = 4', 'm = 8', 1]);
    expect(switchableAxes(column!)).toEqual(['y']);
  });

  it('error bars of the map are those of its slices, whatever the order of its rows', () => {
    const bounds = (factor: number) => layer.values.map((row) => row.map((value) => value && value * factor));
    const map = { ...layer, y: [2, 1, 0], low: bounds(0.5), high: bounds(4) };
    const [row, column] = heatSlices({ ...diagram, layers: [map] }, { row: 1, column: 2 });
    expect(row!.layers[0]).toMatchObject({ low: [0.5, 0.35, 0.1, 0.5e-8, 0], high: [4, 2.8, 0.8, 4e-8, 0] });
    expect(column!.layers[0]).toMatchObject({ x: [0, 1, 2], y: [0.3, 0.2, 0.1], low: [0.15, 0.1, 0.05] });
    expect(column!.caption).toContain(strings.figures.barsAre);
    const chart = figureChart(column!, { x: 'linear', y: 'log' });
    const bars = chart.series.find(({ kind }) => kind === 'whiskers');
    expect(bars).toMatchObject({
      bars: [
        { x: 0, low: 0.15 },
        { x: 1, low: 0.1, high: 0.8 },
        { x: 2, low: 0.05 },
      ],
    });
    expect(figureRows(column!)[1]![3]).toBe(strings.figures.bar('0.1', '0.8'));
    // They come and go with their line.
    expect(withoutHidden(chart, ['median test error']).series).toEqual([]);
    expect(chartCsv(chart)).toMatch(/^median test error,,1,,0\.1,0\.8/m);
  });

  it('finds the cell under the pointer, and none beside the map', () => {
    const model = figureChart(diagram, { x: 'linear', y: 'linear' });
    for (const [row, y] of layer.y.entries())
      for (const [column, x] of layer.x.entries()) {
        expect(cellAt(diagram, model, x + 0.3, y - 0.3)).toEqual({ row, column });
        expect(cellSentence(diagram, { row, column })).toContain(layer.rowNames![row]);
      }
    expect(cellAt(diagram, model, 9, 0)).toBeUndefined();
    expect(cellSentence(diagram, { row: 2, column: 1 })).toContain(strings.figures.notKnown);
  });

  it('neighbours are those on the screen, and the edge is the end', () => {
    const reversed = { ...layer, y: [2, 1, 0] };
    expect(neighbour(reversed, { row: 2, column: 0 }, 1, 1)).toEqual({ row: 1, column: 1 });
    expect(neighbour(layer, { row: 2, column: 4 }, 1, 1)).toEqual({ row: 2, column: 4 });
    expect(neighbour(layer, { row: 0, column: 0 }, -9, -9)).toEqual({ row: 0, column: 0 });
  });
});

describe('choosing a cell in the panel', () => {
  let browser: WebviewBrowser;
  beforeAll(async () => {
    browser = await WebviewBrowser.start();
  });
  afterAll(() => browser.stop());

  it('by click and by keyboard: says the cell, draws its row and column, which follow the run', async () => {
    const page = await browser.open({ height: 1800, theme: 'light' });
    await page.send(snapshot(recordOf(studyEvents(), 'run-study')));
    const chart = page.page.locator('[data-chart=figure-heat]');
    const plot = chart.locator('.plot');
    const said = () => chart.locator('.chart-chosen').innerText();
    const ids = () =>
      page.page
        .locator('[data-chart]')
        .evaluateAll((all) => all.map((each) => (each as unknown as { dataset: { chart: string } }).dataset.chart));
    await plot.scrollIntoViewIfNeeded();
    const box = (await plot.boundingBox())!;
    await page.page.mouse.click(box.x + box.width * 0.55, box.y + box.height * 0.45);
    await page.drawn();
    expect(await said()).toMatch(/sample size n 3, m = 4; median test error: 0\.2/);
    expect(await ids()).toEqual([
      'figure-decay',
      'figure-path',
      'figure-heat',
      'figure-heat-row',
      'figure-heat-column',
      'figure-lattice',
    ]);
    for (const id of ['figure-heat-row', 'figure-heat-column']) expect(await page.ink(id)).toBeGreaterThan(1000);
    await page.screenshot('slices-light');
    await page.page.keyboard.press('ArrowUp');
    await page.drawn();
    expect(await said()).toContain('m = 8');
    // New values of the map are those of its slices.
    const layers = heat.layers.map((each) =>
      each.kind === 'heatMap' ? { ...each, values: each.values.map((row) => row.map(() => 0.25)) } : each,
    );
    await page.send({ type: 'events', events: [{ type: 'figure', figure: { ...heat, layers } }] });
    expect(await said()).toContain('0.25');
    await page.page
      .getByRole('button', { name: /heat|Median/ })
      .first()
      .waitFor();
    await page.page
      .locator('[data-chart=figure-heat-row]')
      .getByRole('button', { name: /table of the data/ })
      .click();
    await page.drawn();
    expect(await page.page.locator('#table-figure-heat-row tbody tr').allInnerTexts()).toHaveLength(5 + 1);
    await plot.focus();
    await page.page.keyboard.press('Escape');
    await page.drawn();
    expect(await ids()).toHaveLength(4);
    expect(await said()).toBe('');
    await page.page.keyboard.press('Enter');
    await page.drawn();
    expect(await said()).toMatch(/sample size n 1, m = 2/);
    expect(await page.troubles()).toEqual([]);
    await page.close();
  });
});
