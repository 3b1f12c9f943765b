// x^y of two lanes; the twin is in ../../numbers/power.ts, operation by operation. Lanes that its general case is not for (an x that
// is not a positive normal number, small whole exponents, results near the ends of the range) go to the host, which calls the twin.

import { hostPow } from './hostFunctions';
import { multiplyAdd, pairOf, productError, sumError } from './lanes';
import { exponentialTail, powerOfTwo } from './vectorExp';

const ROUNDER: f64 = 6755399441055744.0;

/** An unevaluated sum high + low: the result of the functions below. */
let high: v128 = f64x2.splat(0);
let low: v128 = f64x2.splat(0);

// @ts-ignore: decorator
@inline
function normalize(h: v128, l: v128): void {
  const sum = f64x2.add(h, l);
  low = f64x2.add(f64x2.sub(h, sum), l);
  high = sum;
}

// @ts-ignore: decorator
@inline
function product(ah: v128, al: v128, bh: v128, bl: v128): void {
  const p = f64x2.mul(ah, bh);
  normalize(p, f64x2.add(productError(ah, bh, p), f64x2.add(f64x2.mul(ah, bl), f64x2.mul(al, bh))));
}

// @ts-ignore: decorator
@inline
function sum(ah: v128, al: v128, bh: v128, bl: v128): void {
  const s = f64x2.add(ah, bh);
  normalize(s, f64x2.add(sumError(ah, bh, s), f64x2.add(al, bl)));
}

/** 1/n + high + low for the next term of the series, z times the terms before. */
// @ts-ignore: decorator
@inline
function nextTerm(zh: v128, zl: v128, reciprocal: f64, reciprocalLow: f64): void {
  product(zh, zl, high, low);
  sum(f64x2.splat(reciprocal), f64x2.splat(reciprocalLow), high, low);
}

/** log x for positive normal x, as `logPair`. */
function logPair(x: v128): void {
  const one = f64x2.splat(1);
  const significand = v128.or(v128.and(x, i64x2.splat(0x000fffffffffffff)), i64x2.splat(0x3ff0000000000000));
  // The exponent as a float64: its biased bits under those of 2^52.
  const biased = v128.or(i64x2.shr_u(x, 52), i64x2.splat(0x4330000000000000));
  const isHigh = f64x2.gt(significand, f64x2.splat(1.4142135623730951));
  const k = f64x2.add(f64x2.sub(biased, f64x2.splat(4503599627371519.0)), v128.and(one, isHigh));
  const m = v128.bitselect(f64x2.mul(significand, f64x2.splat(0.5)), significand, isHigh);
  const f = f64x2.sub(m, one);
  const two = f64x2.splat(2);
  const d = f64x2.add(two, f);
  const dLow = f64x2.sub(f, f64x2.sub(d, two));
  const q = f64x2.div(f, d);
  const p = f64x2.mul(q, d);
  const rest = f64x2.sub(f64x2.sub(f64x2.sub(f, p), productError(q, d, p)), f64x2.mul(q, dLow));
  normalize(q, f64x2.div(rest, d));
  const sh = high;
  const sl = low;
  product(sh, sl, sh, sl);
  const zh = high;
  const zl = low;
  let tail = f64x2.add(f64x2.splat(1.0 / 23.0), f64x2.div(zh, f64x2.splat(25)));
  tail = f64x2.add(f64x2.splat(1.0 / 21.0), f64x2.mul(zh, tail));
  tail = f64x2.add(f64x2.splat(1.0 / 19.0), f64x2.mul(zh, tail));
  tail = f64x2.add(f64x2.splat(1.0 / 17.0), f64x2.mul(zh, tail));
  tail = f64x2.add(f64x2.splat(1.0 / 15.0), f64x2.mul(zh, tail));
  tail = f64x2.add(f64x2.splat(1.0 / 13.0), f64x2.mul(zh, tail));
  tail = f64x2.add(f64x2.splat(1.0 / 11.0), f64x2.mul(zh, tail));
  tail = f64x2.add(f64x2.splat(1.0 / 9.0), f64x2.mul(zh, tail));
  const zero = f64x2.splat(0);
  sum(f64x2.splat(1.0 / 7.0), f64x2.splat(RECIPROCAL_LOW_7), f64x2.mul(zh, tail), zero);
  nextTerm(zh, zl, 1.0 / 5.0, RECIPROCAL_LOW_5);
  nextTerm(zh, zl, 1.0 / 3.0, RECIPROCAL_LOW_3);
  nextTerm(zh, zl, 1, 0);
  product(f64x2.mul(two, sh), f64x2.mul(two, sl), high, low);
  const lh = high;
  const ll = low;
  product(k, zero, f64x2.splat(0.6931471805599453), f64x2.splat(2.3190468138462996e-17));
  sum(high, low, lh, ll);
}

/** 1/n − fl(1/n). */
const RECIPROCAL_LOW_3: f64 = 1.850371707708594e-17;
const RECIPROCAL_LOW_5: f64 = -1.1102230246251566e-17;
const RECIPROCAL_LOW_7: f64 = 7.93016446160826e-18;

// @ts-ignore: decorator
@inline
function hostPair(x: v128, y: v128): v128 {
  return pairOf(
    hostPow(f64x2.extract_lane(x, 0), f64x2.extract_lane(y, 0)),
    hostPow(f64x2.extract_lane(x, 1), f64x2.extract_lane(y, 1)),
  );
}

export function vectorPow(x: v128, y: v128): v128 {
  const isNormal = v128.and(f64x2.ge(x, f64x2.splat(2.2250738585072014e-308)), f64x2.lt(x, f64x2.splat(Infinity)));
  const size = f64x2.abs(y);
  const isSmallInteger = v128.and(f64x2.eq(f64x2.floor(y), y), f64x2.le(size, f64x2.splat(64)));
  const isSpecial = v128.or(isSmallInteger, f64x2.eq(y, f64x2.splat(0.5)));
  const isGeneral = v128.andnot(v128.and(isNormal, f64x2.le(size, f64x2.splat(1e100))), isSpecial);
  if (!i64x2.all_true(isGeneral)) return hostPair(x, y);
  logPair(x);
  // Beyond this a result may be subnormal, 0 or infinite.
  if (!i64x2.all_true(f64x2.le(f64x2.abs(f64x2.mul(y, high)), f64x2.splat(700)))) return hostPair(x, y);
  product(y, f64x2.splat(0), high, low);
  const shifted = multiplyAdd(high, f64x2.splat(1.4426950408889634), f64x2.splat(ROUNDER));
  const k = f64x2.sub(shifted, f64x2.splat(ROUNDER));
  const rh = f64x2.sub(high, f64x2.mul(k, f64x2.splat(0.6931471803691238)));
  const lo = f64x2.sub(f64x2.mul(k, f64x2.splat(1.9082149292705877e-10)), low);
  const r = f64x2.sub(rh, lo);
  const v = f64x2.sub(f64x2.mul(f64x2.mul(r, r), exponentialTail(r)), lo);
  const w = f64x2.add(rh, v);
  const one = f64x2.splat(1);
  const top = f64x2.add(one, w);
  const rest = f64x2.add(f64x2.sub(w, f64x2.sub(top, one)), sumError(rh, v, w));
  return f64x2.mul(f64x2.add(top, rest), powerOfTwo(shifted));
}

/** The same for an exponent that all lanes share. */
export function vectorPowConstant(x: v128, y: f64): v128 {
  if (y == 2) return f64x2.mul(x, x);
  if (y == 1) return x;
  if (y == 0) return f64x2.splat(1);
  if (y == -1) return f64x2.div(f64x2.splat(1), x);
  // Of −0 the power is 0, the root −0.
  if (y == 0.5) return f64x2.add(f64x2.sqrt(x), f64x2.splat(0));
  return vectorPow(x, f64x2.splat(y));
}
