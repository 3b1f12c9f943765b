import type { ResolvedTwoLayer } from '../../../experiment/resolved';
import type { TargetConfig } from '../../../experiment/schema';
import { randomStream } from '../../random/stream';
import { teacherNetwork } from '../../targets/teacher';
import { randomOwners, randomShares } from '../sharing';
import { idleNeuron, minimalPoint, zeroAddsNothing } from './closedForm';
import { networkFromFormula } from './fromFormula';
import { activationFamily, activationShift, parametersOf, type Network, type NetworkNeuron } from './neurons';
import { reduceNetwork, type ReducedNetwork } from './reduction';

/** The target as a network of the model's family; null when it is none. */
export function targetNetwork(model: ResolvedTwoLayer, target: TargetConfig): Network | null {
  if (target.kind === 'teacher') return teacherNetwork(model, target);
  return target.kind === 'formula' ? networkFromFormula(model, target.expression) : null;
}

/** The target reduced to what the model needs for it; null when it is no network, or does not fit into the model. */
function reducedTarget(model: ResolvedTwoLayer, target: TargetConfig): ReducedNetwork | null {
  const network = targetNetwork(model, target);
  if (!network) return null;
  const reduced = reduceNetwork(model, network);
  return reduced.obstacle === '' && reduced.network.neurons.length <= model.width ? reduced : null;
}

/** The target at least rank in the full model. */
export function networkPoint(
  model: ResolvedTwoLayer,
  target: TargetConfig,
): { parameters: Float64Array; intrinsicSize: number; exact: boolean } | null {
  const reduced = reducedTarget(model, target);
  return reduced && { parameters: minimalPoint(model, reduced), intrinsicSize: reduced.intrinsicWidth, exact: reduced.exact };
}

/** One-step null embeddings ("Embedding principle", arXiv 2111.15527) as often as needed: all further neurons are zero. */
export function nullPoint(model: ResolvedTwoLayer, target: TargetConfig): Float64Array | null {
  const reduced = reducedTarget(model, target);
  return reduced && parametersOf(model, reduced.network);
}

/**
 * Splitting embeddings ("Embedding principle", arXiv 2111.15527): every further neuron is a copy of a random neuron, and copies
 * share its output weight in random parts that add up to it. For odd activations a copy may be the negative.
 */
export function splittingPoint(model: ResolvedTwoLayer, target: TargetConfig, seed: number): Float64Array | null {
  const reduced = reducedTarget(model, target);
  if (!reduced) return null;
  const { neurons, outputBias } = reduced.network;
  if (neurons.length === 0) return minimalPoint(model, reduced);
  const stream = randomStream(seed, 'splitting');
  const sourceOf = Array.from({ length: model.width }, (_, k) => (k < neurons.length ? k : stream.integer(neurons.length)));
  const parts = sourceOf.map(() => stream.normal());
  const odd = isOdd(model);
  const split: NetworkNeuron[] = sourceOf.map((source) => ({ ...neurons[source] }));
  neurons.forEach((neuron, k) => {
    const copies = sourceOf.flatMap((source, at) => (source === k ? [at] : []));
    const mean = copies.reduce((sum, at) => sum + parts[at], 0) / copies.length;
    // Parts around an equal share add up to the whole, whatever the draws.
    for (const at of copies)
      split[at] = { ...neuron, outputWeight: neuron.outputWeight * (1 / copies.length + 0.5 * (parts[at] - mean)) };
  });
  const signed = split.map((neuron, at) =>
    odd && at >= neurons.length && stream.uniform() < 0.5 ? negated(model, neuron) : neuron,
  );
  return parametersOf(model, { neurons: signed, outputBias });
}

/**
 * A general compatible embedding ("Embedding principle", arXiv 2111.15527): a random map from the neurons of the model to those
 * of the target or to none, every neuron of the target being hit. Copies share its output weight in parts of any sign that add
 * up to it, for odd activations with either sign of the neuron; neurons that stand for none are zero, where a neuron of zeros adds
 * no direction.
 */
export function compatiblePoint(model: ResolvedTwoLayer, target: TargetConfig, seed: number): Float64Array | null {
  const reduced = reducedTarget(model, target);
  if (!reduced) return null;
  const { neurons, outputBias } = reduced.network;
  if (neurons.length === 0) return parametersOf(model, reduced.network);
  const stream = randomStream(seed, 'splitting', 'compatible');
  const idle = idleNeuron(model, []);
  const mayBeIdle = zeroAddsNothing(model);
  const owners = randomOwners(stream, model.width, neurons.length, mayBeIdle);
  const shares = randomShares(stream, owners, 2);
  const odd = isOdd(model);
  const embedded = owners.map((owner, at): NetworkNeuron => {
    if (owner < 0) return idle;
    const neuron = { ...neurons[owner], outputWeight: shares[at] * neurons[owner].outputWeight };
    return odd && stream.uniform() < 0.5 ? negated(model, neuron) : neuron;
  });
  return parametersOf(model, { neurons: embedded, outputBias });
}

/** −σ(−z) = σ(z) within the model's parameters. */
function isOdd(model: ResolvedTwoLayer): boolean {
  const family = activationFamily(model.activation);
  if (family === 'sin') return true;
  return family === 'tanh' && (activationShift(model.activation) === 0 || model.hiddenBias);
}

/** a·tanh(w·x + b + shift) = −a·tanh(−w·x − b − shift). */
function negated(model: ResolvedTwoLayer, neuron: NetworkNeuron): NetworkNeuron {
  const shift = activationShift(model.activation);
  return {
    outputWeight: -neuron.outputWeight,
    inputWeights: neuron.inputWeights.map((value) => 0 - value),
    bias: model.hiddenBias ? 0 - neuron.bias - 2 * shift : 0,
  };
}
