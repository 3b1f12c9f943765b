import { UndecidedError, type Arithmetic, type ElementaryName, type ValueAndSlope } from './arithmetic';
import { dyadicOf } from './dyadic';
import { FUNCTION_ERROR, cosSinPoint, expPoint, integerSqrt, logPoint } from './fixedPoint';

/** All reals within `radius` of `middle`, both in units of 2^-p of the arithmetic that made it. */
export interface Ball {
  readonly middle: bigint;
  readonly radius: bigint;
}

/** Bits that tanh, sigmoid and softplus carry beyond p, so that their few roundings stay below one ulp. */
const GUARD = 8;

/**
 * Ball arithmetic in fixed point with p fractional bits. The result of every operation contains the exact result for
 * every choice of numbers in the operands (the inclusion property); comments give the bound.
 */
export class BallArithmetic implements Arithmetic<Ball> {
  readonly zero: Ball = { middle: 0n, radius: 0n };
  readonly one: Ball;
  private readonly shift: bigint;
  private readonly unit: bigint;

  constructor(readonly bits: number) {
    this.shift = BigInt(bits);
    this.unit = 1n << this.shift;
    this.one = { middle: this.unit, radius: 0n };
  }

  fromFloat(value: number): Ball {
    const { mantissa, exponent } = dyadicOf(value);
    const shift = exponent + this.bits;
    if (shift >= 0) return { middle: mantissa << BigInt(shift), radius: 0n };
    return { middle: mantissa >> BigInt(-shift), radius: 1n };
  }

  add(a: Ball, b: Ball): Ball {
    return { middle: a.middle + b.middle, radius: a.radius + b.radius };
  }

  subtract(a: Ball, b: Ball): Ball {
    return { middle: a.middle - b.middle, radius: a.radius + b.radius };
  }

  negate(a: Ball): Ball {
    return { middle: -a.middle, radius: a.radius };
  }

  /** |xy − ab| ≤ |a|·ρ_b + |b|·ρ_a + ρ_a ρ_b, and the shifts of product and radius lose less than 1 ulp each. */
  multiply(a: Ball, b: Ball): Ball {
    const product = a.middle * b.middle;
    const middle = product >> this.shift;
    if (a.radius === 0n && b.radius === 0n) {
      return { middle, radius: BigInt.asUintN(this.bits, product) === 0n ? 0n : 1n };
    }
    const spread = (absolute(a.middle) + a.radius) * b.radius + absolute(b.middle) * a.radius;
    return { middle, radius: spread === 0n ? 0n : (spread >> this.shift) + 2n };
  }

  /** |x/y − a/b| ≤ (ρ_a + |a/b|·ρ_b) / (|b| − ρ_b); |a/b| is at most one ulp above the truncated quotient. */
  divide(a: Ball, b: Ball): Ball {
    const size = absolute(b.middle) - b.radius;
    if (size <= 0n) throw new UndecidedError('a divisor cannot be told from 0', b.middle === 0n && b.radius === 0n);
    const numerator = a.middle << this.shift;
    const middle = numerator / b.middle;
    if (a.radius === 0n && b.radius === 0n) return { middle, radius: middle * b.middle === numerator ? 0n : 1n };
    return { middle, radius: ((a.radius << this.shift) + (absolute(middle) + 1n) * b.radius) / size + 2n };
  }

  sign(a: Ball): -1 | 0 | 1 | undefined {
    if (absolute(a.middle) > a.radius) return a.middle > 0n ? 1 : -1;
    return a.radius === 0n ? 0 : undefined;
  }

  apply(name: ElementaryName, a: Ball): ValueAndSlope<Ball> {
    switch (name) {
      case 'tanh': {
        const value = this.tanh(a);
        return { value, slope: this.subtract(this.one, this.multiply(value, value)) };
      }
      case 'sigmoid': {
        const value = this.sigmoid(a, this.decay(a));
        return { value, slope: this.multiply(value, this.subtract(this.one, value)) };
      }
      case 'exp': {
        const value = this.exp(a);
        return { value, slope: value };
      }
      case 'softplus': {
        const decay = this.decay(a);
        return { value: this.softplus(a, decay), slope: this.sigmoid(a, decay) };
      }
      case 'sin': {
        const { cos, sin } = this.cosSin(a);
        return { value: sin, slope: cos };
      }
      case 'cos': {
        const { cos, sin } = this.cosSin(a);
        return { value: cos, slope: this.negate(sin) };
      }
      case 'log':
        return { value: this.log(a), slope: this.divide(this.one, a) };
      case 'sqrt': {
        const value = this.sqrt(a);
        return { value, slope: this.divide(this.one, this.add(value, value)) };
      }
      case 'square':
        return { value: this.multiply(a, a), slope: this.add(a, a) };
      case 'abs':
      case 'relu':
        return this.piecewise(name, a);
    }
  }

  /** |e^x − e^a| ≤ e^a (e^ρ − 1) ≤ 2 ρ e^a for ρ < 1. */
  exp(a: Ball): Ball {
    if (a.middle === 0n && a.radius === 0n) return this.one;
    if (a.radius >= this.unit) throw new UndecidedError('the argument of exp is not known well enough', false);
    const middle = this.limited(() => expPoint(a.middle, this.bits));
    return { middle, radius: FUNCTION_ERROR + ceilShift(2n * (middle + FUNCTION_ERROR) * a.radius, this.shift) };
  }

  /**
   * (1 − u) / (1 + u) with u = e^(−2|z|). With 8 more bits u errs by 2 ulps, the quotient by 2·2 + 1, that is less than
   * 2 ulps of p bits after the last shift. |tanh′| ≤ 1 carries the radius over.
   */
  tanh(a: Ball): Ball {
    if (a.middle === 0n) return a;
    const bits = this.bits + GUARD;
    const one = 1n << BigInt(bits);
    const u = expPoint(-2n * (absolute(a.middle) << BigInt(GUARD)), bits);
    const size = (((one - u) << BigInt(bits)) / (one + u)) >> BigInt(GUARD);
    return { middle: a.middle < 0n ? -size : size, radius: a.radius + 2n };
  }

  /** 1 / (1 + u) or u / (1 + u): quotients err by at most 2 + 1 ulps of 8 more bits; |sigmoid′| ≤ 1/4 ≤ 1. */
  private sigmoid(a: Ball, u: bigint): Ball {
    const bits = BigInt(this.bits + GUARD);
    const one = 1n << bits;
    const middle = (((a.middle < 0n ? u : one) << bits) / (one + u)) >> BigInt(GUARD);
    return { middle, radius: a.radius + 2n };
  }

  /** max(z, 0) + log(1 + u): the logarithm errs by at most 2 + 2 ulps of 8 more bits; |softplus′| ≤ 1. */
  private softplus(a: Ball, u: bigint): Ball {
    const bits = this.bits + GUARD;
    const logarithm = logPoint((1n << BigInt(bits)) + u, bits) >> BigInt(GUARD);
    return { middle: (a.middle > 0n ? a.middle : 0n) + logarithm, radius: a.radius + 2n };
  }

  /** e^(−|middle|) with 8 more bits, within 2 ulps of those. */
  private decay(a: Ball): bigint {
    return expPoint(-(absolute(a.middle) << BigInt(GUARD)), this.bits + GUARD);
  }

  /** |log x − log a| ≤ ρ / (a − ρ). */
  log(a: Ball): Ball {
    const least = a.middle - a.radius;
    if (least <= 0n) throw new UndecidedError('the argument of log cannot be told to be positive', a.middle + a.radius <= 0n);
    const spread = a.radius === 0n ? 0n : (a.radius << this.shift) / least + 1n;
    return { middle: logPoint(a.middle, this.bits), radius: FUNCTION_ERROR + spread };
  }

  /** |√x − √a| = |x − a| / (√x + √a) ≤ ρ / √a, with √a at least the truncated root. */
  sqrt(a: Ball): Ball {
    if (a.middle === 0n && a.radius === 0n) return this.zero;
    if (a.middle - a.radius <= 0n)
      throw new UndecidedError('the argument of sqrt cannot be told to be positive', a.middle + a.radius < 0n);
    const shifted = a.middle << this.shift;
    const middle = integerSqrt(shifted);
    if (a.radius === 0n) return { middle, radius: middle * middle === shifted ? 0n : 1n };
    return { middle, radius: (a.radius << this.shift) / middle + 2n };
  }

  /** |cos′|, |sin′| ≤ 1. */
  cosSin(a: Ball): { cos: Ball; sin: Ball } {
    if (a.middle === 0n && a.radius === 0n) return { cos: this.one, sin: this.zero };
    const { cos, sin } = cosSinPoint(a.middle, this.bits);
    const radius = a.radius + FUNCTION_ERROR;
    return { cos: { middle: cos, radius }, sin: { middle: sin, radius } };
  }

  private piecewise(name: 'abs' | 'relu', a: Ball): ValueAndSlope<Ball> {
    const sign = this.sign(a);
    if (sign === undefined) throw new UndecidedError(`the sign of the argument of ${name} cannot be told`, false);
    if (sign > 0) return { value: a, slope: this.one };
    if (name === 'relu' || sign === 0) return { value: this.zero, slope: this.zero };
    return { value: this.negate(a), slope: this.negate(this.one) };
  }

  private limited(compute: () => bigint): bigint {
    try {
      return compute();
    } catch (error) {
      if (error instanceof RangeError) throw new UndecidedError(error.message, true);
      throw error;
    }
  }
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function ceilShift(value: bigint, shift: bigint): bigint {
  return -(-value >> shift);
}
