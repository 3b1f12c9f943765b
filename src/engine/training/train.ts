import type { ResolvedStop } from '../../experiment/resolved';
import type { StepOptimizerConfig } from '../../experiment/schema';
import type { StopReason } from '../../protocol/events';
import type { BoundModel } from '../models/model';
import { LossCurve, type SavedCurve } from './lossCurve';
import { createOptimizer, type Moments, type Optimizer } from './optimizer';
import { SavedFields } from './savedState';

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

/**
 * A training by steps that stands still, as plain data from which another one of the same rules goes on to the same bits, whatever computes
 * them.
 */
export interface StepState extends Moments {
  step: number;
  parameters: Float64Array;
  divergenceLoss: number;
  curve: SavedCurve;
}

/** The parts of a saved state that every training by steps reads. */
export function readStepState(
  saved: SavedFields,
  { stop }: StepRules,
  parameterCount: number,
): { step: number; parameters: Float64Array; divergenceLoss: number } {
  return {
    step: saved.number('step', { least: 1, most: stop.steps, whole: true }),
    parameters: saved.vector('parameters', parameterCount),
    divergenceLoss: saved.number('divergenceLoss', { least: DIVERGENCE_FACTOR }),
  };
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
  /** All that goes on from here depends on, as plain data; undefined while that cannot be said. Absent where it never can. */
  save?(): object | undefined;
  /**
   * Goes on from what another training of the same rules saved; called before the first step.
   *
   * @throws StateError when it is none of this training, which then is as before
   */
  goOn?(saved: unknown): void;
}

/** What a loss may depend on besides the parameters. */
interface Stepwise {
  /** The next evaluation is that of this step. */
  startAt?(step: number): void;
}

/** One training: full-batch steps on the mean squared error until a stop rule holds. */
export class Training implements TrainingRun {
  curve = new LossCurve();
  step = 0;
  loss = NaN;
  stopReason: StopReason | null = null;
  private readonly gradient: Float64Array;
  private readonly optimizer: Optimizer;
  private divergenceLoss = Infinity;

  constructor(
    private readonly bound: Pick<BoundModel, 'lossAndGradient'> & Stepwise,
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

  save(): StepState | undefined {
    const { step, parameters, divergenceLoss } = this;
    if (step === 0 || this.stopReason !== null) return undefined;
    return { step, parameters: parameters.slice(), divergenceLoss, ...this.optimizer.save(), curve: this.curve.save(step) };
  }

  goOn(value: unknown): void {
    const saved = new SavedFields(value);
    const { step, parameters, divergenceLoss } = readStepState(saved, this.config, this.parameters.length);
    const curve = new LossCurve();
    curve.goOn(saved.record('curve'), step, false);
    this.optimizer.goOn(saved, step);
    this.curve = curve;
    this.parameters.set(parameters);
    this.bound.startAt?.(step);
    this.step = step;
    this.divergenceLoss = divergenceLoss;
  }
}
