import fc from 'fast-check';
import type { ResolvedModel } from '../../../src/experiment/resolved';
import type { ActivationConfig, StepOptimizerConfig } from '../../../src/experiment/schema';
import { inputDimensionOf, matrixShapeOf } from '../../../src/experiment/sizes';
import { entryInputs, randomOrder } from '../../../src/engine/inputs/entries';
import type { BoundModel, Inputs } from '../../../src/engine/models/model';
import { createModel } from '../../../src/engine/models/registry';
import { randomStream } from '../../../src/engine/random/stream';
import type { StepRules } from '../../../src/engine/training/train';

export const ACTIVATIONS: ActivationConfig[] = [
  'tanh',
  'sigmoid',
  'exp',
  'softplus',
  'relu',
  'sin',
  { kind: 'tanh', shift: 0.3 },
];
/** The padded edges of the kernels: around one and two vectors, and beyond. */
export const sizes = fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 11, 13);

const optimizers: fc.Arbitrary<StepOptimizerConfig> = fc.constantFrom<StepOptimizerConfig[]>(
  { kind: 'gradientDescent', learningRate: 0.05 },
  { kind: 'gradientDescent', learningRate: { initial: 0.1, factor: 0.5, every: 7, minimum: 0.01 } },
  { kind: 'adam', learningRate: 0.01 },
  { kind: 'adam', learningRate: { initial: 0.02, factor: 0.9, every: 5 }, beta1: 0.8, beta2: 0.99, epsilon: 1e-6 },
);

export const networks: fc.Arbitrary<ResolvedModel> = fc.record({
  kind: fc.constant('twoLayer' as const),
  activation: fc.constantFrom(...ACTIVATIONS),
  inputs: sizes,
  width: sizes,
  hiddenBias: fc.boolean(),
  outputBias: fc.boolean(),
});

function inputsOf(model: ResolvedModel, count: number, seed: number): Inputs {
  const stream = randomStream(seed, 'inputs');
  if (model.kind === 'matrixFactorization') {
    const { rows, columns } = matrixShapeOf(model);
    if (seed % 2 === 0) return entryInputs(randomOrder(rows, columns, seed, 1), columns, Math.min(count, rows * columns));
    // Entries may come twice.
    const values = Float64Array.from({ length: 2 * count }, (_, i) => stream.integer(i % 2 ? columns : rows));
    return { count, dimension: 2, values };
  }
  const dimension = inputDimensionOf(model);
  const values = new Float64Array(count * dimension);
  stream.fillNormal(values);
  return { count, dimension, values };
}

/** A training to be done in several ways. */
export interface Case {
  model: ResolvedModel;
  optimizer: StepOptimizerConfig;
  count: number;
  seed: number;
  stop: { trainLoss: number; steps: number; gradientNorm: number };
  slices: number[];
}

/** What a training of this case begins with; the start is a new array each time. */
export function prepare({ model: config, optimizer, count, seed, stop }: Case): {
  bound: BoundModel;
  targets: Float64Array;
  start: () => Float64Array;
  rules: StepRules;
} {
  const model = createModel(config);
  const inputs = inputsOf(config, count, seed);
  const targets = new Float64Array(inputs.count * (model.outputCount ?? 1));
  randomStream(seed, 'targets').fillNormal(targets);
  const start = () => {
    const values = new Float64Array(model.parameterCount);
    randomStream(seed, 'start').fillNormal(values, 0.7);
    return values;
  };
  return { bound: model.bind(inputs), targets, start, rules: { optimizer, stop } };
}

export const cases = (model: fc.Arbitrary<ResolvedModel>, count: fc.Arbitrary<number> = sizes): fc.Arbitrary<Case> =>
  fc.record({
    model,
    optimizer: optimizers,
    count,
    seed: fc.nat(1_000_000),
    stop: fc.record({
      trainLoss: fc.constantFrom(0, 1e-3, 0.5),
      steps: fc.integer({ min: 1, max: 60 }),
      gradientNorm: fc.constantFrom(0, 0.05),
    }),
    slices: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 5 }),
  });
