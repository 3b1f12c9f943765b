import type { ResolvedStop } from '../../experiment/resolved';
import type { GradientFlowConfig } from '../../experiment/schema';
import type { FlowMeasurement, StopReason } from '../../protocol/events';
import type { ConservedQuantity } from '../flow/conserved';
import { GradientFlow, type FlowStopReason } from '../flow/gradientFlow';
import { polishInSteps, readPolishState, type PolishResult, type PolishState } from '../flow/polish';
import type { BoundModel } from '../models/model';
import { flowEnd, readFlowEnd, type FlowEnd } from './flowEnd';
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
  private flowEnd: FlowEnd | null = null;
  private polishing: Generator<PolishState, PolishResult> | null = null;
  /** From where the polish goes on. */
  private polishState: PolishState | null = null;
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
    return this.flowEnd?.measurement.time ?? this.flow.time;
  }

  advance(count: number): void {
    const { flow, curve } = this;
    if (this.polishing) return this.polish();
    for (let taken = 0; this.stopReason === null; taken++) {
      if (flow.stopReason !== null) {
        this.endFlow(flowEnd(flow.result()));
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
    if (this.stopReason !== null) return undefined;
    const { step, flowEnd: end, polishState: polish } = this;
    const curve = this.curve.save(step);
    if (end) return { end, step, curve, ...(polish ? { polish } : {}) };
    const flow = this.flow.save();
    return flow && { flow, curve };
  }

  goOn(value: unknown): void {
    const saved = new SavedFields(value);
    if (saved.any('end') !== undefined) return this.goOnPolishing(saved);
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

  private goOnPolishing(saved: SavedFields): void {
    const { optimizer, stop } = this.rules;
    if (optimizer.polish !== true) throw new StateError('it is polished');
    const end = readFlowEnd(saved.record('end'), this.parameters.length);
    const polish =
      saved.any('polish') === undefined
        ? undefined
        : readPolishState(saved.record('polish'), this.parameters.length, Number.MAX_SAFE_INTEGER);
    const step = saved.number('step', { least: 0, most: stop.steps, whole: true });
    const curve = new LossCurve();
    curve.goOn(saved.record('curve'), step, true);
    this.curve = curve;
    this.step = step;
    this.endFlow(end, polish);
  }

  gradientNorm(): number {
    return this.lastGradientNorm;
  }

  /** What the integration took; once it has ended. */
  measurement(): FlowMeasurement {
    if (!this.flowEnd) throw new Error('the gradient flow has not ended');
    return { ...this.flowEnd.measurement, ...(this.polished ? { polish: this.polished } : {}) };
  }

  /** @param begun where its polish was */
  private endFlow(end: FlowEnd, begun?: PolishState): void {
    this.flowEnd = end;
    this.parameters.set(end.parameters);
    this.loss = end.loss;
    this.lastGradientNorm = end.gradientNorm;
    if (end.stopReason !== 'diverged') {
      this.curve.add(this.step, this.loss, end.measurement.time);
      if (this.rules.optimizer.polish === true) {
        this.polishing = polishInSteps(this.bound, this.targets, end.parameters, {}, begun);
        this.polishState = begun ?? null;
        return;
      }
    }
    this.stopReason = STOP_REASONS[end.stopReason];
  }

  /** One iteration: it may take long where there are many parameters, and whoever drives this wants to stop between two of them. */
  private polish(): void {
    const { done, value: polished } = this.polishing!.next();
    if (!done) {
      this.polishState = polished;
      return;
    }
    const { loss: flowLoss, stopReason } = this.flowEnd!;
    this.parameters.set(polished.parameters);
    this.loss = polished.loss;
    this.lastGradientNorm = polished.gradientNorm;
    this.polished = { flowLoss, iterations: polished.iterations, distance: polished.distance };
    this.stopReason = STOP_REASONS[stopReason];
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
