import type { Linearization } from '../models/linearization';
import type { BoundModel } from '../models/model';
import { FactorizationLinearization } from './factorizationLinearization';
import { KernelLinearization } from './kernelLinearization';
import { isPointProblem, ProblemLinearization } from './problemLinearization';
import { ProductLinearization } from './productLinearization';

/** What is kept of a point may take so much memory; beyond it is computed anew for every product. */
const LARGEST_BYTES = 1 << 30;

/** The loss around points: in the kernels where the model has some, else in TypeScript. */
export function createLinearization(bound: BoundModel, targets: Float64Array): Linearization {
  const problem = bound.kernelProblem?.();
  if (problem?.family === 'twoLayer' && bound.linearization) {
    return KernelLinearization.bytes(problem) <= LARGEST_BYTES
      ? new KernelLinearization(problem, targets)
      : new ProductLinearization(bound, targets);
  }
  if (problem && isPointProblem(problem) && ProblemLinearization.bytes(problem, bound.parameterCount) <= LARGEST_BYTES)
    return new ProblemLinearization(problem, targets, bound.parameterCount);
  if (problem?.family === 'matrixFactorization') return new FactorizationLinearization(bound, problem, targets);
  return bound.linearization?.(targets) ?? new ProductLinearization(bound, targets);
}

/** Whether the loss of this model has its Hessian without a search for where that is zero. */
export function hasHessian(bound: BoundModel): boolean {
  return createLinearization(bound, new Float64Array(bound.sampleCount)).hessian !== undefined;
}
