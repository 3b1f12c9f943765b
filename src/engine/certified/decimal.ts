import type { Ball } from './ball';
import { bitLength } from './dyadic';

/** A ball in decimal, for people and certificates: the true value is within `radius` of `value`. */
export interface DecimalBall {
  readonly value: string;
  readonly radius: string;
}

/** Significant digits of a value in a certificate. */
const DIGITS = 50;

/** A ball of `bits` fractional bits in decimal; what rounding the value loses is added to the radius. */
export function decimalBall({ middle, radius }: Ball, bits: number, digits = DIGITS): DecimalBall {
  if (bits < 0) return decimalBall({ middle: middle << BigInt(-bits), radius: radius << BigInt(-bits) }, 0, digits);
  const value = truncated(middle, bits, digits);
  const [numerator, denominator] = fraction(value);
  // |middle·2^-bits − value| + radius·2^-bits, over the common denominator.
  const difference = middle * denominator - (numerator << BigInt(bits));
  const total = (difference < 0n ? -difference : difference) + radius * denominator;
  return { value: scientific(value), radius: scientific(roundedUp(total, denominator << BigInt(bits))) };
}

/** An upper bound of size·2^-bits with two digits, as in `3.1e-118`. */
export function decimalUpperBound(size: bigint, bits: number): string {
  return scientific(roundedUp(size, 1n << BigInt(bits)));
}

/** coefficient·10^exponent. */
export interface Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;
}

/** Reads what `scientific` writes; undefined for anything else. */
export function parseDecimal(text: unknown): Decimal | undefined {
  if (typeof text !== 'string' || text.length > 200) return undefined;
  if (text === '0') return { coefficient: 0n, exponent: 0 };
  const match = /^(-?)([1-9])(?:\.(\d+))?e(-?\d{1,5})$/.exec(text);
  if (!match) return undefined;
  const rest = match[3] ?? '';
  return { coefficient: BigInt(match[1] + match[2] + rest), exponent: Number(match[4]) - rest.length };
}

/** numerator / denominator of a decimal. */
export function fraction({ coefficient, exponent }: Decimal): [bigint, bigint] {
  const power = powerOfTen(Math.abs(exponent));
  return exponent >= 0 ? [coefficient * power, 1n] : [coefficient, power];
}

function truncated(middle: bigint, bits: number, digits: number): Decimal {
  if (middle === 0n) return { coefficient: 0n, exponent: 0 };
  // 10^exponent is about 2^(length − bits) / 10^digits.
  const exponent = Math.floor((bitLength(middle) - bits) * 0.30103) - digits;
  const power = powerOfTen(Math.abs(exponent));
  const scaled = exponent >= 0 ? middle / power : middle * power;
  return { coefficient: scaled / (1n << BigInt(bits)), exponent };
}

function roundedUp(numerator: bigint, denominator: bigint): Decimal {
  if (numerator === 0n) return { coefficient: 0n, exponent: 0 };
  const exponent = Math.floor((bitLength(numerator) - bitLength(denominator)) * 0.30103) - 2;
  const power = powerOfTen(Math.abs(exponent));
  const [top, bottom] = exponent >= 0 ? [numerator, denominator * power] : [numerator * power, denominator];
  return { coefficient: top / bottom + 1n, exponent };
}

function scientific({ coefficient, exponent }: Decimal): string {
  if (coefficient === 0n) return '0';
  const sign = coefficient < 0n ? '-' : '';
  const digits = (coefficient < 0n ? -coefficient : coefficient).toString();
  const rest = digits.slice(1).replace(/0+$/, '');
  return `${sign}${digits[0]}${rest === '' ? '' : `.${rest}`}e${exponent + digits.length - 1}`;
}

function powerOfTen(exponent: number): bigint {
  return BigInt(`1${'0'.repeat(exponent)}`);
}
