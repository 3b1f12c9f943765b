import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResolvedModel, ResolvedTwoLayer } from '../../../src/experiment/resolved';
import { KernelTraining } from '../../../src/engine/kernels/kernelTraining';
import { DropoutTwoLayer } from '../../../src/engine/models/dropoutTwoLayer';
import { DropoutMasks } from '../../../src/engine/random/dropoutMasks';
import { decodeExact, encodeExact } from '../../../src/engine/store/exactJson';
import { LearningRate } from '../../../src/engine/training/learningRate';
import { decayPower } from '../../../src/engine/training/optimizer';
import { StateError } from '../../../src/engine/training/savedState';
import { Training, type TrainingRun } from '../../../src/engine/training/train';
import { TensorFlowTraining } from '../../../src/engine/tensorflow/tensorFlowTraining';
import { ACTIVATIONS, cases, networks, prepare, sizes, type Case } from '../kernels/cases';
import { PlainTensorFlow } from '../tensorflow/plainTensorFlow';
import { models, OPTIMIZERS, problemOf } from '../tensorflow/problems';

const factorization = (size: fc.Arbitrary<number>) =>
  fc.record({ kind: fc.constant('matrixFactorization' as const), rows: size, columns: size, inner: size });

const families: Record<string, fc.Arbitrary<Case>> = {
  networks: cases(networks),
  factorizations: cases(factorization(sizes)),
  'small factorizations': cases(factorization(fc.constantFrom(3, 4)), fc.integer({ min: 9, max: 16 })),
  formulas: cases(
    fc
      .constantFrom('t0 + t1*x1 + t2*t3*x2', 'tanh(t0*x1 + t1)/(1 + exp(-t2*x2)) - sin(t3*x1)')
      .map((expression): ResolvedModel => ({
        kind: 'formula',
        parameters: ['t0', 't1', 't2', 't3'],
        inputs: ['x1', 'x2'],
        expression,
      })),
  ),
  diagonals: cases(fc.record({ kind: fc.constant('diagonal' as const), inputs: sizes, depth: fc.integer({ min: 1, max: 4 }) })),
  'deep factorizations': cases(
    fc
      .array(sizes, { minLength: 4, maxLength: 5 })
      .map((dimensions): ResolvedModel => ({ kind: 'matrixFactorization', dimensions })),
  ),
  'deep networks': cases(
    fc.record({
      kind: fc.constant('deepNetwork' as const),
      activation: fc.constantFrom(...ACTIVATIONS),
      inputs: sizes,
      widths: fc.array(sizes, { minLength: 1, maxLength: 3 }),
      outputs: fc.constantFrom(1, 2),
      bias: fc.boolean(),
    }),
  ),
};

/** As it comes back from a file. */
const kept = (state: unknown): unknown => decodeExact(encodeExact(state));

/** All that a training says at its end; Object.is on every number. */
function endOf(training: TrainingRun): unknown[] {
  training.advance(1e6);
  const { step, stopReason, curve, parameters } = training;
  const end = stopReason === 'diverged' ? [] : [training.loss, training.gradientNorm()];
  return [step, stopReason, curve.take(), ...parameters, ...end];
}

describe('a training that goes on from what another one saved', () => {
  for (const [name, examples] of Object.entries(families))
    it(`ends with the same bits, in the kernels and in TypeScript: ${name}`, () => {
      let gone = 0;
      fc.assert(
        fc.property(examples, fc.integer({ min: 1, max: 40 }), (example, cut) => {
          const { bound, targets, start, rules } = prepare(example);
          const kernel = () => new KernelTraining(bound.kernelProblem!(), targets, start(), rules);
          const plain = () => new Training(bound, targets, start(), rules);
          const expected = endOf(plain());
          for (const first of [kernel, plain])
            for (const second of [kernel, plain]) {
              const begun = first();
              for (const slice of example.slices) begun.advance(slice);
              begun.advance(cut);
              const state = begun.save?.();
              if (!state) continue;
              gone++;
              const saved = kept(state);
              // What is saved does not change when its training goes on, and another one may have the kernels in between.
              expect(endOf(begun)).toEqual(expected);
              const other = second();
              other.goOn?.(saved);
              expect(endOf(other)).toEqual(expected);
            }
        }),
        { numRuns: 150 },
      );
      expect(gone).toBeGreaterThan(100);
    });

  it('does so with dropout, whose masks go on', () => {
    fc.assert(
      fc.property(cases(networks), fc.integer({ min: 1, max: 40 }), (example, cut) => {
        const { targets, start, rules } = prepare(example);
        const config = example.model as ResolvedTwoLayer;
        const values = Float64Array.from({ length: config.inputs * example.count }, (_, i) => Math.sin(i));
        const inputs = { count: example.count, dimension: config.inputs, values };
        const begin = () =>
          new Training(new DropoutTwoLayer(config, inputs, new DropoutMasks(0.4, 3, 5, 7)), targets, start(), rules);
        const expected = endOf(begin());
        const begun = begin();
        begun.advance(cut);
        const state = begun.save();
        fc.pre(state !== undefined);
        const other = begin();
        other.goOn(kept(state));
        expect(endOf(other)).toEqual(expected);
      }),
    );
  });

  it('does so in tensors', () => {
    fc.assert(
      fc.property(
        models,
        fc.nat(1_000_000),
        fc.constantFrom(...OPTIMIZERS),
        fc.integer({ min: 1, max: 20 }),
        (model, seed, optimizer, cut) => {
          const { bound, network, targets, start } = problemOf(model, 4, seed);
          const rules = { optimizer, stop: { trainLoss: 1e-6, gradientNorm: 0, steps: 30 } };
          const begin = () => new TensorFlowTraining(new PlainTensorFlow(Math.fround), network, bound, targets, start(), rules);
          const expected = endOf(begin());
          const begun = begin();
          begun.advance(cut);
          const state = begun.save();
          fc.pre(state !== undefined);
          const other = begin();
          other.goOn(kept(state));
          expect(endOf(other)).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('refuses what is none of it, and is then as before', () => {
    const example: Case = {
      model: { kind: 'twoLayer', activation: 'tanh', inputs: 2, width: 3, hiddenBias: true, outputBias: false },
      optimizer: { kind: 'adam', learningRate: 0.01 },
      count: 5,
      seed: 1,
      stop: { trainLoss: 0, steps: 50, gradientNorm: 0 },
      slices: [],
    };
    const { bound, targets, start, rules } = prepare(example);
    for (const begin of [
      () => new Training(bound, targets, start(), rules),
      () => new KernelTraining(bound.kernelProblem!(), targets, start(), rules),
    ]) {
      const begun = begin();
      begun.advance(20);
      const state = { ...begun.save() };
      const short = new Float64Array(2);
      for (const wrong of [
        undefined,
        null,
        7,
        [],
        {},
        { ...state, step: 25 },
        { ...state, step: 0 },
        { ...state, step: 51 },
        { ...state, step: 2.5 },
        { ...state, step: '20' },
        { ...state, parameters: short },
        { ...state, parameters: [...begun.parameters] },
        { ...state, divergenceLoss: -1 },
        { ...state, divergenceLoss: NaN },
        { ...state, first: short },
        { ...state, second: undefined },
        { ...state, curve: null },
        { ...state, curve: { losses: short } },
        { ...state, curve: { ...state.curve, times: state.curve?.losses } },
      ]) {
        const other = begin();
        expect(() => other.goOn(wrong)).toThrow(StateError);
        expect(endOf(other)).toEqual(endOf(begin()));
      }
    }
  });
});

describe('numbers that are not saved', () => {
  it('are those of the steps taken one by one', () => {
    fc.assert(
      fc.property(fc.constantFrom(0.5, 0.9, 0.999, 0), fc.nat(3000), (beta, t) => {
        let power = 1;
        for (let i = 0; i < t; i++) power *= beta;
        expect(decayPower(beta, t)).toBe(power);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(200), fc.constantFrom(0.5, 0.93), (every, steps, factor) => {
        const config = { initial: 0.3, factor, every, minimum: 1e-3 };
        const one = new LearningRate(config);
        for (let i = 0; i < steps; i++) one.next();
        const other = new LearningRate(config);
        other.skip(steps);
        for (let i = 0; i < 20; i++) expect(other.next()).toBe(one.next());
      }),
    );
  });
});
