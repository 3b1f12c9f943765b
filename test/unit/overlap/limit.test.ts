import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { activationFunction } from '../../../src/engine/models/activation';
import { neuronLimit, type NeuronActivation } from '../../../src/engine/overlap/limit';
import { NeuronAtInput } from '../../../src/engine/overlap/neuronModel';
import { refineStart, roundsTo } from '../../../src/engine/overlap/refine';
import { CLOSED_RATIO_INTEGRALS, quadratureOf } from '../../../src/engine/theory/overlap/invariant';
import { neuronResidual, sampleThrough, type SingleSample } from '../../../src/engine/theory/overlap/neuron';
import { exponentialSample, recipeA } from '../../../src/engine/theory/overlap/recipe';

const named = (name: 'sigmoid' | 'softplus' | 'exp' | 'tanh'): NeuronActivation => {
  const activation = activationFunction(name);
  return { activation, ratio: CLOSED_RATIO_INTEGRALS[name] ?? quadratureOf(activation) };
};

test('gradient, directional derivative and Hessian product of the neuron against differences', () => {
  const entry = fc.double({ min: -2, max: 2, noNaN: true });
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 4 }), fc.integer({ min: 0, max: 999 }), (x, seed) => {
      const model = new NeuronAtInput(activationFunction('softplus'), x);
      const n = x.length + 1;
      const parameters = Float64Array.from({ length: n }, (_, j) => Math.sin(seed + j));
      const direction = Float64Array.from({ length: n }, (_, j) => Math.cos(seed + 3 * j));
      const gradient = new Float64Array(n);
      const left = new Float64Array(n);
      const right = new Float64Array(n);
      const out = new Float64Array(n);
      const one = Float64Array.of(1);
      const at = (h: number) => parameters.map((value, j) => value + h * direction[j]);
      model.jacobian(at(1e-6), right);
      model.jacobian(at(-1e-6), left);
      model.weightedHessianProduct(parameters, one, direction, out);
      for (let j = 0; j < n; j++) expect(Math.abs((right[j] - left[j]) / 2e-6 - out[j])).toBeLessThan(1e-8);
      const value = new Float64Array(1);
      const before = new Float64Array(1);
      model.evaluate(at(1e-6), value);
      model.evaluate(at(-1e-6), before);
      model.directionalDerivative(parameters, direction, out);
      expect(Math.abs((value[0] - before[0]) / 2e-6 - out[0])).toBeLessThan(1e-8);
      model.jacobian(parameters, gradient);
      expect(gradient.reduce((sum, g, j) => sum + g * direction[j], 0)).toBeCloseTo(out[0], 12);
    }),
  );
});

describe('limits of gradient flows', () => {
  const samples: [SingleSample, SingleSample] = [
    { x: [1], y: 1 },
    { x: [12.307], y: 1.4 },
  ];

  test('the two-point sigmoid example: from the rounded start, where the paper ends', () => {
    // LSODA at 1e-12 (shared oracle overlap.py): (0.0824641, 1.9208445), (0.92154363, 1.40001662).
    const [first, second] = samples.map((sample) => neuronLimit(named('sigmoid'), { w: [0.922], a: 2.868 }, sample));
    expect(first.reached && second.reached && first.monotone && second.monotone).toBe(true);
    expect(first.point.w[0]).toBeCloseTo(0.0824641, 7);
    expect(first.point.a).toBeCloseTo(1.9208445, 7);
    expect(second.point.w[0]).toBeCloseTo(0.92154363, 8);
    expect(second.point.a).toBeCloseTo(1.40001662, 8);
    // Only approximately on each other's zero-loss sets.
    const { activation } = named('sigmoid');
    expect(neuronResidual(activation, first.point, samples[1])).toBeCloseTo(9.852207498883825e-3, 9);
    expect(neuronResidual(activation, second.point, samples[0])).toBeCloseTo(1.5110246249716575e-3, 9);
  });

  test('its exact refinement to the printed digits', () => {
    const rough = { w: [0.922], a: 2.868 };
    const limits = samples.map((sample) => neuronLimit(named('sigmoid'), rough, sample).point);
    const refined = refineStart(named('sigmoid'), rough, samples, [limits[0], limits[1]])!;
    expect(roundsTo(refined.start.w[0], 0.91673203)).toBe(true);
    expect(roundsTo(refined.start.a, 2.86488625)).toBe(true);
    const printed = [
      [0.07998706330032, 1.92312828854282],
      [0.9162463865588, 1.40001773851945],
    ];
    samples.forEach((sample, i) => {
      const limit = neuronLimit(named('sigmoid'), refined.start, sample);
      expect(Math.abs(limit.point.w[0] - printed[i][0])).toBeLessThan(1e-12);
      expect(Math.abs(limit.point.a - printed[i][1])).toBeLessThan(1e-12);
      // The integration alone, without the invariants' help.
      expect(limit.correction).toBeLessThan(1e-9);
      for (const other of samples)
        expect(Math.abs(neuronResidual(named('sigmoid').activation, limit.point, other))).toBeLessThan(1e-12);
    });
  });

  test('the one-point softplus example: four flows end at (0.3, −1)', () => {
    const neuron = named('softplus');
    for (const x of [0.6, 1, 1.4, 1.8]) {
      const sample = sampleThrough(neuron.activation, [x], { w: [0.3], a: -1 });
      const limit = neuronLimit(neuron, { w: [0.3], a: 1 }, sample);
      expect(Math.abs(limit.point.w[0] - 0.3)).toBeLessThan(1e-12);
      expect(Math.abs(limit.point.a + 1)).toBeLessThan(1e-12);
      expect(limit.correction).toBeLessThan(1e-9);
    }
  });

  test('any start and limit of the exponential building block, in any dimension', () => {
    const vector = fc.integer({ min: 1, max: 4 }).chain((d) => {
      const w = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: d, maxLength: d });
      return fc.tuple(w, w);
    });
    fc.assert(
      fc.property(
        vector,
        fc.double({ min: 0.5, max: 2, noNaN: true }),
        fc.double({ min: 1.1, max: 1.6, noNaN: true }),
        ([w0, w1], a, by) => {
          fc.pre(w0.some((entry, j) => Math.abs(entry - w1[j]) > 0.05));
          const start = { w: w0, a };
          const end = { w: w1, a: a * by };
          const sample = exponentialSample(start, end);
          fc.pre(Math.abs(sample.y) < 1e4 && sample.x.every((entry) => Math.abs(entry) < 10));
          const limit = neuronLimit(named('exp'), start, sample);
          expect(limit.reached).toBe(true);
          w1.forEach((entry, j) => expect(Math.abs(limit.point.w[j] - entry)).toBeLessThan(1e-11));
          expect(Math.abs(limit.point.a - end.a)).toBeLessThan(1e-11);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('recipe A: flows under the made activation end at the two wanted limits', () => {
    const start = { w: [0.5, -0.2], a: 1.3 };
    const limits = [
      { w: [1.1, 0.4], a: 2 },
      { w: [1, -1.2], a: 1.8 },
    ];
    const { activation, samples: made } = recipeA(start, limits[0], limits[1]);
    made.forEach((sample, i) => {
      const { point, reached } = neuronLimit({ activation, ratio: quadratureOf(activation) }, start, sample);
      expect(reached).toBe(true);
      limits[i].w.forEach((entry, j) => expect(Math.abs(point.w[j] - entry)).toBeLessThan(1e-11));
      expect(Math.abs(point.a - limits[i].a)).toBeLessThan(1e-11);
    });
  });

  test('a flow that finds no zero is said not to have reached one', () => {
    // exp > 0 and a > 0 on the way: y < 0 is reached through a = 0. Sigmoid with y = 0 and a → 0 is reached, too; a neuron that
    // sits at a critical point of its loss is not.
    const limit = neuronLimit(named('tanh'), { w: [0], a: 0 }, { x: [1], y: 1 });
    expect(limit.reached).toBe(false);
  });
});

test('rounding to the written digits', () => {
  expect(roundsTo(0.916732034, 0.91673203)).toBe(true);
  expect(roundsTo(0.916732036, 0.91673203)).toBe(false);
  expect(roundsTo(0.91673203, 0.922)).toBe(false);
  expect(roundsTo(3e-7, 3e-7)).toBe(true);
  expect(roundsTo(3.6e-7, 3e-7)).toBe(false);
});
