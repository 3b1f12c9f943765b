import type { CertifiedBounds } from '../events';

/** Why neurons are linearly dependent. */
export interface DependenceCause {
  kind: 'zero' | 'constants' | 'equal' | 'signEqual' | 'sigmoidPair' | 'unexplained';
  /** Indices from 1, ascending. */
  neurons: number[];
  /** How many dimensions it takes away. */
  dimensions: number;
  /** Whether the relation follows from the parameters exactly, not only within rounding. */
  proven: boolean;
  /** In words. */
  relation: string;
}

export interface IndependenceResults {
  /** Number of neurons. */
  count: number;
  /** Number of functions: the neurons, and the constant 1 with an output bias. */
  functions: number;
  /** Dimension of the span of the functions. */
  rank: number;
  /** rank = functions; null where the rank is inconclusive. */
  independent: boolean | null;
  causes: DependenceCause[];
  /** Number of points at which they were evaluated. */
  evaluationPoints: number;
  tolerance: number;
  gap: number;
  conclusive: boolean;
  singularValues: number[];
  certified?: CertifiedBounds;
}
