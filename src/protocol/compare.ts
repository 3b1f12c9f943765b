import type { PublishedConfig } from '../experiment';
import type { SampleSizeResult, Verdict } from './events';
import type { ResultFigure } from './figure';
import { publishedOf, publishedRows, type PublishedRow } from './published';
import type { Curve, RunRecord, RunState } from './record';
import { scalarResults } from './results/scalars';
import type { ResultTable } from './table';

/** What is compared of a run: plain JSON, without its cells and single curves. */
export interface ComparedRun {
  id: string;
  fileName: string;
  /** Milliseconds since 1970. */
  startedAt: number;
  state: RunState;
  engine: string | null;
  hash: string | null;
  /** The resolved experiment; null where the run came not so far. */
  config: unknown;
  predicted: number | null;
  /** By sample size, ascending. */
  sampleSizes: SampleSizeResult[];
  /** Median over trials at one sample size; null where there are no curves. */
  loss: MedianCurve | null;
  results: Record<string, number>;
  verdicts: Pick<Verdict, 'id' | 'result' | 'value' | 'expected'>[];
  figures: ResultFigure[];
  tables: ResultTable[];
  published: PublishedRow[];
  /** The same as its file has it, for the charts. */
  publishedIn: PublishedConfig[];
}

export interface MedianCurve {
  sampleSize: number;
  /** Number of curves that it is the median of. */
  trials: number;
  steps: number[];
  losses: number[];
}

/** What is compared of runs, in their order. Median losses are of one sample size, where there is one that all runs with curves have. */
export function compareRuns(records: readonly RunRecord[]): ComparedRun[] {
  const size = commonSize(records);
  return records.map((record) => ({
    id: record.id,
    fileName: record.fileName,
    startedAt: record.startedAt,
    state: record.state,
    engine: record.engine,
    hash: record.accepted?.hash ?? null,
    config: settingsOf(record),
    predicted: record.accepted?.predictions.optimisticSampleSize ?? null,
    sampleSizes: Object.values(record.sampleSizes).sort((a, b) => a.sampleSize - b.sampleSize),
    loss: medianOf(record, size ?? Math.max(...sizesOf(record))),
    results: scalarResults(record.finished?.summary),
    verdicts: record.verdicts.map(({ id, result, value, expected }) => ({ id, result, value, expected })),
    figures: record.figures,
    tables: record.tables,
    published: publishedRows(record),
    publishedIn: publishedOf(record),
  }));
}

/** The resolved experiment without what was published: that is no setting. */
function settingsOf({ accepted }: RunRecord): unknown {
  if (!accepted) return null;
  const settings = { ...accepted.config };
  delete settings.published;
  return settings;
}

/** Of the sample sizes that all runs with curves have the one closest to the first prediction, else the largest. */
function commonSize(records: readonly RunRecord[]): number | undefined {
  const [first, ...others] = records.map(sizesOf).filter((sizes) => sizes.size > 0);
  const common = [...(first ?? [])].filter((size) => others.every((sizes) => sizes.has(size))).sort((a, b) => b - a);
  const [predicted] = records.flatMap(({ accepted }) => accepted?.predictions.optimisticSampleSize ?? []);
  if (predicted === undefined) return common[0];
  const away = (size: number) => Math.abs(size - predicted);
  return common.reduce<number | undefined>(
    (best, size) => (best === undefined || away(size) < away(best) ? size : best),
    undefined,
  );
}

function sizesOf({ curves }: RunRecord): Set<number> {
  return new Set(Object.values(curves).flatMap(({ sampleSize, steps }) => (steps.length > 0 ? [sampleSize] : [])));
}

function medianOf({ curves }: RunRecord, sampleSize: number): MedianCurve | null {
  const ofSize = Object.values(curves).filter((curve) => curve.sampleSize === sampleSize && curve.steps.length > 0);
  return ofSize.length === 0 ? null : { sampleSize, trials: ofSize.length, ...medianCurve(ofSize) };
}

/** Most points of a median curve: more than a plot has pixels. */
const MOST_POINTS = 1000;

/**
 * Median of loss curves, at steps at which some curve has a point. Between its points a curve has the value of the point
 * before, after its last point that of the last: there its training had stopped. Before its first it does not count.
 */
export function medianCurve(curves: readonly Pick<Curve, 'steps' | 'losses'>[]): { steps: number[]; losses: number[] } {
  const all = [...new Set(curves.flatMap(({ steps }) => steps))].sort((a, b) => a - b);
  const steps = thinned(all);
  const places = curves.map(() => -1);
  const losses = steps.map((step) => {
    const values: number[] = [];
    curves.forEach((curve, i) => {
      let place = places[i] ?? -1;
      while ((curve.steps[place + 1] ?? Infinity) <= step) place++;
      places[i] = place;
      const loss = curve.losses[place];
      if (loss !== undefined) values.push(loss);
    });
    values.sort((a, b) => a - b);
    const middle = (values.length - 1) / 2;
    return ((values[Math.floor(middle)] ?? NaN) + (values[Math.ceil(middle)] ?? NaN)) / 2;
  });
  return { steps, losses };
}

/** Steps evenly spaced on the axis of log(step + 1), with the first and the last. */
function thinned(steps: readonly number[]): number[] {
  if (steps.length <= MOST_POINTS) return [...steps];
  const from = Math.log1p(steps[0] ?? 0);
  const span = Math.log1p(steps.at(-1) ?? 0) - from;
  let previous = -1;
  return steps.filter((step, i) => {
    const part = Math.floor(((Math.log1p(step) - from) / span) * (MOST_POINTS - 1));
    const isKept = part !== previous || i === steps.length - 1;
    previous = part;
    return isKept;
  });
}
