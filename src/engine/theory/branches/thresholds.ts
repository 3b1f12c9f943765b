import type { BranchType } from './branchTypes';
import { parametersOf, type BranchFamily } from './family';

/** Sample sizes at which something happens to the zeros of the loss, in the order in which they come. */
export interface GeometryThresholds {
  /** The smallest rank of all branches, rank_f(f*): no point of the target set is recovery stable below it, or at it unless a branch is separated there. */
  readonly optimistic: number;
  /** The first branches are separated. */
  readonly firstSeparated: number;
  /** All branches are. */
  readonly lastSeparated: number;
  /** M, the number of parameters. Other zeros of the loss are isolated from here on. */
  readonly parameters: number;
  /** From here on every zero of the loss is the target, for almost all inputs. */
  readonly everything: number;
}

/** "Geometry and local recovery of global minima" (arXiv 2309.00508), Table 2 and Thm 5.4. */
export function geometryThresholds(family: BranchFamily, types: readonly BranchType[], m: number): GeometryThresholds {
  const thresholds = types.map(({ threshold }) => threshold);
  // A bias that only scales its neuron adds no condition that a sample could settle.
  const M = parametersOf({ ...family, redundantBias: false }, m);
  return {
    optimistic: types.reduce((least, { rank }) => Math.min(least, rank), Infinity),
    firstSeparated: thresholds.reduce((least, each) => Math.min(least, each), Infinity),
    lastSeparated: thresholds.reduce((most, each) => Math.max(most, each), 0),
    parameters: M,
    everything: M + 1,
  };
}

/** How the generalisation error of a zero of the loss near a branch grows with the distance ε of the start from it. */
export type SeparationState = 'linear' | 'quadratic' | 'separated';

/**
 * What n generic samples see of a branch: below its rank a manifold of other zeros crosses it (error of order ε), from its rank
 * on they touch it (ε²), from its codimension on there are none. For branches that are not Morse–Bott the last is sufficient,
 * and may come earlier where all output weights of a block have one sign.
 *
 * Thm 5.4 of arXiv 2309.00508 says that nothing is stable for n ≤ r + (r − l)d; where that is the codimension, n = codim is
 * separated, so that only n < codim is meant.
 */
export function separationState({ rank, codimension }: Pick<BranchType, 'rank' | 'codimension'>, n: number): SeparationState {
  if (n >= codimension) return 'separated';
  return n < rank ? 'linear' : 'quadratic';
}
