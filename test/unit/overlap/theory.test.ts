import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { activationFunction } from '../../../src/engine/models/activation';
import { CANDIDATES, candidatesAtTwoPoints } from '../../../src/engine/theory/overlap/candidates';
import { CLOSED_RATIO_INTEGRALS, invariantDifference, quadratureOf } from '../../../src/engine/theory/overlap/invariant';
import { limitingSlope, neuronResidual, sampleThrough } from '../../../src/engine/theory/overlap/neuron';
import { exponentialSample, recipeA } from '../../../src/engine/theory/overlap/recipe';

describe('the invariant of one neuron', () => {
  test('closed integrals of σ/σ′ agree with quadrature', () => {
    for (const name of ['sigmoid', 'exp', 'tanh'] as const) {
      const quadrature = quadratureOf(activationFunction(name));
      fc.assert(
        fc.property(fc.double({ min: -6, max: 6, noNaN: true }), fc.double({ min: -6, max: 6, noNaN: true }), (z0, z1) => {
          const closed = CLOSED_RATIO_INTEGRALS[name]!(z0, z1);
          // Either is exact to rounding, relative to the integrand's size.
          const { value, first } = activationFunction(name);
          const size = Math.max(Math.abs(value(z0) / first(z0)), Math.abs(value(z1) / first(z1)), 1) * (1 + Math.abs(z1 - z0));
          expect(Math.abs(quadrature(z0, z1) - closed)).toBeLessThan(2e-14 * size);
        }),
      );
    }
  });

  test('the sigmoid has a²/2 − w/x − e^{xw}/x²', () => {
    const paper = (w: number, a: number, x: number) => (a * a) / 2 - w / x - Math.exp(x * w) / (x * x);
    const difference = invariantDifference(
      CLOSED_RATIO_INTEGRALS.sigmoid!,
      { w: [0.4], a: 1.3 },
      { w: [-0.7], a: 2.1 },
      { x: [1.7], y: 0 },
    );
    expect(difference).toBeCloseTo(paper(0.4, 1.3, 1.7) - paper(-0.7, 2.1, 1.7), 13);
  });
});

test('limiting slopes of the one-point example with softplus, as printed', () => {
  const softplus = activationFunction('softplus');
  const end = { w: [0.3], a: -1 };
  const printed = [-2.40785, -1.48728, -1.09488, -0.87857];
  const labels = [-0.787191725, -0.854355244, -0.925036994, -0.999162736];
  [0.6, 1, 1.4, 1.8].forEach((x, i) => {
    const sample = sampleThrough(softplus, [x], end);
    expect(limitingSlope(softplus, end, sample)).toBeCloseTo(printed[i], 5);
    expect(sample.y).toBeCloseTo(labels[i], 9);
  });
  // Limiting directions of length 1: every two are independent, the closest ones by a determinant of 0.110.
  const directions = printed.map((slope) => [1, slope].map((each) => each / Math.hypot(1, slope)));
  const determinants = directions.flatMap((p, i) => directions.slice(i + 1).map((q) => Math.abs(p[0] * q[1] - p[1] * q[0])));
  expect(Math.min(...determinants)).toBeCloseTo(0.11, 3);
});

describe('recipe A', () => {
  test('the building block has the published check', () => {
    const sample = exponentialSample({ w: [0.5, -0.2], a: 1.3 }, { w: [1.1, 0.4], a: 2 });
    expect(sample.x[0]).toBeCloseTo(0.519481, 6);
    expect(sample.x[1]).toBeCloseTo(0.519481, 6);
    expect(sample.y).toBeCloseTo(4.359546158172576, 12);
  });

  test('what cannot be is refused: a² the same, a of other sign, w the same', () => {
    const start = { w: [0.5], a: 1.3 };
    expect(() => exponentialSample(start, { w: [1], a: -1.3 })).toThrow('same square');
    expect(() => exponentialSample(start, { w: [1], a: -2 })).toThrow('sign');
    expect(() => exponentialSample(start, { w: [0.5], a: 2 })).toThrow('w must change');
  });

  test('σ is C² and positive, and both limits lie on both zero-loss sets', () => {
    const start = { w: [0.5, -0.2], a: 1.3 };
    const first = { w: [1.1, 0.4], a: 2 };
    const second = { w: [1, -1.2], a: 1.8 };
    const { activation, samples } = recipeA(start, first, second);
    for (const point of [first, second])
      for (const sample of samples) expect(Math.abs(neuronResidual(activation, point, sample))).toBeLessThan(1e-13 * sample.y);
    const h = 1e-5;
    for (let z = -6; z < 6; z += 0.0371) {
      const { value, first: slope, second: bend } = activation;
      expect(value(z)).toBeGreaterThan(0);
      const size = Math.abs(value(z)) + Math.abs(slope(z)) + Math.abs(bend(z));
      expect(Math.abs((value(z + h) - value(z - h)) / (2 * h) - slope(z))).toBeLessThan(1e-6 * size + 1e-6);
      expect(Math.abs((slope(z + h) - slope(z - h)) / (2 * h) - bend(z))).toBeLessThan(1e-3 * size + 1e-3);
    }
  });
});

test('gradients of the candidates for G against differences', () => {
  const number = fc.double({ min: 0.1, max: 2, noNaN: true });
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 4 }), number, fc.integer({ min: 0, max: 4 }), (w, a, at) => {
      const start = { w: w.map((entry) => entry - 0.7), a: a + 0.4 };
      const j = at % (w.length + 1);
      const h = 1e-6;
      const shifted = (by: number) => ({ w: w.map((entry, i) => entry + (i === j ? by : 0)), a: a + (j === w.length ? by : 0) });
      for (const { name, value, gradient } of CANDIDATES) {
        const difference = (value(shifted(h), start) - value(shifted(-h), start)) / (2 * h);
        const left = (value(shifted(0), start) - value(shifted(-h), start)) / h;
        // Skips kinks: there the one-sided differences disagree.
        if (Math.abs(left - difference) > 1e-4) continue;
        expect(Math.abs(gradient({ w, a }, start)[j] - difference), name).toBeLessThan(1e-5);
      }
    }),
  );
});

test('each named candidate satisfies at most one of the two inequalities, as published for four of them', () => {
  const table = candidatesAtTwoPoints(
    { w: [0.07998706330032], a: 1.92312828854282 },
    { w: [0.9162463865588], a: 1.40001773851945 },
    { w: [0.91673203], a: 2.86488625 },
  );
  for (const { holds } of table) expect(holds[0] && holds[1]).toBe(false);
  const values = (name: string) => table.find((row) => row.name.startsWith(name))!.values.map((value) => value.toFixed(4));
  expect(values('L2 norm')).toEqual(['1.9248', '1.6732']);
  expect(values('distance')).toEqual(['1.2598', '1.4649']);
  expect(values('L1 norm')).toEqual(['2.0031', '2.3163']);
  expect(values('output weight')).toEqual(['1.9231', '1.4000']);
});
