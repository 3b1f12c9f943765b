import type { KernelExports } from './kernelInstance';
import { even, loadGradientOrder, loadParameters, numbers, type LoadedProblem } from './loadParameters';
import type { MemoryLayout } from './memoryLayout';
import type { DiagonalProblem } from './problem';

/** A diagonal model as assembly/diagonal.ts wants it: coefficients and samples padded to even numbers by zeros. */
export function loadDiagonal(
  kernels: KernelExports,
  layout: MemoryLayout,
  { inputs, depth, features, count }: DiagonalProblem,
  targets: Float64Array,
  parameters: Float64Array,
): LoadedProblem {
  const [d, n] = [even(inputs), even(count)];
  const featuresAt = layout.float64(d * n);
  const coefficients = layout.float64(d);
  const residuals = layout.float64(n);
  const behind = layout.float64(2 * (depth + 1));
  const paddedLevels = new Float64Array(depth * d);
  for (let l = 0; l < depth; l++) paddedLevels.set(parameters.subarray(l * inputs, (l + 1) * inputs), l * d);
  const loaded = loadParameters(kernels, layout, targets, paddedLevels);
  const rows = numbers(kernels, featuresAt, d * n).fill(0);
  for (let j = 0; j < inputs; j++) rows.set(features.subarray(j * count, (j + 1) * count), j * n);
  kernels.setDiagonal(depth, d, count, n, featuresAt, coefficients, residuals, behind);
  kernels.useDiagonal();
  loadGradientOrder(
    kernels,
    layout,
    Int32Array.from(parameters, (_, i) => Math.floor(i / inputs) * d + (i % inputs)),
  );
  return {
    read(part, out) {
      loaded.read(part, paddedLevels);
      for (let l = 0; l < depth; l++) out.set(paddedLevels.subarray(l * d, l * d + inputs), l * inputs);
    },
    write(part, values) {
      paddedLevels.fill(0);
      for (let l = 0; l < depth; l++) paddedLevels.set(values.subarray(l * inputs, (l + 1) * inputs), l * d);
      loaded.write(part, paddedLevels);
    },
  };
}
