/**
 * Elementary functions in fixed point with BigInt, written from their textbook series and independent of the code under test:
 * 1.0 is 2^BITS. Good to about 2^-(BITS − 20) absolutely; `ulpError` works with values scaled by a power of two, so that small
 * results keep their relative accuracy.
 */
export const BITS = 320n;
export const ONE = 1n << BITS;

const view = new DataView(new ArrayBuffer(8));

/** x = significand·2^exponent with integers, exactly. */
export function decompose(x: number): { significand: bigint; exponent: number } {
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const magnitude = biased === 0 ? fraction : fraction | 0x10000000000000n;
  return { significand: bits >> 63n ? -magnitude : magnitude, exponent: (biased === 0 ? 1 : biased) - 1075 };
}

export function shift(value: bigint, by: number): bigint {
  return by >= 0 ? value << BigInt(by) : value >> BigInt(-by);
}

/** x·2^BITS. Exact for |x| ≥ 2^-250 or so; truncated below. */
export function fixed(x: number): bigint {
  const { significand, exponent } = decompose(x);
  return shift(significand, exponent + Number(BITS));
}

export const multiply = (a: bigint, b: bigint): bigint => (a * b) >> BITS;
export const divide = (a: bigint, b: bigint): bigint => (a << BITS) / b;

function arctanInverse(n: bigint): bigint {
  let power = ONE / n;
  let sum = power;
  for (let j = 3n; power !== 0n && power !== -1n; j += 2n) {
    power = -power / (n * n);
    sum += power / j;
  }
  return sum;
}

/** π by Gauss's formula, ln 2 by Machin-like artanh: not the formulas of the code under test. */
export const PI = 4n * (12n * arctanInverse(18n) + 8n * arctanInverse(57n) - 5n * arctanInverse(239n));

/** log((1 + t)/(1 − t)) = 2·artanh t. */
function twiceArtanh(t: bigint): bigint {
  const square = multiply(t, t);
  let power = t;
  let sum = t;
  for (let j = 3n; power !== 0n && power !== -1n; j += 2n) {
    power = multiply(power, square);
    sum += power / j;
  }
  return 2n * sum;
}
export const LN2 = twiceArtanh(ONE / 3n);

/** e^x for fixed-point x, as mantissa·2^shift with the mantissa in fixed point around 1. */
export function expFixed(x: bigint): { value: bigint; exponent: number } {
  let k = x / LN2;
  let r = x - k * LN2;
  if (r < 0n) {
    r += LN2;
    k -= 1n;
  }
  const small = r >> 10n;
  let term = ONE;
  let sum = ONE;
  for (let j = 1n; term !== 0n; j++) {
    term = multiply(term, small) / j;
    sum += term;
  }
  for (let i = 0; i < 10; i++) sum = multiply(sum, sum);
  return { value: sum, exponent: Number(k) };
}

/** log of significand·2^exponent for a positive integer significand. */
export function logFixed(significand: bigint, exponent: number): bigint {
  const length = significand.toString(2).length;
  const m = shift(significand, Number(BITS) - length + 1);
  let k = BigInt(exponent + length - 1);
  let y = m;
  if (y > (ONE * 3n) / 2n) {
    y >>= 1n;
    k += 1n;
  }
  return k * LN2 + twiceArtanh(divide(y - ONE, y + ONE));
}

/** [sin x, cos x] of a float64, reduced with as many bits of π as its exponent needs. */
export function sinCosFixed(x: number): [bigint, bigint] {
  const { significand, exponent } = decompose(x);
  let r: bigint;
  let quadrant = 0;
  if (exponent > -40) {
    const extra = 1100n;
    const halfPi = wideHalfPi(extra);
    const numerator = shift(significand, exponent + Number(BITS + extra));
    let q = numerator / halfPi;
    let rest = numerator - q * halfPi;
    if (rest < 0n) {
      rest += halfPi;
      q -= 1n;
    }
    quadrant = Number(((q % 4n) + 4n) % 4n);
    r = rest >> extra;
  } else {
    r = shift(significand, exponent + Number(BITS));
    if (r < 0n) {
      r += PI / 2n;
      quadrant = 3;
    }
  }
  const square = multiply(r, r);
  let term = r;
  let sine = r;
  for (let j = 2n; term !== 0n && term !== -1n; j += 2n) {
    term = -multiply(term, square) / (j * (j + 1n));
    sine += term;
  }
  term = ONE;
  let cosine = ONE;
  for (let j = 1n; term !== 0n && term !== -1n; j += 2n) {
    term = -multiply(term, square) / (j * (j + 1n));
    cosine += term;
  }
  if (quadrant === 0) return [sine, cosine];
  if (quadrant === 1) return [cosine, -sine];
  if (quadrant === 2) return [-sine, -cosine];
  return [-cosine, sine];
}

let wide = 0n;
function wideHalfPi(extra: bigint): bigint {
  if (wide === 0n) {
    const one = 1n << (BITS + extra + 64n);
    const arctan = (n: bigint): bigint => {
      let power = one / n;
      let sum = power;
      for (let j = 3n; power !== 0n && power !== -1n; j += 2n) {
        power = -power / (n * n);
        sum += power / j;
      }
      return sum;
    };
    wide = (2n * (12n * arctan(18n) + 8n * arctan(57n) - 5n * arctan(239n))) >> 64n;
  }
  return wide;
}

/** |got − truth| in units of the last place of the truth, where truth = value·2^(exponent − BITS). */
export function ulpError(got: number, value: bigint, exponent = 0): number {
  if (!Number.isFinite(got)) return Infinity;
  const magnitude = value < 0n ? -value : value;
  if (magnitude === 0n) return got === 0 ? 0 : Infinity;
  const top = magnitude.toString(16);
  const leading =
    4 * (top.length - 1) + (parseInt(top[0]!, 16) >= 8 ? 3 : parseInt(top[0]!, 16) >= 4 ? 2 : parseInt(top[0]!, 16) >= 2 ? 1 : 0);
  const trueExponent = leading - Number(BITS) + exponent;
  const ulpExponent = Math.max(trueExponent - 52, -1074);
  // Everything in units of 2^(ulpExponent − 30).
  const unit = ulpExponent - 30;
  const { significand, exponent: e } = decompose(got);
  const a = shift(significand, e - unit);
  const b = shift(value, exponent - Number(BITS) - unit);
  return Math.abs(Number(a - b)) / 2 ** 30;
}
