import { describe, expect, it } from 'vitest';
import type { ResolvedDeepNetwork } from '../../../src/experiment/resolved';
import { construct } from '../../../src/engine/lifting/constructions';
import type { Lifting } from '../../../src/engine/lifting/embeddings';
import { withWidths } from '../../../src/engine/lifting/layers';
import { criticalDataSet, liftingProbes, testSampleIndependence } from '../../../src/engine/lifting/sampleIndependence';
import { SquaredLoss } from '../../../src/engine/lifting/squaredLoss';
import { createModel } from '../../../src/engine/models/registry';
import { randomStream } from '../../../src/engine/random/stream';

// Numbers of the independent script lifting.py: D = 2, σ = exp, three inputs, one neuron split into two.
const narrow: ResolvedDeepNetwork = { kind: 'deepNetwork', activation: 'exp', inputs: 3, widths: [1], outputs: 2, bias: false };
const wide = withWidths(narrow, [2]);
const w = [0.4, -0.7, 0.3];
const a = [1.2, -0.8];
const pair = (outputWeights: number[]) => ({
  narrow: createModel(narrow),
  narrowParameters: Float64Array.of(...w, ...a),
  wide: createModel(wide),
  wideParameters: Float64Array.of(...w, ...w, ...outputWeights),
});
const test = (outputWeights: number[]) => {
  const points = pair(outputWeights);
  return testSampleIndependence(points, liftingProbes(points, 1), 10);
};

describe('splitting with two outputs', () => {
  it('is sample-independent where the output vectors are parallel: rank 5 → 5', () => {
    const tested = test([0.3 * a[0], 0.7 * a[0], 0.3 * a[1], 0.7 * a[1]]);
    expect([tested.narrow.rank, tested.joint.rank, tested.sampleIndependent]).toEqual([5, 5, true]);
  });

  it('is not where they are not: rank 5 → 8', () => {
    const tested = test([0.3 * a[0], 0.7 * a[0], 0.9 * a[1], 0.1 * a[1]]);
    expect([tested.narrow.rank, tested.joint.rank, tested.sampleIndependent]).toEqual([5, 8, false]);
    expect(tested.outputDifference).toBeLessThan(1e-14);
  });

  it('embeddings are critical where the narrow point is', () => {
    const deep: ResolvedDeepNetwork = { ...narrow, activation: 'tanh', widths: [2, 1], bias: true };
    const parameters = new Float64Array(createModel(deep).parameterCount);
    randomStream(4, 'test').fillNormal(parameters);
    const lifting: Lifting = { narrow: deep, wide: withWidths(deep, [3, 3]), parameters };
    const points = { ...pair([0, 0, 0, 0]), narrow: createModel(deep), narrowParameters: parameters };
    const data = criticalDataSet(points, 12, randomStream(1, 'data'));
    const residuals = new SquaredLoss(points.narrow, data).residuals(parameters);
    const model = createModel(lifting.wide);
    for (const construction of ['null', 'splitting', 'signFlipped', 'compatible'] as const) {
      const made = construct(construction, lifting, data, residuals, 3);
      if ('obstacle' in made) throw new Error(made.obstacle);
      expect(new SquaredLoss(model, data).relativeGradient(made.parameters), construction).toBeLessThan(1e-13);
      const tested = testSampleIndependence(
        { ...points, wide: model, wideParameters: made.parameters },
        liftingProbes({ narrow: points.narrow, wide: model }, 1.5),
        5,
      );
      expect(tested.sampleIndependent, construction).toBe(true);
    }
  });
});
