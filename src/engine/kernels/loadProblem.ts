import { Operation } from '../models/expression/tape';
import { KERNEL_ACTIVATIONS, type KernelProblem, type TapeProblem, type TwoLayerProblem } from './problem';
import { loadDiagonal } from './loadDiagonal';
import { loadFactors } from './loadFactors';
import { loadDeepFactorization, loadLayers, targetRows } from './loadLayers';
import { even, integers, loadParameters, numbers, type LoadedProblem } from './loadParameters';
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
      return loadTape(kernels, layout, problem, targets, parameters);
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

function loadTape(
  kernels: KernelExports,
  layout: MemoryLayout,
  problem: TapeProblem,
  targets: Float64Array,
  parameters: Float64Array,
): LoadedProblem {
  const { tape, features, count } = problem;
  const padded = even(count);
  const { length } = tape;
  const operations = layout.int32(length);
  const dependence = layout.int32(length);
  const left = layout.int32(length);
  const right = layout.int32(length);
  const constants = layout.float64(length);
  const parameterRows = layout.int32(tape.parameterCount);
  const values = layout.float64((2 * length + 1) * padded);
  const loaded = loadParameters(kernels, layout, targets, parameters);
  new Uint8Array(kernels.memory.buffer, operations, length).set(tape.operations);
  new Uint8Array(kernels.memory.buffer, dependence, length).set(tape.dependence);
  integers(kernels, left, length).set(tape.left);
  integers(kernels, right, length).set(tape.right);
  numbers(kernels, constants, length).set(tape.constants);
  const parameterRow = integers(kernels, parameterRows, tape.parameterCount).fill(-1);
  const rows = numbers(kernels, values, (2 * length + 1) * padded).fill(0);
  for (let row = 0; row < length; row++) {
    const index = tape.left[row];
    if (tape.operations[row] === Operation.constant) rows.fill(tape.constants[row], row * padded, (row + 1) * padded);
    else if (tape.operations[row] === Operation.parameter) parameterRow[index] = row;
    else if (tape.operations[row] === Operation.input)
      rows.set(features.subarray(index * count, (index + 1) * count), row * padded);
  }
  kernels.setTape(
    length,
    tape.result,
    count,
    padded,
    tape.parameterCount,
    operations,
    dependence,
    left,
    right,
    constants,
    parameterRows,
    values,
  );
  kernels.useTape();
  return loaded;
}
