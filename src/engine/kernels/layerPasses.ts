import type { Layer } from '../models/layers/layered';
import type { Finish, Program } from './program';

/** Buffers of a layered network: `values[l]` is what layer l sees, the others belong to the output of layer l. */
export interface LayerBuffers {
  values: readonly number[];
  slopes: readonly number[];
}

/** The same finish for a block whose output begins so many numbers later. */
export function finishAt(finish: Finish, numbers: number): Finish {
  const moved: Record<string, unknown> = { ...finish };
  for (const key of ['values', 'slopes', 'extra']) if (key in moved) moved[key] = (moved[key] as number) + 8 * numbers;
  return moved as unknown as Finish;
}

/** out = W·x + b, or without biases added to `out`; the finish belongs to the whole output of the layer. */
export function applyLayer(program: Program, layer: Layer, input: number, output: number, finish: Finish, add = false): void {
  for (const block of layer.blocks) {
    program.combine({
      ...block,
      ...(add ? { biases: -1 } : {}),
      rowStep: block.weightStep,
      innerStep: 1,
      input: input + 8 * block.input,
      output: output + 8 * block.output,
      finish: finishAt(finish, block.output),
      add,
    });
  }
}

/** out = Wᵀ·u, or added to it, for a layer of one block. */
export function pullBack(program: Program, layer: Layer, u: number, output: number, finish: Finish, add = false): void {
  const [{ rows, inner, columns, weights, weightStep }] = layer.blocks;
  program.combine({
    rows: inner,
    inner: rows,
    columns,
    weights,
    rowStep: 1,
    innerStep: weightStep,
    biases: -1,
    biasStep: 0,
    input: u,
    output,
    outputStep: columns,
    finish,
    add,
  });
}

/** Gradient by weights and biases: u·xᵀ and the sums of u. */
export function projectLayer(program: Program, layer: Layer, u: number, input: number, add = false, withBiases = true): void {
  for (const block of layer.blocks) {
    const at = u + 8 * block.output;
    program.project({
      ...block,
      gradient: block.weights,
      gradientStep: block.weightStep,
      u: at,
      uStep: block.outputStep,
      input: input + 8 * block.input,
      add,
    });
    if (withBiases && block.biases >= 0)
      program.sumRows(block.rows, block.columns, block.biases, block.biasStep, at, block.outputStep, add);
  }
}

/** The output of all layers, in the fast arithmetic of training. */
export function trainForward(program: Program, layers: readonly Layer[], { values, slopes }: LayerBuffers): void {
  const last = layers.length - 1;
  layers.forEach((layer, l) => {
    applyLayer(program, layer, values[l], values[l + 1], l < last ? { mode: 'activate', slopes: slopes[l] } : { mode: 'plain' });
  });
}

/** The gradient, from that by the output in `seeds`; `gradients` are those by the arguments of all layers before. */
export function trainBackward(
  program: Program,
  layers: readonly Layer[],
  { values, slopes }: LayerBuffers,
  gradients: readonly number[],
  seeds: number,
): void {
  for (let l = layers.length - 1; l >= 0; l--) {
    const u = l === layers.length - 1 ? seeds : gradients[l];
    projectLayer(program, layers[l], u, values[l]);
    if (l === 0) break;
    pullBack(program, layers[l], u, gradients[l - 1], { mode: 'slope', values: values[l], slopes: slopes[l - 1] });
  }
}
