import type { CertifiedBounds } from '../events';
import type { RankTableRow } from './rankTable';

export interface PointResult {
  name: string;
  modelRank: number;
  tolerance: number;
  gap: number;
  conclusive: boolean;
  singularValues: number[];
  /** Rank over the inputs of the largest sample size; null when the file asks for none. */
  empiricalRank: number | null;
  /** Of the model rank. */
  certified?: CertifiedBounds;
  /** Of the empirical rank. */
  empiricalCertified?: CertifiedBounds;
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
