import type { KernelExports } from './kernelInstance';
import { even, integers, numbers } from './loadParameters';
import type { MemoryLayout } from './memoryLayout';
import { KERNEL_ACTIVATIONS, type DeepFactorizationProblem, type KernelActivation, type LayersProblem } from './problem';
import { Program, type Finish } from './program';

/** Activations whose slope follows from their value. */
const SLOPE_FOLLOWS: readonly KernelActivation[] = ['tanh', 'shiftedTanh', 'sigmoid', 'exp'];

/** Lays the buffers of a layered network out and writes its program. Parameters are loaded apart. */
export function loadLayers(kernels: KernelExports, layout: MemoryLayout, { network, inputs }: LayersProblem): void {
  const { activation } = network;
  const shift = typeof activation === 'string' ? 0 : activation.shift;
  const name = typeof activation === 'string' ? activation : shift === 0 ? 'tanh' : 'shiftedTanh';
  const n = even(inputs.count);
  const layers = network.layers(n);
  const last = layers.length - 1;
  const buffers = () => layers.map(({ height }) => layout.float64(height * n));
  const values = [layout.float64(network.inputHeight * n), ...buffers()];
  // Where slopes follow from values the kernels neither write nor read them.
  const slopes = SLOPE_FOLLOWS.includes(name) ? values.slice(1) : buffers();
  const gradients = buffers();
  const mask = layout.float64(n);

  const program = new Program();
  layers.forEach((layer, l) => {
    const finish: Finish = l < last ? { mode: 'activate', slopes: 0 } : { mode: 'plain' };
    for (const block of layer.blocks) {
      const at = 8 * block.output;
      program.combine({
        ...block,
        rowStep: block.weightStep,
        innerStep: 1,
        input: values[l] + 8 * block.input,
        output: values[l + 1] + at,
        finish: finish.mode === 'activate' ? { ...finish, slopes: slopes[l] + at } : finish,
      });
    }
  });
  program.squaredError(inputs.count, n, values[last + 1], gradients[last], mask);
  for (let l = last; l >= 0; l--) {
    for (const block of layers[l].blocks) {
      const u = gradients[l] + 8 * block.output;
      program.project({
        ...block,
        gradient: block.weights,
        gradientStep: block.weightStep,
        u,
        uStep: block.outputStep,
        input: values[l] + 8 * block.input,
      });
      if (block.biases >= 0) program.sumRows(block.rows, block.columns, block.biases, block.biasStep, u, block.outputStep);
    }
    if (l === 0) break;
    const [{ rows, inner, columns, weights, weightStep }] = layers[l].blocks;
    program.combine({
      rows: inner,
      inner: rows,
      columns,
      weights,
      rowStep: 1,
      innerStep: weightStep,
      biases: -1,
      biasStep: 0,
      input: gradients[l],
      output: gradients[l - 1],
      outputStep: columns,
      finish: { mode: 'slope', values: values[l], slopes: slopes[l - 1] },
    });
  }
  useProgram(kernels, layout, program, KERNEL_ACTIVATIONS.indexOf(name), shift);
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
  const columns = factors[0].columns;
  const n = even(columns);
  // right[l] is W_(l+1) … W_1, gradients[l] the gradient by it.
  const right = factors.map(({ rows }) => layout.float64(rows * n));
  const gradients = factors.map(({ rows }) => layout.float64(rows * n));
  const rowsAt = layout.int32(rowOf.length);
  const columnsAt = layout.int32(columnOf.length);

  const program = new Program();
  program.copyParameters(factors[0].rows, columns, n, factors[0].offset, right[0]);
  for (let l = 1; l < depth; l++) {
    const { rows, columns: inner, offset } = factors[l];
    program.combine({
      rows,
      inner,
      columns: n,
      weights: offset,
      rowStep: inner,
      innerStep: 1,
      biases: -1,
      biasStep: 0,
      input: right[l - 1],
      output: right[l],
      outputStep: n,
      finish: { mode: 'plain' },
    });
  }
  program.entryError(rowOf.length, factors[depth - 1].rows, n, right[depth - 1], gradients[depth - 1], rowsAt, columnsAt);
  for (let l = depth - 1; l > 0; l--) {
    const { rows, columns: inner, offset } = factors[l];
    program.project({
      rows,
      inner,
      columns: n,
      gradient: offset,
      gradientStep: inner,
      u: gradients[l],
      uStep: n,
      input: right[l - 1],
    });
    program.combine({
      rows: inner,
      inner: rows,
      columns: n,
      weights: offset,
      rowStep: 1,
      innerStep: inner,
      biases: -1,
      biasStep: 0,
      input: gradients[l],
      output: gradients[l - 1],
      outputStep: n,
      finish: { mode: 'plain' },
    });
  }
  program.copyToGradient(factors[0].rows, columns, n, gradients[0], factors[0].offset);
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
