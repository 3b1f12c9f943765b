import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResolvedConvolution, ResolvedDeepNetwork, ResolvedModel } from '../../../src/experiment/resolved';
import { createModel } from '../../../src/engine/models/registry';
import { TestNumbers, activation, size } from './arbitraries';
import { checkDerivatives } from './boundModelChecks';
import { jacobianOf, relativeDifference, values, weightedGradientOf } from './differences';

const smooth = activation.filter((name) => name !== 'relu');

/** Exponentials of exponentials are beyond differences; the NumPy oracle has them. */
const deepNetworks: fc.Arbitrary<ResolvedDeepNetwork> = fc
  .record({
    activation: smooth,
    inputs: fc.constantFrom(1, 2, 3, 5),
    widths: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
    outputs: fc.constantFrom(1, 1, 2, 3),
    bias: fc.boolean(),
  })
  .map((config) => ({
    ...config,
    kind: 'deepNetwork',
    widths: config.activation === 'exp' ? config.widths.slice(0, 1) : config.widths,
  }));

const convolutions: fc.Arbitrary<ResolvedConvolution> = fc
  .record({
    activation: smooth,
    inputs: fc.oneof(size, fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))),
    kernel: fc.integer({ min: 1, max: 3 }),
    kernels: fc.integer({ min: 1, max: 3 }),
    sharing: fc.boolean(),
    hiddenBias: fc.boolean(),
  })
  .map((config) => ({
    ...config,
    kind: 'convolution' as const,
    kernel: Math.min(config.kernel, ...(typeof config.inputs === 'number' ? [config.inputs] : config.inputs)),
  }));

const factorizations: fc.Arbitrary<ResolvedModel> = fc
  .array(fc.integer({ min: 1, max: 5 }), { minLength: 4, maxLength: 6 })
  .map((dimensions) => ({ kind: 'matrixFactorization', dimensions }));

const diagonals: fc.Arbitrary<ResolvedModel> = fc.record({
  kind: fc.constant('diagonal' as const),
  inputs: size,
  depth: fc.integer({ min: 2, max: 5 }),
});

function check(config: ResolvedModel, n: number, seed: number, scale: number): void {
  const numbers = new TestNumbers(seed);
  const model = createModel(config);
  const inputs =
    config.kind === 'matrixFactorization' && 'dimensions' in config
      ? numbers.entries(n, config.dimensions[config.dimensions.length - 1], config.dimensions[0])
      : numbers.inputs(n, model.inputDimension, 0.7);
  const parameters = numbers.normals(model.parameterCount, scale);
  // Differences need values of moderate size and curvature: exponentials of exponentials are beyond them.
  fc.pre(jacobianOf(model.bind(inputs), parameters).every((slope) => Math.abs(slope) < 4));
  checkDerivatives(
    {
      model,
      inputs,
      parameters,
      direction: numbers.normals(model.parameterCount, 0.5),
      weights: numbers.normals(n * (model.outputCount ?? 1)),
      targets: numbers.normals(n * (model.outputCount ?? 1)),
    },
    2e-8,
  );
}

describe('derivatives of the values, for any shape', () => {
  const families = { deepNetworks, convolutions, factorizations, diagonals };
  for (const [name, models] of Object.entries(families)) {
    it(name, () => {
      fc.assert(
        fc.property(models, size, fc.nat(), (config, n, seed) =>
          check(config, n, seed, 'activation' in config ? (config.activation === 'exp' ? 0.3 : 0.5) : 1),
        ),
        { numRuns: 120 },
      );
    });
  }
});

describe('many samples', () => {
  it('go through in portions with the numbers that they have one by one', () => {
    const models: ResolvedModel[] = [
      { kind: 'deepNetwork', activation: 'tanh', inputs: 3, widths: [60, 50], outputs: 1, bias: true },
      { kind: 'convolution', activation: 'tanh', inputs: [9, 8], kernel: 3, kernels: 2, sharing: true, hiddenBias: true },
      { kind: 'convolution', activation: 'tanh', inputs: [9, 8], kernel: 3, kernels: 2, sharing: false, hiddenBias: true },
    ];
    for (const config of models) {
      const numbers = new TestNumbers(5);
      const model = createModel(config);
      const n = 4000;
      const inputs = numbers.inputs(n, model.inputDimension);
      const parameters = numbers.normals(model.parameterCount, 0.3);
      const bound = model.bind(inputs);
      const all = values(bound, parameters);
      const d = model.inputDimension;
      const weights = new Float64Array(n);
      const expected = new Float64Array(model.parameterCount);
      for (const s of [0, 1, 700, 1500, 3998, 3999]) {
        const one = model.bind({ count: 1, dimension: d, values: inputs.values.slice(s * d, (s + 1) * d) });
        expect(Math.abs(values(one, parameters)[0] - all[s])).toBeLessThan(1e-13);
        weights[s] = s + 1;
        weightedGradientOf(one, parameters, Float64Array.of(s + 1)).forEach((value, p) => (expected[p] += value));
      }
      expect(relativeDifference(weightedGradientOf(bound, parameters, weights), expected)).toBeLessThan(1e-13);
      const targets = all.map((value, s) => (s === 1500 ? value + 1 : value));
      expect(bound.lossAndGradient(parameters, targets, new Float64Array(model.parameterCount)) * n).toBeCloseTo(1, 9);
    }
  });
});

describe('families that contain each other', () => {
  it('a deep network of one hidden layer is a two-layer network', () => {
    fc.assert(
      fc.property(activation, size, size, fc.boolean(), fc.nat(), (name, d, m, bias, seed) => {
        const deep = createModel({ kind: 'deepNetwork', activation: name, inputs: d, widths: [m], outputs: 1, bias });
        const flat = createModel({ kind: 'twoLayer', activation: name, inputs: d, width: m, hiddenBias: bias, outputBias: bias });
        const numbers = new TestNumbers(seed);
        const [a, w] = [numbers.normals(m), numbers.normals(m * d)];
        const [b, c] = bias ? [numbers.normals(m), numbers.normals(1)] : [[], []];
        const inputs = numbers.inputs(4, d);
        const expected = values(flat.bind(inputs), Float64Array.from([...a, ...w, ...b, ...c]));
        expect(relativeDifference(values(deep.bind(inputs), Float64Array.from([...w, ...b, ...a, ...c])), expected)).toBeLessThan(
          1e-13,
        );
      }),
    );
  });

  it('three factors are the product of matrices, W_3 first in the parameters', () => {
    const parameters = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14];
    const model = createModel({ kind: 'matrixFactorization', dimensions: [2, 3, 2, 1] });
    expect(model.layout.map(({ name, offset, shape }) => [name, offset, shape])).toEqual([
      ['W3', 0, [1, 2]],
      ['W2', 2, [2, 3]],
      ['W1', 8, [3, 2]],
    ]);
    // [1 2]·[3 4 5; 6 7 8] = [15 18 21]; times [9 10; 11 12; 13 14]: [606 660].
    const bound = model.bind({ count: 2, dimension: 2, values: Float64Array.of(0, 0, 0, 1) });
    expect([...values(bound, Float64Array.from(parameters))]).toEqual([606, 660]);
  });

  it('a convolution is the sum over kernels and positions, without flipping', () => {
    const image = { kind: 'convolution', activation: 'sin', inputs: [2, 3], kernel: 2, kernels: 1, hiddenBias: true } as const;
    const inputs = { count: 1, dimension: 6, values: Float64Array.of(1, 2, 3, 4, 5, 6) };
    const shared = createModel({ ...image, inputs: [2, 3], sharing: true });
    const expected = 2 * Math.sin(0.1 + 0.4 + 1.2 + 2 + 0.5) + 3 * Math.sin(0.2 + 0.6 + 1.5 + 2.4 + 0.5);
    const z = (x: number[]): number => 0.1 * x[0] + 0.2 * x[1] + 0.3 * x[2] + 0.4 * x[3] + 0.5;
    const byHand = 2 * Math.sin(z([1, 2, 4, 5])) + 3 * Math.sin(z([2, 3, 5, 6]));
    expect(byHand).toBeCloseTo(2 * Math.sin(0.1 + 0.4 + 1.2 + 2 + 0.5) + 3 * Math.sin(0.2 + 0.6 + 1.5 + 2.4 + 0.5), 12);
    expect(values(shared.bind(inputs), Float64Array.of(2, 3, 0.1, 0.2, 0.3, 0.4, 0.5))[0]).toBeCloseTo(expected, 12);
    const unshared = createModel({ ...image, inputs: [2, 3], sharing: false });
    const parameters = Float64Array.of(2, 3, 0.1, 0.2, 0.3, 0.4, 0.1, 0.2, 0.3, 0.4, 0.5, 0.5);
    expect(values(unshared.bind(inputs), parameters)[0]).toBeCloseTo(expected, 12);
  });

  it('the diagonal model multiplies factors, whatever is 0', () => {
    const model = createModel({ kind: 'diagonal', inputs: 3, depth: 3 });
    const parameters = Float64Array.of(2, 0, 1, 3, 0, 1, -1, 5, 0);
    const bound = model.bind({ count: 1, dimension: 3, values: Float64Array.of(1, 10, 100) });
    expect(values(bound, parameters)[0]).toBe(-6);
    expect([...jacobianOf(bound, parameters)]).toEqual([-3, 0, 0, -2, 0, 0, 6, 0, 100]);
  });
});
