// Logarithms of two lanes; the twins are in ../../numbers/logarithm.ts, operation by operation.

import { hostLog } from './hostFunctions';
import { multiplyAdd, pairOf } from './lanes';

const SQRT2: f64 = 1.4142135623730951;

/** Σ_{j≥1} 2 z^j/(2j + 1). */
// @ts-ignore: decorator
@inline
function artanhSeries(z: v128): v128 {
  const z2 = f64x2.mul(z, z);
  const z4 = f64x2.mul(z2, z2);
  const low = multiplyAdd(
    multiplyAdd(f64x2.splat(2.0 / 9.0), z, f64x2.splat(2.0 / 7.0)),
    z2,
    multiplyAdd(f64x2.splat(2.0 / 5.0), z, f64x2.splat(2.0 / 3.0)),
  );
  const middle = multiplyAdd(
    multiplyAdd(f64x2.splat(2.0 / 17.0), z, f64x2.splat(2.0 / 15.0)),
    z2,
    multiplyAdd(f64x2.splat(2.0 / 13.0), z, f64x2.splat(2.0 / 11.0)),
  );
  const high = multiplyAdd(
    multiplyAdd(f64x2.splat(2.0 / 25.0), z, f64x2.splat(2.0 / 23.0)),
    z2,
    multiplyAdd(f64x2.splat(2.0 / 21.0), z, f64x2.splat(2.0 / 19.0)),
  );
  return f64x2.mul(z, multiplyAdd(z4, multiplyAdd(z4, high, middle), low));
}

/** k·ln 2 + log(1 + f) + correction. */
// @ts-ignore: decorator
@inline
function assemble(k: v128, f: v128, correction: v128): v128 {
  const s = f64x2.div(f, f64x2.add(f64x2.splat(2), f));
  const half = f64x2.mul(f64x2.mul(f64x2.splat(0.5), f), f);
  const small = f64x2.add(
    f64x2.mul(s, f64x2.add(half, artanhSeries(f64x2.mul(s, s)))),
    f64x2.add(f64x2.mul(k, f64x2.splat(1.9082149292705877e-10)), correction),
  );
  return f64x2.sub(f64x2.mul(k, f64x2.splat(0.6931471803691238)), f64x2.sub(f64x2.sub(half, small), f));
}

/** log(1 + x) for 0 ≤ x ≤ 1. */
// @ts-ignore: decorator
@inline
export function log1pOfUnit(x: v128): v128 {
  const one = f64x2.splat(1);
  const zero = f64x2.splat(0);
  const isSmall = f64x2.lt(x, f64x2.splat(0.41));
  const u = f64x2.add(one, x);
  const lost = f64x2.sub(x, f64x2.sub(u, one));
  const isHigh = v128.andnot(f64x2.gt(u, f64x2.splat(SQRT2)), isSmall);
  const m = v128.bitselect(f64x2.mul(u, f64x2.splat(0.5)), u, isHigh);
  const f = v128.bitselect(x, f64x2.sub(m, one), isSmall);
  const k = v128.and(one, isHigh);
  const correction = v128.bitselect(zero, f64x2.div(lost, u), isSmall);
  return v128.bitselect(x, assemble(k, f, correction), f64x2.lt(x, f64x2.splat(1e-16)));
}

export function vectorLog(x: v128): v128 {
  // A lane that is subnormal, zero, negative, infinite or NaN goes to the host.
  const isNormal = v128.and(f64x2.ge(x, f64x2.splat(2.2250738585072014e-308)), f64x2.lt(x, f64x2.splat(Infinity)));
  if (!i64x2.all_true(isNormal)) return pairOf(hostLog(f64x2.extract_lane(x, 0)), hostLog(f64x2.extract_lane(x, 1)));
  const one = f64x2.splat(1);
  const m = v128.or(v128.and(x, i64x2.splat(0x000fffffffffffff)), i64x2.splat(0x3ff0000000000000));
  // The exponent as a float64: its biased bits under those of 2^52.
  const biased = v128.or(i64x2.shr_u(x, 52), i64x2.splat(0x4330000000000000));
  const exponent = f64x2.sub(biased, f64x2.splat(4503599627371519.0));
  const isHigh = f64x2.gt(m, f64x2.splat(SQRT2));
  const halved = v128.bitselect(f64x2.mul(m, f64x2.splat(0.5)), m, isHigh);
  return assemble(f64x2.add(exponent, v128.and(one, isHigh)), f64x2.sub(halved, one), f64x2.splat(0));
}
