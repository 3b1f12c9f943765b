import { UndecidedError, type Arithmetic, type ElementaryName, type ValueAndSlope } from '../arithmetic';
import { bitLength } from '../dyadic';
import { RationalArithmetic, type Rational } from '../rational';

/** Coefficients by monomial. A monomial is the sorted list of its atoms, each as often as its power; '' is 1. */
export type Polynomial = ReadonlyMap<string, Rational>;

const rationals = new RationalArithmetic();
const ODD: ReadonlySet<ElementaryName> = new Set(['tanh', 'sin']);

/**
 * Polynomials with rational coefficients in atoms: the inputs, and every function of a polynomial that is none itself,
 * such as tanh(2 x1 + 3). Equal functions get equal atoms, opposite arguments are brought to one sign, and derivatives
 * of atoms are polynomials in atoms again. So equal polynomials are equal functions, and linear relations between
 * polynomials hold between functions (the converse may fail: different polynomials can be the same function).
 */
export class SymbolicArithmetic implements Arithmetic<Polynomial> {
  readonly zero: Polynomial = new Map();
  readonly one: Polynomial = new Map([['', rationals.one]]);
  private readonly atoms = new Map<string, number>();
  /** Ids of atoms that are functions of constants, such as tanh(2). */
  private readonly constants = new Set<string>();
  private work: number;

  /** @param work products of short monomials after which it gives up with an `UndecidedError`; long ones count more. */
  constructor(work: number) {
    this.work = work;
  }

  input(index: number): Polynomial {
    return this.atom(`x${index}`);
  }

  fromFloat(value: number): Polynomial {
    return value === 0 ? this.zero : new Map([['', rationals.fromFloat(value)]]);
  }

  add(a: Polynomial, b: Polynomial): Polynomial {
    if (a.size < b.size) return this.add(b, a);
    this.spend(a.size);
    const sum = new Map(a);
    for (const [monomial, coefficient] of b) accumulate(sum, monomial, coefficient);
    return sum;
  }

  subtract(a: Polynomial, b: Polynomial): Polynomial {
    return this.add(a, this.negate(b));
  }

  negate(a: Polynomial): Polynomial {
    return new Map([...a].map(([monomial, coefficient]) => [monomial, rationals.negate(coefficient)]));
  }

  multiply(a: Polynomial, b: Polynomial): Polynomial {
    const product = new Map<string, Rational>();
    for (const [left, first] of a) {
      for (const [right, second] of b) {
        const monomial = joined(left, right);
        const coefficient = rationals.multiply(first, second);
        this.spend(workOf(monomial, coefficient));
        accumulate(product, monomial, coefficient);
      }
    }
    return product;
  }

  divide(a: Polynomial, b: Polynomial): Polynomial {
    return this.multiply(a, this.reciprocal(b));
  }

  sign(a: Polynomial): -1 | 0 | 1 | undefined {
    const constant = constantOf(a);
    return constant === undefined ? undefined : rationals.sign(constant);
  }

  apply(name: ElementaryName, a: Polynomial): ValueAndSlope<Polynomial> {
    if (name === 'square') return { value: this.multiply(a, a), slope: this.add(a, a) };
    if (a.size === 0) return this.atZero(name);
    const positive = leadsPositive(a);
    const u = positive ? a : this.negate(a);
    const constant = this.isConstant(a);
    switch (name) {
      case 'tanh': {
        const value = this.atom(`tanh(${this.key(u)})`, constant);
        return { value: positive ? value : this.negate(value), slope: this.subtract(this.one, this.multiply(value, value)) };
      }
      case 'sin':
      case 'cos': {
        const sin = this.atom(`sin(${this.key(u)})`, constant);
        const cos = this.atom(`cos(${this.key(u)})`, constant);
        const odd = positive ? sin : this.negate(sin);
        return name === 'sin' ? { value: odd, slope: cos } : { value: cos, slope: this.negate(odd) };
      }
      case 'sigmoid': {
        const half = this.atom(`sigmoid(${this.key(u)})`, constant);
        const other = this.subtract(this.one, half);
        return { value: positive ? half : other, slope: this.multiply(half, other) };
      }
      case 'softplus': {
        const value = this.atom(`softplus(${this.key(u)})`, constant);
        return { value: positive ? value : this.add(value, a), slope: this.apply('sigmoid', a).value };
      }
      case 'abs': {
        const sign = this.atom(`sign(${this.key(u)})`, constant);
        return { value: this.multiply(u, sign), slope: positive ? sign : this.negate(sign) };
      }
      case 'relu': {
        const step = this.atom(`step(${this.key(a)})`, constant);
        return { value: this.multiply(a, step), slope: step };
      }
      case 'exp': {
        const value = this.atom(`exp(${this.key(a)})`, constant);
        return { value, slope: value };
      }
      case 'log':
        return { value: this.atom(`log(${this.key(a)})`, constant), slope: this.reciprocal(a) };
      case 'sqrt': {
        const value = this.atom(`sqrt(${this.key(a)})`, constant);
        return { value, slope: this.multiply(this.fromFloat(0.5), this.multiply(value, this.reciprocal(a))) };
      }
    }
  }

  /** Whether the polynomial is the same number at all inputs; false may also mean that it is not known to be. */
  isConstant(a: Polynomial): boolean {
    return [...a.keys()].every((monomial) => monomial === '' || monomial.split('*').every((atom) => this.constants.has(atom)));
  }

  private atZero(name: ElementaryName): ValueAndSlope<Polynomial> {
    switch (name) {
      case 'exp':
        return { value: this.one, slope: this.one };
      case 'cos':
        return { value: this.one, slope: this.zero };
      case 'sigmoid':
        return { value: this.fromFloat(0.5), slope: this.fromFloat(0.25) };
      case 'softplus':
        return { value: this.atom('log(2)', true), slope: this.fromFloat(0.5) };
      case 'log':
      case 'sqrt':
        throw new UndecidedError(`${name} has no slope at 0`, true);
      default:
        return { value: this.zero, slope: ODD.has(name) ? this.one : this.zero };
    }
  }

  private reciprocal(a: Polynomial): Polynomial {
    if (a.size === 0) throw new UndecidedError('a divisor is 0', true);
    const constant = constantOf(a);
    if (constant !== undefined) return new Map([['', rationals.divide(rationals.one, constant)]]);
    const positive = leadsPositive(a);
    const atom = this.atom(`reciprocal(${this.key(positive ? a : this.negate(a))})`, this.isConstant(a));
    return positive ? atom : this.negate(atom);
  }

  private atom(name: string, constant = false): Polynomial {
    let id = this.atoms.get(name);
    if (id === undefined) {
      id = this.atoms.size;
      this.atoms.set(name, id);
      if (constant) this.constants.add(String(id));
    }
    return new Map([[String(id), rationals.one]]);
  }

  private key(a: Polynomial): string {
    this.spend(a.size);
    return sorted(a)
      .map(([monomial, { numerator, denominator, exponent }]) => `${monomial}:${numerator}/${denominator}p${exponent}`)
      .join();
  }

  private spend(amount: number): void {
    this.work -= amount;
    if (this.work < 0) throw new UndecidedError('the symbolic form is too large', true);
  }
}

/** What making a monomial costs, about in units of one of a few atoms with a coefficient as of float64: powers of powers are long. */
function workOf(monomial: string, { numerator, denominator }: Rational): number {
  return 1 + (monomial.length >> 2) + ((bitLength(numerator) + bitLength(denominator)) >> 7);
}

function accumulate(sum: Map<string, Rational>, monomial: string, coefficient: Rational): void {
  const before = sum.get(monomial);
  const after = before === undefined ? coefficient : rationals.add(before, coefficient);
  if (after.numerator === 0n) sum.delete(monomial);
  else sum.set(monomial, after);
}

function joined(left: string, right: string): string {
  if (left === '') return right;
  if (right === '') return left;
  return [...left.split('*'), ...right.split('*')].sort().join('*');
}

function sorted(a: Polynomial): [string, Rational][] {
  return [...a].sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
}

function leadsPositive(a: Polynomial): boolean {
  return sorted(a)[a.size - 1][1].numerator > 0n;
}

function constantOf(a: Polynomial): Rational | undefined {
  if (a.size === 0) return rationals.zero;
  return a.size === 1 ? a.get('') : undefined;
}
