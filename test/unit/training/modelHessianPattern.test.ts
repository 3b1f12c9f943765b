import { describe, expect, it } from 'vitest';
import { CompressedHessian } from '../../../src/engine/flow/compressedHessian';
import { createModel } from '../../../src/engine/models/registry';
import { randomStream } from '../../../src/engine/random/stream';
import { Workbench } from '../../../src/engine/studies/workbench';
import { probeInputs } from '../../../src/engine/targets/probes';
import { FlowTraining } from '../../../src/engine/training/flowTraining';
import { modelHessianPattern } from '../../../src/engine/training/modelHessianPattern';
import type { ResolvedModel } from '../../../src/experiment/resolved';
import { matrixExperiment } from '../experiments';

const FACTORS: ResolvedModel = { kind: 'matrixFactorization', rows: 4, columns: 4, inner: 2 };

const MODELS: [string, ResolvedModel][] = [
  ['two factors', { kind: 'matrixFactorization', rows: 4, columns: 3, inner: 2 }],
  ['three factors', { kind: 'matrixFactorization', dimensions: [3, 2, 2, 4] }],
  ['tanh neurons', { kind: 'twoLayer', activation: 'tanh', inputs: 3, width: 6, hiddenBias: true, outputBias: true }],
  ['relu neurons', { kind: 'twoLayer', activation: 'relu', inputs: 3, width: 6, hiddenBias: true, outputBias: false }],
  ['relu layers', { kind: 'deepNetwork', activation: 'relu', inputs: 2, widths: [4, 4], outputs: 1, bias: true }],
  ['kernels', { kind: 'convolution', activation: 'tanh', inputs: 5, kernel: 2, kernels: 2, sharing: true, hiddenBias: true }],
  ['a diagonal', { kind: 'diagonal', inputs: 4, depth: 3 }],
  ['a formula', { kind: 'formula', parameters: ['a', 'b', 'c', 'd'], inputs: ['x'], expression: 'a*tanh(b*x) + c*d^2 + b' }],
];

function normals(seed: number, name: string, count: number): Float64Array {
  const out = new Float64Array(count);
  randomStream(seed, name).fillNormal(out);
  return out;
}

function finished<Result>(work: Generator<void, Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

describe('the pattern of a model', () => {
  it.each(MODELS)('of %s has every entry of Hessians at other inputs, points and weights', (_name, config) => {
    const model = createModel(config);
    const P = model.parameterCount;
    const { rows } = finished(modelHessianPattern(config, model, probeInputs(config)));
    const inputs = config.kind === 'matrixFactorization' ? probeInputs(config) : probeInputs(config, 77);
    const bound = model.bind(inputs);
    const product = new Float64Array(P);
    const seen = rows.map(() => new Set<number>());
    for (let seed = 0; seed < 5; seed++) {
      const parameters = normals(seed, 'point', P);
      const weights = normals(seed, 'weights', inputs.count);
      for (let column = 0; column < P; column++) {
        const unit = new Float64Array(P);
        unit[column] = 1;
        bound.weightedHessianProduct(parameters, weights, unit, product);
        product.forEach((value, row) => value !== 0 && seen[column].add(row));
      }
    }
    // No superset either: these models are dense enough to meet all of their entries.
    expect(rows.map((list) => Array.from(list))).toEqual(seen.map((set) => Array.from(set).sort((a, b) => a - b)));
  });

  it('is used for a sample of the inputs, and confirmed by every check', () => {
    const model = createModel(FACTORS);
    const probes = probeInputs(FACTORS);
    const pattern = finished(modelHessianPattern(FACTORS, model, probes));
    const bound = model.bind({ count: 6, dimension: 2, values: probes.values.slice(6, 18) });
    const hessian = new CompressedHessian(bound, normals(1, 'targets', 6), pattern);
    expect([hessian.products, hessian.productsPerHessian]).toEqual([0, pattern.colors.length + 1]);
    for (let seed = 0; seed < 4; seed++) hessian.fill(normals(seed, 'point', 16), new Float64Array(256));
    expect(hessian.products).toBe(4 * (pattern.colors.length + 1));
  });

  it('is found once on a workbench, and does not know which trainings were before', () => {
    const experiment = matrixExperiment({ sampleSizes: [6, 7] });
    const { model: config } = experiment;
    /** Trains on the first entries, one sample after the other. */
    const trainAll = (counts: number[]): Map<number, FlowTraining> => {
      const bench = new Workbench(experiment);
      const found = new Set<unknown>();
      const trainings = counts.map((count): [number, FlowTraining] => {
        const probes = probeInputs(config);
        const bound = bench.model.bind({ count, dimension: 2, values: probes.values.slice(0, 2 * count) });
        const rules = { optimizer: { kind: 'gradientFlow' as const }, stop: { trainLoss: 1e-12, steps: 5000, gradientNorm: 0 } };
        const pattern = finished(bench.findHessianPattern());
        found.add(pattern);
        const training = new FlowTraining(
          bound,
          normals(2, 'targets', count),
          normals(count, 'start', bound.parameterCount),
          rules,
          [],
          pattern,
        );
        training.advance(5000);
        return [count, training];
      });
      expect(found.size).toBe(1);
      return new Map(trainings);
    };
    const [up, down, alone] = [trainAll([4, 6, 8]), trainAll([8, 6, 4]), trainAll([6])];
    for (const [count, training] of [...up, ...alone]) {
      const other = down.get(count)!;
      expect(training.step).toBeGreaterThan(10);
      expect(other.parameters).toEqual(training.parameters);
      expect(other.measurement()).toEqual(training.measurement());
    }
  });
});
