import { gram, type Matrix } from '../linalg/matrix';
import type { BoundModel } from '../models/model';
import type { SavedFields } from '../training/savedState';
import { choleskyFactorize, choleskySolve } from './cholesky';

export interface PolishOptions {
  /** Stop once the mean squared error is below this. Default 1e-28. */
  trainLoss?: number;
  /** Default 200. */
  iterations?: number;
}

export interface PolishResult {
  parameters: Float64Array;
  loss: number;
  gradientNorm: number;
  /** Accepted steps. */
  iterations: number;
  /** Jacobians taken. */
  jacobians: number;
  /** `stalled`: no step lowers the loss any more. */
  stopReason: 'trainLoss' | 'steps' | 'stalled';
  /** Where this ends is no longer the limit of the gradient flow from the original start. */
  isGradientFlow: false;
  /** Euclidean distance to the start: how far the result has left the flow. */
  distance: number;
}

/** Where a polish stands before it takes a tangent matrix: all that what follows depends on, as plain data. */
export interface PolishState {
  parameters: Float64Array;
  /** Negative before the first one. */
  damping: number;
  iterations: number;
  jacobians: number;
}

/** @throws StateError when it is no state of a polish of so many parameters */
export function readPolishState(saved: SavedFields, parameterCount: number, limit: number): PolishState {
  return {
    parameters: saved.vector('parameters', parameterCount),
    damping: saved.number('damping'),
    iterations: saved.number('iterations', { least: 0, most: limit, whole: true }),
    jacobians: saved.number('jacobians', { least: 0, whole: true }),
  };
}

const FIRST_DAMPING = 1e-6;
const LARGEST_DAMPING = 1e12;

/**
 * Levenberg–Marquardt from a point that a flow or a training has reached, for the last digits of a zero of the loss. It is an
 * optimiser and not the flow: in a valley of zeros it ends at another one, near by, and its result says so.
 *
 * Damping after Nielsen ("Damping parameter in Marquardt's method", IMM-REP-1999-05). The smaller of the P × P and n × n systems
 * is solved, by Cholesky.
 *
 * Pauses after each tangent matrix and before each solution of the linear system, and tells from where another one of the same start goes
 * on to the same bits; that one is given it as `begun`.
 */
export function* polishInSteps(
  bound: BoundModel,
  targets: Float64Array,
  start: Float64Array,
  options: PolishOptions = {},
  begun?: PolishState,
): Generator<PolishState, PolishResult> {
  const { parameterCount: P, sampleCount: n } = bound;
  const goal = options.trainLoss ?? 1e-28;
  const limit = options.iterations ?? 200;
  const parameters = Float64Array.from(begun?.parameters ?? start);
  const trial = new Float64Array(P);
  const step = new Float64Array(P);
  const gradient = new Float64Array(P);
  const residuals = new Float64Array(n);
  const jacobian = new Float64Array(n * P);
  const system = new DampedSystem(n, P);

  let loss = meanSquare(bound, targets, parameters, residuals);
  let { iterations, jacobians, damping } = begun ?? { iterations: 0, jacobians: 0, damping: -1 };
  let increase = 2;
  let stopReason: PolishResult['stopReason'] = 'stalled';
  outer: for (;;) {
    if (loss < goal) {
      stopReason = 'trainLoss';
      break;
    }
    if (iterations >= limit) {
      stopReason = 'steps';
      break;
    }
    // Stays true until the next one: parameters change with an accepted step alone.
    const state: PolishState = { parameters, damping, iterations, jacobians };
    bound.jacobian(parameters, jacobian);
    jacobians++;
    yield state;
    system.load(jacobian);
    // Jᵀr: half of n times the gradient of the loss.
    gradient.fill(0);
    for (let i = 0; i < n; i++) for (let j = 0; j < P; j++) gradient[j] += jacobian[i * P + j] * residuals[i];
    if (damping < 0) damping = FIRST_DAMPING * system.largestDiagonal();
    for (;;) {
      if (!(damping <= LARGEST_DAMPING * Math.max(1, system.largestDiagonal()))) break outer;
      yield state;
      if (system.solve(jacobian, residuals, gradient, damping, step)) {
        let predicted = 0;
        let moved = false;
        for (let j = 0; j < P; j++) {
          trial[j] = parameters[j] + step[j];
          moved ||= trial[j] !== parameters[j];
          predicted += step[j] * (damping * step[j] - gradient[j]);
        }
        if (!moved) break outer;
        const trialLoss = meanSquare(bound, targets, trial, residuals);
        const gain = (n * (loss - trialLoss)) / predicted;
        if (trialLoss < loss) {
          parameters.set(trial);
          loss = trialLoss;
          iterations++;
          const bend = 2 * gain - 1;
          damping *= Math.max(1 / 3, 1 - bend * bend * bend);
          increase = 2;
          break;
        }
      }
      damping *= increase;
      increase *= 2;
      meanSquare(bound, targets, parameters, residuals);
    }
  }

  bound.lossAndGradient(parameters, targets, gradient);
  let square = 0;
  let gradientSquare = 0;
  for (let j = 0; j < P; j++) {
    square += (parameters[j] - start[j]) * (parameters[j] - start[j]);
    gradientSquare += gradient[j] * gradient[j];
  }
  return {
    parameters,
    loss,
    gradientNorm: Math.sqrt(gradientSquare),
    iterations,
    jacobians,
    stopReason,
    isGradientFlow: false,
    distance: Math.sqrt(square),
  };
}

/** (JᵀJ + μI)·δ = −Jᵀr, or where there are fewer samples than parameters δ = −Jᵀ(JJᵀ + μI)⁻¹r. */
class DampedSystem {
  private readonly size: number;
  private readonly gram: Float64Array;
  private readonly factors: Float64Array;
  private readonly right: Float64Array;
  private readonly transposed: Float64Array;

  constructor(
    private readonly n: number,
    private readonly P: number,
  ) {
    this.size = Math.min(n, P);
    this.gram = new Float64Array(this.size * this.size);
    this.factors = new Float64Array(this.size * this.size);
    this.right = new Float64Array(this.size);
    this.transposed = new Float64Array(n < P ? n * P : 0);
  }

  load(jacobian: Float64Array): void {
    const { n, P, transposed } = this;
    let factor: Matrix = { rows: n, columns: P, values: jacobian };
    if (n < P) {
      for (let i = 0; i < n; i++) for (let j = 0; j < P; j++) transposed[j * n + i] = jacobian[i * P + j];
      factor = { rows: P, columns: n, values: transposed };
    }
    this.gram.set(gram(factor).values);
  }

  largestDiagonal(): number {
    let largest = 0;
    for (let i = 0; i < this.size; i++) largest = Math.max(largest, this.gram[i * this.size + i]);
    return largest;
  }

  solve(jacobian: Float64Array, residuals: Float64Array, gradient: Float64Array, damping: number, step: Float64Array): boolean {
    const { n, P, size, factors, right } = this;
    factors.set(this.gram);
    for (let i = 0; i < size; i++) factors[i * size + i] += damping;
    if (!choleskyFactorize(factors, size)) return false;
    if (n >= P) {
      for (let j = 0; j < P; j++) step[j] = -gradient[j];
      choleskySolve(factors, size, step);
      return true;
    }
    for (let i = 0; i < n; i++) right[i] = -residuals[i];
    choleskySolve(factors, size, right);
    step.fill(0);
    for (let i = 0; i < n; i++) for (let j = 0; j < P; j++) step[j] += jacobian[i * P + j] * right[i];
    return true;
  }
}

/** Mean squared error; `residuals` become f − y. */
function meanSquare(bound: BoundModel, targets: Float64Array, parameters: Float64Array, residuals: Float64Array): number {
  bound.evaluate(parameters, residuals);
  let sum = 0;
  for (let i = 0; i < residuals.length; i++) {
    residuals[i] -= targets[i];
    sum += residuals[i] * residuals[i];
  }
  return sum / residuals.length;
}
