import type { CertifiedBounds } from '../events';
import type { SeparationResult } from './geometry';
import type { RankTableRow } from './rankTable';

/** Groups of neurons of one direction at a point of a two-layer network, and the branch of global minima on which it lies. */
export interface CondensationResult {
  /** Distance of directions, weights and sums that counts as none. */
  tolerance: number;
  /** Neurons from 1; signs relative to the first; `equal` where (w, b) are the same up to sign; `outputWeight` Σ ±a. */
  groups: { neurons: number[]; signs: number[]; equal: boolean; outputWeight: number }[];
  /** Neurons with (w, b) = 0, from 1. */
  zero: number[];
  /** Null where the point lies on none, or none are known. */
  branch: { targetBlocks: readonly number[]; extraBlocks: readonly number[]; zeroBlock: number } | null;
  /** Why no branches are known; empty where they are. */
  noBranch: string;
}

export interface PointResult {
  name: string;
  modelRank: number;
  tolerance: number;
  gap: number;
  conclusive: boolean;
  singularValues: number[];
  /** Rank over the inputs of the largest sample size; null when the file asks for none. */
  empiricalRank: number | null;
  /** Of the model rank; null where no proof was tried. */
  certified?: CertifiedBounds | null;
  /** Of the empirical rank. */
  empiricalCertified?: CertifiedBounds;
  /** Of given points and points from files of two-layer networks. */
  condensation?: CondensationResult;
}

/** Empirical rank at the target's minimal representation over the first n inputs. */
export interface EmpiricalRankResult {
  sampleSize: number;
  empiricalRank: number;
  gap: number;
  conclusive: boolean;
  linearlyStable: boolean | null;
  certified?: CertifiedBounds;
}

/** Fits from near a point, at one sample size. */
export interface PerturbationResult {
  sampleSize: number;
  trials: number;
  /** Trials whose inputs guarantee local linear recovery: the rank over them is that of the model at the point. */
  guaranteed: number;
  /** How the generalisation error grows with ε; quadratic stands for any order above 1.6. */
  state: 'linear' | 'quadratic' | 'recovered' | 'inconclusive';
  /** Slope of log GE against log ε; null where the errors are rounding. */
  order: number | null;
  epsilons: SeparationResult['epsilons'];
}

/** n*(X) at a point over draws of the inputs. */
export interface LocalRecoveryResult {
  name: string;
  modelRank: number;
  /** Whether the model rank and every n* are clear. */
  conclusive: boolean;
  draws: number;
  /** n* of every draw; null where the first `largestSample` inputs have too small a rank, or float64 cannot tell. */
  sampleSizes: (number | null)[];
  /** Draws with n* at its least: the rank, over the number of outputs. */
  atRank: number;
  smallest: number | null;
  median: number | null;
  largest: number | null;
  /** Inputs of a draw that were looked at. */
  largestSample: number;
  /** Where it is asked for, by sample size. */
  perturbation?: PerturbationResult[];
}

export interface RankResults {
  modelRank: number | null;
  tolerance: number | null;
  gap: number | null;
  conclusive: boolean;
  singularValues: number[];
  /** Of the model rank. */
  certified?: CertifiedBounds;
  /** The family of the experiment, or its own model and target alone. */
  table: RankTableRow[];
  points: PointResult[];
  sampleSizes: EmpiricalRankResult[];
  linearlyStableFrom: number | null;
  /** Where it is asked for: at the minimal representation, then at given points and points from files. */
  localRecovery?: LocalRecoveryResult[];
}
