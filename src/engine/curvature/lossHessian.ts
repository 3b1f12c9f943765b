import type { SpectrumMeasurement } from '../../protocol/events';
import { finish } from '../finish';
import type { Matrix } from '../linalg/matrix';
import { symmetricEigenInSteps } from '../linalg/symmetricEigen';
import type { BoundModel } from '../models/model';
import { createLinearization } from './createLinearization';

/** Eigenpairs with a larger residual (relative to the largest |λ|) are not trusted; QL leaves about 1e-15·√M. */
const RESIDUAL_LIMIT = 1e-12;

/** The full Hessian of R(θ) = (1/n)Σ_i (f(x_i; θ) − y_i)², M × M, exactly symmetric. */
export function lossHessian(bound: BoundModel, parameters: Float64Array, targets: Float64Array): Matrix {
  return finish(lossHessianInSteps(bound, parameters, targets));
}

function* lossHessianInSteps(bound: BoundModel, parameters: Float64Array, targets: Float64Array): Generator<void, Matrix> {
  const { parameterCount: M } = bound;
  const hessian: Matrix = { rows: M, columns: M, values: new Float64Array(M * M) };
  const linearization = createLinearization(bound, targets);
  linearization.moveTo(parameters);
  if (linearization.hessianInSteps) yield* linearization.hessianInSteps(hessian.values);
  else linearization.hessian(hessian.values);
  return hessian;
}

/**
 * All eigenvalues of the loss Hessian. At a zero of the loss it is (2/n)JᵀJ, so that as many are not zero as the rank of J
 * ("Geometry and local recovery of global minima", arXiv 2309.00508, Lemma 4.2).
 *
 * @throws NumericalError when the model overflows at these parameters
 */
export function hessianSpectrum(bound: BoundModel, parameters: Float64Array, targets: Float64Array): SpectrumMeasurement {
  return finish(hessianSpectrumInSteps(bound, parameters, targets));
}

/** The same with pauses, some milliseconds apart. */
export function* hessianSpectrumInSteps(
  bound: BoundModel,
  parameters: Float64Array,
  targets: Float64Array,
): Generator<void, SpectrumMeasurement> {
  const hessian = yield* lossHessianInSteps(bound, parameters, targets);
  yield;
  const eigen = yield* symmetricEigenInSteps(hessian, 'Hessian');
  const { values, residual, orthogonality } = yield* eigen.measureInSteps();
  return { eigenvalues: Array.from(values), residual, converged: residual <= RESIDUAL_LIMIT && orthogonality <= RESIDUAL_LIMIT };
}
