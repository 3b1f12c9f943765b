import type { ActivationConfig } from '../../../experiment/schema';
import type { Inputs } from '../model';

/**
 * Some neurons of a layer that see the same rows of its input: z[r] = Σ_q w[r][q] x[q] + b[r] for r < rows, q < inner, with
 * `columns` numbers in each row of x and z. Places of weights and biases are in the parameters, all others in the buffers.
 */
export interface Block {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  /** Place of w[0][0], and the distance between w[r][0] and w[r + 1][0]. */
  readonly weights: number;
  readonly weightStep: number;
  /** Place of b[0] and the distance to b[1]; −1 without biases. */
  readonly biases: number;
  readonly biasStep: number;
  /** Place of x[0]; rows of x follow each other. */
  readonly input: number;
  /** Place of z[0], and the distance to z[1]. */
  readonly output: number;
  readonly outputStep: number;
}

/**
 * One layer for n samples. Its output is a buffer of `height` · n numbers. Columns of a block run through the samples once or
 * several times: the s-th of n columns, and every n-th after it, belong to sample s.
 */
export interface Layer {
  readonly height: number;
  readonly blocks: readonly Block[];
}

/**
 * A network as layers: the activation is applied to the output of every layer but the last, whose height is the number of outputs. Layers
 * after the first are one block each.
 */
export interface LayeredNetwork {
  readonly activation: ActivationConfig;
  readonly parameterCount: number;
  readonly inputDimension: number;
  /** Rows of the input of the first layer. */
  readonly inputHeight: number;
  layers(n: number): Layer[];
  /** Writes samples from..from + n − 1 as inputs of the first layer, in rows of n numbers; past the last sample it is repeated. */
  arrange(inputs: Inputs, from: number, n: number, out: Float64Array): void;
}

/** A fully connected layer on n samples. */
export function denseLayer(n: number, rows: number, inner: number, weights: number, biases: number): Layer {
  const block = { rows, inner, columns: n, weights, weightStep: inner, biases, biasStep: 1, input: 0, output: 0, outputStep: n };
  return { height: rows, blocks: [block] };
}
