import type { ResolvedTwoLayer } from '../../../experiment/resolved';
import { exp } from '../../numbers/elementary';
import type { RandomStream } from '../../random/stream';
import { activationFamily, activationShift, parametersOf, type Network, type NetworkNeuron } from '../twoLayer/neurons';
import { activationValue } from '../twoLayer/reduction';
import type { Blocks } from './branchTypes';
import type { BranchFamily } from './family';

/** How the output weight of a target neuron is shared by its block: all of one sign, or one of the other sign. */
export type Split = 'positive' | 'mixed';

/** Free weights keep this distance from all others, from their negatives and from 0. */
const SEPARATION = 0.5;
const ATTEMPTS = 50;

/** Parameters at a generic point of a branch, and what the neurons belong to. */
export interface BranchPoint {
  readonly parameters: Float64Array;
  /** Of each neuron: its block (targets first, then extra blocks; −1 for the zero block) and its sign within. */
  readonly blockOf: readonly number[];
  readonly signs: readonly number[];
  /** m0: blocks below this one belong to neurons of the target. */
  readonly targetWidth: number;
}

/** A random generic point of the branch in which neurons stand block by block. */
export function branchPoint(
  model: ResolvedTwoLayer,
  family: BranchFamily,
  target: Network,
  blocks: Blocks,
  stream: RandomStream,
  split: Split = 'mixed',
): BranchPoint {
  const neurons: NetworkNeuron[] = [];
  const blockOf: number[] = [];
  const signs: number[] = [];
  const shift = activationShift(model.activation);
  const put = (weight: Pick<NetworkNeuron, 'inputWeights' | 'bias'>, outputWeights: readonly number[], block: number): void => {
    outputWeights.forEach((outputWeight, at) => {
      const sign = family.symmetry === 'odd' && at > 0 && stream.uniform() < 0.5 ? -1 : 1;
      const neuron = sign < 0 ? negative(model, { ...weight, outputWeight }, shift) : { ...weight, outputWeight };
      neurons.push(family.redundantBias ? rescaled(neuron, weight.bias, stream) : neuron);
      blockOf.push(block);
      signs.push(sign);
    });
  };

  target.neurons.forEach((neuron, t) => put(neuron, shares(neuron.outputWeight, blocks.targetBlocks[t]!, stream, split), t));
  const used: NetworkNeuron[] = [...target.neurons];
  blocks.extraBlocks.forEach((size, e) => {
    const weight = freeWeight(model, used, stream);
    used.push(weight);
    put(weight, cancelling(size, stream), target.neurons.length + e);
  });
  const zero = zeroNeurons(model, family, blocks.zeroBlock, stream);
  for (const neuron of zero) {
    neurons.push(neuron);
    blockOf.push(-1);
    signs.push(1);
  }
  const outputBias = model.outputBias ? constantOf(model, target) - constantOf(model, { neurons, outputBias: 0 }) : 0;
  return { parameters: parametersOf(model, { neurons, outputBias }), blockOf, signs, targetWidth: target.neurons.length };
}

/** Parts of a whole, none of them 0. */
function shares(whole: number, size: number, stream: RandomStream, split: Split): number[] {
  if (size === 1) return [whole];
  const parts = Array.from({ length: size }, () => 0.5 + stream.uniform());
  if (split === 'mixed') {
    const others = parts.slice(1).reduce((total, part) => total + part, 0);
    parts[0] = -others * (0.3 + 0.3 * stream.uniform());
  }
  return scaledTo(parts, whole);
}

/** The last part is what the others leave, so that the sum is the whole to rounding. */
function scaledTo(parts: number[], whole: number): number[] {
  const total = parts.reduce((sum, part) => sum + part, 0);
  const scaled = parts.map((part) => (part / total) * whole);
  scaled[scaled.length - 1] = scaled.slice(0, -1).reduce((rest, part) => rest - part, whole);
  return scaled;
}

/** Output weights that add up to 0. */
function cancelling(size: number, stream: RandomStream): number[] {
  if (size === 1) return [0];
  const parts = Array.from({ length: size - 1 }, () => (0.5 + stream.uniform()) * (stream.uniform() < 0.5 ? -1 : 1));
  const rest = parts.reduce((sum, part) => sum - part, 0);
  // Nearly cancelling parts would leave a last neuron that is nearly nothing.
  if (Math.abs(rest) < 0.25) {
    parts[0] = 2 * parts[0]!;
    return [...parts, parts.reduce((sum, part) => sum - part, 0)];
  }
  return [...parts, rest];
}

function freeWeight(model: ResolvedTwoLayer, used: readonly NetworkNeuron[], stream: RandomStream): NetworkNeuron {
  for (let attempt = 1; ; attempt++) {
    const weight = {
      outputWeight: 0,
      inputWeights: Array.from({ length: model.inputs }, () => stream.normal()),
      bias: model.hiddenBias ? stream.normal() : 0,
    };
    const large =
      squared(
        weight.inputWeights,
        weight.inputWeights.map(() => 0),
      ) >=
      SEPARATION * SEPARATION;
    if (attempt === ATTEMPTS || (large && used.every((other) => apart(weight, other)))) return weight;
  }
}

function apart(a: NetworkNeuron, b: NetworkNeuron): boolean {
  const u = a.inputWeights;
  const v = b.inputWeights;
  const difference = squared(u, v) + (a.bias - b.bias) * (a.bias - b.bias);
  const total = squared(
    u,
    v.map((value) => -value),
  );
  return Math.min(difference, total + (a.bias + b.bias) * (a.bias + b.bias)) >= SEPARATION * SEPARATION;
}

function squared(u: readonly number[], v: readonly number[]): number {
  return u.reduce((total, value, j) => total + (value - v[j]!) * (value - v[j]!), 0);
}

/** a·σ(w·x + b) = −a·σ(−w·x − b) about the centre of σ; for the sigmoid up to a constant that the output bias has. */
function negative(model: ResolvedTwoLayer, neuron: NetworkNeuron, shift: number): NetworkNeuron {
  return {
    outputWeight: -neuron.outputWeight,
    inputWeights: neuron.inputWeights.map((value) => 0 - value),
    bias: model.hiddenBias ? 0 - neuron.bias - 2 * shift : 0,
  };
}

/** The same exponential with another bias. */
function rescaled(neuron: NetworkNeuron, bias: number, stream: RandomStream): NetworkNeuron {
  const other = bias + 0.5 * stream.normal();
  return { ...neuron, bias: other, outputWeight: neuron.outputWeight * exp(bias - other) };
}

function zeroNeurons(model: ResolvedTwoLayer, family: BranchFamily, z: number, stream: RandomStream): NetworkNeuron[] {
  const centre = model.hiddenBias && family.zeroHasBias ? -activationShift(model.activation) : 0;
  const inputWeights = new Array<number>(model.inputs).fill(0);
  const neurons = Array.from({ length: z }, () => ({
    outputWeight: (0.5 + stream.uniform()) * (stream.uniform() < 0.5 ? -1 : 1),
    inputWeights,
    bias: model.hiddenBias && (family.outputBias || z > 1) ? centre + 0.5 + stream.uniform() : centre,
  }));
  if (z > 1 && family.zeroHasBias && !family.outputBias) {
    const last = neurons[z - 1]!;
    const others = neurons
      .slice(0, -1)
      .reduce((total, { outputWeight, bias }) => total + outputWeight * activationValue(model, bias), 0);
    last.outputWeight = -others / activationValue(model, last.bias);
  }
  return neurons;
}

/** The constant in a network: its output bias, neurons without input weight, and for the sigmoid half of every output weight. */
function constantOf(model: ResolvedTwoLayer, { neurons, outputBias }: Network): number {
  const half = activationFamily(model.activation) === 'sigmoid' ? 0.5 : 0;
  return neurons.reduce((total, { inputWeights, outputWeight, bias }) => {
    const isConstant = inputWeights.every((value) => value === 0);
    return total + outputWeight * (isConstant ? activationValue(model, bias) : half);
  }, outputBias);
}
