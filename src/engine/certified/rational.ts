import { UndecidedError, type Arithmetic, type ElementaryName, type ValueAndSlope } from './arithmetic';
import { bitLength, dyadicOf, trailingZeros } from './dyadic';

/** numerator / denominator · 2^exponent with an odd positive denominator; 0 is 0/1·2^0. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
  readonly exponent: number;
}

/** Larger numbers are given up: float64 data reach this only through towers of powers. */
const LARGEST_BITS = 200_000;

/** Exact arithmetic. Functions that leave the rationals throw `UndecidedError`, so a model that uses them is refused. */
export class RationalArithmetic implements Arithmetic<Rational> {
  readonly zero: Rational = { numerator: 0n, denominator: 1n, exponent: 0 };
  readonly one: Rational = { numerator: 1n, denominator: 1n, exponent: 0 };

  fromFloat(value: number): Rational {
    const { mantissa, exponent } = dyadicOf(value);
    return { numerator: mantissa, denominator: 1n, exponent };
  }

  add(a: Rational, b: Rational): Rational {
    if (a.numerator === 0n) return b;
    if (b.numerator === 0n) return a;
    const exponent = Math.min(a.exponent, b.exponent);
    if (Math.max(a.exponent, b.exponent) - exponent > LARGEST_BITS) throw tooLarge();
    const left = a.numerator << BigInt(a.exponent - exponent);
    const right = b.numerator << BigInt(b.exponent - exponent);
    if (a.denominator === b.denominator) return normalized(left + right, a.denominator, exponent);
    return normalized(left * b.denominator + right * a.denominator, a.denominator * b.denominator, exponent);
  }

  subtract(a: Rational, b: Rational): Rational {
    return this.add(a, this.negate(b));
  }

  negate(a: Rational): Rational {
    return { ...a, numerator: -a.numerator };
  }

  multiply(a: Rational, b: Rational): Rational {
    return normalized(a.numerator * b.numerator, a.denominator * b.denominator, a.exponent + b.exponent);
  }

  divide(a: Rational, b: Rational): Rational {
    if (b.numerator === 0n) throw new UndecidedError('a divisor is 0', true);
    const zeros = trailingZeros(b.numerator);
    const odd = b.numerator >> BigInt(zeros);
    const numerator = a.numerator * b.denominator;
    return normalized(
      odd < 0n ? -numerator : numerator,
      a.denominator * (odd < 0n ? -odd : odd),
      a.exponent - b.exponent - zeros,
    );
  }

  sign(a: Rational): -1 | 0 | 1 {
    return a.numerator === 0n ? 0 : a.numerator > 0n ? 1 : -1;
  }

  apply(name: ElementaryName, a: Rational): ValueAndSlope<Rational> {
    switch (name) {
      case 'square':
        return { value: this.multiply(a, a), slope: this.add(a, a) };
      case 'relu':
        return this.sign(a) > 0 ? { value: a, slope: this.one } : { value: this.zero, slope: this.zero };
      case 'abs': {
        const slope = this.fromFloat(this.sign(a));
        return { value: this.multiply(slope, a), slope };
      }
      default:
        throw new UndecidedError(`${name} leaves the rational numbers`, true);
    }
  }
}

function normalized(numerator: bigint, denominator: bigint, exponent: number): Rational {
  if (numerator === 0n) return { numerator: 0n, denominator: 1n, exponent: 0 };
  if (denominator > 1n) {
    const common = greatestCommonDivisor(numerator < 0n ? -numerator : numerator, denominator);
    numerator /= common;
    denominator /= common;
  }
  const zeros = trailingZeros(numerator);
  if (zeros > 0) {
    numerator >>= BigInt(zeros);
    exponent += zeros;
  }
  if (bitLength(numerator) + bitLength(denominator) > LARGEST_BITS) throw tooLarge();
  return { numerator, denominator, exponent };
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

function tooLarge(): UndecidedError {
  return new UndecidedError('an exact value has too many digits', true);
}
