import { describe, expect, it } from 'vitest';
import type { StepOptimizerConfig } from '../../../src/experiment/schema';
import { backendFor } from '../../../src/engine/kernels/createTraining';
import { prepareTensorFlow, loadTensorFlow } from '../../../src/engine/tensorflow/load';
import { findTensorFlow } from '../../../src/engine/tensorflow/location';
import { TensorFlowTraining } from '../../../src/engine/tensorflow/tensorFlowTraining';
import type { TensorFlow } from '../../../src/engine/tensorflow/library';
import { Training, type StepRules, type TrainingRun } from '../../../src/engine/training/train';
import { ACTIVATIONS } from '../kernels/cases';
import { PlainTensorFlow, randomRounding } from './plainTensorFlow';
import { FAMILIES, problemOf, type Problem } from './problems';

const STEPS = 100;
const COUNT = 12;
/** Runs in random arithmetic whose spread says what float32 can tell. */
const SAMPLES = 4;
/** Four samples find the largest deviation of a path to within a small factor; TensorFlow adds up in another order besides. */
const MARGIN = 8;

const installed = findTensorFlow(process.env);
const optimizers: StepOptimizerConfig[] = [
  { kind: 'gradientDescent', learningRate: 0.01 },
  { kind: 'adam', learningRate: { initial: 0.01, factor: 0.5, every: 40 } },
];
/** Every family with every activation, and both optimizers with each of them. */
const cases = Object.entries(FAMILIES).flatMap(([family, model], row) =>
  ACTIVATIONS.map((activation, column) => {
    const optimizer = optimizers[(row + column) % 2];
    const name = `${family}, ${typeof activation === 'string' ? activation : 'shifted tanh'}, ${optimizer.kind}`;
    return { name, config: model(activation), optimizer };
  }),
);

const rulesOf = (optimizer: StepOptimizerConfig): StepRules => ({
  optimizer,
  stop: { trainLoss: 0, steps: STEPS, gradientNorm: 0 },
});

/** Losses at the kept steps of a whole training. */
function losses(training: TrainingRun): number[] {
  training.advance(Infinity);
  return training.curve.take().losses;
}

function inTensorFlow(tf: TensorFlow, { bound, network, targets, start }: Problem, optimizer: StepOptimizerConfig): number[] {
  return losses(new TensorFlowTraining(tf, network, bound, targets, start(), rulesOf(optimizer)));
}

function inFloat64({ bound, targets, start }: Problem, optimizer: StepOptimizerConfig): number[] {
  return losses(new Training(bound, targets, start(), rulesOf(optimizer)));
}

/** At each kept step: how far rounding to float32 may lead away from the losses of float64, by Monte Carlo arithmetic. */
function tolerances(problem: Problem, optimizer: StepOptimizerConfig, exact: readonly number[]): number[] {
  let state = 1;
  const uniform = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const runs = Array.from({ length: SAMPLES }, () =>
    inTensorFlow(new PlainTensorFlow(randomRounding(uniform)), problem, optimizer),
  );
  // Errors grow along a path: what was seen at a step holds for all later ones.
  let largest = 0;
  return exact.map((loss, i) => {
    for (const run of runs) largest = Math.max(largest, Math.abs(run[i] - loss) / loss);
    return MARGIN * largest * loss;
  });
}

// Built by tools/build-tfjs-node.mjs, or installed by `recovery tensorflow install`; skipped where neither was done.
describe.skipIf(installed.folder === undefined)(`TensorFlow itself, over ${STEPS} steps`, () => {
  const tf = () => {
    prepareTensorFlow(process.env, 2);
    return loadTensorFlow();
  };

  it.each(cases)('$name, the losses of float64, as far as float32 can tell', ({ config, optimizer }) => {
    const problem = problemOf(config, COUNT, 5, 0.3);
    const exact = inFloat64(problem, optimizer);
    const allowed = tolerances(problem, optimizer, exact);
    const measured = inTensorFlow(tf(), problem, optimizer);
    expect(measured).toHaveLength(exact.length);
    const beyond = measured.flatMap((loss, i) =>
      Math.abs(loss - exact[i]) <= allowed[i] ? [] : [{ i, loss, exact: exact[i], allowed: allowed[i] }],
    );
    expect(beyond).toEqual([]);
    // The tolerance is no free pass: it tells a training whose learning rate is off by a hundredth.
    const { learningRate } = optimizer;
    const off =
      typeof learningRate === 'number' ? learningRate * 1.01 : { ...learningRate, initial: learningRate.initial * 1.01 };
    const other = inTensorFlow(tf(), problem, { ...optimizer, learningRate: off });
    expect(other.some((loss, i) => Math.abs(loss - exact[i]) > allowed[i])).toBe(true);
  });

  it('leaves no tensor behind', () => {
    const before = tf().memory().numTensors;
    for (const { config, optimizer } of cases.slice(0, 6)) inTensorFlow(tf(), problemOf(config, COUNT, 5, 0.3), optimizer);
    expect(tf().memory().numTensors).toBe(before);
  });

  it('is what an experiment that asks for it trains in', () => {
    const { bound, targets, start } = problemOf(cases[0].config, COUNT, 5);
    const backend = backendFor(bound, { backend: 'tensorflow' });
    expect(backend).toMatchObject({ name: 'TensorFlow (float32)', exact: false });
    expect(backend.train(bound, targets, start(), rulesOf(optimizers[0]))).toBeInstanceOf(TensorFlowTraining);
  });
});
