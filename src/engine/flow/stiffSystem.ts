import type { SavedFields } from '../training/savedState';

/** An initial value problem dy/dt = f(t, y). */
export interface StiffSystem {
  readonly dimension: number;
  /** out = f(time, state). Numbers that are not finite make the integrator retry with a smaller step. */
  derivative(time: number, state: Float64Array, out: Float64Array): void;
}

/** The linear systems of the modified Newton iteration: (I − γ·∂f/∂y)·x = b. */
export interface NewtonMatrix {
  /**
   * Makes ready for `gamma` at (time, state). With `refresh` the Jacobian is taken anew, otherwise the last one is combined
   * with the new `gamma`. False when the matrix is singular or not finite.
   */
  prepare(time: number, state: Float64Array, gamma: number, refresh: boolean): boolean;
  /**
   * Overwrites `vector` with the solution; false when that failed. Iterative solvers stop once the residual's norm
   * √(mean (r_i · weights_i)²) is below `tolerance`.
   */
  solve(vector: Float64Array, weights: Float64Array, tolerance: number): boolean;
  /** out = the slope at `state`, which the iteration has reached by `increment` from where the slope was asked for last. */
  slope?(state: Float64Array, increment: Float64Array, out: Float64Array): void;
  /** Whether preparing costs next to nothing, so that it is done with a new Jacobian in every step. */
  readonly cheap: boolean;
}

/** A matrix of Newton's method that a later session can go on with. */
export interface SavedMatrix {
  /** Plain data. */
  save(): object;
  /**
   * Makes ready as it was for `gamma`.
   *
   * @throws StateError when it is none of this system
   */
  goOn(saved: SavedFields, gamma: number): void;
}

/** What an integration has cost. */
export interface IntegratorStatistics {
  /** Accepted steps. */
  steps: number;
  /** Evaluations of f. */
  derivatives: number;
  /** Jacobians taken. */
  jacobians: number;
  /** Matrices I − γJ made ready (factorised, by a direct solver). */
  factorizations: number;
  newtonIterations: number;
  /** Steps that the error test refused. */
  rejections: number;
  /** Steps on which Newton's method did not converge, even with a new Jacobian. */
  newtonFailures: number;
}

/** √(mean (v_i · weights_i)²): 1 where an error is as large as it may be. */
export function weightedNorm(vector: Float64Array, weights: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) {
    const scaled = vector[i] * weights[i];
    sum += scaled * scaled;
  }
  return Math.sqrt(sum / vector.length);
}

/** Whether every number is finite; one pass without branches. */
export function allFinite(vector: Float64Array): boolean {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i] * 0;
  return sum === 0;
}
