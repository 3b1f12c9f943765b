import type { KernelExports } from './kernelInstance';
import { factorGradient, multiplyFactors, type FactorChain } from './factorPasses';
import { trainBackward, trainForward } from './layerPasses';
import { even, integers, numbers } from './loadParameters';
import type { MemoryLayout } from './memoryLayout';
import { KERNEL_ACTIVATIONS, type DeepFactorizationProblem, type KernelActivation, type LayersProblem } from './problem';
import { Program } from './program';

/** Activations whose slope follows from their value: the kernels neither write nor read it. */
const SLOPE_FOLLOWS: readonly KernelActivation[] = ['tanh', 'shiftedTanh', 'sigmoid', 'exp'];

/** The activation of a layered network as the kernels know it. */
export function kernelActivation({ network: { activation } }: LayersProblem): {
  number: number;
  shift: number;
  slopeFollows: boolean;
} {
  const shift = typeof activation === 'string' ? 0 : activation.shift;
  const name = typeof activation === 'string' ? activation : shift === 0 ? 'tanh' : 'shiftedTanh';
  return { number: KERNEL_ACTIVATIONS.indexOf(name), shift, slopeFollows: SLOPE_FOLLOWS.includes(name) };
}

/** Targets input by input as rows of `n` numbers, one row for each of D outputs. */
export function targetRows(targets: Float64Array, count: number, n: number): Float64Array {
  const outputs = targets.length / count;
  const rows = new Float64Array(outputs * n);
  for (let o = 0; o < outputs; o++) for (let s = 0; s < count; s++) rows[o * n + s] = targets[s * outputs + o];
  return rows;
}

/** Lays the buffers of a layered network out and writes its program. Parameters are loaded apart. */
export function loadLayers(kernels: KernelExports, layout: MemoryLayout, problem: LayersProblem): void {
  const { network, inputs } = problem;
  const activation = kernelActivation(problem);
  const n = even(inputs.count);
  const layers = network.layers(n);
  const last = layers.length - 1;
  const buffers = () => layers.map(({ height }) => layout.float64(height * n));
  const values = [layout.float64(network.inputHeight * n), ...buffers()];
  const slopes = activation.slopeFollows ? values.slice(1) : buffers();
  const gradients = buffers();
  const mask = layout.float64(n);

  const program = new Program();
  trainForward(program, layers, { values, slopes });
  program.squaredError(inputs.count, n, layers[last].height, values[last + 1], gradients[last], mask);
  trainBackward(program, layers, { values, slopes }, gradients, gradients[last]);
  useProgram(kernels, layout, program, activation.number, activation.shift);
  network.arrange(inputs, 0, n, numbers(kernels, values[0], network.inputHeight * n));
  numbers(kernels, mask, n).fill(0).fill(1, 0, inputs.count);
}

/** The same for a product of matrices, in which the columns of the product take the place of samples. */
export function loadDeepFactorization(
  kernels: KernelExports,
  layout: MemoryLayout,
  { factors, rowOf, columnOf }: DeepFactorizationProblem,
): void {
  const depth = factors.length;
  const chain: FactorChain = { factors, columns: factors[0].columns, n: even(factors[0].columns) };
  const right = factors.map(({ rows }) => layout.float64(rows * chain.n));
  const gradients = factors.map(({ rows }) => layout.float64(rows * chain.n));
  const rowsAt = layout.int32(rowOf.length);
  const columnsAt = layout.int32(columnOf.length);

  const program = new Program();
  multiplyFactors(program, chain, right);
  const seeds = gradients[depth - 1];
  program.entryError(rowOf.length, factors[depth - 1].rows, chain.n, right[depth - 1], seeds, rowsAt, columnsAt);
  factorGradient(program, chain, right, gradients, seeds);
  useProgram(kernels, layout, program, 0, 0);
  integers(kernels, rowsAt, rowOf.length).set(rowOf);
  integers(kernels, columnsAt, columnOf.length).set(columnOf);
}

function useProgram(kernels: KernelExports, layout: MemoryLayout, program: Program, activation: number, shift: number): void {
  const encoded = program.encode();
  const at = layout.int32(encoded.length);
  integers(kernels, at, encoded.length).set(encoded);
  kernels.setProgram(at, program.length, activation, shift);
  kernels.useProgram();
}
