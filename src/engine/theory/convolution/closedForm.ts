import type { ResolvedConvolution } from '../../../experiment/resolved';
import { convolutionShapeOf } from '../../../experiment/sizes';
import {
  placed,
  placedParameters,
  sharedParameters,
  type PlacedNeuron,
  type SharedKernel,
} from '../../targets/convolutionTeacher';
import { convolutionOffsets } from '../../models/convolution';
import { activationFamily, activationShift } from '../twoLayer/neurons';
import { isOddFamily } from './pointRank';
import { coverPlaces, isCountable, neuronsOf, paddedKernels } from './reduction';

/** Optimistic sample sizes of one convolutional target in three families. */
export interface ConnectionSizes {
  readonly sharing: number;
  readonly noSharing: number;
  readonly fullyConnected: number;
}

/**
 * Optimistic sample sizes of a target of k generic kernels of which `nullOutputs` output weights are 0, for tanh: with sharing,
 * without, and for the fully connected network of the same neurons ("Local linear recovery", arXiv 2406.18035, Theorem 7).
 *
 * "Linear stability hypothesis" (arXiv 2211.11623, Tables 4 and 8) subtracts one less for every null output, because it leaves the
 * input weights of the null neurons as they are; at the minimum they are 0, too.
 */
export function connectionSizes(
  model: Pick<ResolvedConvolution, 'inputs' | 'kernel' | 'hiddenBias'>,
  k: number,
  nullOutputs = 0,
): ConnectionSizes {
  const { inputs, positions, weights: s } = convolutionShapeOf(model);
  const bias = model.hiddenBias ? 1 : 0;
  const neurons = k * positions - nullOutputs;
  return {
    sharing: k * (s + positions + bias),
    noSharing: (s + 1 + bias) * neurons,
    fullyConnected: (inputs + 1 + bias) * neurons,
  };
}

/** The optimistic sample size of a convolutional target, with the formula that gives it and a point that has it. */
export interface ConvolutionRank {
  readonly rank: number;
  readonly exact: boolean;
  readonly formula: string;
  readonly source: string;
  /** Kernels (with sharing), or kernels at one position each (without). */
  readonly intrinsicSize: number;
  readonly parameters: Float64Array;
}

const PAPER = '"Local linear recovery" (arXiv 2406.18035), Theorem 7';

export function convolutionRank(model: ResolvedConvolution, kernels: readonly SharedKernel[]): ConvolutionRank {
  if (!isCountable(model)) return boundOf(model, kernels);
  return model.sharing ? sharedRank(model, kernels) : unsharedRank(model, kernels);
}

/** The slopes of a neuron besides its value: its weights and its bias, which for exp only scales it. */
function slopesOf(model: ResolvedConvolution): { value: number; words: string; bias: number } {
  const { weights } = convolutionShapeOf(model);
  const bias = model.hiddenBias && model.activation !== 'exp' ? 1 : 0;
  return { value: weights + bias, words: typeof model.inputs === 'number' ? 's' : 's²', bias };
}

function sharedRank(model: ResolvedConvolution, kernels: readonly SharedKernel[]): ConvolutionRank {
  const { positions, weights: s } = convolutionShapeOf(model);
  const slopes = slopesOf(model);
  const covers = paddedKernels(model, kernels).map((padded) => coverPlaces(model, padded, slopes.value));
  const used = covers.flatMap((cover) => cover.kernels);
  const touched = covers.reduce((sum, cover) => sum + cover.touched, 0);
  const k = used.length;
  const rank = touched + k * slopes.value;
  const shifted = touched < k * positions;
  const plus = slopes.bias ? ' + 1' : '';
  return {
    rank,
    exact: !shifted,
    formula: shifted
      ? `padded kernels + k(${slopes.words}${plus}) = ${touched} + ${k}·(${s}${plus}) = ${rank}`
      : `k(${slopes.words} + P${plus}) = ${k}·(${s} + ${positions}${plus}) = ${rank}`,
    source: shifted
      ? `${PAPER}, corrected: kernels that are shifts of each other coincide at ${k * positions - touched} positions; an upper bound there`
      : sourceOf(model),
    intrinsicSize: k,
    parameters: withIdleKernels(model, sharedParameters(model, used), used),
  };
}

function unsharedRank(model: ResolvedConvolution, kernels: readonly SharedKernel[]): ConvolutionRank {
  const { positions, weights: s } = convolutionShapeOf(model);
  const slopes = slopesOf(model);
  const padded = paddedKernels(model, kernels);
  const neurons = padded.flatMap((each) => neuronsOf(model, each));
  const parameters = withIdleNeurons(model, placedParameters(model, neurons), neurons);
  const constant = addsConstant(model, neurons) ? 1 : 0;
  const each = slopes.value + 1;
  const rank = neurons.length * each + constant;
  const k = padded.length;
  const missing = k * positions - neurons.length;
  const words = `${slopes.words}${slopes.bias ? ' + 2' : ' + 1'}`;
  const numbers = `${s} + ${slopes.bias + 1}`;
  const printed =
    missing > 0 && model.activation === 'tanh' && !model.hiddenBias
      ? `; "Linear stability hypothesis" (arXiv 2211.11623), Tables 4 and 8, has ${rank + missing}: it leaves neurons of output weight 0 their kernels`
      : '';
  const neuronsText =
    missing > 0 ? `(kP − m_null) = (${numbers})·(${k}·${positions} − ${missing})` : `·kP = (${numbers})·${k}·${positions}`;
  return {
    rank,
    exact: constant === 0,
    formula: `(${words})${neuronsText}${constant ? ' + 1' : ''} = ${rank}`,
    source: constant
      ? `${sourceOf(model)}; an upper bound, with 1 for neurons that are not used but have a value at 0`
      : sourceOf(model) + printed,
    intrinsicSize: neurons.length,
    parameters,
  };
}

function sourceOf(model: ResolvedConvolution): string {
  const { activation } = model;
  return activation === 'tanh'
    ? PAPER
    : `linear independence of neurons and their derivatives as in ${PAPER}, for this activation`;
}

/** For activations with even or affine parts: the number of parameters of the teacher, kept by critical embeddings. */
function boundOf(model: ResolvedConvolution, kernels: readonly SharedKernel[]): ConvolutionRank {
  const { positions, weights: s } = convolutionShapeOf(model);
  const bias = model.hiddenBias ? 1 : 0;
  const neurons = placed(kernels).filter(({ outputWeight }) => outputWeight !== 0);
  const count = model.sharing ? kernels.length * (positions + s + bias) : neurons.length * (1 + s + bias);
  const constant = !model.sharing && addsConstant(model, neurons) ? 1 : 0;
  return {
    rank: count + constant,
    exact: false,
    formula: `≤ number of parameters of the teacher${constant ? ' + 1' : ''} = ${count + constant}`,
    source: `upper bound: free expressiveness in width, ${PAPER}; whether fewer do for this activation is not known`,
    intrinsicSize: model.sharing ? kernels.length : neurons.length,
    parameters: model.sharing
      ? withIdleKernels(model, sharedParameters(model, kernels), kernels)
      : withIdleNeurons(model, placedParameters(model, neurons), neurons),
  };
}

/** Whether a neuron of zeros (with the bias that undoes a shift) has the value 0. */
export function vanishes({ activation, hiddenBias }: ResolvedConvolution): boolean {
  const family = activationFamily(activation);
  return family === 'relu' || family === 'sin' || (family === 'tanh' && (activationShift(activation) === 0 || hiddenBias));
}

/** A kernel of zeros, with the bias that undoes a shift. */
export function idleKernel(model: ResolvedConvolution): SharedKernel {
  const { positions, weights } = convolutionShapeOf(model);
  return {
    weights: new Array<number>(weights).fill(0),
    outputWeights: new Array<number>(positions).fill(0),
    bias: model.hiddenBias ? 0 - activationShift(model.activation) : 0,
  };
}

/** Further kernels: of zeros where these add no function, else copies of the first one without output weights. */
function withIdleKernels(model: ResolvedConvolution, parameters: Float64Array, used: readonly SharedKernel[]): Float64Array {
  const { weights: s } = convolutionShapeOf(model);
  const offsets = convolutionOffsets(model);
  const shift = activationShift(model.activation);
  for (let k = used.length; k < model.kernels; k++) {
    if (!vanishes(model) && used.length > 0) parameters.set(used[0].weights, offsets.weights + k * s);
    if (offsets.biases >= 0) parameters[offsets.biases + k] = vanishes(model) ? 0 - shift : (used[0]?.bias ?? 0);
  }
  return parameters;
}

/** The same without sharing: an unused neuron copies a used one at its position, if there is one. */
function withIdleNeurons(model: ResolvedConvolution, parameters: Float64Array, neurons: readonly PlacedNeuron[]): Float64Array {
  const { positions, weights: s } = convolutionShapeOf(model);
  const offsets = convolutionOffsets(model);
  const shift = activationShift(model.activation);
  const counts = new Int32Array(positions);
  const firstAt = new Map<number, PlacedNeuron>();
  for (const neuron of neurons) {
    counts[neuron.position] += 1;
    if (!firstAt.has(neuron.position)) firstAt.set(neuron.position, neuron);
  }
  for (let p = 0; p < positions; p++) {
    const copied = vanishes(model) ? undefined : firstAt.get(p);
    for (let k = counts[p]; k < model.kernels; k++) {
      const at = k * positions + p;
      if (copied) parameters.set(copied.weights, offsets.weights + at * s);
      if (offsets.biases >= 0) parameters[offsets.biases + at] = copied?.bias ?? (vanishes(model) ? 0 - shift : 0);
    }
  }
  return parameters;
}

/** Whether some position has no neuron that an unused one could copy, and the value of a neuron of zeros is a constant. */
function addsConstant(model: ResolvedConvolution, neurons: readonly PlacedNeuron[]): boolean {
  const used = new Set(neurons.map(({ position }) => position));
  return !vanishes(model) && !isOddFamilyWithBias(model) && used.size < convolutionShapeOf(model).positions;
}

function isOddFamilyWithBias(model: ResolvedConvolution): boolean {
  return isOddFamily(model) && model.hiddenBias;
}

/** All further kernels 0: the null embedding. */
export function convolutionNullPoint(model: ResolvedConvolution, kernels: readonly SharedKernel[]): Float64Array {
  if (model.sharing) return sharedParameters(model, kernels);
  return placedParameters(
    model,
    placed(kernels).filter(({ outputWeight }) => outputWeight !== 0),
  );
}
