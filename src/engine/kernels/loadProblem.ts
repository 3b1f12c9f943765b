import { KERNEL_ACTIVATIONS, type KernelProblem, type TwoLayerProblem } from './problem';
import { loadDiagonal } from './loadDiagonal';
import { loadFactors } from './loadFactors';
import { loadDeepFactorization, loadLayers, targetRows } from './loadLayers';
import { even, loadParameters, numbers, type LoadedProblem } from './loadParameters';
import { loadTape } from './loadTape';
import { MemoryLayout } from './memoryLayout';
import type { KernelExports } from './kernelInstance';

/** Lays a problem out in the kernels' memory and tells them where it lies. Replaces the problem before. */
export function loadProblem(
  kernels: KernelExports,
  problem: KernelProblem,
  targets: Float64Array,
  parameters: Float64Array,
): LoadedProblem {
  const layout = new MemoryLayout(kernels.memory, kernels.getHeapBase());
  switch (problem.family) {
    case 'twoLayer':
      return loadTwoLayer(kernels, layout, problem, targets, parameters);
    case 'matrixFactorization':
      return loadFactors(kernels, layout, problem, targets, parameters);
    case 'diagonal':
      return loadDiagonal(kernels, layout, problem, targets, parameters);
    case 'formula':
      loadTape(kernels, layout, problem);
      kernels.useTape();
      return loadParameters(kernels, layout, targets, parameters);
    case 'layers':
      loadLayers(kernels, layout, problem);
      return loadParameters(kernels, layout, targetRows(targets, problem.inputs.count, even(problem.inputs.count)), parameters);
    case 'deepFactorization':
      loadDeepFactorization(kernels, layout, problem);
      return loadParameters(kernels, layout, targets, parameters);
  }
}

function loadTwoLayer(
  kernels: KernelExports,
  layout: MemoryLayout,
  problem: TwoLayerProblem,
  targets: Float64Array,
  parameters: Float64Array,
): LoadedProblem {
  const { width, dimension, count, features } = problem;
  const padded = (count + 3) & ~3;
  const inputs = layout.float64(dimension * padded);
  const mask = layout.float64(padded);
  const workspace = layout.float64((1 + 2 * width) * padded);
  // Padding repeats the last sample.
  const padding = (row: Float64Array): Float64Array =>
    Float64Array.from({ length: padded }, (_, s) => row[Math.min(s, count - 1)]);
  const loaded = loadParameters(kernels, layout, padding(targets), parameters);
  const rows = numbers(kernels, inputs, dimension * padded);
  for (let j = 0; j < dimension; j++) rows.set(padding(features.subarray(j * count, (j + 1) * count)), j * padded);
  numbers(kernels, mask, padded).fill(0).fill(1, 0, count);
  kernels.setTwoLayer(
    KERNEL_ACTIVATIONS.indexOf(problem.activation),
    problem.shift,
    width,
    dimension,
    count,
    padded,
    Number(problem.hiddenBias),
    Number(problem.outputBias),
    inputs,
    mask,
    workspace,
  );
  return loaded;
}
