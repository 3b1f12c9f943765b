import type { ResolvedTwoLayer } from '../../../experiment/resolved';
import { activationFamily, activationShift, parametersOf, type Network, type NetworkNeuron } from './neurons';
import { pointRank } from './pointRank';
import { reduceNetwork, type ReducedNetwork } from './reduction';

/** The optimistic sample size of a network as a target, with the formula that gives it. */
export interface NetworkRank {
  readonly rank: number;
  readonly exact: boolean;
  readonly formula: string;
  readonly source: string;
  readonly reduced: ReducedNetwork;
}

/** Rank per effective neuron, in words and as a number: the derivatives of a·σ(w·x + b) that are independent. */
function perNeuron(model: ResolvedTwoLayer): { words: string; value: number } {
  const d = model.inputs;
  const family = activationFamily(model.activation);
  if (family === 'relu') return model.hiddenBias ? { words: 'd + 1', value: d + 1 } : { words: 'd', value: d };
  // The bias of an exponential only scales it.
  return model.hiddenBias && family !== 'exp' ? { words: 'd + 2', value: d + 2 } : { words: 'd + 1', value: d + 1 };
}

/** Least rank over all parameter points of the model that are the given network, wide enough or not. */
export function networkRank(model: ResolvedTwoLayer, network: Network): NetworkRank {
  const reduced = reduceNetwork(model, network);
  const wide = { ...model, width: Math.max(1, reduced.network.neurons.length) };
  const rank = pointRank(wide, minimalPoint(wide, reduced));
  return { rank, exact: reduced.exact, formula: formulaText(model, reduced, rank), source: source(model, reduced), reduced };
}

function formulaText(model: ResolvedTwoLayer, reduced: ReducedNetwork, rank: number): string {
  const k = reduced.intrinsicWidth;
  const each = perNeuron(model);
  const d = model.inputs;
  const words = each.words === 'd' ? 'k·d' : `k(${each.words})`;
  const numbers = each.words === 'd' ? `${k}·${d}` : `${k}·(${d} + ${each.value - d})`;
  const rest = rank - k * each.value;
  if (rest === 0) return `${words} = ${numbers} = ${rank}`;
  const constantOnly = model.outputBias && reduced.besides === '' && rest === 1;
  if (constantOnly) return `${words} + 1 = ${numbers} + 1 = ${rank}, with 1 for the output bias`;
  const restWords = rest === d + 1 && d > 0 ? 'd + 1' : rest === d ? 'd' : String(rest);
  const restNumbers = restWords === String(rest) ? String(rest) : `(${d}${rest === d ? '' : ' + 1'})`;
  const reason = reduced.besides === '' ? 'what is common to all points' : `the ${reduced.besides} of the target`;
  return `${words} + (${restWords}) = ${numbers} + ${restNumbers} = ${rank}, with ${restWords} for ${reason}`;
}

function source(model: ResolvedTwoLayer, reduced: ReducedNetwork): string {
  const family = activationFamily(model.activation);
  if (family === 'relu') {
    return 'local count of the independent derivatives of relu neurons; relu is not analytic, so the theorems on optimistic sample sizes do not cover it';
  }
  const k = reduced.intrinsicWidth;
  const paper = '"Local linear recovery" (arXiv 2406.18035)';
  const tail = reduced.exact ? '' : '; an upper bound, because lower-rank representations of the affine part are not excluded';
  if (family === 'tanh' && activationShift(model.activation) === 0 && !model.outputBias && reduced.besides === '') {
    return `${paper}, two-layer tanh networks${model.hiddenBias ? ' with hidden biases' : ''}, intrinsic width k = ${k}`;
  }
  return `linear independence of neurons and their derivatives as in ${paper}, Prop. 2, for this activation and these biases; intrinsic width k = ${k}${tail}`;
}

/**
 * The reduced network in the full model, at least rank: unused neurons are zero where a zero neuron adds no direction, and
 * copies of the first neuron with output weight 0 otherwise (as for σ(0) ≠ 0 without an output bias).
 */
export function minimalPoint(model: ResolvedTwoLayer, reduced: ReducedNetwork): Float64Array {
  return parametersOf(model, { neurons: padded(model, reduced.network.neurons), outputBias: reduced.network.outputBias });
}

function padded(model: ResolvedTwoLayer, neurons: readonly NetworkNeuron[]): NetworkNeuron[] {
  const missing = Math.max(0, model.width - neurons.length);
  return [...neurons, ...Array.from({ length: missing }, () => idleNeuron(model, neurons))];
}

/** Whether a neuron of zeros (with the bias that undoes a shift) has the value 0. */
function vanishesAtZero({ activation, hiddenBias }: ResolvedTwoLayer): boolean {
  const family = activationFamily(activation);
  return family === 'relu' || family === 'sin' || (family === 'tanh' && (activationShift(activation) === 0 || hiddenBias));
}

/** Whether a neuron of zeros adds no direction to the tangent space, whatever the other neurons are. */
export function zeroAddsNothing(model: ResolvedTwoLayer): boolean {
  return model.outputBias || vanishesAtZero(model);
}

/** A neuron with output weight 0 whose value is 0, or a function that the tangent space has anyway. */
export function idleNeuron(model: ResolvedTwoLayer, neurons: readonly NetworkNeuron[]): NetworkNeuron {
  const inputWeights = new Array<number>(model.inputs).fill(0);
  const shift = activationShift(model.activation);
  if (vanishesAtZero(model)) return { outputWeight: 0, inputWeights, bias: model.hiddenBias ? 0 - shift : 0 };
  if (model.outputBias || neurons.length === 0) return { outputWeight: 0, inputWeights, bias: 0 };
  return { ...neurons[0], outputWeight: 0 };
}
