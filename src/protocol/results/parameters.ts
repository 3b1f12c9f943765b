/** Of each parameter over the trainings of one sample size that did not diverge. */
export interface ParameterResult {
  sampleSize: number;
  /** Trainings that did not diverge. */
  trials: number;
  /** In the order of the names; null where all diverged. */
  mean: number[] | null;
  /** With trials − 1 in the denominator; null where there are fewer than two. */
  standardDeviation: number[] | null;
}

export interface ParameterResults {
  names: string[];
  sampleSizes: ParameterResult[];
}
