import type { ResolvedTwoLayer } from '../../../experiment/resolved';
import { activationFamily, activationShift } from '../twoLayer/neurons';

/** What the geometry of the perfect global minima depends on, besides the widths of model and target. */
export interface BranchFamily {
  /**
   * `generic`: σ(w·x) of distinct w are independent ("Geometry and local recovery of global minima", arXiv 2309.00508, Cor. 3.1).
   * `odd`: of w that are distinct up to sign, and σ(0) = 0, so that a neuron with w = 0 is nothing whatever its output weight.
   */
  readonly symmetry: 'generic' | 'odd';
  /** d of the formulas: inputs, and one more where a hidden bias acts as the weight of a constant input. */
  readonly dimension: number;
  /** Input weights alone. */
  readonly inputs: number;
  /** Neurons with w = 0 form a block of their own. */
  readonly hasZeroBlock: boolean;
  /** In that block neurons are constants with a free bias, and not nothing. */
  readonly zeroHasBias: boolean;
  readonly outputBias: boolean;
  /** The bias of an exponential only scales it, so that every neuron has a dimension more that changes nothing. */
  readonly redundantBias: boolean;
  /** False where neurons can also cancel in ways that no block describes; then there are further branches. */
  readonly complete: boolean;
  /** What a reader must know of this family; empty when nothing. */
  readonly note: string;
}

/** The family of a model, or why there is none. */
export function branchFamily(model: ResolvedTwoLayer): BranchFamily | string {
  const { inputs, hiddenBias, outputBias } = model;
  const dimension = inputs + (hiddenBias ? 1 : 0);
  const base = { inputs, dimension, outputBias, redundantBias: false, complete: true, note: '' };
  const odd = { ...base, symmetry: 'odd' as const, hasZeroBlock: true, zeroHasBias: hiddenBias };
  const generic = { ...base, symmetry: 'generic' as const, hasZeroBlock: outputBias, zeroHasBias: false };
  switch (activationFamily(model.activation)) {
    case 'exp':
      return { ...generic, dimension: inputs, redundantBias: hiddenBias };
    case 'tanh':
      // A hidden bias undoes a shift.
      return activationShift(model.activation) === 0 || hiddenBias ? odd : generic;
    case 'sin':
      if (!hiddenBias) return odd;
      return 'sines of one frequency with different biases are multiples of two functions, so that the blocks of the theory do not describe their zero sets';
    case 'sigmoid':
      // σ(z) = 1/2 + tanh(z/2)/2, and the output bias takes up the constants.
      if (outputBias) return odd;
      return { ...generic, complete: false, note: `σ(z) + σ(−z) = 1 ${FURTHER}` };
    case 'softplus':
      return { ...generic, complete: false, note: `σ(z) − σ(−z) = z ${FURTHER}` };
    case 'relu':
      return 'relu is not analytic, and its neurons are independent only up to scaling, so that no theorem covers it';
  }
}

const FURTHER = 'lets neurons with opposite weights cancel in other ways: further branches exist that are not listed';

/** Dimension that z neurons without input weight add. */
export function zeroDimension(family: BranchFamily, z: number): number {
  if (!family.zeroHasBias) return z;
  // Σ a_k σ(b_k) is a constant that the output bias takes up, or one condition.
  return family.outputBias ? 2 * z : Math.max(0, 2 * z - 1);
}

/** Rank that z neurons without input weight, at least one of them with an output weight, and the output bias add. */
export function zeroRank(family: BranchFamily, z: number): number {
  const slopes = z > 0 ? family.inputs : 0;
  if (family.outputBias) return 1 + slopes;
  return slopes + (family.zeroHasBias && z > 0 ? 1 : 0);
}

/** Number of parameters M of a model with m neurons. */
export function parametersOf(family: BranchFamily, m: number): number {
  return m * (family.dimension + 1 + (family.redundantBias ? 1 : 0)) + (family.outputBias ? 1 : 0);
}
