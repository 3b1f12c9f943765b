import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResolvedDeepNetwork } from '../../../src/experiment/resolved';
import type { ConstructionName } from '../../../src/experiment/schema/lifting';
import { construct } from '../../../src/engine/lifting/constructions';
import type { Lifting } from '../../../src/engine/lifting/embeddings';
import { FreeNeuron } from '../../../src/engine/lifting/freeNeurons';
import { layersOf, parametersOfLayers, vanishesAtZero, withWidths } from '../../../src/engine/lifting/layers';
import {
  commonDataSet,
  commonResiduals,
  criticalDataSet,
  liftingProbes,
  testSampleIndependence,
  type PointPair,
} from '../../../src/engine/lifting/sampleIndependence';
import { norm, SquaredLoss } from '../../../src/engine/lifting/squaredLoss';
import { createModel } from '../../../src/engine/models/registry';
import { randomStream } from '../../../src/engine/random/stream';
import { liftings, randomPoint } from './support';

const EMBEDDINGS: ConstructionName[] = ['null', 'splitting', 'signFlipped', 'compatible'];

function pairOf({ narrow, wide, parameters }: Lifting, wideParameters: Float64Array): PointPair {
  return { narrow: createModel(narrow), narrowParameters: parameters, wide: createModel(wide), wideParameters };
}

function dataFor(lifting: Lifting, seed: number, samples = 12) {
  const pair = pairOf(lifting, new Float64Array(0));
  const data = criticalDataSet(pair, samples, randomStream(seed, 'test', 'data'));
  return { data, residuals: new SquaredLoss(pair.narrow, data).residuals(lifting.parameters) };
}

describe('critical embeddings', () => {
  it('keep the function, the tangent space and criticality, for random networks', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(liftings, (lifting) => {
        const { data, residuals } = dataFor(lifting, lifting.seed, createModel(lifting.narrow).parameterCount + 2);
        for (const construction of EMBEDDINGS) {
          const made = construct(construction, lifting, data, residuals, lifting.seed);
          if ('obstacle' in made) continue;
          const pair = pairOf(lifting, made.parameters);
          const probes = liftingProbes(pair, 1.5);
          const tested = testSampleIndependence(pair, probes, 3);
          expect(tested.outputDifference, construction).toBeLessThan(1e-12);
          // A neuron of zeros with a value adds a direction that only a bias has.
          const { activation } = lifting.narrow;
          const hasBiases = layersOf(lifting.narrow, lifting.parameters)
            .slice(1)
            .every(({ biases }) => biases !== null);
          if (construction === 'null' && !vanishesAtZero(activation) && !hasBiases) continue;
          if (tested.sampleIndependent === null) continue;
          expect(tested.sampleIndependent, `${construction} ${JSON.stringify(lifting.narrow)}`).toBe(true);
          seen.set(construction, (seen.get(construction) ?? 0) + 1);
          expect(new SquaredLoss(pair.wide, data).relativeGradient(made.parameters)).toBeLessThan(1e-12);
        }
      }),
      { numRuns: 150 },
    );
    for (const construction of EMBEDDINGS) expect(seen.get(construction), construction).toBeGreaterThan(20);
  });

  it('may share an output in ratios that differ by row: three layers, (1, 1) into (2, 2), rank 5 → 5', () => {
    const narrow: ResolvedDeepNetwork = {
      kind: 'deepNetwork',
      activation: 'exp',
      inputs: 3,
      widths: [1, 1],
      outputs: 1,
      bias: false,
    };
    const [w, v, a] = [[0.4, -0.7, 0.3], 0.6, 1.2];
    const wide = withWidths(narrow, [2, 2]);
    const tested = (shares: number[][], parts: number[]) => {
      const layers = [[w, w], shares.map((row) => row.map((share) => share * v)), [parts.map((part) => part * a)]];
      const parameters = Float64Array.from([...w, v, a]);
      const wideParameters = parametersOfLayers(
        wide,
        layers.map((weights) => ({ weights, biases: null })),
      );
      const pair = pairOf({ narrow, wide, parameters }, wideParameters);
      const { outputDifference, narrow: own, joint } = testSampleIndependence(pair, liftingProbes(pair, 0.7), 5);
      expect(outputDifference).toBeLessThan(1e-14);
      return [own.rank, joint.rank];
    };
    const ratios = [
      [0.3, 0.7],
      [0.8, 0.2],
    ];
    expect(tested(ratios, [0.4, 0.6])).toEqual([5, 5]);
  });

  it('of an odd activation may turn copies', () => {
    const narrow: ResolvedDeepNetwork = {
      kind: 'deepNetwork',
      activation: 'tanh',
      inputs: 2,
      widths: [1],
      outputs: 1,
      bias: false,
    };
    const lifting = { narrow, wide: withWidths(narrow, [2]), parameters: Float64Array.of(0.5, -1, 2) };
    const { data, residuals } = dataFor(lifting, 1);
    const made = construct('signFlipped', lifting, data, residuals, 1);
    if ('obstacle' in made) throw new Error(made.obstacle);
    const [first, second] = layersOf(lifting.wide, made.parameters);
    expect(first.weights).toEqual([
      [0.5, -1],
      [-0.5, 1],
    ]);
    expect(second.weights[0][0] - second.weights[0][1]).toBeCloseTo(2, 14);
  });
});

describe('what embeddings miss', () => {
  const narrow: ResolvedDeepNetwork = {
    kind: 'deepNetwork',
    activation: 'exp',
    inputs: 3,
    widths: [1, 1],
    outputs: 1,
    bias: false,
  };
  const lifting: Lifting = {
    narrow,
    wide: withWidths(narrow, [2, 1]),
    parameters: Float64Array.of(0.4, -0.7, 0.3, 0.6, 0),
  };

  it('a first-layer neuron with arbitrary input weights, where the output weight is 0: rank 1 → 1', () => {
    const { data, residuals } = dataFor(lifting, 1);
    const made = construct('degenerate', lifting, data, residuals, 1);
    if ('obstacle' in made) throw new Error(made.obstacle);
    const [first, second] = layersOf(lifting.wide, made.parameters);
    expect(first.weights[1]).not.toEqual(first.weights[0]);
    expect(second.weights[0][1]).toBe(0);
    const tested = testSampleIndependence(
      pairOf(lifting, made.parameters),
      liftingProbes(pairOf(lifting, made.parameters), 1),
      20,
    );
    expect([tested.narrow.rank, tested.wide.rank, tested.joint.rank]).toEqual([1, 1, 1]);
    expect(tested.sampleIndependent).toBe(true);
  });

  it('but not where the output weight is not 0', () => {
    const parameters = Float64Array.of(0.4, -0.7, 0.3, 0.6, 1.2);
    const alive = { ...lifting, parameters };
    const { data, residuals } = dataFor(alive, 1);
    expect(construct('degenerate', alive, data, residuals, 1)).toHaveProperty('obstacle');
    // The same neuron added by hand.
    const layers = layersOf(alive.wide, new Float64Array(9));
    const [first, second, third] = layersOf(narrow, parameters);
    layers[0].weights = [first.weights[0], [0.3, -0.2, 0.9]];
    layers[1].weights = [[second.weights[0][0], 0]];
    layers[2].weights = third.weights;
    const pair = pairOf(alive, parametersOfLayers(alive.wide, layers));
    const tested = testSampleIndependence(pair, liftingProbes(pair, 1), 5);
    expect(tested.sampleIndependent).toBe(false);
    expect(tested.joint.rank).toBeGreaterThan(tested.narrow.rank);
  });
});

describe('sample-dependent lifts', () => {
  it('are critical for their data and not for others', () => {
    let solved = 0;
    fc.assert(
      fc.property(liftings, (lifting) => {
        const { data, residuals } = dataFor(lifting, lifting.seed, createModel(lifting.narrow).parameterCount + 4);
        const made = construct('sampleDependent', lifting, data, residuals, lifting.seed);
        if ('obstacle' in made) return;
        solved++;
        const pair = pairOf(lifting, made.parameters);
        expect(new SquaredLoss(pair.wide, data).relativeGradient(made.parameters)).toBeLessThan(1e-12);
        const tested = testSampleIndependence(pair, liftingProbes(pair, 1.5), 5);
        expect(tested.outputDifference).toBeLessThan(1e-12);
        if (tested.sampleIndependent !== null) expect(tested.sampleIndependent).toBe(false);
      }),
      { numRuns: 100 },
    );
    expect(solved).toBeGreaterThan(50);
  });

  it('exist from dim(T1 + T2) + 1 samples on, in the number of dimensions that are over', () => {
    let compared = 0;
    fc.assert(
      fc.property(liftings, (lifting) => {
        const pair = pairOf(lifting, new FreeNeuron(lifting, randomStream(lifting.seed, 'free')).parameters());
        const { joint } = testSampleIndependence(pair, liftingProbes(pair, 1.5), 0);
        if (!joint.conclusive) return;
        const found = commonResiduals(pair, joint.rank + 2, 1.5).filter(({ dimension }) => dimension !== null);
        if (found.length < joint.rank + 2) return;
        compared++;
        expect(found.map(({ dimension }) => dimension)).toEqual(found.map(({ samples }) => Math.max(0, samples - joint.rank)));
        const stream = randomStream(lifting.seed, 'common');
        expect(commonDataSet(pair, joint.rank, stream)).toBeNull();
        const common = commonDataSet(pair, joint.rank + 1, stream)!;
        expect(new SquaredLoss(pair.narrow, common).relativeGradient(pair.narrowParameters)).toBeLessThan(1e-12);
        expect(new SquaredLoss(pair.wide, common).relativeGradient(pair.wideParameters)).toBeLessThan(1e-12);
        expect(norm(new SquaredLoss(pair.narrow, common).residuals(pair.narrowParameters))).toBeCloseTo(1, 10);
      }),
      { numRuns: 100 },
    );
    expect(compared).toBeGreaterThan(10);
  });
});

describe('layers', () => {
  it('are read from a parameter vector and written back', () => {
    fc.assert(
      fc.property(liftings, ({ wide, seed }) => {
        const parameters = randomPoint(wide, seed);
        expect(parametersOfLayers(wide, layersOf(wide, parameters))).toEqual(parameters);
      }),
    );
  });
});
