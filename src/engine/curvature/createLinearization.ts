import type { Linearization } from '../models/linearization';
import type { BoundModel } from '../models/model';
import { KernelLinearization } from './kernelLinearization';
import { ProductLinearization } from './productLinearization';

/** What is kept of a point may take so much memory; beyond it is computed anew for every product. */
const LARGEST_BYTES = 1 << 30;

/** The loss around points: in the kernels where the model has some, else in TypeScript; the numbers are the same bits. */
export function createLinearization(bound: BoundModel, targets: Float64Array): Linearization {
  const problem = bound.linearization && bound.kernelProblem?.();
  if (problem?.family === 'twoLayer') {
    return KernelLinearization.bytes(problem) <= LARGEST_BYTES
      ? new KernelLinearization(problem, targets)
      : new ProductLinearization(bound, targets);
  }
  return bound.linearization?.(targets) ?? new ProductLinearization(bound, targets);
}
