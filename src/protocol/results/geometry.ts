import type { CertifiedBounds } from '../events';

/** A type of branches of the perfect global minima: all that are the same up to a permutation of neurons. */
export interface BranchResult {
  /** For instance `(2,1) | (1)`; with `0:z` for z neurons without input weight. */
  name: string;
  /** Neurons of each block of the target, in the order of its neurons. */
  targetBlocks: number[];
  /** Neurons of the other blocks, descending. */
  extraBlocks: number[];
  /** Neurons without input weight, of odd activations or beside an output bias. */
  zeroBlock: number;
  /** Exact: text where it is above 2^53. */
  count: number | string;
  dimension: number;
  codimension: number;
  /** Of the loss Hessian at a generic point, for many samples. */
  rank: number;
  deficient: number;
  /** Sample size from which the branch is separated at almost all of its points. */
  threshold: number;
  morseBott: boolean;
  /** codim / 2 on a Morse–Bott branch; null where no closed form is known. */
  learningCoefficient: number | null;
  /** Rank at a random point of the branch, where it was taken. */
  numericRank?: number;
  numericGap?: number;
  /** False where the singular values leave the numeric rank open. */
  numericConclusive?: boolean;
  /** Where a proof of it was tried. */
  certified?: CertifiedBounds;
  /** First sample size from which the separation test finds the branch separated at every size; null when there is none. */
  separatedFrom?: number | null;
}

export type SeparationState = 'linear' | 'quadratic' | 'separated' | 'inconclusive';

/** The separation test at one type of branch and one sample size. */
export interface SeparationResult {
  branch: string;
  sampleSize: number;
  /** How the generalisation error grows with ε, by the theory and as measured. */
  predicted: SeparationState;
  state: SeparationState;
  /** Slope of log GE against log ε; null where the errors are rounding. */
  order: number | null;
  epsilons: {
    epsilon: number;
    /** Median generalisation error of the fits that came to an end: root mean square over the test inputs. */
    median: number | null;
    /** Number of fits that ended at the target, at another zero of the loss, and on the way. */
    target: number;
    other: number;
    undecided: number;
  }[];
}

export interface FractionResult {
  sampleSize: number;
  /** Of the sample sets for which no fit from near by ended at another zero. */
  separated: number;
  sampleSets: number;
  /** Sample sets that count as separated though some fit came to no end. */
  undecided: number;
}

export interface GeometryPointResult {
  name: string;
  /** Null when the point is not the target. */
  branch: string | null;
  codimension: number | null;
  modelRank: number;
  gap: number;
  conclusive: boolean;
  certified?: CertifiedBounds;
  fractions: FractionResult[];
}

/** One gradient flow from near a branch. */
export interface DecayResult {
  branch: string;
  sampleSize: number;
  trial: number;
  kind: 'linear' | 'algebraic' | 'inconclusive';
  /** λ of the loss ~ e^(−λt), from the end of the flow; null when it is not seen. */
  rate: number | null;
  /** p of the loss ~ t^(−p), over the last two decades of time. */
  exponent: number | null;
  /** The same of the distance from the branch. */
  normalExponent: number | null;
  time: number;
  loss: number;
  /** At the end: distance from the branch within the range of the Hessian and outside of it. */
  normalRange: number;
  normalKernel: number;
  /** How far the flow moved along the branch. */
  tangential: number;
  /** Root mean squared test error at the end. */
  generalizationError: number;
}

/** One gradient flow from a small start. */
export interface ImbalanceFlow {
  sampleSize: number;
  dataSet: number;
  scale: number;
  /** C_2 / C_1 of the start, of models of two neurons. */
  ratio: number | null;
  generalizationError: number;
  trainLoss: number;
  recovered: boolean;
  /** The branch that it ended on, to the tolerance of the file; null when on none. */
  branch: string | null;
}

export interface ImbalanceResult {
  sampleSize: number;
  flows: number;
  recoveredFraction: number;
  /** Whether first and last ratio recover for every data set; null for random starts. */
  recoveredAtEnds: boolean | null;
  /** Fraction of the other ratios that recover; null for random starts. */
  recoveredBetween: number | null;
  /** Fraction of the data sets for which any of the other ratios recovers; null for random starts. */
  dataSetsBetween: number | null;
  medianError: number;
  /** Median generalisation error for each scale. */
  scales: { scale: number; medianError: number }[];
  /** Smallest min(|c|, 1/|c|) from which on every flow that recovered has both neurons on one weight; null when none. */
  condensedAbove: number | null;
  branches: { branch: string; flows: number }[];
}

export interface GeometryResults {
  /** Over all types; exact: text where it is above 2^53. */
  totalBranches: number | string;
  /** False where the activation allows further branches that the theory does not list. */
  complete: boolean;
  thresholds: {
    optimistic: number;
    firstSeparated: number;
    lastSeparated: number;
    parameters: number;
    everything: number;
  };
  branches: BranchResult[];
  /** Places in `branches` of two types whose closures meet, and the dimension of that. */
  lattice: { from: number; to: number; dimension: number }[];
  separation: SeparationResult[];
  points: GeometryPointResult[];
  decay: DecayResult[];
  imbalance: ImbalanceResult[];
  imbalanceFlows: ImbalanceFlow[];
}
