/** A function and its derivative at the same argument: they share most of their work. */
export interface ValueAndSlope<T> {
  readonly value: T;
  readonly slope: T;
}

/** The functions of one argument that models are made of. Slopes of `relu` and `abs` at exactly 0 are 0, as in training. */
export const ELEMENTARY = ['tanh', 'sigmoid', 'exp', 'log', 'softplus', 'relu', 'sin', 'cos', 'sqrt', 'abs', 'square'] as const;
export type ElementaryName = (typeof ELEMENTARY)[number];

/**
 * Arithmetic in which every result encloses the true real number: fixed-point balls, fixed-point intervals, or exact
 * rationals. Tangent matrices are written once, for any of them.
 */
export interface Arithmetic<T> {
  readonly zero: T;
  readonly one: T;
  /** A float64 taken as the dyadic rational that it is. */
  fromFloat(value: number): T;
  add(a: T, b: T): T;
  subtract(a: T, b: T): T;
  negate(a: T): T;
  multiply(a: T, b: T): T;
  /** @throws UndecidedError when the divisor cannot be told from 0. */
  divide(a: T, b: T): T;
  /** -1, 0 (exactly zero) or 1; undefined when the enclosure does not tell. */
  sign(a: T): -1 | 0 | 1 | undefined;
  /** @throws UndecidedError outside the domain, or where the enclosure does not tell. */
  apply(name: ElementaryName, a: T): ValueAndSlope<T>;
}

/** What an enclosure could not decide. More bits may help when `hopeless` is false. */
export class UndecidedError extends Error {
  override readonly name = 'UndecidedError';
  constructor(
    message: string,
    readonly hopeless: boolean,
  ) {
    super(message);
  }
}

/** a^n for an integer n by repeated squaring, together with its slope n·a^(n−1). */
export function integerPower<T>(arithmetic: Arithmetic<T>, base: T, exponent: number): ValueAndSlope<T> {
  if (exponent === 0) return { value: arithmetic.one, slope: arithmetic.zero };
  const below = positivePower(arithmetic, base, Math.abs(exponent) - 1);
  const magnitude = arithmetic.multiply(below, base);
  if (exponent > 0) return { value: magnitude, slope: arithmetic.multiply(arithmetic.fromFloat(exponent), below) };
  const value = arithmetic.divide(arithmetic.one, magnitude);
  return { value, slope: arithmetic.multiply(arithmetic.fromFloat(exponent), arithmetic.divide(value, base)) };
}

function positivePower<T>(arithmetic: Arithmetic<T>, base: T, exponent: number): T {
  let result = arithmetic.one;
  let square = base;
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = result === arithmetic.one ? square : arithmetic.multiply(result, square);
    if (left > 1) square = arithmetic.multiply(square, square);
  }
  return result;
}
