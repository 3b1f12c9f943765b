import { bitLength } from './dyadic';

/**
 * Elementary functions in fixed point: a number is an integer that counts units of 2^-p ("ulps"). Every function states
 * by how many ulps its result can differ from the true value at exactly the given argument; `BallArithmetic` adds what
 * the radius of the argument contributes. `>>` rounds towards −∞, with an error in [0, 1) ulp.
 */

/** Arguments of exp beyond this have more bits than anything here can use. */
const LARGEST_EXPONENT = 200_000;

/** exp, log, sin and cos err by less than this many ulps. */
export const FUNCTION_ERROR = 2n;

const TWO_48 = 281474976710656;
const TWO_52 = 4503599627370496;

interface ExpTable {
  readonly halvings: number;
  /** floor(2^w / k!) for k = 0 … N. */
  readonly inverseFactorials: readonly bigint[];
}

const expTables = new Map<number, ExpTable>();
const logTwos = new Map<number, bigint>();
const halfPis = new Map<number, bigint>();

/** ln 2 within 2 ulps at p bits: 18 atanh(1/26) − 2 atanh(1/4801) + 8 atanh(1/8749). */
export function logTwo(p: number): bigint {
  return remembered(logTwos, p, () => {
    // Each series errs by at most 2.1 ulps a term, 28·2.1·(w/9) < 2^18 in all for w < 40 000: 2^-14 of an ulp at p bits.
    const w = p + 32;
    return (18n * inverseSeries(26n, w, 1n) - 2n * inverseSeries(4801n, w, 1n) + 8n * inverseSeries(8749n, w, 1n)) >> 32n;
  });
}

/** π/2 within 2 ulps at p bits: 8 atan(1/5) − 2 atan(1/239) (Machin). */
export function halfPi(p: number): bigint {
  return remembered(halfPis, p, () => {
    const w = p + 32;
    return (8n * inverseSeries(5n, w, -1n) - 2n * inverseSeries(239n, w, -1n)) >> 32n;
  });
}

/** Σ_k sign^k / ((2k+1) n^(2k+1)) at w bits: atanh(1/n) for sign 1, atan(1/n) for −1. */
function inverseSeries(n: bigint, w: number, sign: 1n | -1n): bigint {
  const square = n * n;
  let power = (1n << BigInt(w)) / n;
  let sum = 0n;
  let factor: bigint = 1n;
  for (let odd = 1n; power > 0n; odd += 2n) {
    sum += (factor * power) / odd;
    power /= square;
    factor *= sign;
  }
  return sum;
}

/**
 * e^x within 2 ulps; x ≤ 200 000.
 *
 * x = k ln 2 + t with |t| < 0.36, then e^t = (e^(t/2^s))^(2^s). At w bits: t errs by less than 2 ulps. The Horner sum
 * at |τ| = |t|/2^s < 2^-8 errs by at most 2.1 (roundings) + 1 (tail) + 1.1 (rounding of τ) < 5 ulps. A squaring takes
 * an error E to at most 2vE(1 + 2^-10) + 1 with v the value squared, and the product of all 2v is at most
 * 2^s·e^0.36: after s squarings E < 2^s·1.44·1.05·6 < 2^(s+4), with the error of t below 2^(s+5) ulps of 2^-w.
 * Since w ≥ p + s + 16 + max(k, 0), that is less than 2^-11 ulp at p bits, and the last shift adds less than 1.
 */
export function expPoint(x: bigint, p: number): bigint {
  const coarse = logTwo(64);
  const k = Number(((x >> BigInt(p)) << 64n) / coarse);
  if (k > LARGEST_EXPONENT) throw new RangeError('exp of this argument is too large to be computed with.');
  if (k < -p - 4) return 0n;
  const scale = roundedUp(p + Math.max(k, 0) + 2);
  const w = roundedUp(scale + halvingsFor(scale) + 20);
  const table = expTable(w);
  // The integer part of x alone gave k, within 3 of the quotient: enough to choose w.
  const wide = x << BigInt(w + 32 - p);
  const log2 = logTwo(w + 32);
  const quotient = floorDivide(2n * wide + log2, 2n * log2);
  const t = (wide - quotient * log2) >> 32n;
  const power = squaredBack(hornerExp(t >> BigInt(table.halvings), w, table), w, table.halvings);
  const shift = w - p - Number(quotient);
  return shift >= 0 ? power >> BigInt(shift) : power << BigInt(-shift);
}

function hornerExp(tau: bigint, w: number, { inverseFactorials }: ExpTable): bigint {
  const bits = BigInt(w);
  let sum = inverseFactorials[inverseFactorials.length - 1];
  for (let k = inverseFactorials.length - 2; k >= 0; k--) sum = ((sum * tau) >> bits) + inverseFactorials[k];
  return sum;
}

function squaredBack(value: bigint, w: number, times: number): bigint {
  const bits = BigInt(w);
  for (let i = 0; i < times; i++) value = (value * value) >> bits;
  return value;
}

function halvingsFor(w: number): number {
  return 8 + Math.floor(0.7 * Math.sqrt(w));
}

function expTable(w: number): ExpTable {
  return remembered(expTables, w, () => {
    const halvings = halvingsFor(w);
    const one = 1n << BigInt(w);
    const inverseFactorials: bigint[] = [one];
    // Up to the first k with |τ|^k / k! < 2^-(w+1), |τ| < 2^-(s+1); the tail after it is below half an ulp.
    let factorial = 1n;
    for (let k = 1; ; k++) {
      factorial *= BigInt(k);
      inverseFactorials.push(one / factorial);
      if ((halvings + 1) * k + bitLength(factorial) - 1 > w + 1) return { halvings, inverseFactorials };
    }
  });
}

/**
 * log x within 2 ulps; x > 0.
 *
 * x = f·2^k with 1 ≤ f < 2, and L an approximation of log f to 2^-40, exact as a dyadic number. Then f e^-L = 1 + δ
 * with |δ| < 2^-38 and log x = k ln 2 + L + 2 atanh(δ / (2 + δ)). At w ≥ p + 40 bits: 1 + δ errs by at most
 * 2·2 + 2 ulps, the series by at most 4 + 3 an ulp a term and the whole by fewer than 2^12 ulps of 2^-w.
 */
export function logPoint(x: bigint, p: number): bigint {
  if (x <= 0n) throw new RangeError('log needs a positive argument.');
  const w = roundedUp(p + 40);
  const bits = BigInt(w);
  const k = bitLength(x) - 1 - p;
  const shift = w - p - k;
  const f = shift >= 0 ? x << BigInt(shift) : x >> BigInt(-shift);
  const start = BigInt(Math.floor(floatLog(Number(f >> (bits - 52n)) / TWO_52) * TWO_48)) << (bits - 48n);
  const delta = ((f * expPoint(-start, w)) >> bits) - (1n << bits);
  const v = (delta << bits) / ((2n << bits) + delta);
  const square = (v * v) >> bits;
  let power = v;
  let sum = 0n;
  for (let odd = 1n; power !== 0n && power !== -1n; odd += 2n) {
    sum += power / odd;
    power = (power * square) >> bits;
  }
  const exponent = (BigInt(k) * logTwo(w + 32)) >> 32n;
  return (exponent + start + 2n * sum) >> BigInt(w - p);
}

/** log f for 1 ≤ f ≤ 2 to about 15 digits, by + − * / alone so that it has the same bits everywhere. */
function floatLog(f: number): number {
  const v = (f - 1) / (f + 1);
  const square = v * v;
  let sum = 0;
  for (let odd = 39; odd >= 1; odd -= 2) sum = sum * square + 1 / odd;
  return 2 * v * sum;
}

/**
 * cos x and sin x within 2 ulps each.
 *
 * x = k π/2 + t with |t| < 0.8; then e^(it) = (e^(it/2^s))^(2^s). At w bits the Taylor sums err by less than 6 ulps as
 * a complex number; a squaring takes an error E to at most 2E(1 + 2^-10) + 1.5 since |e^(it)| = 1: in all less than
 * 2^s·9 ulps of 2^-w, and w ≥ p + s + 16.
 */
export function cosSinPoint(x: bigint, p: number): { cos: bigint; sin: bigint } {
  const scale = roundedUp(p);
  const w = roundedUp(scale + halvingsFor(scale) + 20);
  const halvings = halvingsFor(w) + 1;
  const bits = BigInt(w);
  const guard = 32 + Math.max(0, bitLength(x) - p);
  const quarter = halfPi(w + guard);
  const wide = x << BigInt(w + guard - p);
  const k = floorDivide(2n * wide + quarter, 2n * quarter);
  const t = (wide - k * quarter) >> BigInt(guard);
  let [cos, sin] = smallCosSin(t >> BigInt(halvings), w);
  for (let i = 0; i < halvings; i++) [cos, sin] = [(cos * cos - sin * sin) >> bits, (cos * sin) >> (bits - 1n)];
  const down = BigInt(w - p);
  switch (Number(BigInt.asUintN(2, k))) {
    case 0:
      return { cos: cos >> down, sin: sin >> down };
    case 1:
      return { cos: -sin >> down, sin: cos >> down };
    case 2:
      return { cos: -cos >> down, sin: -sin >> down };
    default:
      return { cos: sin >> down, sin: -cos >> down };
  }
}

/** Taylor sums of cos τ and sin τ, |τ| < 2^-8. */
function smallCosSin(tau: bigint, w: number): [bigint, bigint] {
  const bits = BigInt(w);
  const square = (tau * tau) >> bits;
  const { inverseFactorials } = expTable(w);
  let cos = 0n;
  let sin = 0n;
  // An alternating sum errs by less than its first term left out, which the table of exp has below half an ulp.
  const last = inverseFactorials.length - 1;
  for (let k = last; k >= 0; k--) {
    if (k % 2 === 0) cos = inverseFactorials[k] - ((cos * square) >> bits);
    else sin = inverseFactorials[k] - ((sin * square) >> bits);
  }
  return [cos, (sin * tau) >> bits];
}

/** floor(√n). */
export function integerSqrt(n: bigint): bigint {
  if (n < 0n) throw new RangeError('sqrt needs an argument that is not negative.');
  if (n === 0n) return 0n;
  // From above Newton's iteration falls until it has passed floor(√n).
  const half = BigInt(Math.max(0, Math.floor((bitLength(n) - 100) / 2)));
  const top = Number(n >> (2n * half));
  let x = (BigInt(Math.ceil(Math.sqrt(top) * 1.000000000000001)) + 1n) << half;
  for (;;) {
    const next = (x + n / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}

/** Whole 64-bit digits make shifts cheap and tables few. */
function roundedUp(bits: number): number {
  return 64 * Math.ceil(bits / 64);
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}

function remembered<V>(memory: Map<number, V>, key: number, make: () => V): V {
  let value = memory.get(key);
  if (value === undefined) {
    value = make();
    memory.set(key, value);
  }
  return value;
}
