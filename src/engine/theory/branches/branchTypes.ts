import { binomial, compositionsOf, factorial, fallingFactorial, partitionNumbers, partitionsOf, stirling } from './counting';
import { parametersOf, zeroDimension, zeroRank, type BranchFamily } from './family';

/**
 * Branches of the perfect global minima with the same blocks up to a permutation of neurons: block t of the target has
 * `targetBlocks[t]` neurons with the weight of its neuron t, every extra block neurons with a weight of its own that cancel.
 */
export interface BranchType {
  /** In the order of the target's neurons. */
  readonly targetBlocks: readonly number[];
  /** Descending. */
  readonly extraBlocks: readonly number[];
  /** Neurons with input weight 0. */
  readonly zeroBlock: number;
  /** Number of branches of this type: over all permutations, and for odd activations over all signs. */
  readonly count: bigint;
  /** r: blocks with an input weight. */
  readonly blocks: number;
  readonly dimension: number;
  readonly codimension: number;
  /** Rank of the loss Hessian at a generic point of the branch, for many samples: the model rank there. */
  readonly rank: number;
  /** l: extra blocks of a single neuron, whose output weight is 0. */
  readonly deficient: number;
  /** From this sample size on the branch is separated from the other zeros of the loss near almost all of its points. */
  readonly threshold: number;
  /** Whether the loss is Morse–Bott almost everywhere on the branch once it is separated: rank and codimension agree. */
  readonly morseBott: boolean;
}

/** The blocks of a type, without what follows from them. */
export type Blocks = Pick<BranchType, 'targetBlocks' | 'extraBlocks' | 'zeroBlock'>;

/**
 * Dimensions, rank and threshold of a type ("Geometry and local recovery of global minima", arXiv 2309.00508): without biases and
 * zero block dim = (m − r) + (r − m0)d, codim = r + (m + m0 − r)d, rank = r + (r − l)d, threshold = codim.
 *
 * Thm 5.3 there prints m + (m + m0 − r)d for the threshold; Lemma 4.2 and Table 2 have r + (m + m0 − r)d, which is smaller and
 * what is used here. Its part (b) prints l < 2r − m − m0 for branches that are not Morse–Bott; l ≥ 2r − m − m0 always, so that
 * l > 2r − m − m0 is meant.
 */
export function branchType(family: BranchFamily, blocks: Blocks): BranchType {
  const { targetBlocks, extraBlocks, zeroBlock: z } = blocks;
  const effective = sum(targetBlocks) + sum(extraBlocks);
  const m = effective + z;
  const r = targetBlocks.length + extraBlocks.length;
  const deficient = extraBlocks.filter((size) => size === 1).length;
  const d = family.dimension;
  const dimension = effective - r + extraBlocks.length * d + zeroDimension(family, z) + (family.redundantBias ? m : 0);
  const codimension = parametersOf(family, m) - dimension;
  const rank = r + (r - deficient) * d + zeroRank(family, z);
  return {
    ...blocks,
    count: countOf(family, blocks),
    blocks: r,
    dimension,
    codimension,
    rank,
    deficient,
    threshold: codimension,
    morseBott: rank === codimension,
  };
}

/** All types of branches of a model of width m at a target of m0 neurons: by number of blocks, then by their sizes. */
export function branchTypes(family: BranchFamily, m: number, m0: number): BranchType[] {
  requireWidths(m, m0);
  const types: BranchType[] = [];
  for (let z = 0; z <= (family.hasZeroBlock ? m - m0 : 0); z++) {
    for (let inTarget = m0; inTarget <= m - z; inTarget++) {
      const partitions = [...partitionsOf(m - z - inTarget)];
      for (const targetBlocks of compositionsOf(inTarget, m0))
        for (const extraBlocks of partitions) types.push(branchType(family, { targetBlocks, extraBlocks, zeroBlock: z }));
    }
  }
  return types.sort(
    (a, b) =>
      a.blocks - b.blocks ||
      a.zeroBlock - b.zeroBlock ||
      descending(a.targetBlocks, b.targetBlocks) ||
      descending(a.extraBlocks, b.extraBlocks),
  );
}

/** How many types there are, without listing them. */
export function typeCount(family: BranchFamily, m: number, m0: number): number {
  const partitions = partitionNumbers(m);
  let total = 0;
  for (let z = 0; z <= (family.hasZeroBlock ? m - m0 : 0); z++)
    for (let inTarget = m0; inTarget <= m - z; inTarget++)
      total += Number(binomial(inTarget - 1, m0 - 1)) * partitions[m - z - inTarget]!;
  return total;
}

/**
 * Number of branches, by Stirling numbers: Σ_r S(m, r) r!/(r − m0)! (arXiv 2309.00508), over all choices of a zero block; for odd
 * activations every block of q neurons has 2^q signs, of which 2^(q − 1) differ where the weight of the block is free.
 */
export function totalBranches(family: BranchFamily, m: number, m0: number): bigint {
  requireWidths(m, m0);
  let total = 0n;
  for (let z = 0; z <= (family.hasZeroBlock ? m - m0 : 0); z++) {
    const effective = m - z;
    for (let r = m0; r <= effective; r++) {
      const signs = family.symmetry === 'odd' ? 1n << BigInt(effective - (r - m0)) : 1n;
      total += binomial(m, z) * stirling(effective, r) * fallingFactorial(r, m0) * signs;
    }
  }
  return total;
}

/** A type as people write it: `(2,1) | (1)`, with `0:z` for a zero block. */
export function typeName({ targetBlocks, extraBlocks, zeroBlock }: Blocks): string {
  const extra = extraBlocks.length > 0 ? ` | (${extraBlocks.join(',')})` : '';
  return `(${targetBlocks.join(',')})${extra}${zeroBlock > 0 ? ` | 0:${zeroBlock}` : ''}`;
}

function countOf(family: BranchFamily, { targetBlocks, extraBlocks, zeroBlock }: Blocks): bigint {
  const sizes = [...targetBlocks, ...extraBlocks, zeroBlock];
  let count = factorial(sum(sizes));
  for (const size of sizes) count /= factorial(size);
  for (const size of new Set(extraBlocks)) count /= factorial(extraBlocks.filter((other) => other === size).length);
  if (family.symmetry === 'odd') count <<= BigInt(sum(targetBlocks) + sum(extraBlocks) - extraBlocks.length);
  return count;
}

function requireWidths(m: number, m0: number): void {
  if (!(Number.isInteger(m) && Number.isInteger(m0) && m0 >= 1 && m >= m0))
    throw new RangeError(`A target of ${m0} neurons has no branches in a model of width ${m}.`);
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Larger sizes first, longer lists first. */
function descending(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return b[i]! - a[i]!;
  return b.length - a.length;
}
