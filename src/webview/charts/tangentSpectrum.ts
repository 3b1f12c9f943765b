import type { RankMeasurement } from '../../protocol/events';
import { formatCount, formatNumber } from '../format';
import * as strings from '../strings';
import { axis, type AxisScales, type ChartModel, type Marker, type PointSeries } from './model';

/** Singular values of a tangent matrix with the cut that makes them a rank, and how clear that cut is. */
export function tangentSpectrum(
  measurement: RankMeasurement | undefined,
  source: string,
  empty: string,
  scales: AxisScales,
): ChartModel {
  const values = measurement?.singularValues ?? [];
  const rank = measurement?.rank ?? 0;
  const largest = values[0] ?? 0;
  const series = (label: string, ink: PointSeries['ink'], symbol: PointSeries['symbol'], counted: boolean): PointSeries => ({
    kind: 'points',
    label,
    ink,
    symbol,
    size: 'normal',
    points: values.flatMap((value, index) => (index < rank === counted ? [{ x: index + 1, y: value, name: label }] : [])),
  });
  const all = [
    series(strings.singularValues.counted, 'primary', 'circle', true),
    series(strings.singularValues.ignored, 'accent', 'hollow', false),
  ];
  const markers: Marker[] = [];
  if (measurement && largest > 0) {
    if (scales.y === 'log')
      markers.push({
        axis: 'y',
        value: measurement.tolerance * largest,
        label: strings.singularValues.cut(measurement.tolerance),
        ink: 'muted',
        dash: true,
      });
    if (rank > 0)
      markers.push({
        axis: 'x',
        value: rank + 0.5,
        label: strings.singularValues.boundary(rank),
        ink: measurement.conclusive ? 'third' : 'accent',
        dash: false,
      });
  }
  const zeros = scales.y === 'log' ? values.filter((value) => value <= 0).length : 0;
  return {
    x: axis(strings.singularValues.index, { integer: true, include: values.length > 0 ? [1, values.length] : [] }),
    y: axis(strings.singularValues.value),
    series: all,
    markers,
    legend: all
      .filter(({ points }) => points.some(({ y }) => scales.y === 'linear' || y > 0))
      .map(({ label, ink, symbol }) => ({ kind: 'symbol', label, ink, symbol })),
    summary: measurement
      ? `${upperFirst(source)}: ${strings.singularValues.rank(measurement)}; ${strings.singularValues.gap(measurement)}.`
      : '',
    note: zeros > 0 ? strings.charts.zerosLeftOut(zeros) : null,
    empty: values.length > 0 ? null : empty,
  };
}

export function tangentTable(measurement: RankMeasurement | undefined): string[][] {
  return (measurement?.singularValues ?? []).map((value, index) => [
    formatCount(index + 1),
    formatNumber(value, 6),
    index < (measurement?.rank ?? 0) ? strings.singularValues.counts.yes : strings.singularValues.counts.no,
  ]);
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
