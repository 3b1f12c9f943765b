import type { SpectrumDensity, SpectrumMeasurement } from '../../protocol/events';
import { formatNumber } from '../format';
import * as strings from '../strings';
import { spectrumNotes } from './hessianSpectrum';
import { axis, type AxisScales, type ChartModel, type LineSeries } from './model';

/**
 * Density of the Hessian eigenvalues of one training with its error, and the extremal eigenvalues: each stands where its own share of
 * the density would be highest.
 */
export function hessianDensity(
  spectrum: SpectrumMeasurement & { density: SpectrumDensity },
  name: string,
  scales: AxisScales,
): ChartModel {
  const { density, eigenvalues, residuals, convergedEach, size } = spectrum;
  const { eigenvalues: x, values, standardErrors, quadratureErrors, width, probes, steps } = density;
  const errors = values.map((_, i) => (standardErrors[i] ?? 0) + (quadratureErrors[i] ?? 0));
  const single = 0.3989422804014327 / (width * Math.max(1, size ?? 1));
  // On a logarithmic axis what is far below the share of one eigenvalue would be the better part of the picture.
  const floor = scales.y === 'log' ? single / 1000 : -Infinity;
  const clip = (y: number) => (y < floor ? NaN : y);
  const line = (label: string, ink: LineSeries['ink'], weight: LineSeries['width'], ys: readonly number[]): LineSeries => ({
    kind: 'line',
    label,
    ink,
    width: weight,
    symbol: null,
    hover: weight !== 'thin',
    parts: [{ name: label, x, y: ys.map(clip) }],
  });
  const low = values.map((value, i) => Math.max(0, value - (errors[i] ?? 0)));
  const high = values.map((value, i) => value + (errors[i] ?? 0));
  return {
    x: axis(strings.hessian.columns[1] ?? ''),
    y: axis(strings.hessian.density),
    series: [
      line(strings.hessian.densityError, 'muted', 'thin', low),
      line(strings.hessian.densityError, 'muted', 'thin', high),
      line(strings.hessian.density, 'primary', 'bold', values),
      {
        kind: 'points',
        label: strings.hessian.extremal,
        ink: 'accent',
        symbol: 'triangle',
        size: 'normal',
        points: eigenvalues.map((value, i) => ({
          x: value,
          y: single,
          name: `λ = ${formatNumber(value, 4)} ± ${formatNumber(residuals?.[i] ?? 0, 2)}${convergedEach?.[i] === false ? ` (${strings.hessian.notConverged})` : ''}`,
        })),
      },
    ],
    markers: [],
    legend: [
      { kind: 'line', label: strings.hessian.density, ink: 'primary', dash: false, symbol: null },
      { kind: 'line', label: strings.hessian.densityError, ink: 'muted', dash: false, symbol: null },
      { kind: 'symbol', label: strings.hessian.extremal, ink: 'accent', symbol: 'triangle' },
    ],
    summary: `${strings.hessian.densitySummary(name, probes, steps, eigenvalues[0] ?? NaN, eigenvalues.at(-1) ?? NaN)} ${spectrumNotes(spectrum)}`,
    note: null,
    empty: null,
  };
}
