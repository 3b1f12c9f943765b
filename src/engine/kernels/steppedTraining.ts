import type { StopReason } from '../../protocol/events';
import { LearningRate } from '../training/learningRate';
import { LossCurve } from '../training/lossCurve';
import { decayPower } from '../training/optimizer';
import { SavedFields } from '../training/savedState';
import { divergenceLossOf, readStepState, type StepRules, type StepState, type TrainingRun } from '../training/train';

/** Why kernels ended before all steps: the numbers of assembly/index.ts and ../native/source/training.h. */
const STATUS: readonly (StopReason | null)[] = [null, 'diverged', 'trainLoss', 'gradientNorm'];

/** Kernels that hold one training and take whole steps of it. */
export interface StepKernels {
  /** Loss above which the training has diverged; none before this is called. */
  setDivergenceLoss(loss: number): void;
  /** Loss and gradient at the current parameters; takes no step. */
  evaluate(): number;
  /** Takes up to `count` steps and returns how many: fewer where a stop rule holds before an update. */
  advance(count: number, learningRate: number): number;
  /** Number of the stop rule that held at the last evaluation, or 0. */
  status(): number;
  /** Loss where the last step began, and where the first one of the last `advance` did. */
  lastLoss(): number;
  firstLoss(): number;
  squaredGradientNorm(): number;
  /** Brings the parameters into the array that they were loaded from. */
  readParameters(): void;
  /** For what is saved and goes on. Parts are in the order of the parameters. */
  readonly parts: {
    read(part: StatePart, out: Float64Array): void;
    write(part: StatePart, values: Float64Array): void;
    /** β₁ᵗ and β₂ᵗ of the steps that Adam has taken. */
    setDecayPowers(beta1Power: number, beta2Power: number): void;
  };
}

/** The parameters, and Adam's moments. */
export type StatePart = 'parameters' | 'first' | 'second';

/** A training whose loop runs in compiled kernels: the same bits as `Training`, several times faster. */
export class SteppedTraining implements TrainingRun {
  curve = new LossCurve();
  step = 0;
  loss = NaN;
  stopReason: StopReason | null = null;
  private divergenceLoss = Infinity;
  private readonly learningRate: LearningRate;

  constructor(
    private readonly kernels: StepKernels,
    readonly parameters: Float64Array,
    private readonly config: StepRules,
  ) {
    this.learningRate = new LearningRate(config.optimizer.learningRate);
  }

  advance(count: number): void {
    const { kernels, curve, learningRate } = this;
    const { stop } = this.config;
    if (this.step === 0 && this.stopReason === null) this.divergesAbove(divergenceLossOf(kernels.evaluate()));
    let remaining = count;
    while (this.stopReason === null && remaining > 0) {
      if (this.step >= stop.steps) {
        this.loss = kernels.evaluate();
        this.end(STATUS[kernels.status()] ?? 'steps');
        break;
      }
      // A kept point of the curve is taken by a slice of its own, which says the loss where it began.
      const keep = this.step >= curve.next;
      const slice = learningRate.take(keep ? 1 : Math.min(remaining, stop.steps - this.step, curve.next - this.step));
      const taken = kernels.advance(slice.steps, slice.rate);
      this.loss = kernels.lastLoss();
      if (keep && taken > 0) curve.add(this.step, kernels.firstLoss());
      this.step += taken;
      remaining -= taken;
      if (taken < slice.steps) this.end(STATUS[kernels.status()]!);
    }
    kernels.readParameters();
  }

  gradientNorm(): number {
    return Math.sqrt(this.kernels.squaredGradientNorm());
  }

  save(): StepState | undefined {
    const { kernels, step, divergenceLoss, config } = this;
    if (step === 0 || this.stopReason !== null) return undefined;
    const { parts } = kernels;
    const read = (part: StatePart) => {
      const values = new Float64Array(this.parameters.length);
      parts.read(part, values);
      return values;
    };
    const moments = config.optimizer.kind === 'adam' ? { first: read('first'), second: read('second') } : {};
    return { step, parameters: read('parameters'), divergenceLoss, ...moments, curve: this.curve.save(step) };
  }

  goOn(value: unknown): void {
    const { kernels, config, parameters: own } = this;
    const { optimizer } = config;
    const saved = new SavedFields(value);
    const { step, parameters, divergenceLoss } = readStepState(saved, config, own.length);
    const curve = new LossCurve();
    curve.goOn(saved.record('curve'), step, false);
    if (optimizer.kind === 'adam') {
      const [first, second] = [saved.vector('first', own.length), saved.vector('second', own.length)];
      kernels.parts.write('first', first);
      kernels.parts.write('second', second);
      kernels.parts.setDecayPowers(decayPower(optimizer.beta1 ?? 0.9, step), decayPower(optimizer.beta2 ?? 0.999, step));
    }
    kernels.parts.write('parameters', parameters);
    own.set(parameters);
    this.learningRate.skip(step);
    this.divergesAbove(divergenceLoss);
    this.curve = curve;
    this.step = step;
  }

  private divergesAbove(loss: number): void {
    this.divergenceLoss = loss;
    this.kernels.setDivergenceLoss(loss);
  }

  private end(reason: StopReason): void {
    this.stopReason = reason;
    if (reason !== 'diverged') this.curve.add(this.step, this.loss);
  }
}
