// e^x of two lanes, at most 1 ulp; the twin is `exp` in ../../numbers/exponential.ts.

import { hostExp } from './hostFunctions';

// @ts-ignore: decorator
@inline
function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  return f64x2.add(f64x2.mul(a, b), c);
}

/** (e^r − 1 − r)/r², as `exponentialTail`. */
// @ts-ignore: decorator
@inline
function exponentialTail(r: v128): v128 {
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

export function vectorExp(x: v128): v128 {
  // Beyond this a lane is subnormal, 0, infinite or NaN.
  if (!v128.any_true(v128.not(f64x2.lt(f64x2.abs(x), f64x2.splat(707.0))))) {
    const rounder = f64x2.splat(6755399441055744.0);
    const shifted = multiplyAdd(x, f64x2.splat(1.4426950408889634), rounder);
    const k = f64x2.sub(shifted, rounder);
    const high = f64x2.sub(x, f64x2.mul(k, f64x2.splat(0.6931471803691238)));
    const low = f64x2.mul(k, f64x2.splat(1.9082149292705877e-10));
    const r = f64x2.sub(high, low);
    const tail = f64x2.sub(f64x2.mul(f64x2.mul(r, r), exponentialTail(r)), low);
    const y = f64x2.add(f64x2.splat(1), f64x2.add(high, tail));
    const scale = i64x2.add(i64x2.shl(shifted, 52), i64x2.splat(0x3ff0000000000000));
    return f64x2.mul(y, scale);
  }
  return f64x2.replace_lane(f64x2.splat(hostExp(f64x2.extract_lane(x, 0))), 1, hostExp(f64x2.extract_lane(x, 1)));
}
