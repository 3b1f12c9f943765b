import { ROUNDER, exponentOf, powerOfTwo, sumError } from './floats';

/** π/2 in four parts: three of 33 bits, so that n·part is exact for |n| ≤ 2^20, and the rest. */
const HALF_PI_1 = 1.5707963267341256;
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487111665e-21;
const HALF_PI_4 = 8.4784276603689e-32;
const TWO_OVER_PI = 0.6366197723675814;
const MODERATE = 1e6;

/** x = quadrant·π/2 + high + low, |high| ≤ π/4. Shared by all callers: read it at once. */
const reduced = { quadrant: 0, high: 0, low: 0 };

/** Bits of π/2 after the point for huge arguments: 1024 of the largest float64, and 176 that remain exact. */
const FRACTION_BITS = 1200n;
let halfPi = 0n;

/** π/2·2^1200 by Machin's formula, with 64 guard bits. */
function halfPiBits(): bigint {
  if (halfPi === 0n) {
    const one = 1n << (FRACTION_BITS + 64n);
    const arctanInverse = (n: bigint): bigint => {
      let power = one / n;
      let sum = power;
      for (let j = 3n; power !== 0n; j += 2n) {
        power = -power / (n * n);
        sum += power / j;
      }
      return sum;
    };
    halfPi = (2n * (4n * arctanInverse(5n) - arctanInverse(239n))) >> 64n;
  }
  return halfPi;
}

/** Exact reduction of a huge |x| in integers. */
function reduceHuge(x: number): void {
  const magnitude = x < 0 ? -x : x;
  // Scaling by 2^54 makes an integer of every |x| ≥ 2^-1, exactly.
  const isInteger = magnitude >= 9007199254740992;
  const numerator = isInteger
    ? BigInt(magnitude) << FRACTION_BITS
    : BigInt(magnitude * 18014398509481984) << (FRACTION_BITS - 54n);
  const divisor = halfPiBits();
  const quotient = (2n * numerator + divisor) / (2n * divisor);
  const rest = numerator - quotient * divisor;
  const quadrant = Number(quotient & 3n);
  // 600 bits after the point: the remainder of a float64 is never below 2^-62, so more than enough of it is left.
  const kept = rest >> 600n;
  const high = Number(kept);
  const scaledHigh = high * powerOfTwo(-600);
  const scaledLow = Number(kept - BigInt(high)) * powerOfTwo(-600);
  reduced.quadrant = x < 0 ? (4 - quadrant) & 3 : quadrant;
  reduced.high = x < 0 ? -scaledHigh : scaledHigh;
  reduced.low = x < 0 ? -scaledLow : scaledLow;
}

function reduce(x: number): void {
  if (x > MODERATE || x < -MODERATE) {
    reduceHuge(x);
    return;
  }
  const n = x * TWO_OVER_PI + ROUNDER - ROUNDER;
  const a = x - n * HALF_PI_1;
  const b = n * HALF_PI_2;
  const s = a - b;
  const c = n * HALF_PI_3;
  const t = s - c;
  const low = sumError(a, -b, s) + sumError(s, -c, t) - n * HALF_PI_4;
  const high = t + low;
  reduced.quadrant = n & 3;
  reduced.high = high;
  reduced.low = t - high + low;
}

/** sin(x + low) on |x| ≤ π/4 by its Taylor polynomial; the first term left out is below 2^-63. */
function sinKernel(x: number, low: number): number {
  const z = x * x;
  const tail =
    1 / 120 +
    z *
      (-1 / 5040 +
        z * (1 / 362880 + z * (-1 / 39916800 + z * (1 / 6227020800 + z * (-1 / 1307674368000 + z * (1 / 355687428096000))))));
  return x + (x * z * (-1 / 6 + z * tail) + low * (1 - 0.5 * z));
}

/** cos(x + low) on |x| ≤ π/4. */
function cosKernel(x: number, low: number): number {
  const z = x * x;
  const tail =
    1 / 24 +
    z *
      (-1 / 720 +
        z *
          (1 / 40320 +
            z *
              (-1 / 3628800 +
                z * (1 / 479001600 + z * (-1 / 87178291200 + z * (1 / 20922789888000 + z * (-1 / 6402373705728000)))))));
  const half = 0.5 * z;
  const w = 1 - half;
  return w + (1 - w - half + (z * z * tail - x * low));
}

/** Sine, at most 1 ulp off for every float64 (huge arguments are reduced in integers). NaN at ±∞. */
export function sin(x: number): number {
  if (!(x > -Infinity && x < Infinity)) return NaN;
  if (x > -0.75 && x < 0.75) return x === 0 || exponentOf(x) < -27 ? x : sinKernel(x, 0);
  reduce(x);
  const value = reduced.quadrant & 1 ? cosKernel(reduced.high, reduced.low) : sinKernel(reduced.high, reduced.low);
  return reduced.quadrant & 2 ? -value : value;
}

/** Cosine, at most 1 ulp off for every float64 (huge arguments are reduced in integers). NaN at ±∞. */
export function cos(x: number): number {
  if (!(x > -Infinity && x < Infinity)) return NaN;
  if (x > -0.75 && x < 0.75) return cosKernel(x, 0);
  reduce(x);
  const value = reduced.quadrant & 1 ? sinKernel(reduced.high, reduced.low) : cosKernel(reduced.high, reduced.low);
  return ((reduced.quadrant + 1) & 2) !== 0 ? -value : value;
}
