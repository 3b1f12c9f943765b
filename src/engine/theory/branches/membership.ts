import type { ResolvedTwoLayer } from '../../../experiment/resolved';
import { exp } from '../../numbers/elementary';
import { activationShift, networkOf, type NetworkNeuron } from '../twoLayer/neurons';
import { activationValue } from '../twoLayer/reduction';
import type { BranchPoint } from './branchPoint';
import type { Blocks } from './branchTypes';
import type { BranchProblem } from './target';

/** The branch that a point lies on, or nearly does. */
export interface BranchMembership {
  readonly blocks: Blocks;
  readonly point: BranchPoint;
}

/**
 * The branch on which a parameter point lies: neurons whose weights agree with one of the target, with each other or with 0 to the
 * tolerance are a block. Null where a block's output weights do not add up as those of the branch do: the point is not the target.
 *
 * @param tolerance of weights and of sums, relative to their sizes; for points that a training found, what it has left
 */
export function branchOf(
  model: ResolvedTwoLayer,
  { family, target }: BranchProblem,
  parameters: Float64Array,
  tolerance: number,
): BranchMembership | null {
  const odd = family.symmetry === 'odd';
  const shift = activationShift(model.activation);
  const vector = ({ inputWeights, bias }: NetworkNeuron): number[] =>
    family.dimension > model.inputs ? [...inputWeights, bias + shift] : [...inputWeights];
  const { neurons } = networkOf(model, parameters);
  const blocks = target.neurons.map((neuron) => ({ vector: vector(neuron), members: [] as number[] }));
  const targetWidth = blocks.length;
  const blockOf: number[] = [];
  const signs: number[] = [];
  neurons.forEach((neuron, k) => {
    const own = vector(neuron);
    let block = -1;
    let sign = 1;
    if (!family.hasZeroBlock || length(neuron.inputWeights) > tolerance) {
      block = blocks.findIndex((each) => near(each.vector, own, 1, tolerance) || (odd && near(each.vector, own, -1, tolerance)));
      if (block < 0) block = blocks.push({ vector: own, members: [] }) - 1;
      else if (!near(blocks[block]!.vector, own, 1, tolerance)) sign = -1;
      blocks[block]!.members.push(k);
    }
    blockOf.push(block);
    signs.push(sign);
  });

  const value = (k: number): number =>
    family.redundantBias ? neurons[k]!.outputWeight * exp(neurons[k]!.bias) : signs[k]! * neurons[k]!.outputWeight;
  const agrees = blocks.every(({ members }, t) => {
    const wanted = target.neurons[t];
    const whole = wanted ? wanted.outputWeight * (family.redundantBias ? exp(wanted.bias) : 1) : 0;
    return members.length > 0 && sums(members.map(value), whole, tolerance);
  });
  const zero = blockOf.flatMap((block, k) => (block < 0 ? [k] : []));
  const constants = zero.map((k) => neurons[k]!.outputWeight * activationValue(model, neurons[k]!.bias));
  const constantAgrees = family.outputBias || !family.zeroHasBias || sums(constants, 0, tolerance);
  if (!agrees || !constantAgrees) return null;
  const sizes = blocks.map(({ members }) => members.length);
  return {
    blocks: {
      targetBlocks: sizes.slice(0, targetWidth),
      extraBlocks: sizes.slice(targetWidth).sort((a, b) => b - a),
      zeroBlock: zero.length,
    },
    point: { parameters, blockOf, signs, targetWidth },
  };
}

function near(a: readonly number[], b: readonly number[], sign: number, tolerance: number): boolean {
  return length(a.map((value, j) => value - sign * b[j]!)) <= tolerance * (1 + length(a));
}

function length(vector: readonly number[]): number {
  return Math.sqrt(vector.reduce((total, value) => total + value * value, 0));
}

function sums(terms: readonly number[], whole: number, tolerance: number): boolean {
  const size = terms.reduce((total, term) => total + Math.abs(term), Math.abs(whole));
  return Math.abs(terms.reduce((total, term) => total + term, -whole)) <= tolerance * (1 + size);
}
