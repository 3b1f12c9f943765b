import type { RankMeasurement } from '../events';
import type { SampleSizeResult } from './recovery';

/** What a search for the smallest recovered sample size found. */
export interface SearchResult {
  /** The smallest sample size at which most trainings recover; null when there is none in the grid. */
  threshold: number | null;
  /** All decisions together are right with this probability, given that more samples do not harm. */
  confidence: number;
  /** Whether every decision was reached within the trials. */
  decided: boolean;
  trainings: number;
  /** Trainings that the whole grid would have taken. */
  gridTrainings: number;
  /** The sizes that were looked at, ascending. */
  sizes: { sampleSize: number; trials: number; recovered: number; decided: boolean }[];
}

/** Results for one value of what an experiment varies. */
export interface VariantResult {
  name: string;
  /** The value, where it is a number; else its place in the list, from 1. */
  value: number;
  /** Number of parameters of the model. */
  parameters: number;
  /** Measured at the minimal representation; null where there is none. */
  modelRank: number | null;
  modelRankMeasurement: RankMeasurement | null;
  /** The theory's optimistic sample size; null where there is none. */
  predicted: number | null;
  exact: boolean;
  sampleSizes: SampleSizeResult[];
  recoveredFrom: number | null;
  linearlyStableFrom: number | null;
  search?: SearchResult;
}
