import { describe, expect, it } from 'vitest';
import type { BoundModel } from '../../../src/engine/models/model';
import { createModel } from '../../../src/engine/models/registry';
import { LearningRate } from '../../../src/engine/training/learningRate';
import { initialParameters } from '../../../src/engine/training/initialization';
import { LossCurve } from '../../../src/engine/training/lossCurve';
import { createOptimizer } from '../../../src/engine/training/optimizer';
import { Training } from '../../../src/engine/training/train';
import type { StepOptimizerConfig } from '../../../src/experiment/schema';

/** f(x_i; θ) = λ_i θ_i, target 0: the loss is (1/n) Σ λ_i² θ_i² and every step of gradient descent a product. */
function diagonalModel(lambdas: readonly number[]): BoundModel {
  const n = lambdas.length;
  return {
    sampleCount: n,
    parameterCount: n,
    evaluate: () => undefined,
    jacobian: () => undefined,
    weightedGradient: () => undefined,
    directionalDerivative: () => undefined,
    weightedHessianProduct: () => undefined,
    lossAndGradient(parameters, targets, gradient) {
      let loss = 0;
      lambdas.forEach((lambda, i) => {
        const residual = lambda * parameters[i] - targets[i];
        loss += residual * residual;
        gradient[i] = (2 / n) * lambda * residual;
      });
      return loss / n;
    },
  };
}

function train(options: {
  lambdas?: number[];
  start?: number[];
  optimizer?: StepOptimizerConfig;
  stop?: Partial<{ trainLoss: number; steps: number; gradientNorm: number }>;
  slice?: number;
}) {
  const {
    lambdas = [1, 0.5],
    start = [3, -2],
    optimizer = { kind: 'gradientDescent', learningRate: 0.1 },
    slice = 1000,
  } = options;
  const stop = { trainLoss: 0, steps: 100, gradientNorm: 0, ...options.stop };
  const training = new Training(diagonalModel(lambdas), new Float64Array(lambdas.length), Float64Array.from(start), {
    optimizer,
    stop,
  });
  for (let guard = 0; training.stopReason === null && guard < 1e6; guard++) training.advance(slice);
  return training;
}

describe('gradient descent', () => {
  it('follows the closed form θ_i(t) = (1 − 2ηλ_i²/n)^t θ_i(0)', () => {
    const training = train({});
    expect(training.stopReason).toBe('steps');
    expect(training.step).toBe(100);
    [1, 0.5].forEach((lambda, i) => {
      const factor = 1 - (2 * 0.1 * lambda * lambda) / 2;
      expect(training.parameters[i]).toBeCloseTo([3, -2][i] * factor ** 100, 14);
    });
    expect(training.loss).toBeCloseTo((training.parameters[0] ** 2 + 0.25 * training.parameters[1] ** 2) / 2, 15);
  });

  it('decays the learning rate every so many steps, not below the minimum', () => {
    const rate = new LearningRate({ initial: 1, factor: 0.5, every: 2, minimum: 0.2 });
    expect(Array.from({ length: 8 }, () => rate.next())).toEqual([1, 1, 0.5, 0.5, 0.25, 0.25, 0.2, 0.2]);
  });
});

describe('Adam', () => {
  it('takes the first steps of the published algorithm', () => {
    const optimizer = createOptimizer({ kind: 'adam', learningRate: 0.1 }, 1);
    const parameters = Float64Array.of(1);
    // The bias-corrected moments of the first step are g and g², whatever g is: the step is the learning rate.
    optimizer.update(parameters, Float64Array.of(-250));
    expect(parameters[0]).toBeCloseTo(1.1, 9);
    optimizer.update(parameters, Float64Array.of(100));
    const first = (0.9 * 0.1 * -250 + 0.1 * 100) / (1 - 0.81);
    const second = (0.999 * 0.001 * 62500 + 0.001 * 10000) / (1 - 0.998001);
    expect(parameters[0]).toBeCloseTo(1.1 - (0.1 * first) / (Math.sqrt(second) + 1e-8), 9);
  });

  it('minimises', () => {
    const training = train({ optimizer: { kind: 'adam', learningRate: 0.05 }, stop: { trainLoss: 1e-10, steps: 20_000 } });
    expect(training.stopReason).toBe('trainLoss');
    expect(training.loss).toBeLessThan(1e-10);
  });
});

describe('stop rules', () => {
  it('stops at the train loss, at its first step below', () => {
    const training = train({ lambdas: [1], start: [1], stop: { trainLoss: 0.1 } });
    // The loss is 0.8^(2t): 0.8^10 = 0.107, 0.8^12 = 0.069.
    expect(training.stopReason).toBe('trainLoss');
    expect(training.step).toBe(6);
  });

  it('stops at the gradient norm', () => {
    const training = train({ lambdas: [1], start: [1], stop: { gradientNorm: 1 } });
    // The norm is 2·0.8^t: 2·0.8^3 = 1.02, 2·0.8^4 = 0.82.
    expect(training.stopReason).toBe('gradientNorm');
    expect(training.step).toBe(4);
  });

  it.each([
    ['grows', [1], 1.5],
    ['overflows at once', [1e200], 1.5],
  ])('calls a loss that %s diverged', (_, lambdas, learningRate) => {
    const training = train({
      lambdas,
      start: [1e150],
      optimizer: { kind: 'gradientDescent', learningRate },
      stop: { steps: 1e6 },
    });
    expect(training.stopReason).toBe('diverged');
    expect(training.step).toBeLessThan(100);
  });

  it('takes no step when it starts at the goal', () => {
    const training = train({ lambdas: [1], start: [0], stop: { trainLoss: 1e-9 } });
    expect([training.step, training.stopReason]).toEqual([0, 'trainLoss']);
  });
});

describe('slices', () => {
  it('change no bit of the result', () => {
    const whole = train({ stop: { steps: 777 } });
    for (const slice of [1, 7, 100]) {
      const sliced = train({ stop: { steps: 777 }, slice });
      expect(Array.from(sliced.parameters)).toEqual(Array.from(whole.parameters));
      expect(sliced.curve.take()).toEqual(train({ stop: { steps: 777 } }).curve.take());
    }
  });
});

describe('loss curve', () => {
  it('keeps every early step, about 40 a decade later, and the last', () => {
    const training = train({ lambdas: [1e-3], start: [1], stop: { steps: 100_000 } });
    const { steps, losses } = training.curve.take();
    expect(steps.slice(0, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(steps[steps.length - 1]).toBe(100_000);
    expect(losses.length).toBe(steps.length);
    const decade = steps.filter((step) => step >= 1000 && step < 10_000).length;
    expect(decade).toBeGreaterThan(35);
    expect(decade).toBeLessThan(45);
  });

  it('gives points once', () => {
    const curve = new LossCurve();
    curve.add(0, 1);
    curve.add(0, 1);
    expect(curve.take()).toEqual({ steps: [0], losses: [1] });
    expect(curve.take()).toEqual({ steps: [], losses: [] });
  });
});

describe('initialisation', () => {
  const flat = (parameterCount: number) => ({ parameterCount, layout: [] });

  it('by fan-in draws each layer between ∓1/√k for its k inputs', () => {
    const model = createModel({
      kind: 'twoLayer',
      activation: 'tanh',
      inputs: 4,
      width: 2500,
      hiddenBias: true,
      outputBias: true,
    });
    const drawn = initialParameters({ kind: 'fanIn' }, model, 1, { sampleSize: 1, trial: 0 });
    const largest = (name: string) => {
      const { offset, shape } = model.layout.find((block) => block.name === name)!;
      const part = drawn.subarray(offset, offset + shape.reduce((a, b) => a * b, 1));
      return part.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    };
    for (const [name, bound] of [
      ['inputWeights', 1 / 2],
      ['hiddenBiases', 1 / 2],
      ['outputWeights', 1 / 50],
    ] as const) {
      expect(largest(name)).toBeLessThanOrEqual(bound);
      expect(largest(name)).toBeGreaterThan(0.99 * bound);
    }
    expect(largest('outputBias')).toBeLessThanOrEqual(1 / 50);
    const deep = createModel({ kind: 'deepNetwork', activation: 'tanh', inputs: 9, widths: [16, 25], outputs: 1, bias: true });
    const { offset } = deep.layout.find((block) => block.name === 'b3')!;
    const weights = initialParameters({ kind: 'fanIn' }, deep, 1, { sampleSize: 1, trial: 0 });
    expect(Math.abs(weights[offset])).toBeLessThanOrEqual(1 / 5);
  });

  it('depends on seed, sample size and trial, and on nothing else', () => {
    const draw = (seed: number, sampleSize: number, trial: number) =>
      Array.from(initialParameters({ kind: 'normal', scale: 1e-4 }, flat(5), seed, { sampleSize, trial }));
    expect(draw(1, 7, 0)).toEqual(draw(1, 7, 0));
    for (const other of [draw(2, 7, 0), draw(1, 8, 0), draw(1, 7, 1)]) expect(other).not.toEqual(draw(1, 7, 0));
  });

  it('has the asked scale', () => {
    const normal = initialParameters({ kind: 'normal', scale: 3 }, flat(20_000), 1, { sampleSize: 1, trial: 0 });
    expect(Math.abs(normal.reduce((sum, x) => sum + x * x, 0) / 20_000 / 9 - 1)).toBeLessThan(0.04);
    const uniform = initialParameters({ kind: 'uniform', scale: 3 }, flat(20_000), 1, { sampleSize: 1, trial: 0 });
    expect(Math.max(...uniform)).toBeLessThanOrEqual(3);
    expect(Math.min(...uniform)).toBeLessThan(-2.99);
    expect(Math.abs(uniform.reduce((sum, x) => sum + x, 0) / 20_000)).toBeLessThan(0.05);
  });
});
