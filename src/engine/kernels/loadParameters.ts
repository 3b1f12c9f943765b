import type { KernelExports } from './kernelInstance';
import type { MemoryLayout } from './memoryLayout';
import type { StatePart } from './steppedTraining';

/** A problem that stands in the kernels' memory. */
export interface LoadedProblem {
  /** Copies numbers out of the kernels or into them, one for each parameter, in the order that the parameters were loaded in. */
  read(part: StatePart, out: Float64Array): void;
  write(part: StatePart, values: Float64Array): void;
}

/** In which of four vectors, one behind the other, the kernels keep what. */
const VECTORS: Record<StatePart, number> = { parameters: 0, first: 2, second: 3 };

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
  const { length } = parameters;
  const vector = (part: StatePart) => numbers(kernels, parametersAt + 8 * padded * VECTORS[part], length);
  return {
    parametersAt,
    targetsAt,
    read: (part, out) => out.set(vector(part)),
    write: (part, values) => vector(part).set(values),
  };
}

/** Says where the kernels keep each number of the gradient, so that they add up its squares in the order of the parameters. */
export function loadGradientOrder(kernels: KernelExports, layout: MemoryLayout, places: ArrayLike<number>): void {
  const at = layout.int32(places.length);
  integers(kernels, at, places.length).set(places);
  kernels.setGradientOrder(places.length, at);
}
