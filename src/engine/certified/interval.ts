import { UndecidedError, type Arithmetic, type ElementaryName, type ValueAndSlope } from './arithmetic';
import { bitLength, dyadicOf } from './dyadic';
import { integerSqrt } from './fixedPoint';

/** All reals between two bounds, in units of 2^-p of the arithmetic that made them. */
export interface Interval {
  readonly lower: bigint;
  readonly upper: bigint;
}

/** Bits beyond p with which a function is summed up before it is rounded outwards. */
const GUARD = 64;
const LARGEST_EXPONENT = 200_000n;

/**
 * Interval arithmetic in fixed point: bounds rounded outwards at every step. It is what certificates are verified with,
 * so it shares neither the representation nor the series, argument reductions and error analysis of `BallArithmetic`:
 * functions are Taylor sums and repeated squaring or doubling, done in intervals from the first operation on.
 */
export class IntervalArithmetic implements Arithmetic<Interval> {
  readonly zero: Interval = { lower: 0n, upper: 0n };
  readonly one: Interval;
  private readonly shift: bigint;

  constructor(readonly bits: number) {
    this.shift = BigInt(bits);
    this.one = point(1n << this.shift);
  }

  fromFloat(value: number): Interval {
    const { mantissa, exponent } = dyadicOf(value);
    return this.fromDyadic(mantissa, exponent);
  }

  add(a: Interval, b: Interval): Interval {
    return { lower: a.lower + b.lower, upper: a.upper + b.upper };
  }

  subtract(a: Interval, b: Interval): Interval {
    return { lower: a.lower - b.upper, upper: a.upper - b.lower };
  }

  negate(a: Interval): Interval {
    return { lower: -a.upper, upper: -a.lower };
  }

  multiply(a: Interval, b: Interval): Interval {
    if (a.lower === a.upper && b.lower === b.upper) return this.rounded(a.lower * b.lower, a.lower * b.lower);
    if (a.lower >= 0n) {
      if (b.lower >= 0n) return this.rounded(a.lower * b.lower, a.upper * b.upper);
      if (b.upper <= 0n) return this.rounded(a.upper * b.lower, a.lower * b.upper);
      return this.rounded(a.upper * b.lower, a.upper * b.upper);
    }
    if (a.upper <= 0n) return this.negate(this.multiply(this.negate(a), b));
    if (b.lower >= 0n || b.upper <= 0n) return this.multiply(b, a);
    return this.rounded(smaller(a.lower * b.upper, a.upper * b.lower), larger(a.lower * b.lower, a.upper * b.upper));
  }

  divide(a: Interval, b: Interval): Interval {
    if (b.upper < 0n) return this.divide(this.negate(a), this.negate(b));
    if (b.lower <= 0n) throw new UndecidedError('a divisor cannot be told from 0', b.lower === 0n && b.upper === 0n);
    const lower = a.lower << this.shift;
    const upper = a.upper << this.shift;
    return {
      lower: floorDivide(lower, lower >= 0n ? b.upper : b.lower),
      upper: -floorDivide(-upper, upper >= 0n ? b.lower : b.upper),
    };
  }

  sign(a: Interval): -1 | 0 | 1 | undefined {
    if (a.lower > 0n) return 1;
    if (a.upper < 0n) return -1;
    return a.lower === 0n && a.upper === 0n ? 0 : undefined;
  }

  apply(name: ElementaryName, a: Interval): ValueAndSlope<Interval> {
    switch (name) {
      case 'tanh': {
        const value = this.monotone(a, (x) => this.tanhAt(x));
        return { value, slope: this.multiply(this.subtract(this.one, value), this.add(this.one, value)) };
      }
      case 'sigmoid': {
        const value = this.monotone(a, (x) => this.sigmoidAt(x));
        return {
          value,
          slope: this.multiply(
            value,
            this.monotone(this.negate(a), (x) => this.sigmoidAt(x)),
          ),
        };
      }
      case 'exp': {
        const value = this.monotone(a, (x) => this.expAt(x));
        return { value, slope: value };
      }
      case 'softplus':
        return { value: this.monotone(a, (x) => this.softplusAt(x)), slope: this.monotone(a, (x) => this.sigmoidAt(x)) };
      case 'sin': {
        const { cos, sin } = this.cosSin(a);
        return { value: sin, slope: cos };
      }
      case 'cos': {
        const { cos, sin } = this.cosSin(a);
        return { value: cos, slope: this.negate(sin) };
      }
      case 'log':
        if (a.lower <= 0n) throw new UndecidedError('the argument of log cannot be told to be positive', a.upper <= 0n);
        return { value: this.monotone(a, (x) => this.logAt(x)), slope: this.divide(this.one, a) };
      case 'sqrt': {
        if (a.lower < 0n) throw new UndecidedError('the argument of sqrt cannot be told to be positive', a.upper < 0n);
        const value = this.monotone(a, (x) => this.sqrtAt(x));
        return { value, slope: this.divide(this.one, this.add(value, value)) };
      }
      case 'square':
        return { value: this.multiply(a, a), slope: this.add(a, a) };
      case 'abs':
      case 'relu': {
        const sign = this.sign(a);
        if (sign === undefined) throw new UndecidedError(`the sign of the argument of ${name} cannot be told`, false);
        if (sign > 0) return { value: a, slope: this.one };
        if (name === 'relu' || sign === 0) return { value: this.zero, slope: this.zero };
        return { value: this.negate(a), slope: this.negate(this.one) };
      }
    }
  }

  /** Taylor sum of e^(x/2^s), remainder included, and s squarings. */
  private expAt(x: bigint): Interval {
    if (x === 0n) return this.one;
    if (x > LARGEST_EXPONENT << this.shift)
      throw new UndecidedError('exp of this argument is too large to be computed with.', true);
    if (x < -(this.shift + 2n) << this.shift) return { lower: 0n, upper: 1n };
    const s = Math.max(0, bitLength(x) - this.bits) + 12;
    const growth = x > 0n ? Math.ceil(1.45 * (Number(x >> this.shift) + 1)) : 0;
    const fine = new IntervalArithmetic(this.bits + s + growth + GUARD);
    // |t| < 2^-12, exactly: the finer arithmetic has more than s bits beyond p.
    const t = point((x << BigInt(fine.bits - this.bits)) >> BigInt(s));
    let sum = fine.one;
    let term = fine.one;
    for (let k = 1n; ; k++) {
      term = fine.over(fine.multiply(term, t), k);
      sum = fine.add(sum, term);
      const size = larger(magnitude(term), 1n);
      // The tail is below the last term, by a factor 2^-11 at least.
      if (size <= 1n) {
        sum = { lower: sum.lower - 1n, upper: sum.upper + 1n };
        break;
      }
    }
    for (let i = 0; i < s; i++) sum = fine.multiply(sum, sum);
    return this.coarser(sum, fine);
  }

  private tanhAt(x: bigint): Interval {
    const u = this.expAt(x > 0n ? -2n * x : 2n * x);
    const size = this.divide(this.subtract(this.one, u), this.add(this.one, u));
    return x < 0n ? this.negate(size) : size;
  }

  private sigmoidAt(x: bigint): Interval {
    const u = this.expAt(x > 0n ? -x : x);
    return this.divide(x > 0n ? this.one : u, this.add(this.one, u));
  }

  private softplusAt(x: bigint): Interval {
    const logarithm = this.monotone(this.add(this.one, this.expAt(x > 0n ? -x : x)), (y) => this.logAt(y));
    return x > 0n ? this.add(point(x), logarithm) : logarithm;
  }

  private sqrtAt(x: bigint): Interval {
    const root = integerSqrt(x << this.shift);
    return { lower: root, upper: root * root === x << this.shift ? root : root + 1n };
  }

  /** Newton's iteration for e^L = x; then log x = L + log(x e^-L) with δ − δ² ≤ log(1 + δ) ≤ δ for |δ| ≤ 1/2. */
  private logAt(x: bigint): Interval {
    const fine = new IntervalArithmetic(this.bits + GUARD);
    const y = x << BigInt(GUARD);
    // log 2 lies between 0.69 and 0.7: a start within a few percent, or within 1 for x near 1.
    let guess = (BigInt(2 * (bitLength(x) - this.bits) - 1) * 347n * fine.one.lower) / 1000n;
    for (let step = 0; step < 10_000; step++) {
      const ratio = fine.multiply(point(y), fine.expAt(-guess));
      const delta = fine.subtract(ratio, fine.one);
      const middle = (delta.lower + delta.upper) >> 1n;
      if (magnitude(delta) <= fine.one.lower >> 1n) {
        const square = fine.multiply(delta, delta);
        if (square.upper <= 4n) {
          return this.coarser({ lower: guess + delta.lower - square.upper, upper: guess + delta.upper }, fine);
        }
      }
      // Far from the root the step is bounded, so that the iteration cannot run away.
      guess += middle > fine.one.lower ? fine.one.lower : middle;
    }
    throw new UndecidedError('the logarithm did not converge', true);
  }

  /** Taylor sums at x/2^s and s doublings of the angle, about the middle; |cos′|, |sin′| ≤ 1 carry the width over. */
  private cosSin(a: Interval): { cos: Interval; sin: Interval } {
    if (a.lower === 0n && a.upper === 0n) return { cos: this.one, sin: this.zero };
    const middle = (a.lower + a.upper) >> 1n;
    const width = larger(a.upper - middle, middle - a.lower);
    const s = Math.max(0, bitLength(middle) - this.bits) + 8;
    const fine = new IntervalArithmetic(this.bits + 2 * s + GUARD);
    const t = point((middle << BigInt(fine.bits - this.bits)) >> BigInt(s));
    let cos = fine.one;
    let sin: Interval = t;
    let term: Interval = t;
    for (let k = 2n; ; k++) {
      term = fine.over(fine.multiply(term, t), k);
      const size = magnitude(term);
      if (k % 2n === 0n) cos = k % 4n === 0n ? fine.add(cos, term) : fine.subtract(cos, term);
      else sin = k % 4n === 1n ? fine.add(sin, term) : fine.subtract(sin, term);
      if (size <= 1n) break;
    }
    cos = { lower: cos.lower - 1n, upper: cos.upper + 1n };
    sin = { lower: sin.lower - 1n, upper: sin.upper + 1n };
    for (let i = 0; i < s; i++) {
      const product = fine.multiply(sin, cos);
      const square = fine.multiply(sin, sin);
      cos = fine.subtract(fine.one, fine.add(square, square));
      sin = fine.add(product, product);
    }
    const wider = (value: Interval) => {
      const { lower, upper } = this.coarser(value, fine);
      return { lower: lower - width, upper: upper + width };
    };
    return { cos: wider(cos), sin: wider(sin) };
  }

  private monotone(a: Interval, at: (x: bigint) => Interval): Interval {
    const lower = at(a.lower);
    return a.lower === a.upper ? lower : { lower: lower.lower, upper: at(a.upper).upper };
  }

  private rounded(lower: bigint, upper: bigint): Interval {
    return { lower: lower >> this.shift, upper: -(-upper >> this.shift) };
  }

  private over(a: Interval, divisor: bigint): Interval {
    return { lower: floorDivide(a.lower, divisor), upper: -floorDivide(-a.upper, divisor) };
  }

  private coarser(a: Interval, fine: IntervalArithmetic): Interval {
    const shift = BigInt(fine.bits - this.bits);
    return { lower: a.lower >> shift, upper: -(-a.upper >> shift) };
  }

  private fromDyadic(mantissa: bigint, exponent: number): Interval {
    const shift = exponent + this.bits;
    if (shift >= 0) return point(mantissa << BigInt(shift));
    const lower = mantissa >> BigInt(-shift);
    return { lower, upper: lower + 1n };
  }
}

function point(x: bigint): Interval {
  return { lower: x, upper: x };
}

function magnitude(a: Interval): bigint {
  return larger(a.upper < 0n ? -a.upper : a.upper, a.lower < 0n ? -a.lower : a.lower);
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

/** Rounds towards −∞; the divisor is positive. */
function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}
