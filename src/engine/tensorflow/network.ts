import type { ActivationConfig } from '../../experiment/schema';
import type { KernelProblem } from '../kernels/problem';
import { denseLayer, type Layer } from '../models/layers/layered';
import { twoLayerOffsets } from '../models/twoLayer';

/** A tensor of parameters: element i is the parameter at `places[i]`. */
export interface ParameterTensor {
  readonly shape: readonly number[];
  readonly places: Int32Array;
}

/** Z = W X + b; with several blocks (neurons that share nothing) one such product for each, stacked. */
export interface TensorLayer {
  /** [rows, inner], or [blocks, rows, inner]. */
  readonly weights: ParameterTensor;
  /** [rows, 1], or [blocks, rows, 1]. */
  readonly biases: ParameterTensor | undefined;
  /** Shape of X: [inner, columns], or [blocks, inner, columns]. */
  readonly input: readonly number[];
}

/** A network for n samples as products of matrices: σ follows every layer but the last, whose Z is [D, n]. */
export interface TensorNetwork {
  readonly activation: ActivationConfig;
  readonly layers: readonly TensorLayer[];
  /** X of the first layer. */
  readonly inputs: Float32Array;
  readonly count: number;
  readonly outputs: number;
}

/** The problems that TensorFlow takes. */
export type NetworkProblem = Extract<KernelProblem, { family: 'twoLayer' | 'layers' }>;

export function isNetworkProblem(problem: KernelProblem): problem is NetworkProblem {
  return problem.family === 'twoLayer' || problem.family === 'layers';
}

/** Multiplications of one forward pass. */
export function multiplications(problem: NetworkProblem): number {
  const blocks = layersOf(problem).flatMap((layer) => layer.blocks);
  return blocks.reduce((sum, { rows, inner, columns }) => sum + rows * inner * columns, 0);
}

export function tensorNetwork(problem: NetworkProblem): TensorNetwork {
  const layers = tensorLayers(layersOf(problem));
  if (problem.family === 'twoLayer') {
    const { activation, shift, features, count } = problem;
    return {
      activation: activation === 'shiftedTanh' ? { kind: 'tanh', shift } : activation,
      layers,
      inputs: Float32Array.from(features),
      count,
      outputs: 1,
    };
  }
  const { network, inputs } = problem;
  const { count } = inputs;
  const arranged = new Float64Array(network.inputHeight * count);
  network.arrange(inputs, 0, count, arranged);
  const outputs = layers[layers.length - 1].weights.shape[0];
  return { activation: network.activation, layers, inputs: Float32Array.from(arranged), count, outputs };
}

function layersOf(problem: NetworkProblem): readonly Layer[] {
  if (problem.family === 'layers') return problem.network.layers(problem.inputs.count);
  const { width: m, dimension: d, count, hiddenBias, outputBias } = problem;
  const { hiddenBiases, outputBias: outputBiases } = twoLayerOffsets({ inputs: d, width: m, hiddenBias, outputBias });
  return [denseLayer(count, m, d, m, hiddenBiases), denseLayer(count, 1, m, 0, outputBiases)];
}

/**
 * Products of several blocks leave their rows in the order of the blocks, not in that of the layer's buffer: the weights of the layer
 * behind are taken in that order too.
 */
function tensorLayers(layers: readonly Layer[]): TensorLayer[] {
  let order: Int32Array | undefined;
  return layers.map(({ blocks }) => {
    const [{ rows, inner, columns }] = blocks;
    const single = blocks.length === 1;
    const weights = new Int32Array(blocks.length * rows * inner);
    const biases = new Int32Array(blocks[0].biases < 0 ? 0 : blocks.length * rows);
    const next = new Int32Array(blocks.length * rows);
    blocks.forEach((block, b) => {
      for (let r = 0; r < rows; r++) {
        const row = b * rows + r;
        for (let q = 0; q < inner; q++)
          weights[row * inner + q] = block.weights + r * block.weightStep + (order && single ? order[q] : q);
        if (biases.length > 0) biases[row] = block.biases + r * block.biasStep;
        next[row] = (block.output + r * block.outputStep) / columns;
      }
    });
    order = single ? undefined : next;
    const stack = single ? [] : [blocks.length];
    return {
      weights: { shape: [...stack, rows, inner], places: weights },
      biases: biases.length > 0 ? { shape: [...stack, rows, 1], places: biases } : undefined,
      input: [...stack, inner, columns],
    };
  });
}
