import { describe, expect, it } from 'vitest';
import * as elementary from '../../../src/engine/numbers/elementary';
import { generator, logUniform } from './arguments';
import { LN2, ONE, decompose, divide, expFixed, fixed, logFixed, multiply, shift, sinCosFixed, ulpError } from './reference';

/** Random arguments for each function; ULP_SAMPLES=1000000 gives the figures quoted in the documentation. */
const SAMPLES = Number(process.env['ULP_SAMPLES'] ?? 6000);

/** True value as mantissa·2^exponent in fixed point. */
type Reference = (x: number) => { value: bigint; exponent?: number };

function worst(
  f: (x: number) => number,
  reference: Reference,
  draw: (random: () => number) => number,
  special: number[] = [],
): { ulp: number; at: number } {
  const random = generator(20260101);
  let ulp = 0;
  let at = NaN;
  const check = (x: number) => {
    const { value, exponent } = reference(x);
    const error = ulpError(f(x), value, exponent ?? 0);
    if (!(error <= ulp)) {
      ulp = error;
      at = x;
    }
  };
  special.forEach(check);
  for (let i = 0; i < SAMPLES; i++) check(draw(random));
  if (process.env['ULP_SAMPLES']) console.log(`${f.name}: ${ulp.toFixed(3)} ulp at ${at}`);
  return { ulp, at };
}

/** e^(factor·x), with the argument kept to BITS binary places. */
const expOf = (x: number, factor = 1n) => expFixed(factor * fixed(x));

/** (e^(2t) − 1)/(e^(2t) + 1); for small t scaled up so that relative accuracy stays. */
const tanhReference: Reference = (x) => {
  const t = Math.abs(x);
  const sign = x < 0 ? -1n : 1n;
  if (t > 40) return { value: sign * (ONE - (ONE >> 115n)) };
  const e = expFixed(2n * fixed(t));
  const whole = shift(e.value, e.exponent);
  return { value: sign * divide(whole - ONE, whole + ONE) };
};

const uniform = (low: number, high: number) => (random: () => number) => low + (high - low) * (random() + random() / 4294967296);
const mixed =
  (...draws: ((random: () => number) => number)[]) =>
  (random: () => number) =>
    draws[Math.floor(random() * draws.length)]!(random);
const around = (random: () => number) => logUniform(random, -60, 4);

describe('accuracy against fixed-point arithmetic', () => {
  it('exp is at most 1 ulp off, also where the result is subnormal', () => {
    const reference: Reference = (x) => expOf(x);
    const edges = [
      0, -0, 5e-324, 1e-300, 0.34657359, 0.3465736, -0.3465736, 709.782712893384, -708.3964185322641, -745.13, 1, -1,
    ];
    expect(worst(elementary.exp, reference, mixed(uniform(-708, 709.7), around), edges).ulp).toBeLessThan(1);
    expect(worst(elementary.exp, reference, uniform(-745, -708)).ulp).toBeLessThanOrEqual(1);
  });

  it('expm1 is at most 1.8 ulp off', () => {
    const reference: Reference = (x) => {
      const e = expOf(x);
      return { value: shift(e.value, e.exponent) - ONE };
    };
    expect(
      worst(
        elementary.expm1,
        reference,
        mixed(uniform(-40, 60), uniform(-1.5, 1.5), (r) => logUniform(r, -120, 2)),
        [0.34657359, -0.34657359, -1.0397, 39.9999, 40.0001],
      ).ulp,
    ).toBeLessThan(1.8);
  });

  it('log is at most 1 ulp off, also near 1 and for subnormal arguments', () => {
    const reference: Reference = (x) => {
      const { significand, exponent } = decompose(x);
      return { value: logFixed(significand, exponent) };
    };
    const draw = mixed(
      uniform(0.5, 2),
      (r) => logUniform(r, -1074, 1024, false),
      (r) => 1 + logUniform(r, -52, -1),
    );
    expect(
      worst(elementary.log, reference, draw, [
        5e-324,
        2.2250738585072014e-308,
        Number.MAX_VALUE,
        2,
        Math.SQRT2,
        Math.SQRT1_2,
        1 + 2 ** -52,
        1 - 2 ** -53,
      ]).ulp,
    ).toBeLessThan(1);
  });

  it('log1p is at most 1 ulp off', () => {
    const reference: Reference = (x) => ({ value: logFixed(ONE + fixed(x), -320) });
    const draw = mixed(
      uniform(-1, 3),
      (r) => logUniform(r, -100, 200, false),
      (r) => -logUniform(r, -100, -0.001, false) % 1,
    );
    expect(
      worst(elementary.log1p, reference, draw, [-0.29, 0.41, -1 + 2 ** -53, 2 ** -53, -(2 ** -53), 1e15, 1e17]).ulp,
    ).toBeLessThan(1.1);
  });

  it('tanh is at most 1.4 ulp off, and the training variant 2.5 ulp', () => {
    const draw = mixed(uniform(-3, 3), uniform(-22, 22), (r) => logUniform(r, -100, 3));
    const edges = [20, -20, 19.0615, 0.17328679, 0.1732868, 1e-8, 9.99e-9];
    expect(worst(elementary.tanh, tanhReference, draw, edges).ulp).toBeLessThan(1.4);
    expect(worst(elementary.tanhFast, tanhReference, draw, edges).ulp).toBeLessThanOrEqual(2.51);
  });

  it('sech2 is at most 1 ulp off, also where tanh is saturated', () => {
    const reference: Reference = (x) => {
      const q = expFixed(-2n * fixed(Math.abs(x)));
      const whole = ONE + shift(q.value, q.exponent);
      return { value: divide(divide(4n * q.value, whole), whole), exponent: q.exponent };
    };
    expect(
      worst(
        elementary.sech2,
        reference,
        mixed(uniform(-3, 3), uniform(-350, 350), around),
        [20, 20.0001, 0, 1e-9, 354, 370, 372.5],
      ).ulp,
    ).toBeLessThan(1);
  });

  it('sigmoid is at most 1 ulp and softplus 1.5 ulp off in both tails', () => {
    const sigmoid: Reference = (x) => {
      const q = expFixed(-fixed(Math.abs(x)));
      const whole = ONE + shift(q.value, q.exponent);
      return x >= 0 ? { value: divide(ONE, whole) } : { value: divide(q.value, whole), exponent: q.exponent };
    };
    const softplus: Reference = (x) => {
      const q = expFixed(-fixed(Math.abs(x)));
      // Beyond this the series log(1 + q) = q − q²/2 + … has two terms above 2^-200 relative.
      if (x < -70) return { value: q.value - shift(multiply(q.value, q.value), q.exponent) / 2n, exponent: q.exponent };
      return { value: (x > 0 ? fixed(x) : 0n) + logFixed(ONE + shift(q.value, q.exponent), -320) };
    };
    const draw = mixed(uniform(-4, 4), uniform(-60, 60), uniform(-740, 740), around);
    expect(worst(elementary.sigmoid, sigmoid, draw, [40, -40, 0, 1e-20]).ulp).toBeLessThanOrEqual(1);
    expect(worst(elementary.softplus, softplus, draw, [40, -40, 0, 1e-20]).ulp).toBeLessThan(1.5);
  });

  it('sin and cos are at most 1 ulp off from the smallest to the largest float64', () => {
    const sine: Reference = (x) => ({ value: sinCosFixed(x)[0] });
    const cosine: Reference = (x) => ({ value: sinCosFixed(x)[1] });
    const nearMultiple = (r: () => number) => Math.floor(r() * 600000) * (Math.PI / 2);
    const draw = mixed(
      uniform(-7, 7),
      uniform(-1e6, 1e6),
      (r) => logUniform(r, -60, 30),
      (r) => logUniform(r, 20, 1023),
      nearMultiple,
    );
    // 6381956970095103·2^797 is the float64 closest to a multiple of π/2.
    const edges = [
      6381956970095103 * 2 ** 797,
      Number.MAX_VALUE,
      1e22,
      Math.PI,
      Math.PI / 2,
      Math.PI / 4,
      0.75,
      -0.75,
      1e6,
      1e6 + 0.5,
      355,
      573204,
    ];
    expect(worst(elementary.sin, sine, draw, edges).ulp).toBeLessThan(1);
    expect(worst(elementary.cos, cosine, draw, edges).ulp).toBeLessThan(1);
  });

  it('pow is at most 1 ulp off over its whole range', () => {
    const random = generator(7);
    let worstError = 0;
    const check = (x: number, y: number) => {
      const { significand, exponent } = decompose(x);
      const l = logFixed(significand, exponent);
      const { significand: ys, exponent: ye } = decompose(y);
      const e = expFixed(shift(ys * l, ye));
      if (e.exponent > 1022 || e.exponent < -1021) return;
      worstError = Math.max(worstError, ulpError(elementary.pow(x, y), e.value, e.exponent));
    };
    for (let i = 0; i < SAMPLES; i++) {
      const x = random() < 0.5 ? logUniform(random, -1074, 1024, false) : 0.2 + 3 * random();
      check(x, Math.floor(130 * random()) - 65);
      check(x, (random() - 0.5) * 4);
      check(x, (1400 * (random() - 0.5)) / (Math.log(x) || 1));
      check(1 + logUniform(random, -50, -2), logUniform(random, 0, 40));
    }
    if (process.env['ULP_SAMPLES']) console.log(`pow: ${worstError.toFixed(3)} ulp`);
    expect(worstError).toBeLessThan(0.85);
  });
});

describe('special values', () => {
  const same = (got: number, expected: number) => expect(Object.is(got, expected), `${got} instead of ${expected}`).toBe(true);
  const specials = [0, -0, Infinity, -Infinity, NaN, 5e-324, -5e-324, Number.MAX_VALUE, -Number.MAX_VALUE, 1e-310, 1e-20, -1e-20];

  it('agree with those of Math, sign of zero included', () => {
    for (const x of [...specials, -1, -2]) {
      same(elementary.exp(x), Math.exp(x));
      same(elementary.expm1(x), Math.expm1(x));
      same(elementary.tanh(x), Math.tanh(x));
      same(
        elementary.sin(Math.abs(x) > 1e300 && Number.isFinite(x) ? 0 : x),
        Math.sin(Math.abs(x) > 1e300 && Number.isFinite(x) ? 0 : x),
      );
      same(elementary.cos(Math.abs(x) > 1e-5 ? NaN : x), Math.cos(Math.abs(x) > 1e-5 ? NaN : x));
    }
    for (const x of [0, -0, -1, -2, Infinity, -Infinity, NaN, 1]) same(elementary.log(x), Math.log(x));
    for (const x of [0, -0, -1, -2, Infinity, -Infinity, NaN, 5e-324]) same(elementary.log1p(x), Math.log1p(x));
  });

  it('tanhFast keeps sign, zero, saturation and NaN', () => {
    for (const x of [0, -0, Infinity, -Infinity, NaN, 50, -50]) same(elementary.tanhFast(x), Math.tanh(x));
    expect(elementary.tanhFast(5e-324)).toBe(5e-324);
    expect(elementary.tanhFast(-1e-310)).toBe(-1e-310);
  });

  it('sech2, sigmoid and softplus end where they should', () => {
    same(elementary.sech2(0), 1);
    same(elementary.sech2(Infinity), 0);
    same(elementary.sech2(-Infinity), 0);
    same(elementary.sech2(NaN), NaN);
    same(elementary.sigmoid(0), 0.5);
    same(elementary.sigmoid(-Infinity), 0);
    same(elementary.sigmoid(Infinity), 1);
    same(elementary.sigmoid(NaN), NaN);
    same(elementary.softplus(-Infinity), 0);
    same(elementary.softplus(Infinity), Infinity);
    same(elementary.softplus(NaN), NaN);
    same(elementary.sin(NaN), NaN);
    same(elementary.cos(Infinity), NaN);
  });

  it('pow follows ECMAScript', () => {
    const values = [
      0,
      -0,
      1,
      -1,
      2,
      -2,
      0.5,
      -0.5,
      3,
      -3,
      Infinity,
      -Infinity,
      NaN,
      1e300,
      -1e300,
      1e-300,
      2.5,
      1e17,
      2 ** 53 + 2,
    ];
    for (const x of values)
      for (const y of values) {
        const expected = x ** y;
        const got = elementary.pow(x, y);
        if (Number.isFinite(expected) && expected !== 0)
          expect(Math.abs(got - expected) / Math.abs(expected)).toBeLessThan(4e-16);
        else same(got, expected);
      }
  });

  it('pow is exact where the result is a float64', () => {
    for (let x = 1; x <= 40; x++) {
      for (let n = 1, exact = BigInt(x); exact < 1n << 53n && n <= 60; n++, exact *= BigInt(x)) {
        expect(elementary.pow(x, n)).toBe(Number(exact));
        expect(elementary.pow(-x, n)).toBe(n % 2 ? -Number(exact) : Number(exact));
        expect(elementary.pow(Number(exact), 1.5)).toBeCloseTo(Number(exact) * Math.sqrt(Number(exact)), -300);
      }
      expect(elementary.pow(x * x, 0.5)).toBe(x);
      expect(elementary.pow(x * x, 1.5)).toBe(x * x * x);
      expect(elementary.pow(x ** 4, -0.25) * x).toBeCloseTo(1, 15);
    }
    for (let n = -1074; n <= 1023; n++) expect(elementary.pow(2, n)).toBe(n >= -1022 ? 2 ** n : 5e-324 * 2 ** (n + 1074));
  });
});

describe('identities', () => {
  it('odd functions are odd and sech2 is even, bit for bit', () => {
    const random = generator(3);
    for (let i = 0; i < 5000; i++) {
      const x = logUniform(random, -60, 9);
      expect(elementary.tanh(-x)).toBe(-elementary.tanh(x));
      expect(elementary.tanhFast(-x)).toBe(-elementary.tanhFast(x));
      expect(elementary.sin(-x)).toBe(-elementary.sin(x));
      expect(elementary.cos(-x)).toBe(elementary.cos(x));
      expect(elementary.sech2(-x)).toBe(elementary.sech2(x));
    }
  });

  it('the fixed-point reference itself agrees with known digits', () => {
    // ln 2 = 0.693147180559945309417232121458176568…, e = 2.718281828459045235360287471352662497…
    expect((LN2 * 10n ** 30n) >> 320n).toBe(693147180559945309417232121458n);
    const e = expFixed(ONE);
    expect((shift(e.value, e.exponent) * 10n ** 30n) >> 320n).toBe(2718281828459045235360287471352n);
    expect((sinCosFixed(1)[0] * 10n ** 30n) >> 320n).toBe(841470984807896506652502321630n);
    expect(ulpError(1 + 2 ** -52, ONE)).toBe(1);
    expect(ulpError(1, ONE)).toBe(0);
  });
});
