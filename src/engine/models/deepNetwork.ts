import type { ResolvedDeepNetwork } from '../../experiment/resolved';
import { BoundLayers } from './layers/boundLayers';
import { denseLayer, type LayeredNetwork } from './layers/layered';
import type { Inputs, Model, ParameterBlock } from './model';

/** Where layer l of a deep network stands in its parameter vector; `biases` is −1 in networks without. */
export interface DeepLayer {
  readonly rows: number;
  readonly columns: number;
  readonly weights: number;
  readonly biases: number;
}

/** Order of the parameters: W_1 row by row, b_1, W_2, b_2, …, W_L, b_L. */
export function deepLayers({ inputs, widths, outputs, bias }: Omit<ResolvedDeepNetwork, 'kind' | 'activation'>): DeepLayer[] {
  let end = 0;
  return [...widths, outputs].map((rows, l) => {
    const columns = l === 0 ? inputs : widths[l - 1];
    const weights = end;
    const biases = bias ? weights + rows * columns : -1;
    end = weights + rows * columns + (bias ? rows : 0);
    return { rows, columns, weights, biases };
  });
}

/** f(x) = W_L σ(W_(L−1) … σ(W_1 x + b_1) … + b_(L−1)) + b_L with one output or several. */
export function deepNetwork(config: ResolvedDeepNetwork): Model {
  const layers = deepLayers(config);
  const layout: ParameterBlock[] = layers.flatMap(({ rows, columns, weights, biases }, l) => [
    { name: `W${l + 1}`, offset: weights, shape: [rows, columns] },
    ...(biases < 0 ? [] : [{ name: `b${l + 1}`, offset: biases, shape: [rows] }]),
  ]);
  const { weights, rows, columns, biases } = layers[layers.length - 1];
  const network: LayeredNetwork = {
    activation: config.activation,
    parameterCount: weights + rows * columns + (biases < 0 ? 0 : rows),
    inputDimension: config.inputs,
    inputHeight: config.inputs,
    layers: (n) => layers.map((layer) => denseLayer(n, layer.rows, layer.columns, layer.weights, layer.biases)),
    arrange: arrangeFeatures,
  };
  return {
    parameterCount: network.parameterCount,
    inputDimension: config.inputs,
    outputCount: config.outputs,
    layout,
    bind: (inputs) => new BoundLayers(network, inputs),
  };
}

function arrangeFeatures({ count, dimension, values }: Inputs, from: number, n: number, out: Float64Array): void {
  for (let s = 0; s < n; s++) {
    const at = Math.min(from + s, count - 1) * dimension;
    for (let j = 0; j < dimension; j++) out[j * n + s] = values[at + j];
  }
}
