import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResolvedModel } from '../../../src/experiment/resolved';
import type { ActivationConfig, StepOptimizerConfig } from '../../../src/experiment/schema';
import { inputDimensionOf, matrixShapeOf } from '../../../src/experiment/sizes';
import { entryInputs, randomOrder } from '../../../src/engine/inputs/entries';
import { KernelTraining } from '../../../src/engine/kernels/kernelTraining';
import type { Inputs } from '../../../src/engine/models/model';
import { createModel } from '../../../src/engine/models/registry';
import { randomStream } from '../../../src/engine/random/stream';
import { Training, type TrainingRun } from '../../../src/engine/training/train';

const ACTIVATIONS: ActivationConfig[] = ['tanh', 'sigmoid', 'exp', 'softplus', 'relu', 'sin', { kind: 'tanh', shift: 0.3 }];
/** The padded edges of the kernels: around one and two vectors, and beyond. */
const sizes = fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 11, 13);

const optimizers: fc.Arbitrary<StepOptimizerConfig> = fc.constantFrom<StepOptimizerConfig[]>(
  { kind: 'gradientDescent', learningRate: 0.05 },
  { kind: 'gradientDescent', learningRate: { initial: 0.1, factor: 0.5, every: 7, minimum: 0.01 } },
  { kind: 'adam', learningRate: 0.01 },
  { kind: 'adam', learningRate: { initial: 0.02, factor: 0.9, every: 5 }, beta1: 0.8, beta2: 0.99, epsilon: 1e-6 },
);

const networks: fc.Arbitrary<ResolvedModel> = fc.record({
  kind: fc.constant('twoLayer' as const),
  activation: fc.constantFrom(...ACTIVATIONS),
  inputs: sizes,
  width: sizes,
  hiddenBias: fc.boolean(),
  outputBias: fc.boolean(),
});

const factorizations: fc.Arbitrary<ResolvedModel> = fc.record({
  kind: fc.constant('matrixFactorization' as const),
  rows: sizes,
  columns: sizes,
  inner: sizes,
});

/** Those that one kernel computes whole where most entries are sampled. */
const smallFactorizations: fc.Arbitrary<ResolvedModel> = fc.record({
  kind: fc.constant('matrixFactorization' as const),
  rows: fc.constantFrom(3, 4),
  columns: fc.constantFrom(3, 4),
  inner: fc.integer({ min: 1, max: 4 }),
});

const formulas: fc.Arbitrary<ResolvedModel> = fc
  .constantFrom(
    't0 + t1*x1 + t2*t3*x2',
    'tanh(t0*x1 + t1)/(1 + exp(-t2*x2)) - sin(t3*x1)',
    'sqrt(1 + square(t0 - x1)) * abs(t1) + relu(t2*x2) - t3^3',
    'log(2 + cos(t0*x1)) + softplus(t1*x2) * sigmoid(t2) + (1.5 + t3*t3)^(0.3*x1)',
    '2*t0 - x1',
  )
  .map((expression) => ({ kind: 'formula', parameters: ['t0', 't1', 't2', 't3'], inputs: ['x1', 'x2'], expression }));

const deepFactorizations: fc.Arbitrary<ResolvedModel> = fc
  .array(sizes, { minLength: 4, maxLength: 6 })
  .map((dimensions) => ({ kind: 'matrixFactorization', dimensions }));

const deepNetworks: fc.Arbitrary<ResolvedModel> = fc.record({
  kind: fc.constant('deepNetwork' as const),
  activation: fc.constantFrom(...ACTIVATIONS),
  inputs: sizes,
  widths: fc.array(sizes, { minLength: 1, maxLength: 4 }),
  outputs: fc.constant(1),
  bias: fc.boolean(),
});

const convolutions: fc.Arbitrary<ResolvedModel> = fc
  .record({
    activation: fc.constantFrom(...ACTIVATIONS),
    inputs: fc.oneof(sizes, fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))),
    kernel: fc.integer({ min: 1, max: 3 }),
    kernels: fc.constantFrom(1, 2, 3, 5),
    sharing: fc.boolean(),
    hiddenBias: fc.boolean(),
  })
  .map((shape) => ({
    ...shape,
    kind: 'convolution',
    kernel: Math.min(shape.kernel, ...(typeof shape.inputs === 'number' ? [shape.inputs] : shape.inputs)),
  }));

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

interface Case {
  model: ResolvedModel;
  optimizer: StepOptimizerConfig;
  count: number;
  seed: number;
  stop: { trainLoss: number; steps: number; gradientNorm: number };
  slices: number[];
}

function runBoth({ model: config, optimizer, count, seed, stop, slices }: Case): [TrainingRun, TrainingRun] {
  const model = createModel(config);
  const inputs = inputsOf(config, count, seed);
  const bound = model.bind(inputs);
  const targets = new Float64Array(inputs.count);
  randomStream(seed, 'targets').fillNormal(targets);
  const start = new Float64Array(model.parameterCount);
  randomStream(seed, 'start').fillNormal(start, 0.7);
  const settings = { optimizer, stop };
  const twin = new Training(bound, targets, start.slice(), settings);
  twin.advance(Infinity);
  const kernel = new KernelTraining(bound.kernelProblem!(), targets, start.slice(), settings);
  for (const slice of slices) kernel.advance(slice);
  kernel.advance(1e6);
  return [twin, kernel];
}

const cases = (model: fc.Arbitrary<ResolvedModel>, count: fc.Arbitrary<number> = sizes): fc.Arbitrary<Case> =>
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

const families = {
  networks: cases(networks),
  factorizations: cases(factorizations),
  'small factorizations': cases(smallFactorizations, fc.integer({ min: 8, max: 16 })),
  formulas: cases(formulas),
  'deep factorizations': cases(deepFactorizations),
  'deep networks': cases(deepNetworks),
  convolutions: cases(convolutions),
};

describe('training kernels give the bits of the TypeScript training', () => {
  for (const [name, examples] of Object.entries(families)) {
    it(name, () => {
      fc.assert(
        fc.property(examples, (example) => {
          const [twin, kernel] = runBoth(example);
          expect(kernel.stopReason).toBe(twin.stopReason);
          expect(kernel.step).toBe(twin.step);
          // Object.is on every number: also NaN, infinities and the sign of zero.
          expect([...kernel.parameters]).toEqual([...twin.parameters]);
          expect(kernel.curve.take()).toEqual(twin.curve.take());
          if (twin.stopReason !== 'diverged') {
            expect(kernel.loss).toBe(twin.loss);
            // Kernels keep the parameters of factorizations in another order.
            const norm = twin.gradientNorm();
            if (!('inner' in example.model)) expect(kernel.gradientNorm()).toBe(norm);
            else expect(Math.abs(kernel.gradientNorm() - norm)).toBeLessThanOrEqual(1e-14 * norm);
          }
        }),
        { numRuns: 400 },
      );
    });
  }

  it('functions at any arguments: tiny, huge, subnormal, infinite', () => {
    const functions = ['tanh', 'sigmoid', 'exp', 'log', 'softplus', 'relu', 'sin', 'cos', 'sqrt', 'abs'];
    const moderate = fc.double({ min: -45, max: 45, noNaN: true });
    const arguments_ = fc.array(fc.oneof(moderate, fc.double({ noNaN: true })), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.constantFrom(...functions), arguments_, fc.constantFrom(0, 0.7), (name, values, t1) => {
        const expression = `t0*${name}(x1 + t1)`;
        const model = createModel({ kind: 'formula', parameters: ['t0', 't1'], inputs: ['x1'], expression });
        const bound = model.bind({ count: values.length, dimension: 1, values: Float64Array.from(values) });
        const settings = {
          optimizer: { kind: 'gradientDescent', learningRate: 0.01 } as const,
          stop: { trainLoss: 0, steps: 1, gradientNorm: 0 },
        };
        const targets = new Float64Array(values.length).fill(0.3);
        const twin = new Training(bound, targets, Float64Array.of(0.5, t1), settings);
        const kernel = new KernelTraining(bound.kernelProblem!(), targets, Float64Array.of(0.5, t1), settings);
        twin.advance(1);
        kernel.advance(1);
        expect(kernel.loss).toBe(twin.loss);
        expect([...kernel.parameters]).toEqual([...twin.parameters]);
      }),
      { numRuns: 3000 },
    );
  });

  it('also where it diverges', () => {
    const model: ResolvedModel = { kind: 'matrixFactorization', rows: 3, columns: 4, inner: 2 };
    const optimizer: StepOptimizerConfig = { kind: 'gradientDescent', learningRate: 50 };
    const [twin, kernel] = runBoth({
      model,
      optimizer,
      count: 8,
      seed: 3,
      stop: { trainLoss: 0, steps: 1000, gradientNorm: 0 },
      slices: [],
    });
    expect(twin.stopReason).toBe('diverged');
    expect(kernel.stopReason).toBe('diverged');
    expect(kernel.step).toBe(twin.step);
  });
});
