import { countCellsLeftOut } from '../../protocol/cells';
import type { RunRecord } from '../../protocol/record';
import type { SampleSizeResult } from '../../protocol/events';
import { formatCount, formatNumber } from '../format';
import * as strings from '../strings';
import { axis, type AxisScales, type ChartModel, type Marker, type PointSeries } from './model';
import { hasEnded } from './sizes';

/** Dots drawn for one sample size at most. */
const MOST_DOTS = 200;
/** Trials of one sample size are spread sideways by this much of the distance between neighbours, so that dots do not hide each other. */
const SPREAD = 0.22;

/** Test error of every trial, its median and quantiles for each sample size, between prediction and tolerance. */
export function testErrorChart(record: RunRecord, scales: AxisScales): ChartModel {
  const rows = sortedSizes(record);
  const experiment = record.accepted?.config.experiment === 'recovery' ? record.accepted.config : undefined;
  const tolerance = experiment?.analysis.recoveryTolerance;
  const prediction = record.accepted?.predictions;
  const { dots, zeros, shortened } = trialDots(record, scales, spreadOf(experiment?.data.sampleSizes ?? []));
  const median = rows.filter((row) => row.medianTestError !== null);
  const medianZeros = scales.y === 'log' ? median.filter((row) => row.medianTestError === 0).length : 0;
  const diverged = rows.reduce((sum, row) => sum + row.divergedTrials, 0);
  const leftOut = countCellsLeftOut(record);
  const markers: Marker[] = [];
  if (tolerance !== undefined && scales.y === 'log')
    markers.push({ axis: 'y', value: tolerance, label: strings.testError.tolerance(tolerance), ink: 'third', dash: true });
  if (prediction && prediction.optimisticSampleSize !== null) {
    markers.push({
      axis: 'x',
      value: prediction.optimisticSampleSize,
      label: strings.testError.optimistic(prediction.optimisticSampleSize, prediction.exact),
      ink: 'accent',
      dash: false,
    });
  }
  const notes = [
    zeros + medianZeros > 0 ? strings.charts.zerosLeftOut(zeros) : '',
    diverged > 0 ? strings.testError.diverged(diverged) : '',
    leftOut > 0 ? strings.testError.leftOut(leftOut) : '',
    shortened ? strings.testError.shortened(MOST_DOTS) : '',
  ].filter(Boolean);
  return {
    x: axis(strings.charts.sampleSize, { integer: true, include: experiment?.data.sampleSizes ?? [] }),
    y: axis(strings.testError.error),
    series: [
      { kind: 'points', label: strings.testError.trials, ink: 'muted', symbol: 'circle', size: 'small', points: dots },
      {
        kind: 'whiskers',
        label: strings.testError.quantiles,
        ink: 'primary',
        bars: rows.flatMap(({ sampleSize, testErrorQuantiles: bounds }) =>
          bounds ? [{ x: sampleSize, low: bounds[0], high: bounds[1] }] : [],
        ),
      },
      {
        kind: 'line',
        label: strings.testError.median,
        ink: 'primary',
        width: 'normal',
        symbol: 'circle',
        parts: [
          {
            name: strings.testError.median,
            x: median.map((row) => row.sampleSize),
            y: median.map((row) => row.medianTestError ?? NaN),
          },
        ],
        hover: true,
      },
    ],
    markers,
    legend: [
      { kind: 'symbol', label: strings.testError.trials, ink: 'muted', symbol: 'circle' },
      { kind: 'line', label: strings.testError.median, ink: 'primary', dash: false, symbol: 'circle' },
      { kind: 'whiskers', label: strings.testError.quantiles, ink: 'primary' },
    ],
    summary: summary(rows, tolerance, prediction?.optimisticSampleSize ?? null, prediction?.exact ?? false),
    note: notes.length > 0 ? notes.join(' ') : null,
    empty: rows.length > 0 ? null : hasEnded(record) ? strings.testError.emptyEnded : strings.testError.empty,
  };
}

/** One row for each sample size that has results. */
export function testErrorTable(record: RunRecord): string[][] {
  return sortedSizes(record).map((row) => [
    formatCount(row.sampleSize),
    formatCount(row.trials),
    formatNumber(row.medianTestError),
    formatNumber(row.testErrorQuantiles?.[0]),
    formatNumber(row.testErrorQuantiles?.[1]),
  ]);
}

export function sortedSizes(record: RunRecord): SampleSizeResult[] {
  return Object.values(record.sampleSizes).sort((a, b) => a.sampleSize - b.sampleSize);
}

/** The smallest sample size from which on every size that has results is recovered. */
export function recoveredFromSoFar(rows: readonly SampleSizeResult[]): number | null {
  let from: number | null = null;
  for (const row of [...rows].reverse()) {
    if (row.state !== 'recovered') break;
    from = row.sampleSize;
  }
  return from;
}

function summary(rows: SampleSizeResult[], tolerance: number | undefined, predicted: number | null, exact: boolean): string {
  if (rows.length === 0 || tolerance === undefined) return '';
  const found = strings.testError.summary(rows.length, recoveredFromSoFar(rows), tolerance);
  return predicted === null ? found : `${found} ${strings.testError.predicted(predicted, exact)}`;
}

/** Half the sideways spread, in units of the sample size. */
function spreadOf(sizes: readonly number[]): number {
  const ascending = [...sizes].sort((a, b) => a - b);
  const steps = ascending.slice(1).map((size, index) => size - (ascending[index] ?? 0));
  return SPREAD * Math.min(...steps, 1 + (ascending.at(-1) ?? 1) / 20);
}

function trialDots(
  record: RunRecord,
  scales: AxisScales,
  spread: number,
): { dots: PointSeries['points']; zeros: number; shortened: boolean } {
  const bySize = new Map<number, { trial: number; error: number }[]>();
  let zeros = 0;
  for (const { sampleSize, trial, testError } of Object.values(record.cells)) {
    if (testError === null) continue;
    if (scales.y === 'log' && testError <= 0) zeros++;
    const list = bySize.get(sampleSize) ?? [];
    bySize.set(sampleSize, list);
    list.push({ trial, error: testError });
  }
  const dots: PointSeries['points'] = [];
  let shortened = false;
  for (const [size, all] of bySize) {
    const ordered = all.length > MOST_DOTS ? all.sort((a, b) => a.error - b.error) : all;
    const count = Math.min(MOST_DOTS, ordered.length);
    shortened ||= count < ordered.length;
    for (let k = 0; k < count; k++) {
      const cell = ordered[count < 2 ? 0 : Math.round((k * (ordered.length - 1)) / (count - 1))];
      if (!cell) continue;
      // The golden ratio spreads any number of consecutive trials evenly, and always in the same way.
      const aside = spread * (2 * ((cell.trial * 0.6180339887498949) % 1) - 1);
      dots.push({
        x: scales.x === 'log' ? size : size + aside,
        y: cell.error,
        name: strings.charts.trialName(size, cell.trial),
        exactX: size,
      });
    }
  }
  return { dots, zeros, shortened };
}
