import { expParts, exponentialTail } from './exponential';
import { INVERSE_LN2, LN2_HIGH, LN2_LOW, ROUNDER, powerOfTwo, productError, scaleByPowerOfTwo, sumError } from './floats';

/**
 * tanh for training loops, at most 2.5 ulp off: e/(e + 2) with e = e^(2|x|) − 1. These are exactly the operations, in exactly
 * the order, of the two-lane SIMD kernels, so that both give the same bits. Sign, ±0, ±∞ and NaN are kept.
 */
export function tanhFast(x: number): number {
  const magnitude = x < 0 ? -x : x;
  // NaN fails the comparison and flows through.
  const t = magnitude > 20 ? 20 : magnitude;
  const shifted = t * (2 * INVERSE_LN2) + ROUNDER;
  const k = shifted - ROUNDER;
  const rh = 2 * t - k * LN2_HIGH;
  const lo = k * LN2_LOW;
  const r = rh - lo;
  const p = exponentialTail(r);
  const scale = k === k ? powerOfTwo(k) : NaN;
  const e = scale - 1 + scale * rh + scale * (r * r * p - lo);
  const h = e / (e + 2);
  return x < 0 ? -h : x === 0 ? x : h;
}

/** Hyperbolic tangent, at most 1.4 ulp off. */
export function tanh(x: number): number {
  const t = x < 0 ? -x : x;
  if (!(t <= 20)) return x > 20 ? 1 : x < -20 ? -1 : NaN;
  if (t < 1e-8) return x;
  const k = t * (2 * INVERSE_LN2) + ROUNDER - ROUNDER;
  const rh = 2 * t - k * LN2_HIGH;
  const lo = k * LN2_LOW;
  const r = rh - lo;
  const scale = powerOfTwo(k);
  // e^(2t) − 1 = e + el, then (e + el)/(2 + e + el) with the remainder of the division fed back.
  const a = scale - 1;
  const b = scale * rh;
  const s = a + b;
  const c = scale * (r * r * exponentialTail(r) - lo);
  const e = s + c;
  const el = s - e + c + sumError(a, b, s);
  const d = e + 2;
  const dl = sumError(e, 2, d) + el;
  const h = e / d;
  const product = h * d;
  const rest = e - product - productError(h, d, product) + el - h * dl;
  const y = h + rest / d;
  return x < 0 ? -y : y;
}

/** sech² = tanh′, at most 1 ulp off, also where tanh is saturated: 4q/(1 + q)² with q = e^(−2|x|). */
export function sech2(x: number): number {
  const t = x < 0 ? -x : x;
  if (!(t <= 373)) return t > 373 ? 0 : NaN;
  const q = expParts(-2 * t);
  if (t > 20) return scaleByPowerOfTwo(q.high, q.exponent + 2);
  const scale = powerOfTwo(q.exponent);
  const qh = q.high * scale;
  const ql = q.low * scale;
  const d = 1 + qh;
  const dl = qh - (d - 1) + ql;
  const square = d * d;
  const squareLow = productError(d, d, square) + 2 * d * dl;
  const y = (4 * qh) / square;
  const product = y * square;
  const rest = 4 * qh - product - productError(y, square, product) + 4 * ql - y * squareLow;
  return y + rest / square;
}
