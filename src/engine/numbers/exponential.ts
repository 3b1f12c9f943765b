import { INVERSE_LN2, LN2_HIGH, LN2_LOW, ROUNDER, powerOfTwo, productError, scaleByPowerOfTwo, sumError } from './floats';
import { log1p } from './logarithm';

/**
 * (e^r − 1 − r)/r² for |r| ≤ ln 2 / 2: a Chebyshev fit of degree 9 with error 4.1e-17, in Estrin's form. The SIMD training
 * kernels compute the same operations in the same order, so do not rearrange.
 */
export function exponentialTail(r: number): number {
  const r2 = r * r;
  const r4 = r2 * r2;
  return (
    0.5 +
    0.16666666666666669 * r +
    (0.04166666666662413 + 0.008333333333330062 * r) * r2 +
    r4 *
      (0.0013888888917213717 +
        0.00019841269863053618 * r +
        (2.4801521295954376e-5 + 2.7557268459997064e-6 * r) * r2 +
        r4 * (2.7620088445409746e-7 + 2.510038549551032e-8 * r))
  );
}

/** e^x, at most 1 ulp off. e^-∞ = 0, e^∞ = ∞. */
export function exp(x: number): number {
  if (!(x <= 709.79)) return x > 709.79 ? Infinity : NaN;
  if (x < -746) return 0;
  const k = x * INVERSE_LN2 + ROUNDER - ROUNDER;
  const rh = x - k * LN2_HIGH;
  const lo = k * LN2_LOW;
  const r = rh - lo;
  const y = 1 + (rh + (r * r * exponentialTail(r) - lo));
  return k >= -1021 && k <= 1022 ? y * powerOfTwo(k) : scaleByPowerOfTwo(y, k);
}

/** e^x = (high + low)·2^exponent with high around 1: filled by `expParts`. */
export interface ExponentialParts {
  high: number;
  low: number;
  exponent: number;
}

const parts: ExponentialParts = { high: 1, low: 0, exponent: 0 };

/** e^x to about 56 bits for finite |x| ≤ 746. The result is shared by all callers: read it at once. */
export function expParts(x: number): ExponentialParts {
  const k = x * INVERSE_LN2 + ROUNDER - ROUNDER;
  const rh = x - k * LN2_HIGH;
  const lo = k * LN2_LOW;
  const r = rh - lo;
  const v = r * r * exponentialTail(r) - lo;
  const w = rh + v;
  const high = 1 + w;
  parts.high = high;
  parts.low = w - (high - 1) + sumError(rh, v, w);
  parts.exponent = k;
  return parts;
}

/** e^x − 1 without cancellation, at most 1.8 ulp off. */
export function expm1(x: number): number {
  if (!(x <= 40)) return x > 40 ? exp(x) : NaN;
  if (x < -38) return -1;
  if (x > -1e-17 && x < 1e-17) return x;
  const k = x * INVERSE_LN2 + ROUNDER - ROUNDER;
  const rh = x - k * LN2_HIGH;
  const lo = k * LN2_LOW;
  const r = rh - lo;
  const scale = powerOfTwo(k);
  const a = scale - 1;
  const b = scale * rh;
  const s = a + b;
  return s + (scale * (r * r * exponentialTail(r) - lo) + sumError(a, b, s));
}

/** 1/(1 + e^-x), at most 1 ulp off in both tails. */
export function sigmoid(x: number): number {
  if (!(x <= 40)) return x > 40 ? 1 : NaN;
  if (x < -40) return exp(x);
  const q = expParts(x < 0 ? x : -x);
  const scale = powerOfTwo(q.exponent);
  const qh = q.high * scale;
  const ql = q.low * scale;
  const denominator = 1 + qh;
  const denominatorLow = qh - (denominator - 1) + ql;
  const numerator = x < 0 ? qh : 1;
  const numeratorLow = x < 0 ? ql : 0;
  const y = numerator / denominator;
  const product = y * denominator;
  const rest = numerator - product - productError(y, denominator, product) + numeratorLow - y * denominatorLow;
  return y + rest / denominator;
}

/** log(1 + e^x), at most 1.5 ulp off, without overflow. */
export function softplus(x: number): number {
  if (!(x <= 40)) return x > 40 ? x : NaN;
  if (x < -40) return exp(x);
  const q = expParts(x < 0 ? x : -x);
  const scale = powerOfTwo(q.exponent);
  const qh = q.high * scale;
  const logarithm = log1p(qh) + (q.low * scale) / (1 + qh);
  return x < 0 ? logarithm : x + logarithm;
}
