import type { SpectrumMeasurement } from '../../protocol/events';
import { formatCount, formatNumber } from '../format';
import * as strings from '../strings';
import { axis, type AxisScales, type ChartModel, type PointSeries } from './model';

type Sign = 'positive' | 'negative' | 'undetermined';

interface Eigenvalue {
  index: number;
  value: number;
  sign: Sign;
}

/** Hessian eigenvalues of one training by magnitude; the sign is told by symbol and colour, as far as it is known at all. */
export function hessianSpectrum(
  spectrum: SpectrumMeasurement | undefined,
  name: string,
  empty: string,
  scales: AxisScales,
): ChartModel {
  const values = spectrum ? byMagnitude(spectrum) : [];
  const bound = spectrum ? errorBound(spectrum) : 0;
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
        name: `λ${sign === 'undetermined' ? ' ≈ 0' : ` = ${formatNumber(eigenvalue.value, 4)}`}`,
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
    series: all,
    markers:
      bound > 0 && scales.y === 'log'
        ? [{ axis: 'y', value: bound, label: strings.hessian.errorBound(bound), ink: 'muted', dash: true }]
        : [],
    legend: all
      .filter(({ points }) => points.some(({ y }) => scales.y === 'linear' || y > 0))
      .map(({ label, ink, symbol }) => ({ kind: 'symbol', label, ink, symbol })),
    summary: spectrum
      ? `${strings.hessian.summary(name, values.length, count('positive'), count('negative'), count('undetermined'))} ${strings.hessian.residual(spectrum.residual, spectrum.converged)}`
      : '',
    note: zeros > 0 ? strings.charts.zerosLeftOut(zeros) : null,
    empty: spectrum && values.length > 0 ? null : empty,
  };
}

export function hessianTable(spectrum: SpectrumMeasurement | undefined): string[][] {
  return (spectrum ? byMagnitude(spectrum) : []).map(({ index, value, sign }) => [
    formatCount(index),
    formatNumber(value, 6),
    strings.hessian.signs[sign],
  ]);
}

/** By Weyl's inequality an eigenvalue is off by at most the residual norm: below it, its sign means nothing. */
function errorBound({ eigenvalues, residual }: SpectrumMeasurement): number {
  const largest = eigenvalues.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return Math.max(residual, Number.EPSILON) * largest;
}

function byMagnitude(spectrum: SpectrumMeasurement): Eigenvalue[] {
  const bound = errorBound(spectrum);
  return [...spectrum.eigenvalues]
    .sort((a, b) => Math.abs(b) - Math.abs(a))
    .map((value, index) => ({
      index: index + 1,
      value,
      sign: Math.abs(value) <= bound ? 'undetermined' : value > 0 ? 'positive' : 'negative',
    }));
}
