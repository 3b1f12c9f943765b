import { createLinearization } from '../curvature/createLinearization';
import type { Linearization } from '../models/linearization';
import type { BoundModel } from '../models/model';
import { StateError, type SavedFields } from '../training/savedState';
import { BdfIntegrator, type StepFailure } from './bdfIntegrator';
import { ConservationCheck, type ConservedQuantity, type ConservedReport } from './conserved';
import { KrylovNewton } from './krylovNewton';
import { allFinite, type IntegratorStatistics, type SavedMatrix } from './stiffSystem';
import { SymmetricNewton } from './symmetricNewton';
import { Trajectory } from './trajectory';

/** The integration ends at the first of these; what is not given does not end it. */
export interface FlowStop {
  /** Flow time; k steps of gradient descent at rate η correspond to time k·η. */
  time?: number;
  /** Mean squared training error below this. */
  trainLoss?: number;
  /** Euclidean norm of ∇R below this; 0 turns it off. */
  gradientNorm?: number;
  /** Evaluations of ∇R. */
  gradients?: number;
  /** Steps of the integrator. */
  steps?: number;
}

export interface GradientFlowOptions {
  stop?: FlowStop;
  /** Default 1e-8. */
  relativeTolerance?: number;
  /** Default 1e-11. */
  absoluteTolerance?: number;
  maximumOrder?: number;
  initialStep?: number;
  /** `dense`: Hessian and Cholesky factors. `krylov`: Hessian-vector products alone. Default: dense up to 1000 parameters. */
  solver?: 'dense' | 'krylov';
  /** Hessian-vector products for one linear system of `krylov`. Default 1000. */
  krylovIterations?: number;
  /** Memory for the dense output, in bytes; 0 keeps none. Default 64 MiB. */
  trajectoryBytes?: number;
  /** Followed along the flow. */
  conserved?: readonly ConservedQuantity[];
}

/** `stalled`: rounding errors keep the tolerances from being met, or Newton's method does not converge at any step size. */
export type FlowStopReason = 'time' | 'trainLoss' | 'gradientNorm' | 'gradients' | 'steps' | 'stalled' | 'diverged' | 'cancelled';

export interface FlowStatistics extends Omit<IntegratorStatistics, 'derivatives' | 'jacobians'> {
  /** Evaluations of ∇R (with the loss). */
  gradients: number;
  /** Forward passes for the loss at the end of a step. */
  losses: number;
  /** Dense Hessians; with `krylov`, linearisation points. */
  hessians: number;
  /** Hessian-vector products of `krylov`. */
  hessianProducts: number;
}

export interface FlowResult {
  parameters: Float64Array;
  time: number;
  loss: number;
  gradientNorm: number;
  stopReason: FlowStopReason;
  /** Why the integrator could not go on, when it stalled. */
  failure: StepFailure | null;
  statistics: FlowStatistics;
  trajectory: Trajectory;
  /** Whether the loss never rose by more than the local error that the tolerances allow can account for. */
  monotone: boolean;
  /** Largest rise of the loss in one step; 0 when it never rose. */
  largestRise: number;
  conserved: ConservedReport[];
}

const DENSE_LIMIT = 1000;
const UNIT_ROUNDOFF = 2.220446049250313e-16;

/**
 * Gradient flow dθ/dt = −∇R(θ) of the mean squared error R, by BDF with the exact Hessian. Driven in slices by `advance`, so that
 * whoever drives it can report progress and stop; the numbers do not depend on the slices.
 */
export class GradientFlow {
  readonly trajectory: Trajectory;
  loss: number;
  /** Null while the integration goes on. */
  stopReason: FlowStopReason | null = null;
  private failure: StepFailure | null = null;
  private readonly integrator: BdfIntegrator;
  private readonly dense: SymmetricNewton | null = null;
  private readonly krylov: KrylovNewton | null = null;
  private readonly check: ConservationCheck;
  private readonly stop: FlowStop;
  private readonly linearization: Linearization;
  private readonly gradient: Float64Array;
  private gradients = 0;
  private losses = 0;
  private monotone = true;
  private largestRise = 0;

  constructor(bound: BoundModel, targets: Float64Array, start: Float64Array, options: GradientFlowOptions = {}) {
    const P = bound.parameterCount;
    this.stop = options.stop ?? {};
    const linearization = createLinearization(bound, targets);
    this.linearization = linearization;
    this.gradient = new Float64Array(P);
    let matrix: SymmetricNewton | KrylovNewton;
    if ((options.solver ?? (P <= DENSE_LIMIT ? 'dense' : 'krylov')) === 'dense') {
      matrix = new SymmetricNewton(linearization);
      this.dense = matrix;
    } else {
      matrix = new KrylovNewton(linearization, options.krylovIterations ?? 1000);
      this.krylov = matrix;
    }
    const derivative = (_time: number, parameters: Float64Array, out: Float64Array): void => {
      linearization.lossAndGradient(parameters, out);
      for (let i = 0; i < P; i++) out[i] = -out[i];
    };
    this.integrator = new BdfIntegrator({ dimension: P, derivative }, matrix, 0, start, {
      relativeTolerance: options.relativeTolerance,
      absoluteTolerance: options.absoluteTolerance,
      maximumOrder: options.maximumOrder,
      initialStep: options.initialStep,
      stopTime: this.stop.time,
    });
    this.check = new ConservationCheck(options.conserved ?? [], start);
    this.trajectory = new Trajectory(0, Float64Array.from(start), options.trajectoryBytes ?? 64 * 1024 * 1024);
    this.loss = this.currentLoss();
    this.decide();
  }

  get time(): number {
    return this.integrator.time;
  }

  /** The parameters now; changed in place by `advance`. */
  get parameters(): Float64Array {
    return this.integrator.state;
  }

  /** Takes up to `count` steps of the integrator. */
  advance(count: number): void {
    const { integrator } = this;
    for (let taken = 0; taken < count && this.stopReason === null; taken++) {
      this.failure = integrator.step();
      if (this.failure !== null) {
        this.stopReason = 'stalled';
        return;
      }
      const before = this.loss;
      this.loss = this.currentLoss();
      if (this.loss > before) this.noteRise(before);
      if (this.trajectory.complete) this.trajectory.add(integrator.time, integrator.stepSize, integrator.polynomial);
      this.check.update(integrator.state);
      this.decide();
    }
  }

  /** Steps of the integrator so far. */
  get steps(): number {
    return this.integrator.statistics.steps;
  }

  /** All that goes on from here depends on, as plain data, but for the dense output; undefined before the first step. */
  save(): object | undefined {
    const integrator = this.integrator.save();
    if (!integrator || this.stopReason !== null) return undefined;
    const { loss, gradients, losses, monotone, largestRise } = this;
    return {
      integrator,
      matrix: this.matrix().save(),
      evaluations: this.linearization.save?.() ?? {},
      conserved: this.check.save(),
      loss,
      gradients,
      losses,
      monotone,
      largestRise,
    };
  }

  /**
   * Goes on from what another flow of the same problem, start and options saved; of no use afterwards where that fails.
   *
   * @throws StateError when it is none
   */
  goOn(saved: SavedFields): void {
    if (this.stopReason !== null) throw new StateError('this flow ends where it begins');
    const { matrixGamma } = this.integrator.goOn(saved.record('integrator'));
    const { state } = this.integrator;
    this.linearization.goOn?.(saved.record('evaluations'), state);
    this.matrix().goOn(saved.record('matrix'), matrixGamma);
    this.check.goOn(saved.record('conserved'), state);
    this.loss = saved.number('loss', { least: 0, most: Number.MAX_VALUE });
    this.gradients = saved.number('gradients', { least: 0, whole: true });
    this.losses = saved.number('losses', { least: 0, whole: true });
    this.monotone = saved.flag('monotone');
    this.largestRise = saved.number('largestRise', { least: 0 });
    this.trajectory.complete = false;
  }

  cancel(): void {
    this.stopReason ??= 'cancelled';
  }

  /** Where the flow stands, with the gradient taken once more at this very point. */
  result(): FlowResult {
    const { integrator, krylov } = this;
    const gradientNorm = this.exactGradientNorm();
    const { steps, factorizations, newtonIterations, rejections, newtonFailures, derivatives, jacobians } = integrator.statistics;
    return {
      parameters: Float64Array.from(integrator.state),
      time: integrator.time,
      loss: this.loss,
      gradientNorm,
      stopReason: this.stopReason ?? 'cancelled',
      failure: this.failure,
      statistics: {
        steps,
        gradients: derivatives + this.gradients,
        losses: this.losses,
        hessians: jacobians,
        hessianProducts: krylov?.products ?? 0,
        factorizations,
        newtonIterations,
        rejections,
        newtonFailures,
      },
      trajectory: this.trajectory,
      monotone: this.monotone,
      largestRise: this.largestRise,
      conserved: this.check.report(),
    };
  }

  private matrix(): SavedMatrix {
    return this.dense ?? this.krylov!;
  }

  private decide(): void {
    const { stop, integrator } = this;
    if (!(this.loss < Infinity) || !allFinite(integrator.state)) this.stopReason = 'diverged';
    else if (stop.trainLoss !== undefined && this.loss < stop.trainLoss) this.stopReason = 'trainLoss';
    else if (this.gradientIsBelow(stop.gradientNorm ?? 0)) this.stopReason = 'gradientNorm';
    else if (stop.time !== undefined && integrator.time >= stop.time) this.stopReason = 'time';
    else if (stop.steps !== undefined && integrator.statistics.steps >= stop.steps) this.stopReason = 'steps';
    else if (stop.gradients !== undefined && integrator.statistics.derivatives + this.gradients >= stop.gradients) {
      this.stopReason = 'gradients';
    }
  }

  /** The slope that the method carries decides whether the gradient itself is worth an evaluation. */
  private gradientIsBelow(limit: number): boolean {
    if (!(limit > 0)) return false;
    if (this.integrator.statistics.steps > 0 && this.slopeNorm() >= 2 * limit) return false;
    return this.exactGradientNorm() < limit;
  }

  private slopeNorm(): number {
    this.integrator.slopeAt(this.gradient);
    return euclideanNorm(this.gradient);
  }

  private exactGradientNorm(): number {
    this.gradients++;
    this.linearization.lossAndGradient(this.integrator.state, this.gradient);
    return euclideanNorm(this.gradient);
  }

  private currentLoss(): number {
    this.losses++;
    const loss = this.linearization.loss(this.integrator.state);
    this.linearization.settle?.(this.integrator.state);
    return loss;
  }

  /**
   * A step's local error e has a weighted norm of at most 1, so ‖e‖ ≤ δ = √P · max_i (1 / weights_i), and raises the loss by
   * ‖∇R‖δ + ‖H‖δ²/2 at most, to second order.
   */
  private noteRise(before: number): void {
    const { integrator } = this;
    const rise = this.loss - before;
    this.largestRise = Math.max(this.largestRise, rise);
    let largest = 0;
    for (const weight of integrator.weights) largest = Math.max(largest, 1 / weight);
    const delta = Math.sqrt(integrator.weights.length) * largest;
    const curvature = (this.dense ?? this.krylov)?.curvatureBound() ?? 0;
    const allowed = this.slopeNorm() * delta + 0.5 * curvature * delta * delta + 16 * UNIT_ROUNDOFF * before;
    if (!(rise <= allowed)) this.monotone = false;
  }
}

/** Follows the gradient flow from `start` until a stop rule holds. */
export function integrateGradientFlow(
  bound: BoundModel,
  targets: Float64Array,
  start: Float64Array,
  options: GradientFlowOptions = {},
): FlowResult {
  const flow = new GradientFlow(bound, targets, start, options);
  while (flow.stopReason === null) flow.advance(1000);
  return flow.result();
}

function euclideanNorm(vector: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i] * vector[i];
  return Math.sqrt(sum);
}
