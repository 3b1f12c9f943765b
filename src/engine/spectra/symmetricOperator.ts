import { NumericalError } from '../numbers/numericalError';
import type { BoundModel } from '../models/model';

/** A real symmetric matrix that is known by its products alone. */
export interface SymmetricOperator {
  readonly size: number;
  /** out = A·x; `x` must not be changed. */
  apply(x: Float64Array, out: Float64Array): void;
}

/**
 * The Hessian H = (2/n)(JᵀJ + Σ_i r_i ∇²f(x_i; θ)) of the mean squared error at `parameters`, which are copied. A product costs about
 * two and a half gradients and no more memory than a few vectors.
 */
export function lossHessianOperator(bound: BoundModel, parameters: Float64Array, targets: Float64Array): SymmetricOperator {
  const { parameterCount: P, sampleCount: n } = bound;
  const point = Float64Array.from(parameters);
  const residuals = new Float64Array(n);
  const samples = new Float64Array(n);
  const curved = new Float64Array(P);
  bound.evaluate(point, residuals);
  for (let i = 0; i < n; i++) residuals[i] -= targets[i];
  return {
    size: P,
    apply(x, out) {
      bound.directionalDerivative(point, x, samples);
      bound.weightedGradient(point, samples, out);
      bound.weightedHessianProduct(point, residuals, x, curved);
      const scale = 2 / n;
      for (let j = 0; j < P; j++) out[j] = scale * (out[j] + curved[j]);
    },
  };
}

/** The Gauss–Newton matrix (2/n)JᵀJ at `parameters`, which are copied: the Hessian of the mean squared error where all residuals vanish. */
export function gaussNewtonOperator(bound: BoundModel, parameters: Float64Array): SymmetricOperator {
  const { parameterCount: P, sampleCount: n } = bound;
  const point = Float64Array.from(parameters);
  const samples = new Float64Array(n);
  return {
    size: P,
    apply(x, out) {
      bound.directionalDerivative(point, x, samples);
      const scale = 2 / n;
      for (let i = 0; i < n; i++) samples[i] *= scale;
      bound.weightedGradient(point, samples, out);
    },
  };
}

/** out = A·x, with an error that says where when the operator gives NaN or infinity. */
export function applyChecked(operator: SymmetricOperator, x: Float64Array, out: Float64Array): void {
  operator.apply(x, out);
  let sum = 0;
  for (let i = 0; i < out.length; i++) sum += out[i] * 0;
  if (sum === 0) return;
  const at = out.findIndex((value) => !Number.isFinite(value));
  throw new NumericalError(`Entry ${at + 1} of a product with an operator of size ${operator.size} is ${out[at]}.`);
}
