import { createLinearization } from '../curvature/createLinearization';
import { NumericalError } from '../numbers/numericalError';
import type { BoundModel } from '../models/model';

/** A real symmetric matrix that is known by its products alone. */
export interface SymmetricOperator {
  readonly size: number;
  /** out = A·x; `x` must not be changed. */
  apply(x: Float64Array, out: Float64Array): void;
}

/**
 * The Hessian of the mean squared error at `parameters`, which are copied. Where the curvature kernels know the model, what depends on
 * the point alone is kept, and a product costs one to two gradients of training; elsewhere several, and no more memory than a few vectors.
 */
export function lossHessianOperator(bound: BoundModel, parameters: Float64Array, targets: Float64Array): SymmetricOperator {
  return linearizedOperator(bound, parameters, targets, true);
}

/** The Gauss–Newton matrix (2/n)JᵀJ at `parameters`, which are copied: the Hessian of the mean squared error where all residuals vanish. */
export function gaussNewtonOperator(bound: BoundModel, parameters: Float64Array): SymmetricOperator {
  return linearizedOperator(bound, parameters, new Float64Array(bound.sampleCount), false);
}

function linearizedOperator(
  bound: BoundModel,
  parameters: Float64Array,
  targets: Float64Array,
  curved: boolean,
): SymmetricOperator {
  const linearization = createLinearization(bound, targets);
  linearization.moveTo(parameters);
  return { size: bound.parameterCount, apply: (x, out) => linearization.product(x, out, curved) };
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
