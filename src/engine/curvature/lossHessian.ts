import type { SpectrumMeasurement } from '../../protocol/events';
import { gram, type Matrix } from '../linalg/matrix';
import { symmetricEigen } from '../linalg/symmetricEigen';
import type { BoundModel } from '../models/model';
import { createLinearization } from './createLinearization';

/** Eigenpairs with a larger residual (relative to the largest |λ|) are not trusted; QL leaves about 1e-15·√M. */
const RESIDUAL_LIMIT = 1e-12;

/** The full Hessian of R(θ) = (1/n)Σ_i (f(x_i; θ) − y_i)², M × M, exactly symmetric. */
export function lossHessian(bound: BoundModel, parameters: Float64Array, targets: Float64Array): Matrix {
  const { sampleCount: n, parameterCount: M } = bound;
  const linearization = createLinearization(bound, targets);
  if (linearization.hessian) {
    const explicit: Matrix = { rows: M, columns: M, values: new Float64Array(M * M) };
    linearization.moveTo(parameters);
    linearization.hessian(explicit.values);
    return explicit;
  }
  const jacobian: Matrix = { rows: n, columns: M, values: new Float64Array(n * M) };
  bound.jacobian(parameters, jacobian.values);
  const hessian = gram(jacobian);
  const h = hessian.values;
  const weights = residuals(bound, parameters, targets);
  const direction = new Float64Array(M);
  const column = new Float64Array(M);
  // Both (i, j) and (j, i) are computed; their mean is symmetric and has half the rounding error.
  for (let j = 0; j < M; j++) {
    direction[j] = 1;
    bound.weightedHessianProduct(parameters, weights, direction, column);
    direction[j] = 0;
    for (let i = 0; i < M; i++) h[i * M + j]! += column[i]!;
  }
  for (let i = 0; i < M; i++) {
    h[i * M + i]! *= 2 / n;
    for (let j = 0; j < i; j++) {
      const mean = (1 / n) * (h[i * M + j]! + h[j * M + i]!);
      h[i * M + j] = mean;
      h[j * M + i] = mean;
    }
  }
  return hessian;
}

/**
 * All eigenvalues of the loss Hessian. At a zero of the loss it is (2/n)JᵀJ, so that as many are not zero as the rank of J
 * ("Geometry and local recovery of global minima", arXiv 2309.00508, Lemma 4.2).
 *
 * @throws NumericalError when the model overflows at these parameters
 */
export function hessianSpectrum(bound: BoundModel, parameters: Float64Array, targets: Float64Array): SpectrumMeasurement {
  const { values, residual, orthogonality } = symmetricEigen(lossHessian(bound, parameters, targets), 'Hessian');
  return { eigenvalues: Array.from(values), residual, converged: residual <= RESIDUAL_LIMIT && orthogonality <= RESIDUAL_LIMIT };
}

function residuals(bound: BoundModel, parameters: Float64Array, targets: Float64Array): Float64Array {
  const out = new Float64Array(bound.sampleCount);
  bound.evaluate(parameters, out);
  for (let i = 0; i < out.length; i++) out[i]! -= targets[i]!;
  return out;
}
