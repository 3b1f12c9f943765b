import type { StopReason } from '../../protocol/events';
import { LearningRate } from '../training/learningRate';
import { LossCurve } from '../training/lossCurve';
import { divergenceLossOf, type StepRules, type TrainingRun } from '../training/train';
import { kernelInstance, type KernelExports } from './kernelInstance';
import type { LoadedProblem } from './loadParameters';
import { loadProblem } from './loadProblem';
import type { KernelProblem } from './problem';

/** Numbers of assembly/index.ts. */
const STATUS: readonly (StopReason | null)[] = [null, 'diverged', 'trainLoss', 'gradientNorm'];

/**
 * A training whose loop runs in the WebAssembly kernels: the same bits as `Training`, several times faster. The kernels of a
 * thread serve one training at a time, so a new one takes them away from the one before.
 */
export class KernelTraining implements TrainingRun {
  readonly curve = new LossCurve();
  step = 0;
  loss = NaN;
  stopReason: StopReason | null = null;
  private readonly kernels: KernelExports;
  private readonly problem: LoadedProblem;
  private readonly learningRate: LearningRate;

  constructor(
    problem: KernelProblem,
    targets: Float64Array,
    readonly parameters: Float64Array,
    private readonly config: StepRules,
  ) {
    this.kernels = kernelInstance();
    this.problem = loadProblem(this.kernels, problem, targets, parameters);
    const { optimizer, stop } = config;
    this.learningRate = new LearningRate(optimizer.learningRate);
    if (optimizer.kind === 'adam')
      this.kernels.setAdam(optimizer.beta1 ?? 0.9, optimizer.beta2 ?? 0.999, optimizer.epsilon ?? 1e-8);
    else this.kernels.setGradientDescent();
    this.kernels.setStop(stop.trainLoss, stop.gradientNorm, Infinity);
  }

  advance(count: number): void {
    const { kernels, curve, learningRate } = this;
    const { stop } = this.config;
    if (this.step === 0 && this.stopReason === null) {
      kernels.setStop(stop.trainLoss, stop.gradientNorm, divergenceLossOf(kernels.evaluate()));
    }
    let remaining = count;
    while (this.stopReason === null && remaining > 0) {
      if (this.step >= stop.steps) {
        this.loss = kernels.evaluate();
        this.end(STATUS[kernels.getStatus()] ?? 'steps');
        break;
      }
      // A kept point of the curve is taken by a slice of its own, which says the loss where it began.
      const keep = this.step >= curve.next;
      const slice = learningRate.take(keep ? 1 : Math.min(remaining, stop.steps - this.step, curve.next - this.step));
      const taken = kernels.advance(slice.steps, slice.rate);
      this.loss = kernels.getLastLoss();
      if (keep && taken > 0) curve.add(this.step, kernels.getFirstLoss());
      this.step += taken;
      remaining -= taken;
      if (taken < slice.steps) this.end(STATUS[kernels.getStatus()]!);
    }
    this.problem.readParameters();
  }

  gradientNorm(): number {
    return Math.sqrt(this.kernels.getSquaredGradientNorm());
  }

  private end(reason: StopReason): void {
    this.stopReason = reason;
    if (reason !== 'diverged') this.curve.add(this.step, this.loss);
  }
}
