import type { PublishedConfig } from '../experiment';
import { isObject } from './json';
import type { RunRecord } from './record';
import type { TableValue } from './table';

/** A published number beside what the run measured. */
export interface PublishedRow {
  /** Paper, and where it stands there. */
  source: string;
  /** What the number is; null where the file does not say. */
  quantity: string | null;
  /** x of a point; null of a line across the chart. */
  at: number | null;
  published: number;
  /** Null until the run has it, or where it never will. */
  measured: TableValue;
  /** The path of a result that the file names and a finished run does not have. */
  unknown: string | null;
}

export type { PublishedConfig };

export const publishedOf = ({ accepted }: Pick<RunRecord, 'accepted'>): PublishedConfig[] => accepted?.config.published ?? [];

export const sourceOf = ({ source, figure }: Pick<PublishedConfig, 'source' | 'figure'>): string =>
  figure === undefined ? source : `${source}, ${figure}`;

/** All published numbers of a run's experiment, in the order of its file. */
export function publishedRows(record: RunRecord): PublishedRow[] {
  return publishedOf(record).flatMap((item) =>
    item.values.flatMap(({ x, y, label, measured: path, series }): PublishedRow[] => {
      const published = y ?? x;
      if (published === undefined) return [];
      const isPoint = x !== undefined && y !== undefined;
      const measured =
        path !== undefined ? resultAt(record, path) : isPoint ? chartValue(record, item.chart, series, x) : undefined;
      return [
        {
          source: sourceOf(item),
          quantity: label ?? null,
          at: isPoint ? x : null,
          published,
          measured: measured ?? null,
          unknown: path !== undefined && record.finished !== null && measured === undefined ? path : null,
        },
      ];
    }),
  );
}

/** What stands at a path such as `branches[0].threshold` in the results of a finished run; undefined where nothing does. */
function resultAt({ finished }: RunRecord, path: string): TableValue | undefined {
  let value: unknown = finished?.summary.results;
  for (const [, name, index] of path.matchAll(/([^.[\]]+)|\[(\d+)\]/g)) {
    if (Array.isArray(value)) value = (value as unknown[])[Number(index ?? NaN)];
    else value = isObject(value) && name !== undefined && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean'
    ? value
    : undefined;
}

/** y at an x in a chart: a median test error, or a point of a figure's series. */
function chartValue(record: RunRecord, chart: string | undefined, series: string | undefined, x: number): number | null {
  if (chart === 'testError') return record.sampleSizes[x]?.medianTestError ?? null;
  const layers = record.figures.find(({ id }) => id === chart)?.layers ?? [];
  for (const layer of layers) {
    if (layer.kind !== 'line' && layer.kind !== 'points') continue;
    if (series !== undefined && layer.label !== series) continue;
    const place = layer.x.findIndex((at) => Math.abs(at - x) <= 1e-9 * Math.abs(x));
    return layer.y[place] ?? null;
  }
  return null;
}
