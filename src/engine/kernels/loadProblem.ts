import { Operation } from '../models/expression/tape';
import {
  KERNEL_ACTIVATIONS,
  type KernelProblem,
  type MatrixFactorizationProblem,
  type TapeProblem,
  type TwoLayerProblem,
} from './problem';
import { loadDeepFactorization, loadLayers } from './loadLayers';
import { MemoryLayout } from './memoryLayout';
import type { KernelExports } from './kernelInstance';

/** A problem that stands in the kernels' memory. */
export interface LoadedProblem {
  /** Copies the parameters from the kernels into the array that they were loaded from. */
  readParameters(): void;
}

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
      return loadMatrixFactorization(kernels, layout, problem, targets, parameters);
    case 'formula':
      return loadTape(kernels, layout, problem, targets, parameters);
    case 'layers':
      loadLayers(kernels, layout, problem);
      return loadParameters(kernels, layout, targets, parameters);
    case 'deepFactorization':
      loadDeepFactorization(kernels, layout, problem);
      return loadParameters(kernels, layout, targets, parameters);
  }
}

const even = (count: number): number => count + (count & 1);
/** Views are made anew at each use: growing the memory detaches those before. */
const numbers = (kernels: KernelExports, at: number, count: number) => new Float64Array(kernels.memory.buffer, at, count);
const integers = (kernels: KernelExports, at: number, count: number) => new Int32Array(kernels.memory.buffer, at, count);

/** Parameters, gradient and two moments behind one another, in the model's own order. */
function loadParameters(
  kernels: KernelExports,
  layout: MemoryLayout,
  targets: Float64Array,
  parameters: Float64Array,
): LoadedProblem {
  const padded = even(parameters.length);
  const targetsAt = layout.float64(even(targets.length));
  const at = layout.float64(4 * padded);
  numbers(kernels, at, 4 * padded).fill(0);
  numbers(kernels, at, parameters.length).set(parameters);
  numbers(kernels, targetsAt, even(targets.length)).fill(0);
  numbers(kernels, targetsAt, targets.length).set(targets);
  kernels.setParameters(padded, at, targetsAt);
  return { readParameters: () => parameters.set(numbers(kernels, at, parameters.length)) };
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

/** In the kernels B is transposed and the inner dimension padded, so the parameters are rearranged on the way in and out. */
function loadMatrixFactorization(
  kernels: KernelExports,
  layout: MemoryLayout,
  problem: MatrixFactorizationProblem,
  targets: Float64Array,
  parameters: Float64Array,
): LoadedProblem {
  const { rows, columns, inner, rowOf, columnOf } = problem;
  const padded = even(inner);
  const rearranged = new Float64Array((rows + columns) * padded);
  const forEachParameter = (visit: (place: number, rearrangedPlace: number) => void) => {
    for (let i = 0; i < rows; i++) for (let k = 0; k < inner; k++) visit(i * inner + k, i * padded + k);
    for (let k = 0; k < inner; k++)
      for (let j = 0; j < columns; j++) visit(rows * inner + k * columns + j, (rows + j) * padded + k);
  };
  forEachParameter((place, to) => (rearranged[to] = parameters[place]));
  const rowsAt = layout.int32(rowOf.length);
  const columnsAt = layout.int32(columnOf.length);
  const loaded = loadParameters(kernels, layout, targets, rearranged);
  integers(kernels, rowsAt, rowOf.length).set(rowOf);
  integers(kernels, columnsAt, columnOf.length).set(columnOf);
  kernels.setMatrixFactorization(rows, columns, padded, rowOf.length, rowsAt, columnsAt);
  return {
    readParameters() {
      loaded.readParameters();
      forEachParameter((place, from) => (parameters[place] = rearranged[from]));
    },
  };
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
