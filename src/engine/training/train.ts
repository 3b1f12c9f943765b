import type { ResolvedStop } from '../../experiment/resolved';
import type { StepOptimizerConfig } from '../../experiment/schema';
import type { StopReason } from '../../protocol/events';
import type { BoundModel } from '../models/model';
import { LossCurve } from './lossCurve';
import { createOptimizer, type Optimizer } from './optimizer';

/** A loss that grew by this factor over max(1, initial loss) has diverged. */
const DIVERGENCE_FACTOR = 1e12;

/** The loss above which a training that began at `initialLoss` has diverged. */
export function divergenceLossOf(initialLoss: number): number {
  return DIVERGENCE_FACTOR * Math.max(1, initialLoss);
}

/** |g|²; even and odd parameters are added up apart, as the kernels do it. */
export function squaredNorm(gradient: Float64Array): number {
  let even = 0;
  let odd = 0;
  for (let i = 0; i < gradient.length; i += 2) even += gradient[i] * gradient[i];
  for (let i = 1; i < gradient.length; i += 2) odd += gradient[i] * gradient[i];
  return even + odd;
}

/** How a training by steps goes and when it ends. */
export interface StepRules {
  optimizer: StepOptimizerConfig;
  stop: ResolvedStop;
}

/** A training that is driven in slices by whoever reports its progress and may stop it. */
export interface TrainingRun {
  readonly curve: LossCurve;
  /** Steps taken. */
  readonly step: number;
  /** Loss at the current parameters; valid once training has ended. */
  readonly loss: number;
  /** Null while training goes on. */
  readonly stopReason: StopReason | null;
  /** Now; changed in place by `advance`. */
  readonly parameters: Float64Array;
  /** Flow time now, of gradient flows alone. */
  readonly time?: number;
  /** Takes up to `count` steps. The numbers do not depend on the slices. */
  advance(count: number): void;
  /** Euclidean norm of the gradient at the current parameters. */
  gradientNorm(): number;
}

/** One training: full-batch steps on the mean squared error until a stop rule holds. */
export class Training implements TrainingRun {
  readonly curve = new LossCurve();
  step = 0;
  loss = NaN;
  stopReason: StopReason | null = null;
  private readonly gradient: Float64Array;
  private readonly optimizer: Optimizer;
  private divergenceLoss = Infinity;

  constructor(
    private readonly bound: Pick<BoundModel, 'lossAndGradient'>,
    private readonly targets: Float64Array,
    /** Changed in place. */
    readonly parameters: Float64Array,
    private readonly config: StepRules,
  ) {
    this.gradient = new Float64Array(parameters.length);
    this.optimizer = createOptimizer(config.optimizer, parameters.length);
  }

  advance(count: number): void {
    const { bound, targets, parameters, gradient, optimizer, curve } = this;
    const { stop } = this.config;
    for (let taken = 0; this.stopReason === null; taken++) {
      if (taken === count) return;
      const loss = bound.lossAndGradient(parameters, targets, gradient);
      this.loss = loss;
      if (this.step === 0) this.divergenceLoss = divergenceLossOf(loss);
      // Written so that NaN ends here too.
      if (!(loss < Infinity && loss <= this.divergenceLoss)) this.stopReason = 'diverged';
      else if (loss < stop.trainLoss) this.stopReason = 'trainLoss';
      else if (stop.gradientNorm > 0 && this.gradientNorm() < stop.gradientNorm) this.stopReason = 'gradientNorm';
      else if (this.step >= stop.steps) this.stopReason = 'steps';

      if (this.stopReason !== null) {
        if (this.stopReason !== 'diverged') curve.add(this.step, loss);
        return;
      }
      if (this.step >= curve.next) curve.add(this.step, loss);
      optimizer.update(parameters, gradient);
      this.step++;
    }
  }

  gradientNorm(): number {
    return Math.sqrt(squaredNorm(this.gradient));
  }
}
