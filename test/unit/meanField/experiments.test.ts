import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { objectiveOf, testConvexity, type ConvexProblem } from '../../../src/engine/meanField/convexity';
import { distilledError, drawDistinct, featureImportance, type FeatureData } from '../../../src/engine/meanField/distillation';
import { unitValues } from '../../../src/engine/meanField/forward';
import { regularizerTerms, uniformDensities } from '../../../src/engine/meanField/regularizer';
import { barrierOf, rawBetween, repopulatedBetween } from '../../../src/engine/meanField/straightPath';
import type { NetShape } from '../../../src/engine/meanField/shape';
import { activationFunction } from '../../../src/engine/models/activation';
import { leastSquares } from '../../../src/engine/linalg/solve';
import { matrixFrom } from '../../../src/engine/linalg/matrix';
import { randomStream } from '../../../src/engine/random/stream';
import { anyNet, randomInputs, randomNet } from './nets';

const tanh = activationFunction('tanh');

function featuresOf(shape: NetShape, parameters: Float64Array, inputs: Float64Array): Float64Array {
  const rows: number[] = [];
  for (let at = 0; at < inputs.length; at += shape.inputs) {
    rows.push(...unitValues(shape, tanh, parameters, inputs.subarray(at, at + shape.inputs))[shape.depth]);
  }
  return Float64Array.from(rows);
}

function problemOf(shape: NetShape, parameters: Float64Array, loss: 'squaredError' | 'crossEntropy', count = 12): ConvexProblem {
  const inputs = randomInputs(shape, count, 1);
  const targets = new Float64Array(count * shape.outputs);
  for (let s = 0; s < count; s++) targets[s * shape.outputs + (s % shape.outputs)] = 1;
  const decays = shape.layers.map((_, l) => 0.2 + l);
  return { shape, parameters, features: featuresOf(shape, parameters, inputs), targets, count, loss, decays, strength: 0.1 };
}

describe('convexity', () => {
  test('of loss and regulariser in output weights and densities: 2000 segments, of random nets and both losses', () => {
    fc.assert(
      fc.property(
        anyNet,
        fc.constantFrom('squaredError' as const, 'crossEntropy' as const),
        ({ shape, parameters, seed }, loss) => {
          const result = testConvexity(problemOf(shape, parameters, loss), 40, randomStream(seed, 'segments'));
          expect(result.violations).toBe(0);
          expect(result.segments).toBe(40);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('fails where the problem is not convex: with a negative strength', () => {
    const { shape, parameters } = randomNet(2, [8, 8], 1, 4);
    const problem = { ...problemOf(shape, parameters, 'squaredError'), strength: -100 };
    expect(testConvexity(problem, 50, randomStream(1, 'segments')).violations).toBeGreaterThan(0);
  });

  test('the objective is that of the net', () => {
    const { shape, parameters } = randomNet(2, [8, 5], 2, 4);
    const problem = problemOf(shape, parameters, 'squaredError', 1);
    const outputs = unitValues(shape, tanh, parameters, randomInputs(shape, 1, 1))[3];
    const loss = (outputs[0] - 1) * (outputs[0] - 1) + outputs[1] * outputs[1];
    const terms = regularizerTerms(shape, parameters);
    const regularizer = 0.1 * (0.2 * terms[0] + 1.2 * terms[1] + 2.2 * terms[2]);
    const weights = parameters.subarray(shape.outputLayer.kernel);
    expect(objectiveOf(problem)(weights, uniformDensities(shape))).toBeCloseTo(loss + regularizer, 12);
  });
});

describe('the straight path between two nets', () => {
  test('in the repopulated representation is the mixture of both functions, and its regulariser lies below the chord', () => {
    fc.assert(
      fc.property(anyNet, fc.double({ min: 0, max: 1, noNaN: true }), ({ shape, parameters, seed }, t) => {
        const other = randomNet(shape.inputs, [...shape.widths], shape.outputs, seed + 1).parameters;
        const between = repopulatedBetween(shape, parameters, other, t);
        const input = randomInputs(shape, 1, seed);
        const outputs = (net: NetShape, at: Float64Array) => unitValues(net, tanh, at, input)[shape.depth + 1];
        const mixed = outputs(between.shape, between.parameters);
        const [a, b] = [outputs(shape, parameters), outputs(shape, other)];
        mixed.forEach((value, o) => expect(value).toBeCloseTo((1 - t) * a[o] + t * b[o], 11));
        const [ra, rb] = [regularizerTerms(shape, parameters), regularizerTerms(shape, other)];
        between.regularizerTerms.forEach((term, l) =>
          expect(term).toBeLessThanOrEqual(((1 - t) * ra[l] + t * rb[l]) * (1 + 1e-12)),
        );
      }),
      { numRuns: 100 },
    );
  });

  test('begins and ends with the regularisers of the nets, and the raw one with the nets themselves', () => {
    const { shape, parameters } = randomNet(2, [4, 3], 1, 9);
    const other = randomNet(2, [4, 3], 1, 10).parameters;
    for (const [t, net] of [
      [0, parameters],
      [1, other],
    ] as const) {
      const terms = regularizerTerms(shape, net);
      repopulatedBetween(shape, parameters, other, t).regularizerTerms.forEach((term, l) =>
        expect(term).toBeCloseTo(terms[l], 12),
      );
      expect(rawBetween(shape, parameters, other, t).parameters).toEqual(net);
    }
  });

  test('a barrier is the largest rise above the chord', () => {
    expect(barrierOf([0, 0.5, 1], [1, 4, 3])).toBe(2);
    expect(barrierOf([0, 0.5, 1], [1, 0, 3])).toBe(0);
  });
});

describe('distillation', () => {
  const width = 6;
  const data = (seed: number, count: number): FeatureData => {
    const features = new Float64Array(count * width);
    randomStream(seed, 'features').fillNormal(features);
    const targets = Float64Array.from({ length: count }, (_, s) => 2 * features[s * width] - features[s * width + 3] + 0.5);
    return { inputs: new Float64Array(0), targets, count, features, width, outputs: 1 };
  };

  test('finds the outputs that the chosen neurons can express, and what they cannot stays', () => {
    expect(distilledError([0, 3], data(1, 80), data(2, 50), false)).toBeLessThan(1e-12);
    const train = data(1, 80);
    const test = data(2, 50);
    const { solution } = leastSquares(
      matrixFrom(Array.from({ length: 80 }, (_, s) => [train.features[s * width], train.features[s * width + 1], 1])),
      train.targets,
    );
    let square = 0;
    for (let s = 0; s < 50; s++) {
      const value = solution[0] * test.features[s * width] + solution[1] * test.features[s * width + 1] + solution[2];
      square += (value - test.targets[s]) * (value - test.targets[s]);
    }
    expect(distilledError([0, 1], train, test, false)).toBeCloseTo(square / 50, 7);
  });

  test('importance is what a neuron sends out times how much its value varies', () => {
    const features = Float64Array.of(1, 0, 3, 0);
    const importance = featureImportance(Float64Array.of(2, 5), { ...data(1, 2), features, width: 2, count: 2 });
    expect(Array.from(importance)).toEqual([2, 0]);
  });

  test('draws different neurons, the first with probabilities as wanted', () => {
    const weights = Float64Array.of(1, 2, 5);
    const first = [0, 0, 0];
    for (let seed = 0; seed < 8000; seed++) {
      const drawn = drawDistinct(weights, 2, randomStream(seed, 'draw'));
      expect(new Set(drawn).size).toBe(2);
      first[drawn[0]]++;
    }
    [1 / 8, 2 / 8, 5 / 8].forEach((p, k) =>
      expect(Math.abs(first[k] / 8000 - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / 8000)),
    );
  });
});
