import type { RankMeasurement } from '../events';
import type { ParameterResults } from './parameters';
import type { LocalRecoveryResult } from './rank';
import type { SolutionResults } from './solutions';
import type { SearchResult, VariantResult } from './variants';

/** Results for one sample size, over all trials. */
export interface SampleSizeResult {
  sampleSize: number;
  trials: number;
  medianTestError: number | null;
  medianTrainLoss: number | null;
  recoveredFraction: number;
  /** Rank at the minimal representation over the training inputs; the median over trials when inputs are random. */
  empiricalRank: number | null;
  /** Whether the target is linearly stable for these inputs (in most trials, when inputs are random). */
  linearlyStable: boolean | null;
  /** recovered: median below the tolerance. undecided: above it, but most trainings had not reached the stop loss. */
  state: 'recovered' | 'notRecovered' | 'undecided';
  divergedTrials: number;
  /** 10 % and 90 % quantiles of the test error over trials that did not diverge. */
  testErrorQuantiles: [number, number] | null;
  /** The same for 25 % and 75 %; absent in runs of earlier versions. */
  testErrorQuartiles?: [number, number] | null;
}

export interface RecoveryResults {
  /** Rank at the target's minimal representation; null where there is none. */
  modelRank: number | null;
  modelRankMeasurement: RankMeasurement | null;
  sampleSizes: SampleSizeResult[];
  /** The smallest sample size from which on every size of the grid is recovered; null when there is none. */
  recoveredFrom: number | null;
  /** The smallest sample size from which on the target is linearly stable at every size of the grid. */
  linearlyStableFrom: number | null;
  /** Of an experiment that searches: `sampleSizes` are then those that it looked at. */
  search?: SearchResult;
  /** Where it is asked for: at the minimal representation, then at the points of the file. */
  localRecovery?: LocalRecoveryResult[];
  /** Of a matrix factorization, where the file asks for singular values of its solutions. */
  solutions?: SolutionResults;
  /** Of a formula, where the file asks for the parameters of its solutions. */
  solutionParameters?: ParameterResults;
  /** Of an experiment that varies something: everything else is then empty. */
  variants?: VariantResult[];
}
