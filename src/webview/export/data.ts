import type { TableValue } from '../../protocol/table';
import type { AxisScales, ChartModel, Series } from '../charts/model';
import { toCsv } from '../csv';
import type { Picture } from './chartScene';
import type { Origin } from './origin';

/**
 * The numbers of a chart with all their digits, one row for each point, as comma-separated values. Programs find columns by names that are
 * the same in every language, like the properties of the JSON; the two of the axes are called as the axes are.
 */
export function chartCsv(model: ChartModel): string {
  const titles = ['series', 'name', model.x.title, model.y.title];
  const rows = model.series.filter(isData).flatMap(rowsOf);
  const markers = model.markers.map(({ axis, value: at, label }): Row => ({ series: label, [axis]: at }));
  const all = [...rows, ...markers];
  const optional = [
    { title: 'low', of: (row: Row) => row.low },
    { title: 'high', of: (row: Row) => row.high },
    { title: 'value', of: (row: Row) => row.value },
  ].filter(({ of }) => all.some((row) => of(row) !== undefined));
  return toCsv(
    [...titles, ...optional.map(({ title }) => title)],
    all.map((row) => [row.series, row.name ?? null, finite(row.x), finite(row.y), ...optional.map(({ of }) => finite(of(row)))]),
  );
}

interface Row {
  series: string;
  name?: string;
  x?: number;
  y?: TableValue;
  low?: number;
  high?: number;
  value?: number | null;
}

/** Halos repeat a line only to make it stand out. */
export function isData(series: Series): boolean {
  return series.kind !== 'line' || series.width !== 'halo';
}

function rowsOf(series: Series): Row[] {
  const { label } = series;
  switch (series.kind) {
    case 'line':
      return series.parts.flatMap(({ name, x, y }) => x.map((value, i) => ({ series: label, name, x: value, y: y[i] ?? null })));
    case 'points':
      return series.points.map(({ x, y, name, exactX }) => ({ series: label, name, x: exactX ?? x, y }));
    case 'whiskers':
      return series.bars.map(({ x, low, high }) => ({ series: label, x, low, high }));
    case 'heatMap':
      return series.cells.map(({ at, value, name }) => ({ series: label, name, x: at.x, y: at.y, value }));
    case 'graph':
      return series.nodes.map(({ x, y, name, text }) => ({ series: label, name: `${name}: ${text}`, x, y }));
  }
}

/** CSV has no infinity that all programs read; an empty place is what is known. */
function finite(value: TableValue | undefined): TableValue {
  return value === undefined || (typeof value === 'number' && !Number.isFinite(value)) ? null : value;
}

/** The numbers of a chart as JSON, with what its axes are and where it comes from. */
export function chartJson({ title, model, scales, window }: Omit<Picture, 'origin'>, origin: Origin): string {
  const axis = (which: keyof AxisScales) => ({
    title: model[which].title,
    scale: scales[which],
    ...(window?.[which] ? { shown: window[which] } : {}),
    ...(model[which].names ? { names: model[which].names } : {}),
  });
  const data = {
    title,
    summary: model.summary,
    ...(model.note === null ? {} : { note: model.note }),
    origin,
    x: axis('x'),
    y: axis('y'),
    series: model.series.filter(isData).map(seriesJson),
    markers: model.markers.map(({ axis: which, value, label }) => ({ axis: which, value, label })),
  };
  return `${JSON.stringify(data, null, 1)}\n`;
}

function seriesJson(series: Series): object {
  const { kind, label } = series;
  switch (series.kind) {
    case 'line':
      return { kind, label, lines: series.parts.map(({ name, x, y }) => ({ name, x, y })) };
    case 'points':
      return { kind, label, points: series.points.map(({ x, y, name, exactX }) => ({ x: exactX ?? x, y, name })) };
    case 'whiskers':
      return { kind, label, bars: series.bars };
    case 'heatMap':
      return { kind, label, scale: series.scale, cells: series.cells.map(({ at, value }) => ({ ...at, value })) };
    case 'graph':
      return { kind, label, nodes: series.nodes.map(({ x, y, name, text }) => ({ x, y, name, text })), edges: series.edges };
  }
}
