const cell = new Float64Array(1);
const words = new Uint32Array(cell.buffer);
cell[0] = 1;
const HIGH = words[1] === 0x3ff00000 ? 1 : 0;
const LOW = 1 - HIGH;

/** 1.5·2^52: adding and subtracting it rounds |x| < 2^51 to the nearest integer, ties to even. */
export const ROUNDER = 6755399441055744;

/** ln 2 in two parts; the first has 32 trailing zero bits, so that k·LN2_HIGH is exact for |k| < 2^20. */
export const LN2_HIGH = 0.6931471803691238;
export const LN2_LOW = 1.9082149292705877e-10;
export const INVERSE_LN2 = 1.4426950408889634;

/** 2^k at index k + 1074, for every power of two that float64 has. */
const POWERS = new Float64Array(2098);
POWERS[0] = 5e-324;
for (let i = 1; i < POWERS.length; i++) POWERS[i] = POWERS[i - 1]! * 2;

/** 2^k, exactly, for −1074 ≤ k ≤ 1023. */
export function powerOfTwo(k: number): number {
  return POWERS[k + 1074]!;
}

/** y·2^k for y around 1 and any k, rounded once. */
export function scaleByPowerOfTwo(y: number, k: number): number {
  if (k >= -1021) {
    if (k <= 1022) return y * POWERS[k + 1074]!;
    return k > 2100 ? y * Infinity : y * POWERS[1022 + 1074]! * POWERS[(k - 1022 > 1023 ? 1023 : k - 1022) + 1074]!;
  }
  if (k < -1200) return y * 0;
  // The first product is still normal, hence exact; only the second one rounds.
  return y * POWERS[k + 200 + 1074]! * POWERS[-200 + 1074]!;
}

/** Exponent e of a finite x ≠ 0 with 2^e ≤ |x| < 2^(e+1). */
export function exponentOf(x: number): number {
  cell[0] = x;
  const biased = (words[HIGH]! >>> 20) & 0x7ff;
  if (biased !== 0) return biased - 1023;
  cell[0] = x * 18014398509481984;
  return ((words[HIGH]! >>> 20) & 0x7ff) - 1023 - 54;
}

/** The significand m of a finite x > 0 with x = m·2^exponentOf(x), 1 ≤ m < 2. */
export function significandOf(x: number): number {
  cell[0] = x < 2.2250738585072014e-308 ? x * 18014398509481984 : x;
  words[HIGH] = (words[HIGH]! & 0x000fffff) | 0x3ff00000;
  return cell[0]!;
}

/** The 64 bits of x as [high, low] words: for exact comparisons, hashes and tests. */
export function bitsOf(x: number): [number, number] {
  cell[0] = x;
  return [words[HIGH]!, words[LOW]!];
}

const SPLITTER = 134217729;

/** The rounding error a·b − product of product = fl(a·b), exactly (Dekker), for |a|, |b| < 2^996 without underflow. */
export function productError(a: number, b: number, product: number): number {
  const as = SPLITTER * a;
  const ah = as - (as - a);
  const al = a - ah;
  const bs = SPLITTER * b;
  const bh = bs - (bs - b);
  const bl = b - bh;
  return al * bl - (product - ah * bh - al * bh - ah * bl);
}

/** The rounding error a + b − sum of sum = fl(a + b), exactly (Knuth). */
export function sumError(a: number, b: number, sum: number): number {
  const bb = sum - a;
  return a - (sum - bb) + (b - bb);
}
