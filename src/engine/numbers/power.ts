import { exponentialTail } from './exponential';
import {
  INVERSE_LN2,
  LN2_HIGH,
  LN2_LOW,
  ROUNDER,
  exponentOf,
  productError,
  scaleByPowerOfTwo,
  significandOf,
  sumError,
} from './floats';

/** A number as an unevaluated sum high + low. */
interface Pair {
  high: number;
  low: number;
}

function normalized(high: number, low: number): Pair {
  const sum = high + low;
  return { high: sum, low: high - sum + low };
}

function product(a: Pair, b: Pair): Pair {
  const p = a.high * b.high;
  return normalized(p, productError(a.high, b.high, p) + (a.high * b.low + a.low * b.high));
}

function quotient(a: Pair, b: Pair): Pair {
  const q = a.high / b.high;
  const p = q * b.high;
  return normalized(q, (a.high - p - productError(q, b.high, p) + a.low - q * b.low) / b.high);
}

function sum(a: Pair, b: Pair): Pair {
  const s = a.high + b.high;
  return normalized(s, sumError(a.high, b.high, s) + (a.low + b.low));
}

/** x^n for x = m·2^e, 1 ≤ m < 2 and an integer 0 < |n| ≤ 64, by squaring in pairs: rounded once, so exact results are exact. */
function integerPower(x: number, n: number): number {
  const e = exponentOf(x);
  let base: Pair = { high: significandOf(x), low: 0 };
  let power: Pair = { high: 1, low: 0 };
  for (let rest = n < 0 ? -n : n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power = product(power, base);
    if (rest > 1) base = product(base, base);
  }
  if (n < 0) power = quotient({ high: 1, low: 0 }, power);
  const shift = power.high === 0 ? 0 : exponentOf(power.high);
  return scaleByPowerOfTwo(scaleByPowerOfTwo(power.high, -shift), shift + e * n);
}

const LN2_PAIR_HIGH = 0.6931471805599453;
const LN2_PAIR_LOW = 2.3190468138462996e-17;

/** log x to about 100 bits in k·ln 2 and 68 bits in the rest, for finite x > 0. */
function logPair(x: number): Pair {
  let k = exponentOf(x);
  let m = significandOf(x);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    k += 1;
  }
  const f = m - 1;
  const d = 2 + f;
  const s = quotient({ high: f, low: 0 }, { high: d, low: f - (d - 2) });
  const z = product(s, s);
  const t = z.high;
  // artanh(s)/s = 1 + z/3 + z²/5 + …: the first terms in pairs, the rest is below 2^-20 of the sum.
  const rest =
    1 / 9 + t * (1 / 11 + t * (1 / 13 + t * (1 / 15 + t * (1 / 17 + t * (1 / 19 + t * (1 / 21 + t * (1 / 23 + t / 25)))))));
  let series = sum({ high: 1 / 7, low: reciprocalLow(7) }, { high: t * rest, low: 0 });
  series = sum({ high: 1 / 5, low: reciprocalLow(5) }, product(z, series));
  series = sum({ high: 1 / 3, low: reciprocalLow(3) }, product(z, series));
  series = sum({ high: 1, low: 0 }, product(z, series));
  const logarithm = product({ high: 2 * s.high, low: 2 * s.low }, series);
  return sum(product({ high: k, low: 0 }, { high: LN2_PAIR_HIGH, low: LN2_PAIR_LOW }), logarithm);
}

/** 1/n − fl(1/n). */
function reciprocalLow(n: number): number {
  const y = 1 / n;
  const p = y * n;
  return (1 - p - productError(y, n, p)) / n;
}

/** x^y for finite x > 0 and finite y: e^(y·log x) with the exponent in pairs, at most 0.85 ulp off before underflow. */
function realPower(x: number, y: number): number {
  const l = logPair(x);
  const estimate = y * l.high;
  if (estimate > 710) return Infinity;
  if (estimate < -747) return 0;
  if (estimate < 1e-18 && estimate > -1e-18) return 1;
  const exponent = product({ high: y, low: 0 }, l);
  const k = exponent.high * INVERSE_LN2 + ROUNDER - ROUNDER;
  const rh = exponent.high - k * LN2_HIGH;
  const lo = k * LN2_LOW - exponent.low;
  const r = rh - lo;
  const v = r * r * exponentialTail(r) - lo;
  const w = rh + v;
  const high = 1 + w;
  return scaleByPowerOfTwo(high + (w - (high - 1) + sumError(rh, v, w)), k);
}

/**
 * x^y with the special cases of ECMAScript (so 1^∞ is NaN and x^0 is 1 for every x).
 *
 * Rounded from more than 54 correct bits: at most 0.85 ulp off (below 2^-1022: of the smallest number), and exact wherever x^y is a
 * float64, which includes all integer powers of small integers. x^2 is x·x and x^-1 is 1/x, bit for bit.
 */
export function pow(x: number, y: number): number {
  if (y === 2) return x * x;
  if (y === 1) return x;
  if (y === 0) return 1;
  if (y === -1) return 1 / x;
  if (x !== x || y !== y) return NaN;
  const magnitude = x < 0 ? -x : x;
  if (y === Infinity || y === -Infinity) {
    if (magnitude === 1) return NaN;
    return magnitude > 1 === y > 0 ? Infinity : 0;
  }
  const isInteger = Math.floor(y) === y;
  const isOdd = isInteger && Math.abs(y) < 9007199254740992 && y % 2 !== 0;
  const negative = isOdd && (x < 0 || Object.is(x, -0));
  let value: number;
  if (magnitude === 0 || magnitude === Infinity) {
    value = (magnitude === 0) === y > 0 ? 0 : Infinity;
  } else if (x < 0 && !isInteger) {
    return NaN;
  } else if (magnitude === 1) {
    value = 1;
  } else if (isInteger && y >= -64 && y <= 64) {
    value = integerPower(magnitude, y);
  } else if (y === 0.5) {
    value = Math.sqrt(magnitude);
  } else {
    value = realPower(magnitude, y);
  }
  return negative ? -value : value;
}
