import type { Linearization } from '../models/linearization';
import type { BoundModel } from '../models/model';
import { KernelLinearization } from './kernelLinearization';
import { ProblemLinearization } from './problemLinearization';
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
  if (problem && problem.family !== 'twoLayer' && ProblemLinearization.bytes(problem, bound.parameterCount) <= LARGEST_BYTES)
    return new ProblemLinearization(problem, targets, bound.parameterCount);
  return bound.linearization?.(targets) ?? new ProductLinearization(bound, targets);
}
