import type { KernelProblem } from '../kernels/problem';
import type { Linearization } from './linearization';

/** n inputs of dimension d. For matrix models an input is (row, column), counted from 0. */
export interface Inputs {
  readonly count: number;
  readonly dimension: number;
  /** n·d numbers, input by input. */
  readonly values: Float64Array;
}

/** A named part of the parameter vector, for tables, plots and people. */
export interface ParameterBlock {
  readonly name: string;
  readonly offset: number;
  /** Row-major. */
  readonly shape: readonly number[];
}

/**
 * A parametric model f(x; θ) with θ ∈ R^M, float64 throughout.
 *
 * A model family is one file that implements this and `BoundModel`; training, ranks, curvature and panels then work
 * with it at once.
 */
export interface Model {
  readonly parameterCount: number;
  readonly inputDimension: number;
  /** Values D of f at one input; 1 where absent. */
  readonly outputCount?: number;
  readonly layout: readonly ParameterBlock[];
  /** Binds the model to inputs and allocates its workspace once, for the many evaluations that training needs. */
  bind(inputs: Inputs): BoundModel;
}

/**
 * A model at fixed inputs x_1 … x_n. Not re-entrant: it reuses its workspace.
 *
 * A model of D outputs has a sample for every (input, output) pair, input by input: values, targets and weights are n·D numbers, the
 * tangent matrix has n·D rows, and losses are means over all of them. In what follows n stands for n·D.
 */
export interface BoundModel {
  readonly sampleCount: number;
  readonly parameterCount: number;
  /** out[i] = f(x_i; θ); `out` has n numbers. */
  evaluate(parameters: Float64Array, out: Float64Array): void;
  /** Row i of `out` is ∇_θ f(x_i; θ)ᵀ: the empirical tangent matrix J, n × M row-major. */
  jacobian(parameters: Float64Array, out: Float64Array): void;
  /** out = Σ_i weights[i] ∇_θ f(x_i; θ) = Jᵀ·weights; `out` has M numbers. */
  weightedGradient(parameters: Float64Array, weights: Float64Array, out: Float64Array): void;
  /** out[i] = ∇_θ f(x_i; θ)·direction = J·direction; `out` has n numbers. */
  directionalDerivative(parameters: Float64Array, direction: Float64Array, out: Float64Array): void;
  /** out = Σ_i weights[i] ∇²_θ f(x_i; θ)·direction; `out` has M numbers. */
  weightedHessianProduct(parameters: Float64Array, weights: Float64Array, direction: Float64Array, out: Float64Array): void;
  /** Mean squared error (1/n)Σ(f(x_i; θ) − y_i)² with its gradient, in one pass: what training calls in its loop. */
  lossAndGradient(parameters: Float64Array, targets: Float64Array, gradient: Float64Array): number;
  /**
   * What the WebAssembly kernels need to compute `lossAndGradient` themselves, to the same bits; absent where a family
   * has no kernel.
   */
  kernelProblem?(): KernelProblem;
  /** The loss around points, with what they share computed once; absent where a family gains nothing by that. */
  linearization?(targets: Float64Array): Linearization;
}
