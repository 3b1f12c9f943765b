import type { KernelExports } from './kernelInstance';
import type { MemoryLayout } from './memoryLayout';

/** A problem that stands in the kernels' memory. */
export interface LoadedProblem {
  /** Copies the parameters from the kernels into the array that they were loaded from. */
  readParameters(): void;
  /** The gradient in the order of that array, where the kernels have it in another; they would add up its squares in theirs. */
  readGradient?(): Float64Array;
}

export const even = (count: number): number => count + (count & 1);
/** Views are made anew at each use: growing the memory detaches those before. */
export const numbers = (kernels: KernelExports, at: number, count: number): Float64Array =>
  new Float64Array(kernels.memory.buffer, at, count);
export const integers = (kernels: KernelExports, at: number, count: number): Int32Array =>
  new Int32Array(kernels.memory.buffer, at, count);

/** Parameters, gradient and two moments behind one another, in the order of the array. */
export function loadParameters(
  kernels: KernelExports,
  layout: MemoryLayout,
  targets: Float64Array,
  parameters: Float64Array,
): LoadedProblem & { parametersAt: number; targetsAt: number } {
  const padded = even(parameters.length);
  const targetsAt = layout.float64(even(targets.length));
  const parametersAt = layout.float64(4 * padded);
  numbers(kernels, parametersAt, 4 * padded).fill(0);
  numbers(kernels, parametersAt, parameters.length).set(parameters);
  numbers(kernels, targetsAt, even(targets.length)).fill(0);
  numbers(kernels, targetsAt, targets.length).set(targets);
  kernels.setParameters(padded, parametersAt, targetsAt);
  return {
    parametersAt,
    targetsAt,
    readParameters: () => parameters.set(numbers(kernels, parametersAt, parameters.length)),
  };
}
