import type { SpectrumMeasurement } from '../../protocol/events';
import { formatCount, formatNumber } from '../format';
import * as strings from '../strings';
import { axis, type AxisScales, type ChartModel, type PointSeries } from './model';

type Sign = 'positive' | 'negative' | 'undetermined';

interface Eigenvalue {
  index: number;
  value: number;
  sign: Sign;
  /** Some eigenvalue of the matrix lies within this of the value. */
  error: number;
  converged: boolean;
}

/**
 * Hessian eigenvalues of one training by magnitude, all or those of both ends; the sign is told by symbol and colour, as far as it is
 * known at all.
 */
export function hessianSpectrum(
  spectrum: SpectrumMeasurement | undefined,
  name: string,
  empty: string,
  scales: AxisScales,
): ChartModel {
  const values = spectrum ? byMagnitude(spectrum) : [];
  const bound = spectrum && !spectrum.residuals ? errorBound(spectrum) : 0;
  const count = (sign: Sign) => values.filter((eigenvalue) => eigenvalue.sign === sign).length;
  const height = (value: number) => (scales.y === 'log' ? Math.abs(value) : value);
  const series = (sign: Sign, ink: PointSeries['ink'], symbol: PointSeries['symbol']): PointSeries => ({
    kind: 'points',
    label: strings.hessian[sign],
    ink,
    symbol,
    size: 'normal',
    points: values
      .filter((eigenvalue) => eigenvalue.sign === sign)
      .map((eigenvalue) => ({
        x: eigenvalue.index,
        y: height(eigenvalue.value),
        name: nameOf(eigenvalue, spectrum),
      })),
  });
  const zeros = scales.y === 'log' ? values.filter((eigenvalue) => eigenvalue.value === 0).length : 0;
  const all = [
    series('positive', 'primary', 'circle'),
    series('negative', 'accent', 'triangle'),
    series('undetermined', 'muted', 'hollow'),
  ];
  return {
    x: axis(strings.hessian.index, { integer: true }),
    y: axis(scales.y === 'log' ? strings.hessian.magnitude : (strings.hessian.columns[1] ?? '')),
    series: spectrum?.residuals
      ? [...all, { kind: 'whiskers', label: strings.hessian.residuals, ink: 'muted', bars: values.map(barOf(height)) }]
      : all,
    markers:
      bound > 0 && scales.y === 'log'
        ? [{ axis: 'y', value: bound, label: strings.hessian.errorBound(bound), ink: 'muted', dash: true }]
        : [],
    legend: all
      .filter(({ points }) => points.some(({ y }) => scales.y === 'linear' || y > 0))
      .map(({ label, ink, symbol }) => ({ kind: 'symbol', label, ink, symbol })),
    summary: spectrum
      ? `${strings.hessian.summary(name, values.length, count('positive'), count('negative'), count('undetermined'))} ${spectrumNotes(spectrum)}`
      : '',
    note: zeros > 0 ? strings.charts.zerosLeftOut(zeros) : null,
    empty: spectrum && values.length > 0 ? null : empty,
  };
}

/** Eigenvalues first, then the density. */
export function hessianTable(spectrum: SpectrumMeasurement | undefined): string[][] {
  if (!spectrum) return [];
  const rows = byMagnitude(spectrum).map(({ index, value, sign, error, converged }) => [
    formatCount(index),
    formatNumber(value, 6),
    strings.hessian.signs[sign],
    '',
    `${formatNumber(error, 2)}${converged ? '' : ` (${strings.hessian.notConverged})`}`,
  ]);
  const { density } = spectrum;
  const densityRows = (density?.values ?? []).map((value, i) => [
    strings.hessian.density,
    formatNumber(density?.eigenvalues[i] ?? null, 4),
    '',
    formatNumber(value, 4),
    formatNumber((density?.standardErrors[i] ?? 0) + (density?.quadratureErrors[i] ?? 0), 2),
  ]);
  return [...rows, ...densityRows];
}

/** Of how many, how exact, and the trace. */
export function spectrumNotes({ size, residual, converged, trace }: SpectrumMeasurement): string {
  return [
    ...(size === undefined ? [] : [strings.hessian.ends(size)]),
    strings.hessian.residual(residual, converged),
    ...(trace ? [strings.hessian.trace(trace.value, trace.standardError)] : []),
  ].join(' ');
}

function nameOf({ value, sign, error, converged }: Eigenvalue, spectrum: SpectrumMeasurement | undefined): string {
  const zero = sign === 'undetermined' && !spectrum?.residuals;
  const exact = spectrum?.residuals ? ` ± ${formatNumber(error, 2)}` : '';
  return `λ${zero ? ' ≈ 0' : ` = ${formatNumber(value, 4)}${exact}`}${converged ? '' : ` (${strings.hessian.notConverged})`}`;
}

function barOf(height: (value: number) => number): (eigenvalue: Eigenvalue) => { x: number; low: number; high: number } {
  return ({ index, value, error }) => ({ x: index, low: height(value) - error, high: height(value) + error });
}

/** By Weyl's inequality an eigenvalue is off by at most the residual norm: below it, its sign means nothing. */
function errorBound({ eigenvalues, residual }: SpectrumMeasurement): number {
  const largest = eigenvalues.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return Math.max(residual, Number.EPSILON) * largest;
}

function byMagnitude(spectrum: SpectrumMeasurement): Eigenvalue[] {
  const { eigenvalues, residuals, convergedEach } = spectrum;
  const bound = errorBound(spectrum);
  const rounding = residuals ? errorBound({ ...spectrum, residual: 0 }) : 0;
  return eigenvalues
    .map((value, i) => {
      const error = Math.max(residuals?.[i] ?? bound, rounding);
      const sign: Sign = Math.abs(value) <= error ? 'undetermined' : value > 0 ? 'positive' : 'negative';
      return { index: 0, value, sign, error, converged: convergedEach?.[i] ?? true };
    })
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
    .map((eigenvalue, index) => ({ ...eigenvalue, index: index + 1 }));
}
