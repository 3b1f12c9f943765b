// Sine and cosine of two lanes; the twins are in ../../numbers/trigonometric.ts, operation by operation.

import { hostCos, hostSin } from './hostFunctions';
import { multiplyAdd, pairOf, sumError } from './lanes';

const ROUNDER: f64 = 6755399441055744.0;
/** Beyond it the twins reduce in integers. */
const MODERATE: f64 = 1e6;

let high: v128 = f64x2.splat(0);
let low: v128 = f64x2.splat(0);
/** Quadrant in the two lowest bits of each lane. */
let quadrant: v128 = i64x2.splat(0);

// @ts-ignore: decorator
@inline
function isModerate(x: v128): bool {
  return i64x2.all_true(f64x2.le(f64x2.abs(x), f64x2.splat(MODERATE)));
}

// @ts-ignore: decorator
@inline
function reduce(x: v128): void {
  const shifted = multiplyAdd(x, f64x2.splat(0.6366197723675814), f64x2.splat(ROUNDER));
  const n = f64x2.sub(shifted, f64x2.splat(ROUNDER));
  const a = f64x2.sub(x, f64x2.mul(n, f64x2.splat(1.5707963267341256)));
  const b = f64x2.mul(n, f64x2.splat(6.077100506303966e-11));
  const s = f64x2.sub(a, b);
  const c = f64x2.mul(n, f64x2.splat(2.0222662487111665e-21));
  const t = f64x2.sub(s, c);
  const rest = f64x2.sub(
    f64x2.add(sumError(a, f64x2.neg(b), s), sumError(s, f64x2.neg(c), t)),
    f64x2.mul(n, f64x2.splat(8.4784276603689e-32)),
  );
  high = f64x2.add(t, rest);
  low = f64x2.add(f64x2.sub(t, high), rest);
  quadrant = shifted;
}

// @ts-ignore: decorator
@inline
function sinKernel(): v128 {
  const x = high;
  const z = f64x2.mul(x, x);
  let tail = f64x2.splat(1.0 / 355687428096000.0);
  tail = multiplyAdd(z, tail, f64x2.splat(-1.0 / 1307674368000.0));
  tail = multiplyAdd(z, tail, f64x2.splat(1.0 / 6227020800.0));
  tail = multiplyAdd(z, tail, f64x2.splat(-1.0 / 39916800.0));
  tail = multiplyAdd(z, tail, f64x2.splat(1.0 / 362880.0));
  tail = multiplyAdd(z, tail, f64x2.splat(-1.0 / 5040.0));
  tail = multiplyAdd(z, tail, f64x2.splat(1.0 / 120.0));
  const cubic = f64x2.mul(f64x2.mul(x, z), multiplyAdd(z, tail, f64x2.splat(-1.0 / 6.0)));
  const correction = f64x2.mul(low, f64x2.sub(f64x2.splat(1), f64x2.mul(f64x2.splat(0.5), z)));
  return f64x2.add(x, f64x2.add(cubic, correction));
}

// @ts-ignore: decorator
@inline
function cosKernel(): v128 {
  const x = high;
  const one = f64x2.splat(1);
  const z = f64x2.mul(x, x);
  let tail = f64x2.splat(-1.0 / 6402373705728000.0);
  tail = multiplyAdd(z, tail, f64x2.splat(1.0 / 20922789888000.0));
  tail = multiplyAdd(z, tail, f64x2.splat(-1.0 / 87178291200.0));
  tail = multiplyAdd(z, tail, f64x2.splat(1.0 / 479001600.0));
  tail = multiplyAdd(z, tail, f64x2.splat(-1.0 / 3628800.0));
  tail = multiplyAdd(z, tail, f64x2.splat(1.0 / 40320.0));
  tail = multiplyAdd(z, tail, f64x2.splat(-1.0 / 720.0));
  tail = multiplyAdd(z, tail, f64x2.splat(1.0 / 24.0));
  const half = f64x2.mul(f64x2.splat(0.5), z);
  const w = f64x2.sub(one, half);
  const rest = f64x2.sub(f64x2.mul(f64x2.mul(z, z), tail), f64x2.mul(x, low));
  return f64x2.add(w, f64x2.add(f64x2.sub(f64x2.sub(one, w), half), rest));
}

/** All bits of a lane when the given bit of it is 1. */
// @ts-ignore: decorator
@inline
function whereBit(lanes: v128, bit: i64): v128 {
  return i64x2.ne(v128.and(lanes, i64x2.splat(bit)), i64x2.splat(0));
}

// @ts-ignore: decorator
@inline
function negateWhere(value: v128, mask: v128): v128 {
  return v128.xor(value, v128.and(mask, i64x2.splat(0x8000000000000000)));
}

export function vectorSin(x: v128): v128 {
  if (!isModerate(x)) return pairOf(hostSin(f64x2.extract_lane(x, 0)), hostSin(f64x2.extract_lane(x, 1)));
  reduce(x);
  const value = v128.bitselect(cosKernel(), sinKernel(), whereBit(quadrant, 1));
  const isTiny = f64x2.lt(f64x2.abs(x), f64x2.splat(7.450580596923828e-9));
  return v128.bitselect(x, negateWhere(value, whereBit(quadrant, 2)), isTiny);
}

export function vectorCos(x: v128): v128 {
  if (!isModerate(x)) return pairOf(hostCos(f64x2.extract_lane(x, 0)), hostCos(f64x2.extract_lane(x, 1)));
  reduce(x);
  const value = v128.bitselect(sinKernel(), cosKernel(), whereBit(quadrant, 1));
  return negateWhere(value, whereBit(i64x2.add(quadrant, i64x2.splat(1)), 2));
}
