import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResolvedModel } from '../../../src/experiment/resolved';
import type { StepOptimizerConfig } from '../../../src/experiment/schema';
import { KernelTraining } from '../../../src/engine/kernels/kernelTraining';
import { createModel } from '../../../src/engine/models/registry';
import { Training, type TrainingRun } from '../../../src/engine/training/train';
import { ACTIVATIONS, cases, networks, prepare, sizes, type Case } from './cases';

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

const diagonals: fc.Arbitrary<ResolvedModel> = fc.record({
  kind: fc.constant('diagonal' as const),
  inputs: sizes,
  depth: fc.integer({ min: 1, max: 5 }),
});

const deepNetworks: fc.Arbitrary<ResolvedModel> = fc.record({
  kind: fc.constant('deepNetwork' as const),
  activation: fc.constantFrom(...ACTIVATIONS),
  inputs: sizes,
  widths: fc.array(sizes, { minLength: 1, maxLength: 4 }),
  outputs: fc.constantFrom(1, 1, 2, 3),
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

function runBoth(example: Case): [TrainingRun, TrainingRun] {
  const { bound, targets, start, rules } = prepare(example);
  const twin = new Training(bound, targets, start(), rules);
  twin.advance(Infinity);
  const kernel = new KernelTraining(bound.kernelProblem!(), targets, start(), rules);
  for (const slice of example.slices) kernel.advance(slice);
  kernel.advance(1e6);
  return [twin, kernel];
}

const families = {
  networks: cases(networks),
  factorizations: cases(factorizations),
  'small factorizations': cases(smallFactorizations, fc.integer({ min: 8, max: 16 })),
  formulas: cases(formulas),
  diagonals: cases(diagonals),
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
            expect(kernel.gradientNorm()).toBe(twin.gradientNorm());
          }
        }),
        { numRuns: 400 },
      );
    });

    it(`${name}: from a start of zeros`, () => {
      fc.assert(
        fc.property(examples, (example) => {
          const { bound, targets, start, rules } = prepare(example);
          const twin = new Training(bound, targets, start().fill(0), rules);
          twin.advance(1e6);
          const kernel = new KernelTraining(bound.kernelProblem!(), targets, start().fill(0), rules);
          kernel.advance(1e6);
          expect([...kernel.parameters]).toEqual([...twin.parameters]);
          expect(kernel.curve.take()).toEqual(twin.curve.take());
        }),
        { numRuns: 100 },
      );
    });

    it(`${name}: stopped by the last bit of the norm of the gradient`, () => {
      fc.assert(
        fc.property(examples, (example) => {
          const { bound, targets, start, rules } = prepare(example);
          const stop = { trainLoss: 0, steps: 5, gradientNorm: 0 };
          const end = new Training(bound, targets, start(), { ...rules, stop });
          end.advance(Infinity);
          const norm = end.gradientNorm();
          fc.pre(end.stopReason === 'steps' && norm > 1e-300);
          // The next number above the norm there is above it; the norm itself is not.
          for (const gradientNorm of [norm, norm * (1 + 2 ** -52)]) {
            const [twin, kernel] = runBoth({ ...example, stop: { trainLoss: 0, steps: 8, gradientNorm } });
            expect([kernel.stopReason, kernel.step]).toEqual([twin.stopReason, twin.step]);
          }
        }),
        { numRuns: 60 },
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

  it('sine and cosine after many periods, where the digits of π decide', () => {
    const settings = {
      optimizer: { kind: 'gradientDescent', learningRate: 0.01 } as const,
      stop: { trainLoss: 0, steps: 1, gradientNorm: 0 },
    };
    const thousandths = fc.integer({ min: -1_100_000_000, max: 1_100_000_000 });
    fc.assert(
      fc.property(fc.constantFrom('sin', 'cos'), thousandths, (name, argument) => {
        const model = createModel({ kind: 'formula', parameters: ['t0'], inputs: ['x1'], expression: `t0*${name}(x1)` });
        const bound = model.bind({ count: 1, dimension: 1, values: Float64Array.of(argument / 1000) });
        const kernel = new KernelTraining(bound.kernelProblem!(), Float64Array.of(0), Float64Array.of(1), settings);
        const twin = new Training(bound, Float64Array.of(0), Float64Array.of(1), settings);
        twin.advance(1);
        kernel.advance(1);
        expect(kernel.loss).toBe(twin.loss);
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
