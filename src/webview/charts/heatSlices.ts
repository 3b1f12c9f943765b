import type { FigureHeatMap, FigureLayer, ResultFigure } from '../../protocol/figure';
import { formatNumber } from '../format';
import * as strings from '../strings';
import type { ChartModel } from './model';

/** A cell of the heat map of a figure, by its places in `y` and `x`. */
export interface HeatPlace {
  row: number;
  column: number;
}

export function heatMapOf({ layers }: ResultFigure): FigureHeatMap | undefined {
  return layers.find((layer) => layer.kind === 'heatMap');
}

/** The cell at a place of the drawing; undefined beside all cells. `model` is the figure as it is drawn. */
export function cellAt(figure: ResultFigure, model: ChartModel, x: number, y: number): HeatPlace | undefined {
  const layer = heatMapOf(figure);
  const series = model.series.find((each) => each.kind === 'heatMap');
  if (!layer || series?.kind !== 'heatMap') return undefined;
  const inside = ([low, high]: [number, number], value: number) => value >= low && value <= high;
  const cell = series.cells.find((each) => inside(each.x, x) && inside(each.y, y));
  if (!cell) return undefined;
  return { row: layer.y.indexOf(cell.at.y), column: layer.x.indexOf(cell.at.x) };
}

/** The cell beside another one, or the same at the edge; `right` and `up` as on the screen. */
export function neighbour(layer: FigureHeatMap, { row, column }: HeatPlace, right: number, up: number): HeatPlace {
  const step = (values: readonly number[], at: number, by: number) => {
    const order = values.map((value, i) => ({ value, i })).sort((a, b) => a.value - b.value);
    const rank = order.findIndex(({ i }) => i === at);
    return order[Math.min(order.length - 1, Math.max(0, rank + by))]?.i ?? at;
  };
  return { row: step(layer.y, row, up), column: step(layer.x, column, right) };
}

/** What a cell says, in words. */
export function cellSentence(figure: ResultFigure, { row, column }: HeatPlace): string {
  const layer = heatMapOf(figure);
  const value = layer?.values[row]?.[column] ?? null;
  const words = value === null ? strings.figures.notKnown : formatNumber(value, 4);
  return strings.figures.chosen(
    `${figure.x.title} ${formatNumber(layer?.x[column])}`,
    nameOfRow(figure, row),
    layer?.label ?? '',
    words,
  );
}

/** The row and the column of a cell as line charts; numbers and predictions are those of the figure. */
export function heatSlices(figure: ResultFigure, { row, column }: HeatPlace): ResultFigure[] {
  const layer = heatMapOf(figure);
  const [x, y] = [layer?.x[column], layer?.y[row]];
  if (!layer || x === undefined || y === undefined) return [];
  const value = { title: layer.label, scale: layer.scale };
  const rowName = nameOfRow(figure, row);
  const columnName = `${figure.x.title} = ${formatNumber(x)}`;
  const slice = (places: readonly number[], valueAt: (i: number, of: Values | undefined) => number | null): FigureLayer => {
    const order = places.map((at, i) => ({ at, i })).sort((a, b) => a.at - b.at);
    const read = (of: Values | undefined) => order.map(({ i }) => valueAt(i, of));
    return {
      kind: 'line',
      label: layer.label,
      ink: 'primary',
      symbol: true,
      x: order.map(({ at }) => at),
      y: read(layer.values),
      ...(layer.low && layer.high ? { low: read(layer.low), high: read(layer.high) } : {}),
    };
  };
  const bars = layer.low && layer.high ? ` ${strings.figures.barsAre}` : '';
  return [
    {
      id: `${figure.id}-row`,
      title: strings.figures.slice(figure.title, rowName),
      caption: strings.figures.rowCaption(rowName, layer.label) + bars,
      x: figure.x,
      y: value,
      layers: [slice(layer.x, (i, of) => of?.[row]?.[i] ?? null), ...crossings(figure, y, 'row')],
    },
    {
      id: `${figure.id}-column`,
      title: strings.figures.slice(figure.title, columnName),
      caption: strings.figures.columnCaption(columnName, layer.label) + bars,
      x: layer.rowNames ? { title: figure.y.title, scale: 'linear', names: namesOf(layer.y, layer.rowNames) } : figure.y,
      y: value,
      layers: [slice(layer.y, (i, of) => of?.[i]?.[column] ?? null), ...crossings(figure, x, 'column')],
    },
  ];
}

type Values = readonly (readonly (number | null)[])[];

function namesOf(places: readonly number[], names: readonly string[]): { value: number; name: string }[] {
  return places.map((value, i) => ({ value, name: names[i] ?? String(value) })).sort((a, b) => a.value - b.value);
}

/** Where the lines of the figure, such as a prediction, pass through a row or a column, and its reference lines. */
function crossings({ layers }: ResultFigure, at: number, along: 'row' | 'column'): FigureLayer[] {
  return layers.flatMap((layer): FigureLayer[] => {
    if (layer.kind === 'marker') return (layer.axis === 'x') === (along === 'row') ? [{ ...layer, axis: 'x' }] : [];
    if (layer.kind !== 'line') return [];
    return layer.x.flatMap((x, i): FigureLayer[] => {
      const y = layer.y[i] ?? null;
      const [here, place] = along === 'row' ? [y, x] : [x, y];
      if (here !== at || place === null) return [];
      return [{ kind: 'marker', axis: 'x', value: place, label: layer.label, ink: layer.ink }];
    });
  });
}

export function nameOfRow(figure: ResultFigure, row: number): string {
  const layer = heatMapOf(figure);
  return layer?.rowNames?.[row] ?? `${figure.y.title} = ${formatNumber(layer?.y[row])}`;
}
