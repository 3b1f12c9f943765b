const bytes = new DataView(new ArrayBuffer(8));

/** mantissa·2^exponent with an odd mantissa, or 0·2^0. */
export interface Dyadic {
  readonly mantissa: bigint;
  readonly exponent: number;
}

/**
 * A float64 as the exact dyadic rational that it is.
 *
 * @throws RangeError for NaN and infinities.
 */
export function dyadicOf(value: number): Dyadic {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is not a finite number.`);
  if (value === 0) return { mantissa: 0n, exponent: 0 };
  bytes.setFloat64(0, value);
  const high = bytes.getUint32(0);
  const field = (high >>> 20) & 0x7ff;
  let mantissa = (BigInt(high & 0xfffff) << 32n) | BigInt(bytes.getUint32(4));
  let exponent = -1074;
  if (field > 0) {
    mantissa |= 1n << 52n;
    exponent = field - 1075;
  }
  const zeros = trailingZeros(mantissa);
  mantissa >>= BigInt(zeros);
  return { mantissa: value < 0 ? -mantissa : mantissa, exponent: exponent + zeros };
}

/** Number of factors 2 in a non-zero integer. */
export function trailingZeros(value: bigint): number {
  let zeros = 0;
  while (BigInt.asUintN(32, value) === 0n) {
    value >>= 32n;
    zeros += 32;
  }
  const low = Number(BigInt.asUintN(32, value));
  return zeros + 31 - Math.clz32(low & -low);
}

/** Number of bits of |value|; 0 for 0. */
export function bitLength(value: bigint): number {
  if (value === 0n) return 0;
  const digits = (value < 0n ? -value : value).toString(16);
  return 4 * digits.length - Math.clz32(parseInt(digits[0], 16)) + 28;
}

/** `"3p-1"` is 3·2^-1 = 1.5: the odd mantissa in decimal, then the power of two. Zero is `"0"`. */
export function exactText(value: number): string {
  const { mantissa, exponent } = dyadicOf(value);
  return mantissa === 0n ? '0' : `${mantissa}p${exponent}`;
}

/** Reads `exactText`; undefined when the text is not the exact text of a float64. */
export function parseExactText(text: unknown): number | undefined {
  if (typeof text !== 'string' || text.length > 40) return undefined;
  if (text === '0') return 0;
  const match = /^(-?[1-9]\d{0,16})p(-?\d{1,4})$/.exec(text);
  if (!match) return undefined;
  let value = Number(match[1]);
  let exponent = Number(match[2]);
  // Exact as long as the value is a float64: halving is inexact only where the comparison below then fails.
  for (; exponent > 0; exponent--) value *= 2;
  for (; exponent < 0; exponent++) value /= 2;
  return Number.isFinite(value) && exactText(value) === text ? value : undefined;
}
