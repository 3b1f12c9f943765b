// e^x of two lanes and what is made of it; the twins are in ../../numbers/exponential.ts and hyperbolic.ts, operation by
// operation. Arguments outside the range of a fast path go to the host, which calls the twins.

import { hostExp, hostSech2, hostSigmoid, hostSoftplus } from './hostFunctions';
import { multiplyAdd, negative, pairOf, productError, sumError } from './lanes';
import { log1pOfUnit } from './vectorLogarithm';

const ROUNDER: f64 = 6755399441055744.0;

/** (e^r − 1 − r)/r², as `exponentialTail`. */
// @ts-ignore: decorator
@inline
export function exponentialTail(r: v128): v128 {
  const r2 = f64x2.mul(r, r);
  const r4 = f64x2.mul(r2, r2);
  const p03 = multiplyAdd(
    multiplyAdd(f64x2.splat(0.008333333333330062), r, f64x2.splat(0.04166666666662413)),
    r2,
    multiplyAdd(f64x2.splat(0.16666666666666669), r, f64x2.splat(0.5)),
  );
  const p47 = multiplyAdd(
    multiplyAdd(f64x2.splat(2.7557268459997064e-6), r, f64x2.splat(2.4801521295954376e-5)),
    r2,
    multiplyAdd(f64x2.splat(0.00019841269863053618), r, f64x2.splat(0.0013888888917213717)),
  );
  const p89 = multiplyAdd(f64x2.splat(2.510038549551032e-8), r, f64x2.splat(2.7620088445409746e-7));
  return multiplyAdd(r4, multiplyAdd(r4, p89, p47), p03);
}

/** 2^k from the sum k + 1.5·2^52, whose low bits are those of k. */
// @ts-ignore: decorator
@inline
export function powerOfTwo(shifted: v128): v128 {
  return i64x2.add(i64x2.shl(shifted, 52), i64x2.splat(0x3ff0000000000000));
}

/** Whether |x| ≤ limit in both lanes; false for NaN. */
// @ts-ignore: decorator
@inline
function within(x: v128, limit: f64): bool {
  return i64x2.all_true(f64x2.le(f64x2.abs(x), f64x2.splat(limit)));
}

export function vectorExp(x: v128): v128 {
  // Beyond this a lane is subnormal, 0, infinite or NaN.
  if (!within(x, 707)) return pairOf(hostExp(f64x2.extract_lane(x, 0)), hostExp(f64x2.extract_lane(x, 1)));
  const shifted = multiplyAdd(x, f64x2.splat(1.4426950408889634), f64x2.splat(ROUNDER));
  const k = f64x2.sub(shifted, f64x2.splat(ROUNDER));
  const high = f64x2.sub(x, f64x2.mul(k, f64x2.splat(0.6931471803691238)));
  const low = f64x2.mul(k, f64x2.splat(1.9082149292705877e-10));
  const r = f64x2.sub(high, low);
  const tail = f64x2.sub(f64x2.mul(f64x2.mul(r, r), exponentialTail(r)), low);
  return f64x2.mul(f64x2.add(f64x2.splat(1), f64x2.add(high, tail)), powerOfTwo(shifted));
}

/** e^x = partHigh + partLow for the last argument of `expParts`, already scaled. */
let partHigh: v128 = f64x2.splat(0);
let partLow: v128 = f64x2.splat(0);

/** As `expParts`, and scaled by the power of two; for |x| ≤ 40. */
// @ts-ignore: decorator
@inline
function expParts(x: v128): void {
  const shifted = multiplyAdd(x, f64x2.splat(1.4426950408889634), f64x2.splat(ROUNDER));
  const k = f64x2.sub(shifted, f64x2.splat(ROUNDER));
  const rh = f64x2.sub(x, f64x2.mul(k, f64x2.splat(0.6931471803691238)));
  const lo = f64x2.mul(k, f64x2.splat(1.9082149292705877e-10));
  const r = f64x2.sub(rh, lo);
  const v = f64x2.sub(f64x2.mul(f64x2.mul(r, r), exponentialTail(r)), lo);
  const w = f64x2.add(rh, v);
  const high = f64x2.add(f64x2.splat(1), w);
  const low = f64x2.add(f64x2.sub(w, f64x2.sub(high, f64x2.splat(1))), sumError(rh, v, w));
  const scale = powerOfTwo(shifted);
  partHigh = f64x2.mul(high, scale);
  partLow = f64x2.mul(low, scale);
}

/** 1/(1 + e^-x), accurate in both tails. */
export function vectorSigmoid(x: v128): v128 {
  if (!within(x, 40)) return pairOf(hostSigmoid(f64x2.extract_lane(x, 0)), hostSigmoid(f64x2.extract_lane(x, 1)));
  const one = f64x2.splat(1);
  const isNegative = f64x2.lt(x, f64x2.splat(0));
  expParts(negative(x));
  const qh = partHigh;
  const ql = partLow;
  const denominator = f64x2.add(one, qh);
  const denominatorLow = f64x2.add(f64x2.sub(qh, f64x2.sub(denominator, one)), ql);
  const numerator = v128.bitselect(qh, one, isNegative);
  const numeratorLow = v128.and(ql, isNegative);
  const y = f64x2.div(numerator, denominator);
  const product = f64x2.mul(y, denominator);
  const rest = f64x2.sub(
    f64x2.add(f64x2.sub(f64x2.sub(numerator, product), productError(y, denominator, product)), numeratorLow),
    f64x2.mul(y, denominatorLow),
  );
  return f64x2.add(y, f64x2.div(rest, denominator));
}

/** log(1 + e^x). */
export function vectorSoftplus(x: v128): v128 {
  if (!within(x, 40)) return pairOf(hostSoftplus(f64x2.extract_lane(x, 0)), hostSoftplus(f64x2.extract_lane(x, 1)));
  expParts(negative(x));
  const qh = partHigh;
  const logarithm = f64x2.add(log1pOfUnit(qh), f64x2.div(partLow, f64x2.add(f64x2.splat(1), qh)));
  return v128.bitselect(logarithm, f64x2.add(x, logarithm), f64x2.lt(x, f64x2.splat(0)));
}

/** tanh′ without cancellation. */
export function vectorSech2(x: v128): v128 {
  if (!within(x, 20)) return pairOf(hostSech2(f64x2.extract_lane(x, 0)), hostSech2(f64x2.extract_lane(x, 1)));
  const one = f64x2.splat(1);
  const four = f64x2.splat(4);
  const t = f64x2.abs(x);
  expParts(f64x2.mul(f64x2.splat(-2), t));
  const qh = partHigh;
  const ql = partLow;
  const d = f64x2.add(one, qh);
  const dl = f64x2.add(f64x2.sub(qh, f64x2.sub(d, one)), ql);
  const square = f64x2.mul(d, d);
  const squareLow = f64x2.add(productError(d, d, square), f64x2.mul(f64x2.mul(f64x2.splat(2), d), dl));
  const numerator = f64x2.mul(four, qh);
  const y = f64x2.div(numerator, square);
  const product = f64x2.mul(y, square);
  const rest = f64x2.sub(
    f64x2.add(f64x2.sub(f64x2.sub(numerator, product), productError(y, square, product)), f64x2.mul(four, ql)),
    f64x2.mul(y, squareLow),
  );
  return f64x2.add(y, f64x2.div(rest, square));
}
