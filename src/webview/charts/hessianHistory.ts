import type { SpectrumMeasurement } from '../../protocol/events';
import type { SpectrumAtStep } from '../../protocol/spectra';
import { formatCount, formatNumber } from '../format';
import * as strings from '../strings';
import { axis, type AxisScales, type ChartModel, type LineSeries } from './model';

/** Eigenvalues of each end that are drawn over the steps. */
const MOST_LINES = 8;

/**
 * The outermost Hessian eigenvalues of one training over its steps; on a logarithmic axis the negative ones by magnitude. A line marks
 * the step that is looked at.
 */
export function hessianHistory(
  spectra: readonly SpectrumAtStep[],
  name: string,
  scales: AxisScales,
  at?: { step: number; label: string },
): ChartModel {
  const steps = spectra.map(({ step }) => step);
  const counts = spectra.map(({ measurement: { eigenvalues, lower } }) => [
    lower ?? eigenvalues.length,
    eigenvalues.length - (lower ?? 0),
  ]);
  const lines = (end: 0 | 1) => Math.min(MOST_LINES, ...counts.map((count) => count[end] ?? 0));
  const valueAt = ({ eigenvalues }: SpectrumMeasurement, index: number) => eigenvalues.at(index) ?? NaN;
  const series = (label: string, ink: LineSeries['ink'], count: number, height: (at: SpectrumAtStep, i: number) => number) =>
    ({
      kind: 'line',
      label,
      ink,
      width: 'normal',
      symbol: null,
      hover: true,
      parts: Array.from({ length: count }, (_, i) => ({
        name: `${label} ${formatCount(i + 1)}`,
        x: steps,
        y: spectra.map((at) => height(at, i)),
      })),
    }) satisfies LineSeries;
  const isLog = scales.y === 'log';
  const largest = series(strings.hessian.largest, 'primary', lines(1), (at, i) => valueAt(at.measurement, -1 - i));
  const smallest = series(isLog ? strings.hessian.mostNegative : strings.hessian.smallest, 'accent', lines(0), (at, i) =>
    isLog ? -valueAt(at.measurement, i) : valueAt(at.measurement, i),
  );
  const last = spectra.at(-1);
  return {
    x: axis(strings.hessian.stepAxis, { integer: true }),
    y: axis(isLog ? strings.hessian.magnitude : (strings.hessian.columns[1] ?? '')),
    series: [smallest, largest],
    markers: at ? [{ axis: 'x', value: at.step, label: at.label, ink: 'muted', dash: true }] : [],
    legend: [largest, smallest].map(({ label, ink }) => ({ kind: 'line', label, ink, dash: false, symbol: null })),
    summary: last
      ? strings.hessian.historySummary(
          name,
          spectra.length,
          last.step,
          valueAt(last.measurement, -1),
          valueAt(last.measurement, 0),
        )
      : '',
    note: null,
    empty: last ? null : strings.hessian.emptyCell,
  };
}

/** Both ends of the spectrum at every step. */
export function historyTable(spectra: readonly SpectrumAtStep[]): string[][] {
  return spectra.flatMap(({ step, time, measurement }) =>
    [measurement.eigenvalues.at(-1), measurement.eigenvalues[0]].map((value = NaN) => [
      strings.hessian.step(step, time),
      formatNumber(value, 6),
      value > 0
        ? strings.hessian.signs.positive
        : value < 0
          ? strings.hessian.signs.negative
          : strings.hessian.signs.undetermined,
      '',
      formatNumber(measurement.residual * Math.max(...[0, -1].map((end) => Math.abs(measurement.eigenvalues.at(end) ?? 0))), 2),
    ]),
  );
}
