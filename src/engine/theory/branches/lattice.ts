import { typeName, type Blocks, type BranchType } from './branchTypes';
import type { BranchFamily } from './family';

/** The closures of branches of the type `from` meet branches of the type `to`, which has one block fewer. */
export interface LatticeEdge {
  /** Places in the list of types. */
  readonly from: number;
  readonly to: number;
  /** Of the set in which the two closures meet. */
  readonly dimension: number;
}

/**
 * The covering relation of the types: closures of branches meet where two of their blocks come to have the same weight, and
 * there they meet a branch in which these are one block ("Geometry and local recovery of global minima", arXiv 2309.00508,
 * Q^k with k < r). An extra block can also lose its weight and join the zero block.
 */
export function branchLattice(family: BranchFamily, types: readonly BranchType[]): LatticeEdge[] {
  const places = new Map(types.map((type, at) => [typeName(type), at]));
  const edges: LatticeEdge[] = [];
  types.forEach((type, from) => {
    for (const { blocks, conditions } of merges(family, type)) {
      const to = places.get(typeName(blocks));
      if (to !== undefined) edges.push({ from, to, dimension: type.dimension - conditions });
    }
  });
  return edges;
}

interface Merge {
  blocks: Blocks;
  /** Equations that make two weights one, or one weight 0. */
  conditions: number;
}

/** Every way to merge two blocks, each kind once. */
function* merges(family: BranchFamily, { targetBlocks, extraBlocks, zeroBlock }: BranchType): Generator<Merge> {
  const without = (...places: number[]): number[] => extraBlocks.filter((_, at) => !places.includes(at));
  const d = family.dimension;
  for (let i = 0; i < extraBlocks.length; i++) {
    const size = extraBlocks[i]!;
    // Equal sizes stand side by side.
    if (size === extraBlocks[i - 1]) continue;
    for (let t = 0; t < targetBlocks.length; t++) {
      const grown = targetBlocks.map((other, at) => (at === t ? other + size : other));
      yield { blocks: { targetBlocks: grown, extraBlocks: without(i), zeroBlock }, conditions: d };
    }
    if (family.hasZeroBlock) {
      const blocks = { targetBlocks, extraBlocks: without(i), zeroBlock: zeroBlock + size };
      // A constant neuron keeps its bias; a single one without output bias has none: its branch is that of bias 0.
      const keepsBias = family.zeroHasBias && (family.outputBias || blocks.zeroBlock > 1);
      yield { blocks, conditions: keepsBias ? family.inputs : d };
    }
    const partners = new Set<number>();
    for (let j = i + 1; j < extraBlocks.length; j++) {
      const other = extraBlocks[j]!;
      if (partners.has(other)) continue;
      partners.add(other);
      const merged = [...without(i, j), size + other].sort((a, b) => b - a);
      yield { blocks: { targetBlocks, extraBlocks: merged, zeroBlock }, conditions: d };
    }
  }
}
