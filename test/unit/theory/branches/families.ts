import type { ResolvedTwoLayer } from '../../../../src/experiment/resolved';
import { branchFamily, type BranchFamily } from '../../../../src/engine/theory/branches';

export function network(changes: Partial<ResolvedTwoLayer>): ResolvedTwoLayer {
  return { kind: 'twoLayer', activation: 'exp', inputs: 2, width: 2, hiddenBias: false, outputBias: false, ...changes };
}

export function family(model: ResolvedTwoLayer): BranchFamily {
  const found = branchFamily(model);
  if (typeof found === 'string') throw new Error(found);
  return found;
}
