import { lossHessian } from '../curvature/lossHessian';
import { createMatrix, type Matrix } from '../linalg/matrix';
import type { BoundModel, Inputs, Model } from '../models/model';

/** Inputs with a target for every (input, output) pair, input by input. */
export interface DataSet {
  readonly inputs: Inputs;
  readonly targets: Float64Array;
}

/** R(θ) = Σ_i ‖f(x_i; θ) − y_i‖² over a data set: a sum, as in the papers on critical points, not a mean. */
export class SquaredLoss {
  private readonly bound: BoundModel;

  constructor(
    readonly model: Model,
    readonly data: DataSet,
  ) {
    this.bound = model.bind(data.inputs);
  }

  /** e_i = f(x_i; θ) − y_i. */
  residuals(parameters: Float64Array): Float64Array {
    const { targets } = this.data;
    const out = new Float64Array(targets.length);
    this.bound.evaluate(parameters, out);
    for (let i = 0; i < out.length; i++) out[i] -= targets[i];
    return out;
  }

  value(parameters: Float64Array): number {
    return this.residuals(parameters).reduce((sum, e) => sum + e * e, 0);
  }

  /** ∇R = 2 Jᵀe. */
  gradient(parameters: Float64Array): Float64Array {
    const weights = this.residuals(parameters).map((e) => 2 * e);
    const out = new Float64Array(parameters.length);
    this.bound.weightedGradient(parameters, weights, out);
    return out;
  }

  /**
   * |∇R| over the size that it would have without cancellation, 2·‖ |J|ᵀ(|f| + |y|) ‖: rounding leaves about 1e-16 of it at an exact
   * critical point, whatever the scales of data and parameters.
   */
  relativeGradient(parameters: Float64Array): number {
    const size = norm(this.gradient(parameters));
    return size === 0 ? 0 : size / this.gradientScale(parameters);
  }

  jacobian(parameters: Float64Array): Matrix {
    const matrix = createMatrix(this.data.targets.length, parameters.length);
    this.bound.jacobian(parameters, matrix.values);
    return matrix;
  }

  /** Hessian of R. */
  hessian(parameters: Float64Array): Matrix {
    const hessian = lossHessian(this.bound, parameters, this.data.targets);
    const n = this.data.targets.length;
    for (let i = 0; i < hessian.values.length; i++) hessian.values[i] *= n;
    return hessian;
  }

  private gradientScale(parameters: Float64Array): number {
    const { targets } = this.data;
    const outputs = new Float64Array(targets.length);
    this.bound.evaluate(parameters, outputs);
    const { rows, columns, values } = this.jacobian(parameters);
    const sums = new Float64Array(columns);
    for (let i = 0; i < rows; i++) {
      const size = Math.abs(outputs[i]) + Math.abs(targets[i]);
      for (let j = 0; j < columns; j++) sums[j] += 2 * size * Math.abs(values[i * columns + j]);
    }
    return norm(sums);
  }
}

export function norm(vector: Float64Array): number {
  let sum = 0;
  for (const value of vector) sum += value * value;
  return Math.sqrt(sum);
}
