import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BatchedTraining } from '../../../src/engine/kernels/trainingBatch';
import { entryInputs, randomOrder } from '../../../src/engine/inputs/entries';
import { KernelTraining } from '../../../src/engine/kernels/kernelTraining';
import type { BoundModel } from '../../../src/engine/models/model';
import { createModel } from '../../../src/engine/models/registry';
import type { NativeAddon } from '../../../src/engine/native/addon';
import { buildNative, findCompiler } from '../../../src/engine/native/build';
import { FactorBatch } from '../../../src/engine/native/factorBatch';
import { load } from '../../../src/engine/native/load';
import { unsupportedMachine } from '../../../src/engine/native/location';
import { randomStream } from '../../../src/engine/random/stream';
import { ParameterPath } from '../../../src/engine/training/parameterPath';
import { Training, type StepRules } from '../../../src/engine/training/train';

const why = unsupportedMachine() ?? (findCompiler(process.env) === undefined ? 'there is no C compiler' : undefined);

interface Trial {
  bound: BoundModel;
  targets: Float64Array;
  start: Float64Array;
}

/** Around one vector of lanes and one of unrolled loops, and the size that has a kernel of its own. */
const edge = fc.constantFrom(1, 2, 3, 4, 5, 7);
const shapes = fc.oneof(fc.record({ rows: edge, columns: edge, inner: edge }), fc.constant({ rows: 4, columns: 4, inner: 4 }));
const batches = fc.record({
  shape: shapes,
  trials: fc.array(
    fc.record({
      count: fc.integer({ min: 1, max: 49 }),
      seed: fc.nat(1_000_000),
      // Also starts that diverge, overflow at once, or are denormal or zero.
      scale: fc.constantFrom(0.7, 0.7, 0.7, 1e-4, 3, 1e3, 1e100, 1e200, 1e-320, 0, -0),
      broken: fc.constantFrom<(number | undefined)[]>(undefined, undefined, undefined, undefined, NaN, Infinity, -0),
    }),
    { minLength: 1, maxLength: 20 },
  ),
  learningRate: fc.constantFrom(0.05, 0.3, 5),
  stop: fc.record({
    trainLoss: fc.constantFrom(0, 1e-3, 0.5),
    steps: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.constant(300)),
    gradientNorm: fc.constant(0),
  }),
  slices: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
});

function trialOf(
  { rows, columns, inner }: { rows: number; columns: number; inner: number },
  { count, seed, scale, broken }: { count: number; seed: number; scale: number; broken: number | undefined },
): Trial {
  const model = createModel({ kind: 'matrixFactorization', rows, columns, inner });
  const inputs = entryInputs(randomOrder(rows, columns, seed, 1), columns, Math.min(count, rows * columns));
  const targets = new Float64Array(inputs.count);
  randomStream(seed, 'targets').fillNormal(targets);
  // Residuals that are exactly zero, of both signs.
  if (seed % 3 === 0) targets.fill(seed % 2 ? 0 : -0, 0, 1);
  const start = new Float64Array(model.parameterCount);
  randomStream(seed, 'start').fillNormal(start, 1);
  start.forEach((value, i) => (start[i] = value * scale));
  if (broken !== undefined) start[seed % start.length] = broken;
  return { bound: model.bind(inputs), targets, start };
}

describe.skipIf(why !== undefined)('a batch of matrix factorizations', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'recovery-native-test-'));
  let addon: NativeAddon;

  beforeAll(() => {
    const file = path.join(folder, 'kernels.node');
    buildNative(file, process.env);
    const native = load(file, undefined);
    if (!native.addon) throw new Error(native.reason);
    addon = native.addon;
  }, 240_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Trains all, in as many lanes as there are, others where one is free; those that must go alone are undefined. */
  function trainTogether(
    batch: FactorBatch,
    trials: readonly Trial[],
    slices: readonly number[],
  ): { training: BatchedTraining; trial: Trial; curve: { steps: number[]; losses: number[] } }[] {
    const all: ReturnType<typeof trainTogether> = [];
    const waiting = [...trials];
    for (let call = 0; waiting.length > 0 || batch.running.length > 0; call++) {
      while (waiting.length > 0 && batch.running.length < batch.size) {
        const trial = waiting.shift()!;
        const training = batch.add(trial.bound, trial.targets, trial.start.slice());
        if (training) all.push({ training, trial, curve: { steps: [], losses: [] } });
        else expect(trial.start.every(Number.isFinite)).toBe(false);
      }
      const taken = batch.advance(slices[call % slices.length]);
      expect(taken).toBeLessThanOrEqual(slices[call % slices.length]);
      if (call % 3 === 0) batch.collect();
      for (const { training, curve } of all) {
        const { steps, losses } = training.curve.take();
        curve.steps.push(...steps);
        curve.losses.push(...losses);
      }
    }
    return all;
  }

  function compare(all: ReturnType<typeof trainTogether>, rules: StepRules): void {
    for (const { training, trial, curve } of all) {
      const twin = new Training(trial.bound, trial.targets, trial.start.slice(), rules);
      twin.advance(Infinity);
      expect(training.stopReason).toBe(twin.stopReason);
      expect(training.step).toBe(twin.step);
      expect(training.loss).toBe(twin.loss);
      // Object.is on every number: also NaN, infinities and the sign of zero.
      expect([...training.parameters]).toEqual([...twin.parameters]);
      expect(curve).toEqual(twin.curve.take());
      if (twin.stopReason === 'diverged') continue;
      expect(training.gradientNorm()).toBe(twin.gradientNorm());
      const kernel = new KernelTraining(trial.bound.kernelProblem!(), trial.targets, trial.start.slice(), rules);
      kernel.advance(Infinity);
      expect(training.loss).toBe(kernel.loss);
    }
  }

  it('has the bits of each training alone, whatever is trained beside it', () => {
    fc.assert(
      fc.property(batches, ({ shape, trials, learningRate, stop, slices }) => {
        const rules: StepRules = { optimizer: { kind: 'gradientDescent', learningRate }, stop };
        for (let variant = 0; variant < addon.variants.length; variant++) {
          const batch = new FactorBatch(addon, shape, rules, variant);
          expect(batch.size).toBe(addon.lanes[variant]);
          const prepared = trials.map((trial) => trialOf(shape, trial));
          compare(trainTogether(batch, prepared, slices), rules);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('has them over many steps, where all end at different ones', () => {
    const shape = { rows: 4, columns: 4, inner: 4 };
    const rules: StepRules = {
      optimizer: { kind: 'gradientDescent', learningRate: 0.02 },
      stop: { trainLoss: 1e-9, steps: 20_000, gradientNorm: 0 },
    };
    const trials = Array.from({ length: 32 }, (_, seed) =>
      trialOf(shape, { count: 1 + (seed % 16), seed, scale: 0.3, broken: undefined }),
    );
    for (let variant = 0; variant < addon.variants.length; variant++) {
      const all = trainTogether(new FactorBatch(addon, shape, rules, variant), trials, [1, 700, 1e6]);
      expect(new Set(all.map(({ training }) => training.step)).size).toBeGreaterThan(20);
      expect(new Set(all.map(({ training }) => training.stopReason))).toContain('trainLoss');
      compare(all, rules);
    }
  });

  it('saves trainings that go on alone or in another batch, and takes those that began alone', () => {
    let gone = 0;
    fc.assert(
      fc.property(batches, fc.integer({ min: 1, max: 40 }), ({ shape, trials, learningRate, stop }, cut) => {
        const rules: StepRules = { optimizer: { kind: 'gradientDescent', learningRate }, stop };
        const first = new FactorBatch(addon, shape, rules);
        const second = new FactorBatch(addon, shape, rules);
        for (const trial of trials.slice(0, first.size).map((each) => trialOf(shape, each))) {
          const { bound, targets } = trial;
          // As initial parameters are: finite, and none is −0, which the kernel in WebAssembly may take for 0.
          if (!trial.start.every(Number.isFinite)) continue;
          const start = trial.start.map((value) => value + 0);
          const twin = new Training(bound, targets, start.slice(), rules);
          twin.advance(Infinity);
          const lane = first.add(bound, targets, start.slice());
          const alone = new Training(bound, targets, start.slice(), rules);
          first.advance(cut);
          alone.advance(cut);
          for (const state of [lane?.save?.(), alone.save()]) {
            if (!state) continue;
            gone++;
            const other = new KernelTraining(bound.kernelProblem!(), targets, start.slice(), rules);
            other.goOn(state);
            other.advance(1e6);
            const again = second.add(bound, targets, start.slice(), state);
            while (again && second.running.includes(again)) second.advance(1000);
            for (const training of [other, ...(again ? [again] : [])]) {
              expect([training.step, training.stopReason, training.loss]).toEqual([twin.step, twin.stopReason, twin.loss]);
              expect([...training.parameters]).toEqual([...twin.parameters]);
            }
          }
        }
      }),
      { numRuns: 200 },
    );
    expect(gone).toBeGreaterThan(200);
  });

  it('looks at the parameters of some trainings on the way, with the bits that they have alone', () => {
    let points = 0;
    fc.assert(
      fc.property(batches, ({ shape, trials, learningRate, stop, slices }) => {
        const rules: StepRules = { optimizer: { kind: 'gradientDescent', learningRate }, stop };
        const batch = new FactorBatch(addon, shape, rules);
        const all = trials.slice(0, batch.size).flatMap((each, i) => {
          const { bound, targets, start } = trialOf(shape, each);
          const path = i % 2 === 0 ? new ParameterPath(start.length) : undefined;
          const training = batch.add(bound, targets, start.slice(), undefined, path);
          return training ? [{ training, path, twin: new Training(bound, targets, start.slice(), rules) }] : [];
        });
        for (let call = 0; batch.running.length > 0; call++) batch.advance(slices[call % slices.length]);
        for (const { training, path, twin } of all) {
          if (!path) {
            twin.advance(Infinity);
            expect(training.loss).toBe(twin.loss);
            continue;
          }
          const alone = new ParameterPath(twin.parameters.length);
          while (twin.stopReason === null) {
            if (twin.step >= alone.next) alone.look(twin.step, twin.parameters);
            twin.advance(1);
          }
          expect([training.step, training.stopReason, training.loss]).toEqual([twin.step, twin.stopReason, twin.loss]);
          // A training whose stop rule holds before a step is looked at there by who trains it alone.
          const last = alone.steps.at(-1) === twin.step ? alone.steps.length - 1 : alone.steps.length;
          expect(path.steps.slice(0, last)).toEqual(alone.steps.slice(0, last));
          expect(path.points.slice(0, last)).toEqual(alone.points.slice(0, last));
          points += last;
        }
      }),
      { numRuns: 300 },
    );
    expect(points).toBeGreaterThan(1000);
  });

  it('refuses a training that samples an entry twice', () => {
    const model = createModel({ kind: 'matrixFactorization', rows: 2, columns: 2, inner: 2 });
    const bound = model.bind({ count: 2, dimension: 2, values: Float64Array.of(0, 1, 0, 1) });
    const rules: StepRules = {
      optimizer: { kind: 'gradientDescent', learningRate: 0.1 },
      stop: { trainLoss: 0, steps: 5, gradientNorm: 0 },
    };
    const batch = new FactorBatch(addon, { rows: 2, columns: 2, inner: 2 }, rules);
    expect(batch.add(bound, Float64Array.of(1, 2), new Float64Array(8).fill(1))).toBeUndefined();
    expect(batch.running).toEqual([]);
  });
});
