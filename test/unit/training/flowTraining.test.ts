import { describe, expect, it } from 'vitest';
import type { BoundModel } from '../../../src/engine/models/model';
import { createModel } from '../../../src/engine/models/registry';
import { randomStream } from '../../../src/engine/random/stream';
import { allEntries } from '../../../src/engine/targets/probes';
import { conservedQuantities } from '../../../src/engine/training/conservedQuantities';
import { FlowTraining } from '../../../src/engine/training/flowTraining';
import { Training } from '../../../src/engine/training/train';
import type { ResolvedModel } from '../../../src/experiment/resolved';
import type { GradientFlowConfig } from '../../../src/experiment/schema';

/** f(x; a, b) = a x1 + b x2 at (2, 0) and (0, 1), targets 0: θ_i(t) = e^(−λ_i² t) θ_i(0) with λ = 2, 1. */
const LINEAR = createModel({ kind: 'formula', parameters: ['a', 'b'], inputs: ['x1', 'x2'], expression: 'a*x1 + b*x2' });
const START = [3, -2];

type Stop = Partial<{ trainLoss: number; steps: number; gradientNorm: number }>;

function follow(options: {
  bound?: BoundModel;
  targets?: Float64Array;
  start?: Float64Array;
  optimizer?: Omit<GradientFlowConfig, 'kind'>;
  stop?: Stop;
  slice?: number;
}): FlowTraining {
  const {
    bound = LINEAR.bind({ count: 2, dimension: 2, values: Float64Array.of(2, 0, 0, 1) }),
    start = Float64Array.from(START),
  } = options;
  const training = new FlowTraining(bound, options.targets ?? new Float64Array(bound.sampleCount), start, {
    optimizer: { kind: 'gradientFlow', ...options.optimizer },
    stop: { trainLoss: 0, steps: 100_000, gradientNorm: 0, ...options.stop },
  });
  for (let guard = 0; training.stopReason === null && guard < 1e6; guard++) training.advance(options.slice ?? 1000);
  return training;
}

/** A 3 × 3 matrix of rank 1 by two factors from a small start, from five of its entries. */
function completion() {
  const config: ResolvedModel = { kind: 'matrixFactorization', rows: 3, columns: 3, inner: 3 };
  const model = createModel(config);
  const all = allEntries(3, 3);
  const bound = model.bind({ count: 5, dimension: 2, values: all.values.slice(0, 10) });
  const start = new Float64Array(18);
  randomStream(3, 'flow training').fillNormal(start, 0.01);
  return { config, model, bound, targets: Float64Array.of(1, 2, -1, 2, 4), start };
}

describe('training by gradient flow', () => {
  it('ends at a time where the closed form is', () => {
    const start = Float64Array.from(START);
    const training = follow({ start, optimizer: { time: 1.5, relativeTolerance: 1e-10, absoluteTolerance: 1e-13 } });
    expect(training.stopReason).toBe('time');
    [2, 1].forEach((lambda, i) => expect(start[i] / (START[i] * Math.exp(-lambda * lambda * 1.5))).toBeCloseTo(1, 7));
    const { time, monotone, largestRise, gradients, hessians } = training.measurement();
    expect({ time, monotone, largestRise }).toEqual({ time: 1.5, monotone: true, largestRise: 0 });
    expect(gradients).toBeGreaterThanOrEqual(training.step);
    expect(hessians).toBeGreaterThan(0);
    // (1/n)Σ λ²θ² and its gradient (2/n)λ²θ, at the end.
    const [a, b] = start;
    expect(training.loss).toBeCloseTo((4 * a * a + b * b) / 2, 15);
    expect(training.gradientNorm()).toBeCloseTo(Math.sqrt(16 * a * a + b * b), 12);
  });

  it.each<[string, Stop]>([
    ['trainLoss', { trainLoss: 1e-6 }],
    ['gradientNorm', { gradientNorm: 1e-4 }],
    ['steps', { steps: 12 }],
  ])('stops on %s', (reason, stop) => {
    const training = follow({ stop });
    expect(training.stopReason).toBe(reason);
    if (stop.trainLoss !== undefined) expect(training.loss).toBeLessThan(stop.trainLoss);
    if (stop.gradientNorm !== undefined) expect(training.gradientNorm()).toBeLessThan(stop.gradientNorm);
    if (stop.steps !== undefined) expect(training.step).toBe(stop.steps);
  });

  it('takes no step where the start is good enough', () => {
    const training = follow({ start: Float64Array.of(1e-6, 0), stop: { trainLoss: 1e-9 } });
    expect([training.stopReason, training.step]).toEqual(['trainLoss', 0]);
    expect(training.curve.take()).toEqual({ steps: [0], losses: [training.loss], times: [0] });
  });

  it('does not depend on slices, to the last bit', () => {
    const { bound, targets, start } = completion();
    const runs = [1, 7, 100_000].map((slice) =>
      follow({ bound, targets, start: start.slice(), stop: { trainLoss: 1e-12 }, slice }),
    );
    for (const run of runs) {
      expect(run.parameters).toEqual(runs[0].parameters);
      expect([run.step, run.loss, run.measurement()]).toEqual([runs[0].step, runs[0].loss, runs[0].measurement()]);
    }
    const [first, second] = runs.map((run) => run.curve.take());
    expect(first).toEqual(second);
    expect(first.times).toHaveLength(first.steps.length);
    expect(first.losses).toHaveLength(first.steps.length);
    expect([first.steps[0], first.times![0]]).toEqual([0, 0]);
    // The start is nearly 0: the mean of the squared targets, 26/5.
    expect(first.losses[0]).toBeCloseTo(5.2, 3);
  });

  it('is where gradient descent goes as its rate goes to 0', () => {
    const { bound, targets, start } = completion();
    const time = 4;
    const flow = follow({ bound, targets, start: start.slice(), optimizer: { time } });
    const distances = [0.002, 0.001].map((learningRate) => {
      const descent = new Training(bound, targets, start.slice(), {
        optimizer: { kind: 'gradientDescent', learningRate },
        stop: { trainLoss: 0, gradientNorm: 0, steps: Math.round(time / learningRate) },
      });
      descent.advance(1e6);
      return Math.sqrt(descent.parameters.reduce((sum, value, i) => sum + (value - flow.parameters[i]) ** 2, 0));
    });
    expect(distances[1]).toBeLessThan(0.01);
    // Euler's method is of order 1.
    expect(distances[0] / distances[1]).toBeGreaterThan(1.9);
    expect(distances[0] / distances[1]).toBeLessThan(2.1);
  });

  it('marks a polished end, and says where the flow had ended', () => {
    const { bound, targets, start } = completion();
    const plain = follow({ bound, targets, start: start.slice(), stop: { trainLoss: 1e-6 } });
    const polished = follow({ bound, targets, start: start.slice(), stop: { trainLoss: 1e-6 }, optimizer: { polish: true } });
    expect(plain.measurement()).not.toHaveProperty('polish');
    expect(polished.stopReason).toBe('trainLoss');
    expect(polished.loss).toBeLessThan(1e-28);
    const { polish } = polished.measurement();
    expect(polish!.flowLoss).toBe(plain.loss);
    const moved = polished.parameters.map((value, i) => (value - plain.parameters[i]) ** 2);
    expect(polish!.distance).toBeCloseTo(Math.sqrt(moved.reduce((sum, square) => sum + square, 0)), 14);
    expect(polish!.distance).toBeGreaterThan(0);
    expect(polished.curve.take()).toEqual(plain.curve.take());
  });

  it('calls an overflow divergence and a flow that cannot go on stalled', () => {
    const exponential = createModel({ kind: 'formula', parameters: ['a'], inputs: ['x'], expression: 'exp(a*x)' });
    const bound = exponential.bind({ count: 1, dimension: 1, values: Float64Array.of(1) });
    const diverged = follow({ bound, start: Float64Array.of(1000) });
    expect([diverged.stopReason, diverged.step]).toEqual(['diverged', 0]);
    expect(diverged.curve.take().steps).toEqual([]);
    expect(JSON.stringify(diverged.measurement())).toBe(JSON.stringify(structuredClone(diverged.measurement())));

    // The gradient ends at a = 2: no step gets beyond.
    const plain = LINEAR.bind({ count: 1, dimension: 2, values: Float64Array.of(1, 0) });
    const broken: BoundModel = {
      ...methodsOf(plain),
      lossAndGradient(parameters, targets, gradient) {
        const loss = plain.lossAndGradient(parameters, targets, gradient);
        if (parameters[0] < 2) gradient.fill(NaN);
        return loss;
      },
    };
    const stalled = follow({ bound: broken, start: Float64Array.of(3, 0) });
    expect(stalled.stopReason).toBe('stalled');
    expect(stalled.measurement().failure).toMatch(/errorTest|newton|stepTooSmall/);
    expect(stalled.parameters[0]).toBeGreaterThanOrEqual(2);
    expect(stalled.curve.take().steps.at(-1)).toBe(stalled.step);
  });
});

/** The methods of a bound model, which live on its prototype. */
function methodsOf(bound: BoundModel): BoundModel {
  return {
    sampleCount: bound.sampleCount,
    parameterCount: bound.parameterCount,
    evaluate: (...args) => bound.evaluate(...args),
    jacobian: (...args) => bound.jacobian(...args),
    weightedGradient: (...args) => bound.weightedGradient(...args),
    directionalDerivative: (...args) => bound.directionalDerivative(...args),
    weightedHessianProduct: (...args) => bound.weightedHessianProduct(...args),
    lossAndGradient: (...args) => bound.lossAndGradient(...args),
  };
}

describe('what the flow conserves', () => {
  it('is followed for two factors: AᵀA − BBᵀ', () => {
    const { config, model, bound, targets, start } = completion();
    const quantities = conservedQuantities(config, model);
    expect(quantities.map(({ size }) => size)).toEqual([9]);
    const rules = { optimizer: { kind: 'gradientFlow' as const }, stop: { trainLoss: 1e-12, steps: 10_000, gradientNorm: 0 } };
    const training = new FlowTraining(bound, targets, start, rules, quantities);
    training.advance(10_000);
    const [{ largestDrift }] = training.measurement().conserved;
    expect(largestDrift).toBeGreaterThan(0);
    expect(largestDrift).toBeLessThan(1e-6);
  });

  it('of relu neurons is their balance, and of others nothing is known', () => {
    const network = (activation: 'relu' | 'tanh'): ResolvedModel => ({
      kind: 'twoLayer',
      activation,
      inputs: 2,
      width: 3,
      hiddenBias: true,
      outputBias: false,
    });
    const [relu] = conservedQuantities(network('relu'), createModel(network('relu')));
    const out = new Float64Array(3);
    // a = (1, 2, 3), w = ((1, 0), (0, 1), (1, 1)), b = (0, 2, 1).
    relu.evaluate(Float64Array.of(1, 2, 3, 1, 0, 0, 1, 1, 1, 0, 2, 1), out);
    expect(Array.from(out)).toEqual([1 - 1 - 0, 4 - 1 - 4, 9 - 2 - 1]);
    expect(conservedQuantities(network('tanh'), createModel(network('tanh')))).toEqual([]);
  });

  it('is not followed where that is much work', () => {
    const large: ResolvedModel = { kind: 'matrixFactorization', rows: 200, columns: 200, inner: 200 };
    expect(conservedQuantities(large, createModel(large))).toEqual([]);
  });
});
