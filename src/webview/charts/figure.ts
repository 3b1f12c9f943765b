import type { FigureAxis, FigureHeatMap, FigureInk, FigureLayer, FigureLine, ResultFigure } from '../../protocol/figure';
import type { TableValue } from '../../protocol/table';
import { formatNumber, typeset } from '../format';
import * as strings from '../strings';
import type {
  AxisModel,
  AxisScales,
  ChartModel,
  HeatMapSeries,
  Ink,
  LegendEntry,
  LinePart,
  Marker,
  PointSymbol,
  Series,
} from './model';
import { CATEGORY_COUNT } from './palette';

/** Marks of a colour scale. */
const RAMP_STEPS = 6;

/** A figure of a study as a chart. */
export function figureChart(figure: ResultFigure, scales: AxisScales): ChartModel {
  const layers = toldApart(figure.layers);
  const series = layers.flatMap((layer) => [...barsOf(layer), ...seriesOf(layer, figure, scales)]);
  const leftOut = layers.reduce((count, layer) => count + outsideLog(layer, scales), 0);
  return {
    x: axisOf(figure.x, undefined, aroundNodes(layers, 'x')),
    y: axisOf(figure.y, layers.find(isNamedMap), aroundNodes(layers, 'y')),
    series,
    markers: layers.flatMap((layer): Marker[] =>
      layer.kind === 'marker'
        ? [{ axis: layer.axis, value: layer.value, label: typeset(layer.label), ink: inkOf(layer.ink), dash: layer.axis === 'y' }]
        : [],
    ),
    legend: legendOf(layers),
    summary: typeset(figure.caption),
    note: leftOut > 0 ? strings.charts.zerosLeftOut(leftOut) : null,
    empty: series.some(hasContent) ? null : strings.figures.empty,
  };
}

/** Symbols of lines that would look alike. */
const SYMBOLS: readonly PointSymbol[] = ['circle', 'square', 'triangle', 'hollow'];

/** A layer as it is drawn: its symbol by name. */
type DrawnLayer = Exclude<FigureLayer, { kind: 'line' }> | (FigureLine & { drawn: PointSymbol | null });

/**
 * Lines that can be told apart: of those that lie on each other the later ones are dashed, so that the first shows through, and those with
 * the same ink get different symbols.
 */
function toldApart(layers: readonly FigureLayer[]): DrawnLayer[] {
  const before: FigureLine[] = [];
  return layers.map((layer): DrawnLayer => {
    if (layer.kind !== 'line') return layer;
    const alike = before.filter(
      ({ ink, dash, symbol }) => colourOf(ink) === colourOf(layer.ink) && dash === layer.dash && symbol,
    );
    const covers = layer.x.length > 1 && before.some((other) => isSame(other, layer));
    before.push(layer);
    const drawn = layer.symbol === true ? (SYMBOLS[alike.length % SYMBOLS.length] ?? 'circle') : null;
    return { ...layer, dash: layer.dash === true || covers, drawn };
  });
}

const colourOf = (ink: FigureInk) => (typeof ink === 'number' ? ink % CATEGORY_COUNT : ink);

function isSame(a: FigureLine, b: FigureLine): boolean {
  return a.x.length === b.x.length && a.x.every((x, i) => x === b.x[i] && a.y[i] === b.y[i]);
}

/** Axes whose scale can be switched: not those of names, and not those of a lattice or a matrix. */
export function switchableAxes({ layers, x, y }: ResultFigure): ('x' | 'y')[] {
  if (layers.some(({ kind }) => kind === 'graph')) return [];
  const isMatrix = layers.some((layer) => layer.kind === 'heatMap' && layer.trials !== true && x.integer === true);
  const named = { x: isMatrix || x.names !== undefined, y: isMatrix || y.names !== undefined || layers.some(isNamedMap) };
  return (['x', 'y'] as const).filter((which) => !named[which]);
}

export const figureColumns = ({ x, y }: ResultFigure): string[] => [
  strings.figures.series,
  x.title,
  y.title,
  strings.figures.detail,
];

/** The numbers of a figure, row by row. */
export function figureRows({ layers, ...axes }: ResultFigure): TableValue[][] {
  return layers.flatMap((layer): TableValue[][] => {
    switch (layer.kind) {
      case 'line':
        return layer.x.map((x, i) => [
          layer.label,
          nameAt(axes.x, x),
          layer.y[i] ?? null,
          barText(layer.low?.[i], layer.high?.[i]),
        ]);
      case 'points':
        return layer.x.map((x, i) => [layer.label, x, layer.y[i] ?? null, layer.names?.[i] ?? null]);
      case 'marker':
        return [[layer.label, layer.axis === 'x' ? layer.value : null, layer.axis === 'y' ? layer.value : null, null]];
      case 'heatMap':
        return layer.y.flatMap((y, row) =>
          layer.x.map((x, column) => [layer.label, x, layer.rowNames?.[row] ?? y, layer.values[row]?.[column] ?? null]),
        );
      case 'graph':
        return layer.nodes.map(({ label, x, y, detail }) => [label, x, y, detail]);
    }
  });
}

/** The name of a place, where the axis has one for it. */
function nameAt({ names }: FigureAxis, value: number): TableValue {
  return names?.find((each) => each.value === value)?.name ?? value;
}

function barText(low: number | null | undefined, high: number | null | undefined): string | null {
  return typeof low === 'number' && typeof high === 'number' ? strings.figures.bar(formatNumber(low), formatNumber(high)) : null;
}

/** Error bars, under the name of their line, with which they come and go. */
function barsOf(layer: FigureLayer): Series[] {
  if (layer.kind !== 'line' || !layer.low || !layer.high) return [];
  const { x, low, high } = layer;
  const bars = x.flatMap((at, i) => {
    const [from, to] = [low[i] ?? null, high[i] ?? null];
    return from === null || to === null ? [] : [{ x: at, low: from, high: to }];
  });
  return bars.length === 0 ? [] : [{ kind: 'whiskers', label: layer.label, ink: inkOf(layer.ink), bars }];
}

/** Nothing for a marker, which is drawn beside the series. */
function seriesOf(layer: DrawnLayer, figure: ResultFigure, scales: AxisScales): Series[] {
  const series = oneSeries(layer, figure, scales);
  return series ? [series] : [];
}

function oneSeries(layer: DrawnLayer, figure: ResultFigure, scales: AxisScales): Series | null {
  switch (layer.kind) {
    case 'line':
      return {
        kind: 'line',
        label: layer.label,
        ink: inkOf(layer.ink),
        width: 'normal',
        symbol: layer.drawn,
        parts: unbroken(layer.label, layer.x, layer.y),
        hover: true,
        dash: layer.dash === true,
        path: layer.x.some((x, i) => i > 0 && x < (layer.x[i - 1] ?? x)),
      };
    case 'points':
      return {
        kind: 'points',
        label: layer.label,
        ink: inkOf(layer.ink),
        symbol: layer.symbol ?? 'circle',
        size: 'normal',
        points: layer.x.map((x, i) => ({ x, y: layer.y[i] ?? NaN, name: layer.names?.[i] ?? layer.label })),
      };
    case 'heatMap':
      return heatMap(layer, figure, scales);
    case 'graph': {
      const places = new Map(layer.nodes.map(({ id }, i) => [id, i]));
      return {
        kind: 'graph',
        label: figure.title,
        nodes: layer.nodes.map(({ label, detail, x, y, ink }) => ({ x, y, name: label, text: detail, ink: inkOf(ink) })),
        edges: layer.edges.flatMap(([from, to]): [number, number][] => {
          const [a, b] = [places.get(from), places.get(to)];
          return a === undefined || b === undefined ? [] : [[a, b]];
        }),
      };
    }
    case 'marker':
      return null;
  }
}

/** The parts of a line between its gaps. */
function unbroken(name: string, x: readonly number[], y: readonly (number | null)[]): LinePart[] {
  const parts: { name: string; x: number[]; y: number[] }[] = [];
  let part: (typeof parts)[number] | undefined;
  x.forEach((value, i) => {
    const height = y[i] ?? null;
    if (height === null) part = undefined;
    else {
      if (!part) parts.push((part = { name, x: [], y: [] }));
      part.x.push(value);
      part.y.push(height);
    }
  });
  return parts;
}

function heatMap(layer: FigureHeatMap, figure: ResultFigure, scales: AxisScales): HeatMapSeries {
  const columns = bands(layer.x, scales.x);
  const rows = bands(layer.y, layer.rowNames ? 'linear' : scales.y);
  const fractionOf = colourScale(layer);
  return {
    kind: 'heatMap',
    label: layer.label,
    scale: layer.scale,
    diverging: layer.diverging === true,
    range: colourRange(layer),
    cells: layer.y.flatMap((y, row) =>
      layer.x.flatMap((x, column) => {
        const [across, along] = [columns[column], rows[row]];
        if (!across || !along) return [];
        const value = layer.values[row]?.[column] ?? null;
        const name = `${figure.x.title}: ${formatNumber(x)}, ${figure.y.title}: ${layer.rowNames?.[row] ?? formatNumber(y)}`;
        const text = `${layer.label}: ${value === null ? strings.figures.notKnown : formatNumber(value)}`;
        return [{ x: across, y: along, at: { x, y }, value, fraction: fractionOf(value), name, text }];
      }),
    ),
  };
}

/** From each place half the way to its neighbours; on a log axis half the way in the exponent. Null for places that the axis cannot hold. */
function bands(places: readonly number[], scale: 'linear' | 'log'): ([number, number] | null)[] {
  const to = scale === 'log' ? Math.log : (value: number) => value;
  const back = scale === 'log' ? Math.exp : (value: number) => value;
  const sorted = [...new Set(places)].filter((value) => Number.isFinite(to(value))).sort((a, b) => a - b);
  const between = sorted.slice(1).map((value, i) => (to(value) + to(sorted[i] ?? value)) / 2);
  const known = new Map(
    sorted.map((value, i) => {
      const half = (at: number | undefined) => (at === undefined ? undefined : Math.abs(at - to(value)));
      const [below, above] = [half(between[i - 1]), half(between[i])];
      const fallback = below ?? above ?? 0.5;
      return [value, [back(to(value) - (below ?? fallback)), back(to(value) + (above ?? fallback))] as [number, number]];
    }),
  );
  return places.map((value) => known.get(value) ?? null);
}

/** Ends of a colour scale: its own, else the smallest and largest value that it can hold; null when there is none. */
function colourRange({ values, scale, range, diverging }: FigureHeatMap): [number, number] | null {
  if (range) return range;
  let [low, high] = [Infinity, -Infinity];
  for (const row of values) {
    for (const value of row) {
      if (value === null || !Number.isFinite(value) || (scale === 'log' && value <= 0)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (!(low <= high)) return null;
  const most = Math.max(Math.abs(low), Math.abs(high));
  return diverging ? [-most, most] : [low, high];
}

/** Where a value stands between the smallest and the largest; what is too small for a logarithm counts as smallest. */
function colourScale(layer: FigureHeatMap): (value: number | null) => number | null {
  const range = colourRange(layer);
  const to = layer.scale === 'log' ? (value: number) => Math.log(value) : (value: number) => value;
  return (value) => {
    if (value === null || !range) return null;
    const [low, high] = range;
    if (layer.scale === 'log' && value <= 0) return 0;
    return low === high ? 0.5 : Math.min(1, Math.max(0, (to(value) - to(low)) / (to(high) - to(low))));
  };
}

function legendOf(layers: readonly DrawnLayer[]): LegendEntry[] {
  return layers.flatMap((layer): LegendEntry[] => {
    switch (layer.kind) {
      case 'line':
        return [
          {
            kind: 'line',
            label: layer.label,
            ink: inkOf(layer.ink),
            dash: layer.dash === true,
            symbol: layer.drawn,
          },
        ];
      case 'points':
        return [{ kind: 'symbol', label: layer.label, ink: inkOf(layer.ink), symbol: layer.symbol ?? 'circle' }];
      case 'heatMap':
        return ramp(layer);
      default:
        return [];
    }
  });
}

function ramp(layer: FigureHeatMap): LegendEntry[] {
  const range = colourRange(layer);
  if (!range) return [];
  const [low, high] = range;
  const count = low === high ? 1 : RAMP_STEPS;
  const steps = Array.from({ length: count }, (_, k) => {
    const fraction = count === 1 ? 0.5 : k / (count - 1);
    const value = layer.scale === 'log' ? low * (high / low) ** fraction : low + (high - low) * fraction;
    return { label: formatNumber(value, 2), ink: { heat: fraction, diverging: layer.diverging === true } };
  });
  return [{ kind: 'ramp', label: layer.label, steps }];
}

/** How many values a log axis cannot hold. */
function outsideLog(layer: FigureLayer, scales: AxisScales): number {
  if (layer.kind !== 'line' && layer.kind !== 'points') return 0;
  return layer.x.filter((x, i) => {
    const y = layer.y[i] ?? null;
    return y !== null && ((scales.x === 'log' && x <= 0) || (scales.y === 'log' && y <= 0));
  }).length;
}

function hasContent(series: Series): boolean {
  switch (series.kind) {
    case 'line':
      return series.parts.length > 0;
    case 'points':
      return series.points.length > 0;
    case 'heatMap':
      return series.cells.length > 0;
    case 'graph':
      return series.nodes.length > 0;
    case 'whiskers':
      return series.bars.length > 0;
  }
}

function isNamedMap(layer: FigureLayer): layer is FigureHeatMap & { rowNames: string[] } {
  return layer.kind === 'heatMap' && layer.rowNames !== undefined;
}

/** Room around the nodes of a lattice, which are named beside them. */
function aroundNodes(layers: readonly FigureLayer[], which: 'x' | 'y'): number[] {
  const places = layers.flatMap((layer) => (layer.kind === 'graph' ? layer.nodes.map((node) => node[which]) : []));
  if (places.length === 0) return [];
  const [low, high] = [Math.min(...places), Math.max(...places)];
  const room = (high - low || 1) / 8;
  return [low - room, high + room];
}

function axisOf(
  { title, integer, names: own }: FigureAxis,
  named: (FigureHeatMap & { rowNames: string[] }) | undefined,
  include: number[],
): AxisModel {
  const names = own ?? named?.y.map((value, row) => ({ value, name: named.rowNames[row] ?? String(value) }));
  return { title, integer: integer ?? false, include: [...include, ...aroundNames(own)], ...(names ? { names } : {}) };
}

/** Room for the points of the first and the last name. */
function aroundNames(names: FigureAxis['names'] = []): number[] {
  const places = names.map(({ value }) => value);
  return places.length === 0 ? [] : [Math.min(...places) - 0.4, Math.max(...places) + 0.4];
}

function inkOf(ink: FigureInk): Ink {
  return typeof ink === 'number' ? { category: ink } : ink;
}
