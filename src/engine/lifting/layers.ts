import type { ResolvedDeepNetwork, ResolvedTwoLayer } from '../../experiment/resolved';
import type { ActivationConfig } from '../../experiment/schema';
import { deepLayers } from '../models/deepNetwork';
import { twoLayerOffsets } from '../models/twoLayer';

/** The families that are lifted: fully connected networks. */
export type FullyConnected = ResolvedTwoLayer | ResolvedDeepNetwork;

/** z = W·h + b of one layer; `biases` is null where the family has none there. Changed only by who makes it. */
export interface LayerWeights {
  weights: number[][];
  biases: number[] | null;
}

/** Neurons of the hidden layers. */
export function widthsOf(model: FullyConnected): number[] {
  return model.kind === 'twoLayer' ? [model.width] : model.widths;
}

export function outputsOf(model: FullyConnected): number {
  return model.kind === 'twoLayer' ? 1 : model.outputs;
}

/** The same family with other widths. */
export function withWidths(model: FullyConnected, widths: readonly number[]): FullyConnected {
  return model.kind === 'twoLayer' ? { ...model, width: widths[0] } : { ...model, widths: [...widths] };
}

/** Where weights and biases of each layer stand in the parameter vector; −1 without biases. */
function places(model: FullyConnected): { rows: number; columns: number; weights: number; biases: number }[] {
  if (model.kind === 'deepNetwork') return deepLayers(model);
  const { inputWeights, hiddenBiases, outputWeights, outputBias } = twoLayerOffsets(model);
  const { width, inputs } = model;
  return [
    { rows: width, columns: inputs, weights: inputWeights, biases: hiddenBiases },
    { rows: 1, columns: width, weights: outputWeights, biases: outputBias },
  ];
}

/** A parameter vector as layers, the first layer first. */
export function layersOf(model: FullyConnected, parameters: ArrayLike<number>): LayerWeights[] {
  return places(model).map(({ rows, columns, weights, biases }) => ({
    weights: Array.from({ length: rows }, (_, i) =>
      Array.from({ length: columns }, (_, j) => parameters[weights + i * columns + j]),
    ),
    biases: biases < 0 ? null : Array.from({ length: rows }, (_, i) => parameters[biases + i]),
  }));
}

export function parametersOfLayers(model: FullyConnected, layers: readonly LayerWeights[]): Float64Array {
  const all = places(model);
  const end = all.reduce(
    (most, { rows, columns, weights, biases }) => Math.max(most, weights + rows * columns, biases + rows),
    0,
  );
  const parameters = new Float64Array(end);
  all.forEach(({ columns, weights, biases }, l) => {
    layers[l].weights.forEach((row, i) => parameters.set(row, weights + i * columns));
    if (biases >= 0) parameters.set(layers[l].biases!, biases);
  });
  return parameters;
}

/** σ(0) = 0, so that a neuron of zeros adds nothing. */
export function vanishesAtZero(activation: ActivationConfig): boolean {
  return typeof activation === 'string'
    ? activation !== 'exp' && activation !== 'sigmoid' && activation !== 'softplus'
    : activation.shift === 0;
}

/** σ(−z) = −σ(z). */
export function isOdd(activation: ActivationConfig): boolean {
  return typeof activation === 'string' ? activation === 'tanh' || activation === 'sin' : activation.shift === 0;
}
