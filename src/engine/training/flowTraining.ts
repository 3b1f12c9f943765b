import type { ResolvedStop } from '../../experiment/resolved';
import type { GradientFlowConfig } from '../../experiment/schema';
import type { FlowMeasurement, StopReason } from '../../protocol/events';
import type { ConservedQuantity } from '../flow/conserved';
import { GradientFlow, type FlowResult, type FlowStopReason } from '../flow/gradientFlow';
import { polishInSteps, type PolishResult } from '../flow/polish';
import type { BoundModel } from '../models/model';
import { LossCurve } from './lossCurve';
import { SavedFields, StateError } from './savedState';
import type { TrainingRun } from './train';

/** What a training by gradient flow is told. */
export interface FlowRules {
  optimizer: GradientFlowConfig;
  stop: ResolvedStop;
}

/** A training along the gradient flow of the mean squared error, a step of the integrator at a time. */
export class FlowTraining implements TrainingRun {
  curve = new LossCurve();
  step = 0;
  loss = NaN;
  stopReason: StopReason | null = null;
  private flow: GradientFlow;
  private result: FlowResult | null = null;
  private polishing: Generator<void, PolishResult> | null = null;
  private polished: NonNullable<FlowMeasurement['polish']> | null = null;
  private lastGradientNorm = NaN;

  constructor(
    private readonly bound: BoundModel,
    private readonly targets: Float64Array,
    /** Changed in place. */
    readonly parameters: Float64Array,
    private readonly rules: FlowRules,
    /** Followed along the flow. */
    private readonly conserved: readonly ConservedQuantity[] = [],
  ) {
    this.flow = this.begin();
  }

  private begin(): GradientFlow {
    const { bound, targets, parameters, conserved } = this;
    const { optimizer, stop } = this.rules;
    return new GradientFlow(bound, targets, parameters, {
      stop: {
        trainLoss: stop.trainLoss,
        gradientNorm: stop.gradientNorm,
        steps: stop.steps,
        ...(optimizer.time === undefined ? {} : { time: optimizer.time }),
      },
      ...(optimizer.relativeTolerance === undefined ? {} : { relativeTolerance: optimizer.relativeTolerance }),
      ...(optimizer.absoluteTolerance === undefined ? {} : { absoluteTolerance: optimizer.absoluteTolerance }),
      // Nobody asks where a training was at some time before its end.
      trajectoryBytes: 0,
      conserved,
    });
  }

  get time(): number {
    return this.flow.time;
  }

  advance(count: number): void {
    const { flow, curve } = this;
    if (this.polishing) return this.polish();
    for (let taken = 0; this.stopReason === null; taken++) {
      if (flow.stopReason !== null) {
        this.end(flow.stopReason);
        return;
      }
      if (taken === count) {
        this.parameters.set(flow.parameters);
        return;
      }
      if (this.step >= curve.next) curve.add(this.step, flow.loss, flow.time);
      flow.advance(1);
      // A step that could not be made is none.
      if (stoppedAt(flow) !== 'stalled') this.step++;
    }
  }

  save(): object | undefined {
    const flow = this.polishing || this.stopReason !== null ? undefined : this.flow.save();
    return flow && { flow, curve: this.curve.save(this.step) };
  }

  goOn(value: unknown): void {
    const saved = new SavedFields(value);
    // Another one: this one stays as it is where that fails.
    const flow = this.begin();
    flow.goOn(saved.record('flow'));
    const { steps } = flow;
    if (steps < 1 || steps >= this.rules.stop.steps) throw new StateError(`it has taken ${steps} steps`);
    const curve = new LossCurve();
    curve.goOn(saved.record('curve'), steps, true);
    this.curve = curve;
    this.flow = flow;
    this.step = steps;
    this.parameters.set(flow.parameters);
  }

  gradientNorm(): number {
    return this.lastGradientNorm;
  }

  /** What the integration took; once it has ended. */
  measurement(): FlowMeasurement {
    if (!this.result) throw new Error('the gradient flow has not ended');
    const { time, statistics, monotone, largestRise, conserved, failure } = this.result;
    const { gradients, losses, hessians, hessianProducts, factorizations, rejections, newtonFailures } = statistics;
    return {
      time,
      gradients,
      losses,
      hessians,
      hessianProducts,
      factorizations,
      rejections,
      newtonFailures,
      monotone,
      largestRise: finiteOrNull(largestRise),
      conserved: conserved.map(({ name, largestDrift }) => ({ name, largestDrift: finiteOrNull(largestDrift) })),
      ...(failure === null ? {} : { failure }),
      ...(this.polished ? { polish: this.polished } : {}),
    };
  }

  private end(reason: FlowStopReason): void {
    const result = this.flow.result();
    this.result = result;
    this.parameters.set(result.parameters);
    this.loss = result.loss;
    this.lastGradientNorm = result.gradientNorm;
    if (reason !== 'diverged') {
      this.curve.add(this.step, this.loss, result.time);
      if (this.rules.optimizer.polish === true) {
        this.polishing = polishInSteps(this.bound, this.targets, result.parameters);
        return;
      }
    }
    this.stopReason = STOP_REASONS[reason];
  }

  /** One iteration: it may take long where there are many parameters, and whoever drives this wants to stop between two of them. */
  private polish(): void {
    const { value: polished } = this.polishing!.next();
    if (!polished) return;
    const { loss: flowLoss } = this.result!;
    this.parameters.set(polished.parameters);
    this.loss = polished.loss;
    this.lastGradientNorm = polished.gradientNorm;
    this.polished = { flowLoss, iterations: polished.iterations, distance: polished.distance };
    this.stopReason = STOP_REASONS[this.flow.stopReason!];
  }
}

/** A number of evaluations is no stop rule of experiments. */
const STOP_REASONS: Record<FlowStopReason, StopReason> = {
  time: 'time',
  trainLoss: 'trainLoss',
  gradientNorm: 'gradientNorm',
  gradients: 'steps',
  steps: 'steps',
  stalled: 'stalled',
  diverged: 'diverged',
  cancelled: 'cancelled',
};

/** Asked anew, since a step has been made. */
function stoppedAt(flow: GradientFlow): FlowStopReason | null {
  return flow.stopReason;
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
