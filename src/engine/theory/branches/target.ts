import type { ResolvedTwoLayer } from '../../../experiment/resolved';
import type { TargetConfig } from '../../../experiment/schema';
import { targetNetwork } from '../twoLayer/embeddings';
import type { Network } from '../twoLayer/neurons';
import { reduceNetwork } from '../twoLayer/reduction';
import { branchFamily, type BranchFamily } from './family';

/** A model and a target whose branches are known. */
export interface BranchProblem {
  readonly family: BranchFamily;
  /** The target with as few neurons as it has, in the order in which the file has them. */
  readonly target: Network;
  /** m and m0. */
  readonly width: number;
  readonly targetWidth: number;
}

/** The branches that a model and a target have, or in words why none are known. */
export function branchProblem(model: ResolvedTwoLayer, target: TargetConfig): BranchProblem | string {
  const family = branchFamily(model);
  if (typeof family === 'string') return family;
  const network = targetNetwork(model, target);
  if (!network) return 'the target is not written as neurons of the model’s activation';
  const { network: reduced, besides, obstacle } = reduceNetwork(model, network);
  if (obstacle !== '') return obstacle;
  // For generic activations w = 0 is a weight as any other, unless an output bias makes its constant another one's.
  const constantIsNeuron = family.symmetry === 'generic' && !family.outputBias && family.complete;
  if (besides !== '' && !constantIsNeuron) return `the target has ${article(besides)}, which is no neuron of its own`;
  const targetWidth = reduced.neurons.length;
  if (targetWidth === 0) return 'the target is 0 or a constant, and has no neuron that a branch could recover';
  if (targetWidth > model.width) return `the target needs ${targetWidth} neurons, and the model has ${model.width}`;
  return { family, target: reduced, width: model.width, targetWidth };
}

function article(besides: string): string {
  return /^[aeiou]/.test(besides) ? `an ${besides}` : `a ${besides}`;
}
