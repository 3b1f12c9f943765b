import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ELEMENTARY, UndecidedError } from '../../../src/engine/certified/arithmetic';
import { BallArithmetic, type Ball } from '../../../src/engine/certified/ball';
import { halfPi, logTwo } from '../../../src/engine/certified/fixedPoint';
import { IntervalArithmetic, type Interval } from '../../../src/engine/certified/interval';
import { RationalArithmetic } from '../../../src/engine/certified/rational';
import table from './reference/elementary.json';
import { contains, decimalInterval, meets } from './support';

const P = 448;
const balls = new BallArithmetic(P);
const SMOOTH = ['tanh', 'sigmoid', 'exp', 'softplus', 'sin', 'cos', 'log', 'sqrt'] as const;

// To 150 digits, from tables.
const PI =
  '3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803482534211706798214808651328230664709384460955058223172535940812';
const LOG_2 =
  '0.69314718055994530941723212145817656807550013436025525412068000949339362196969471560586332699641868754200148102057068573368552023575813055703267075163';
const E =
  '2.71828182845904523536028747135266249775724709369995957496696762772407663035354759457138217852516642742746639193200305992181741359662904357290033429526';

describe('constants', () => {
  it('are right to 130 digits', () => {
    const within = (value: bigint, text: string) => {
      const { lower, upper } = decimalInterval(text, P);
      return value - 2n <= upper && value + 2n >= lower;
    };
    expect(within(2n * halfPi(P), PI)).toBe(true);
    expect(within(logTwo(P), LOG_2)).toBe(true);
    expect(meets(balls.exp(balls.one), P, decimalInterval(E, P), P)).toBe(true);
  });

  it('agree between precisions', () => {
    for (const bits of [64, 100, 448, 1000, 4000]) {
      expect(Math.abs(Number((logTwo(bits + 200) >> 200n) - logTwo(bits)))).toBeLessThanOrEqual(2);
      expect(Math.abs(Number((halfPi(bits + 200) >> 200n) - halfPi(bits)))).toBeLessThanOrEqual(2);
    }
  });
});

describe('functions of balls against 150 digits from Python', () => {
  for (const name of SMOOTH) {
    it(name, () => {
      let checked = 0;
      for (const row of table) {
        const text = (row as Record<string, unknown>)[name];
        if (typeof text !== 'string') continue;
        const { value } = balls.apply(name, balls.fromFloat(row.x));
        const truth = decimalInterval(text, P + 60);
        expect(meets(value, P, truth, P + 60), `${name}(${row.x})`).toBe(true);
        expect(value.radius, `radius of ${name}(${row.x})`).toBeLessThanOrEqual(4n);
        checked++;
      }
      expect(checked).toBeGreaterThanOrEqual(24);
    });
  }
});

/** Any float64 argument of moderate size, tiny and negative ones included. */
const argument = fc.oneof(
  fc.double({ min: -40, max: 40, noNaN: true }),
  fc.double({ min: -2, max: 2, noNaN: true }),
  fc.double({ min: -1e-12, max: 1e-12, noNaN: true }),
  fc.integer({ min: -30, max: 30 }),
);

describe('inclusion', () => {
  it('the true value lies in the ball, for every function at every precision', () => {
    fc.assert(
      fc.property(argument, fc.integer({ min: 30, max: 300 }), fc.constantFrom(...ELEMENTARY), (x, bits, name) => {
        const arithmetic = new BallArithmetic(bits);
        const reference = new IntervalArithmetic(bits + 1200);
        const x0 = name === 'log' || name === 'sqrt' ? Math.abs(x) + 1e-3 : x;
        let result;
        try {
          result = arithmetic.apply(name, arithmetic.fromFloat(x0));
        } catch (error) {
          // 30 bits cannot tell the sign of 1e-12.
          expect(error).toBeInstanceOf(UndecidedError);
          expect(['relu', 'abs']).toContain(name);
          return;
        }
        const truth = reference.apply(name, reference.fromFloat(x0));
        expect(contains(result.value, bits, truth.value, reference.bits)).toBe(true);
        expect(contains(result.slope, bits, truth.slope, reference.bits)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('f of a ball contains f of every number in it', () => {
    fc.assert(
      fc.property(
        argument,
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.constantFrom(...SMOOTH),
        (x, size, where, name) => {
          const bits = 100;
          const arithmetic = new BallArithmetic(bits);
          const reference = new IntervalArithmetic(400);
          const centre = arithmetic.fromFloat(name === 'log' || name === 'sqrt' ? Math.abs(x) + 0.01 : x);
          const wide: Ball = { middle: centre.middle, radius: centre.radius + (1n << BigInt(size)) };
          const offset = BigInt(Math.trunc(where * 2 ** size));
          const inside = (wide.middle + offset) << 300n;
          const truth = reference.apply(name, { lower: inside, upper: inside });
          const image = arithmetic.apply(name, wide);
          expect(contains(image.value, bits, truth.value, 400)).toBe(true);
          expect(contains(image.slope, bits, truth.slope, 400)).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('sums, differences, products and quotients contain the exact ones', () => {
    const rationals = new RationalArithmetic();
    const number = fc.oneof(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: -1e-9, max: 1e-9, noNaN: true }),
      fc.integer({ min: -9, max: 9 }),
    );
    fc.assert(
      fc.property(
        number,
        number,
        fc.integer({ min: 20, max: 200 }),
        fc.constantFrom('add', 'subtract', 'multiply', 'divide'),
        (a, b, bits, operation) => {
          const arithmetic = new BallArithmetic(bits);
          let ball: Ball;
          let interval: Interval;
          const intervals = new IntervalArithmetic(bits);
          try {
            ball = arithmetic[operation](arithmetic.fromFloat(a), arithmetic.fromFloat(b));
            interval = intervals[operation](intervals.fromFloat(a), intervals.fromFloat(b));
          } catch (error) {
            expect(error).toBeInstanceOf(UndecidedError);
            expect(operation).toBe('divide');
            return;
          }
          const { numerator, denominator, exponent } = rationals[operation](rationals.fromFloat(a), rationals.fromFloat(b));
          // numerator·2^(exponent+bits) against bound·denominator, all times 2^3000.
          const scaled = numerator << BigInt(exponent + bits + 3000);
          const side = (bound: bigint) => (bound * denominator) << 3000n;
          expect(side(ball.middle - ball.radius) <= scaled && scaled <= side(ball.middle + ball.radius)).toBe(true);
          expect(side(interval.lower) <= scaled && scaled <= side(interval.upper)).toBe(true);
        },
      ),
      { numRuns: 5000 },
    );
  });
});

describe('identities hold within the radii', () => {
  const overlap = (a: Ball, b: Ball) => {
    const distance = a.middle > b.middle ? a.middle - b.middle : b.middle - a.middle;
    return distance <= a.radius + b.radius;
  };

  it('exp(a + b) = exp(a) exp(b), sin² + cos² = 1, tanh(a + b), log exp, sqrt²', () => {
    const { one } = balls;
    fc.assert(
      fc.property(fc.double({ min: -20, max: 20, noNaN: true }), fc.double({ min: -20, max: 20, noNaN: true }), (x, y) => {
        const [a, b] = [balls.fromFloat(x), balls.fromFloat(y)];
        const sum = balls.add(a, b);
        expect(overlap(balls.exp(sum), balls.multiply(balls.exp(a), balls.exp(b)))).toBe(true);
        const { cos, sin } = balls.cosSin(a);
        expect(overlap(balls.add(balls.multiply(sin, sin), balls.multiply(cos, cos)), one)).toBe(true);
        const [s, t] = [balls.tanh(a), balls.tanh(b)];
        const denominator = balls.add(one, balls.multiply(s, t));
        expect(overlap(balls.multiply(balls.tanh(sum), denominator), balls.add(s, t))).toBe(true);
        expect(overlap(balls.log(balls.exp(a)), a)).toBe(true);
        const root = balls.sqrt(balls.exp(a));
        expect(overlap(balls.multiply(root, root), balls.exp(a))).toBe(true);
        const softplus = balls.apply('softplus', a).value;
        expect(overlap(balls.exp(softplus), balls.add(one, balls.exp(a)))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('what cannot be decided is said', () => {
  const wide: Ball = { middle: 5n, radius: 9n };

  it('divisors, signs and domains', () => {
    expect(() => balls.divide(balls.one, wide)).toThrow(UndecidedError);
    expect(() => balls.apply('log', wide)).toThrow(/positive/);
    expect(() => balls.apply('relu', wide)).toThrow(/sign/);
    expect(() => balls.apply('log', balls.fromFloat(-1))).toThrow(expect.objectContaining({ hopeless: true }));
    expect(() => balls.exp(balls.fromFloat(1e6))).toThrow(UndecidedError);
    expect(balls.sign(wide)).toBeUndefined();
    expect(balls.sign(balls.zero)).toBe(0);
  });

  it('relu and abs at exactly 0 have slope 0, as in training', () => {
    expect(balls.apply('relu', balls.zero).slope).toEqual(balls.zero);
    expect(balls.apply('abs', balls.zero).slope).toEqual(balls.zero);
  });
});
