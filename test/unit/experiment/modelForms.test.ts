import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { experimentHash, isModelExperiment, parseExperiment } from '../../../src/experiment';
import type { ModelConfig } from '../../../src/experiment/schema';
import { inputDimensionOf, parameterCountOf } from '../../../src/experiment/sizes';
import type { ResolvedModel } from '../../../src/experiment/resolved';
import { createModel } from '../../../src/engine/models/registry';

function resolved(model: object, target: object = { kind: 'lowRank', rank: 1 }) {
  const { resolved: experiment, problems } = parseExperiment(JSON.stringify({ experiment: 'rank', model, target }));
  if (!experiment) throw new Error(problems.map(({ message }) => message).join(' '));
  if (!isModelExperiment(experiment)) throw new Error('an experiment of another kind');
  return experiment;
}

describe('forms of a model', () => {
  it('two factors mean the same in both forms, and have the same hash', () => {
    const shape = resolved({ kind: 'matrixFactorization', rows: 5, columns: 4, inner: 3 });
    const dimensions = resolved({ kind: 'matrixFactorization', dimensions: [4, 3, 5] });
    expect(dimensions.model).toEqual({ kind: 'matrixFactorization', rows: 5, columns: 4, inner: 3 });
    expect(experimentHash(dimensions)).toBe(experimentHash(shape));
  });

  it('keeps what files of before meant, to the hash', () => {
    const experiment = resolved({ kind: 'matrixFactorization', rows: 4, columns: 4 }, { kind: 'lowRank', rank: 2, seed: 3 });
    expect(experiment.model).toEqual({ kind: 'matrixFactorization', rows: 4, columns: 4, inner: 4 });
    expect(resolved({ kind: 'matrixFactorization', dimensions: [4, 3, 3, 5] }).model).toEqual({
      kind: 'matrixFactorization',
      dimensions: [4, 3, 3, 5],
    });
  });

  it('fills in the defaults of the deep and the convolutional network', () => {
    expect(resolved({ kind: 'deepNetwork', inputs: 3, widths: [4] }, { kind: 'teacher', widths: [2] }).model).toEqual({
      kind: 'deepNetwork',
      activation: 'tanh',
      inputs: 3,
      widths: [4],
      outputs: 1,
      bias: false,
    });
    expect(resolved({ kind: 'convolution', inputs: [4, 3], kernel: 2, kernels: 2 }, { kind: 'teacher', width: 1 }).model).toEqual(
      {
        kind: 'convolution',
        activation: 'tanh',
        inputs: [4, 3],
        kernel: 2,
        kernels: 2,
        sharing: true,
        hiddenBias: false,
      },
    );
  });

  it('counts the parameters and inputs that the model has', () => {
    const side = fc.integer({ min: 1, max: 6 });
    const models: fc.Arbitrary<ResolvedModel> = fc.oneof(
      fc.array(side, { minLength: 4, maxLength: 6 }).map((dimensions) => ({ kind: 'matrixFactorization' as const, dimensions })),
      fc.record({ kind: fc.constant('diagonal' as const), inputs: side, depth: fc.integer({ min: 2, max: 5 }) }),
      fc.record({
        kind: fc.constant('deepNetwork' as const),
        activation: fc.constant('tanh' as const),
        inputs: side,
        widths: fc.array(side, { minLength: 1, maxLength: 4 }),
        outputs: fc.constant(1),
        bias: fc.boolean(),
      }),
      fc
        .record({ inputs: fc.oneof(side, fc.tuple(side, side)), kernels: side, sharing: fc.boolean(), hiddenBias: fc.boolean() })
        .map((shape) => ({ ...shape, kind: 'convolution' as const, activation: 'tanh' as const, kernel: 1 })),
    );
    fc.assert(
      fc.property(models, (config) => {
        const model = createModel(config);
        expect(parameterCountOf(config as ModelConfig)).toBe(model.parameterCount);
        expect(inputDimensionOf(config as ModelConfig)).toBe(model.inputDimension);
        const last = model.layout[model.layout.length - 1];
        expect(last.offset + last.shape.reduce((product, size) => product * size, 1)).toBe(model.parameterCount);
      }),
    );
  });
});
