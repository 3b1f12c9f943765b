import type { StepOptimizerConfig } from '../../experiment/schema';
import { LearningRate } from './learningRate';
import type { SavedFields } from './savedState';

/** Changes the parameters in place, given the gradient there. Called once a step, in order. */
export interface Optimizer {
  update(parameters: Float64Array, gradient: Float64Array): void;
  /** Moments, in the order of the parameters; none for gradient descent. */
  save(): Moments;
  /**
   * Goes on from moments after so many steps.
   *
   * @throws StateError when there are none of this length
   */
  goOn(saved: SavedFields, step: number): void;
}

export interface Moments {
  first?: Float64Array;
  second?: Float64Array;
}

/** βᵗ as t multiplications give it. */
export function decayPower(beta: number, t: number): number {
  let power = 1;
  for (let i = 0; i < t && power !== 0 && beta !== 1; i++) power *= beta;
  return power;
}

export function createOptimizer(config: StepOptimizerConfig, parameterCount: number): Optimizer {
  switch (config.kind) {
    case 'gradientDescent':
      return new GradientDescent(new LearningRate(config.learningRate));
    case 'adam':
      return new Adam(
        parameterCount,
        new LearningRate(config.learningRate),
        config.beta1 ?? 0.9,
        config.beta2 ?? 0.999,
        config.epsilon ?? 1e-8,
      );
  }
}

/** θ ← θ − η ∇R(θ). */
class GradientDescent implements Optimizer {
  constructor(private readonly learningRate: LearningRate) {}

  update(parameters: Float64Array, gradient: Float64Array): void {
    const rate = this.learningRate.next();
    for (let i = 0; i < parameters.length; i++) parameters[i] = parameters[i] - rate * gradient[i];
  }

  save(): Moments {
    return {};
  }

  goOn(_saved: SavedFields, step: number): void {
    this.learningRate.skip(step);
  }
}

/** Adam with bias correction (arXiv 1412.6980, algorithm 1). */
class Adam implements Optimizer {
  private readonly first: Float64Array;
  private readonly second: Float64Array;
  private beta1Power = 1;
  private beta2Power = 1;

  constructor(
    parameterCount: number,
    private readonly learningRate: LearningRate,
    private readonly beta1: number,
    private readonly beta2: number,
    private readonly epsilon: number,
  ) {
    this.first = new Float64Array(parameterCount);
    this.second = new Float64Array(parameterCount);
  }

  update(parameters: Float64Array, gradient: Float64Array): void {
    const { first, second, beta1, beta2, epsilon } = this;
    this.beta1Power *= beta1;
    this.beta2Power *= beta2;
    const rate = this.learningRate.next() / (1 - this.beta1Power);
    const secondCorrection = 1 / (1 - this.beta2Power);
    for (let i = 0; i < parameters.length; i++) {
      const g = gradient[i];
      const m = beta1 * first[i] + (1 - beta1) * g;
      const v = beta2 * second[i] + (1 - beta2) * g * g;
      first[i] = m;
      second[i] = v;
      parameters[i] = parameters[i] - (rate * m) / (Math.sqrt(v * secondCorrection) + epsilon);
    }
  }

  save(): Moments {
    return { first: this.first.slice(), second: this.second.slice() };
  }

  goOn(saved: SavedFields, step: number): void {
    const { length } = this.first;
    const [first, second] = [saved.vector('first', length), saved.vector('second', length)];
    this.first.set(first);
    this.second.set(second);
    this.beta1Power = decayPower(this.beta1, step);
    this.beta2Power = decayPower(this.beta2, step);
    this.learningRate.skip(step);
  }
}
