import { log } from '../../numbers/elementary';

/** How a positive quantity decays: like e^(−rate·t) or like t^(−exponent). */
export interface Rate {
  readonly kind: 'linear' | 'algebraic' | 'inconclusive';
  /** Slope of the logarithm against time, with the opposite sign. */
  readonly rate: number;
  /** Slope of the logarithm against the logarithm of time, with the opposite sign. */
  readonly exponent: number;
  /** Coefficients of determination of the two straight lines. */
  readonly linearFit: number;
  readonly algebraicFit: number;
}

/** Exponential decay is seen in the last three quarters of the time, algebraic decay in its last two decades. */
const LINEAR_WINDOW = 4;
const ALGEBRAIC_WINDOW = 100;
/** What falls by less than this factor in the window has no rate. */
const LEAST_DECAY = 2;
/** A line is one when at most this part of the variance is left. */
const GOOD_FIT = 0.99;

/**
 * Straight lines through the logarithm of a decaying quantity, against time and against its logarithm; the better one over the end of
 * the time gives the kind. Values that are not positive end the list.
 *
 * @param times ascending and positive, best equally far apart in their logarithm
 */
export function fitRate(times: readonly number[], values: readonly number[]): Rate {
  const late = fitOver(times, values, LINEAR_WINDOW);
  const long = fitOver(times, values, ALGEBRAIC_WINDOW);
  if (!late || !long) return { kind: 'inconclusive', rate: NaN, exponent: NaN, linearFit: 0, algebraicFit: 0 };
  const isLinear = late.linear.fit >= GOOD_FIT && late.linear.fit > late.algebraic.fit && late.decay > log(LEAST_DECAY);
  const isAlgebraic = long.algebraic.fit >= GOOD_FIT && long.algebraic.fit > long.linear.fit && long.decay > log(LEAST_DECAY);
  return {
    kind: isLinear ? 'linear' : isAlgebraic ? 'algebraic' : 'inconclusive',
    rate: -late.linear.slope,
    exponent: -long.algebraic.slope,
    linearFit: late.linear.fit,
    algebraicFit: long.algebraic.fit,
  };
}

interface Line {
  slope: number;
  fit: number;
}

/** Both lines over the last part of the time, in which it grows by the factor; null when there are too few points. */
function fitOver(
  times: readonly number[],
  values: readonly number[],
  factor: number,
): { linear: Line; algebraic: Line; decay: number } | null {
  const zero = values.findIndex((value) => !(value > 0));
  const count = zero < 0 ? values.length : zero;
  const end = times[count - 1] ?? 0;
  const from = times.findIndex((time) => time >= end / factor);
  const x = times.slice(from, count);
  const y = values.slice(from, count).map(log);
  if (x.length < 5) return null;
  return { linear: line(x, y), algebraic: line(x.map(log), y), decay: y[0]! - y[y.length - 1]! };
}

/** Least squares for a straight line, with its coefficient of determination. */
function line(x: readonly number[], y: readonly number[]): Line {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const mx = mean(x);
  const my = mean(y);
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (let i = 0; i < x.length; i++) {
    xx += (x[i]! - mx) * (x[i]! - mx);
    xy += (x[i]! - mx) * (y[i]! - my);
    yy += (y[i]! - my) * (y[i]! - my);
  }
  return xx > 0 && yy > 0 ? { slope: xy / xx, fit: (xy * xy) / (xx * yy) } : { slope: 0, fit: 0 };
}
