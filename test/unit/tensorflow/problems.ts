import fc from 'fast-check';
import type { ResolvedModel } from '../../../src/experiment/resolved';
import type { ActivationConfig, StepOptimizerConfig } from '../../../src/experiment/schema';
import { createModel } from '../../../src/engine/models/registry';
import type { BoundModel } from '../../../src/engine/models/model';
import { randomStream } from '../../../src/engine/random/stream';
import { isNetworkProblem, tensorNetwork, type TensorNetwork } from '../../../src/engine/tensorflow/network';
import { ACTIVATIONS } from '../kernels/cases';

/** Small steps, so that rounding does not grow along the path. */
export const OPTIMIZERS: StepOptimizerConfig[] = [
  { kind: 'gradientDescent', learningRate: 0.005 },
  { kind: 'gradientDescent', learningRate: { initial: 0.01, factor: 0.5, every: 7, minimum: 0.002 } },
  { kind: 'adam', learningRate: 0.01 },
  { kind: 'adam', learningRate: { initial: 0.02, factor: 0.9, every: 5 }, beta1: 0.8, beta2: 0.99, epsilon: 1e-6 },
];

/** One model of each family and form that TensorFlow trains. */
export const FAMILIES: Record<string, (activation: ActivationConfig) => ResolvedModel> = {
  'two layers': (activation) => ({ kind: 'twoLayer', activation, inputs: 3, width: 8, hiddenBias: true, outputBias: true }),
  'two layers without biases': (activation) => ({
    kind: 'twoLayer',
    activation,
    inputs: 5,
    width: 6,
    hiddenBias: false,
    outputBias: false,
  }),
  'four layers': (activation) => ({ kind: 'deepNetwork', activation, inputs: 3, widths: [7, 5, 6], outputs: 1, bias: true }),
  'three layers, four outputs, no biases': (activation) => ({
    kind: 'deepNetwork',
    activation,
    inputs: 2,
    widths: [6, 5],
    outputs: 4,
    bias: false,
  }),
  convolution: (activation) => ({
    kind: 'convolution',
    activation,
    inputs: 8,
    kernel: 3,
    kernels: 3,
    sharing: true,
    hiddenBias: true,
  }),
  'convolution without sharing': (activation) => ({
    kind: 'convolution',
    activation,
    inputs: [4, 5],
    kernel: 2,
    kernels: 3,
    sharing: false,
    hiddenBias: true,
  }),
};

export const models: fc.Arbitrary<ResolvedModel> = fc
  .tuple(fc.constantFrom(...Object.values(FAMILIES)), fc.constantFrom(...ACTIVATIONS))
  .map(([model, activation]) => model(activation));

export interface Problem {
  bound: BoundModel;
  network: TensorNetwork;
  targets: Float64Array;
  start: () => Float64Array;
}

/** Random data and a random start, all of them numbers that float32 holds. */
export function problemOf(config: ResolvedModel, count: number, seed: number, scale = 0.5): Problem {
  const model = createModel(config);
  const normal = (name: string, length: number, width: number) => {
    const values = new Float64Array(length);
    randomStream(seed, name).fillNormal(values, width);
    return values.map(Math.fround);
  };
  const { inputDimension: dimension, outputCount = 1 } = model;
  const bound = model.bind({ count, dimension, values: normal('inputs', count * dimension, 1) });
  const problem = bound.kernelProblem?.();
  if (!problem || !isNetworkProblem(problem)) throw new Error('no network');
  return {
    bound,
    network: tensorNetwork(problem),
    targets: normal('targets', count * outputCount, 1),
    start: () => normal('start', model.parameterCount, scale),
  };
}
