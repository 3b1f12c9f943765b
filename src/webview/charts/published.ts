import type { PublishedConfig } from '../../protocol/published';
import { sourceOf } from '../../protocol/published';
import * as strings from '../strings';
import type { ChartModel, LegendEntry, Marker, PointSeries } from './model';

/** Published numbers have a colour and a symbol that nothing measured has. */
const INK = 'foreground';
const SYMBOL = 'diamond';

/** A chart with what was published for it: points, and dashed lines with the symbol at their foot. */
export function withPublished(model: ChartModel, all: readonly PublishedConfig[], chart: string): ChartModel {
  const own = all.filter((item) => item.chart === chart);
  if (own.length === 0) return model;
  return {
    ...model,
    series: [...model.series, ...own.flatMap(pointsOf)],
    markers: [...model.markers, ...own.flatMap(markersOf)],
    legend: [...model.legend, ...own.map(legendOf)],
    summary: [model.summary, ...own.map(sentenceOf)].filter(Boolean).join(' '),
  };
}

function legendOf(item: PublishedConfig): LegendEntry {
  return { kind: 'symbol', label: strings.published.legend(sourceOf(item)), ink: INK, symbol: SYMBOL };
}

function pointsOf(item: PublishedConfig): PointSeries[] {
  const name = strings.published.legend(sourceOf(item));
  const points = item.values.flatMap(({ x, y, label }) =>
    x === undefined || y === undefined ? [] : [{ x, y, name: label === undefined ? name : `${name}: ${label}` }],
  );
  return points.length === 0 ? [] : [{ kind: 'points', label: name, ink: INK, symbol: SYMBOL, size: 'normal', points }];
}

function markersOf(item: PublishedConfig): Marker[] {
  const name = strings.published.legend(sourceOf(item));
  return item.values.flatMap(({ x, y, label }): Marker[] => {
    const value = x ?? y;
    if (value === undefined || (x !== undefined && y !== undefined)) return [];
    const words = label === undefined ? name : `${name}: ${label}`;
    return [{ axis: x === undefined ? 'y' : 'x', value, label: words, ink: INK, dash: true, symbol: SYMBOL }];
  });
}

function sentenceOf(item: PublishedConfig): string {
  const words = item.values.map(({ x, y, label }) => strings.published.value(x, y, label));
  return strings.published.summary(sourceOf(item), words);
}
