/** Singular values of what a training of a matrix factorization found. Lists descend. */
export interface SolutionSpectra {
  /** Of the product of the factors. */
  matrix: number[];
  /** Of the tangent matrix there, over all entries and over those of the sample; absent where it is too large. */
  tangent?: number[];
  sampleTangent?: number[];
}

/** Means over the trainings of one sample size that did not diverge, and quantiles of each singular value. */
export interface SolutionResult {
  sampleSize: number;
  /** Trainings that did not diverge. */
  trials: number;
  /** Null where all diverged. */
  mean: SolutionSpectra | null;
  /** 10 % and 90 % quantiles of the singular values of the product. */
  quantiles: [number[], number[]] | null;
}

export interface SolutionResults {
  /** Singular values of the target, descending. */
  target: number[];
  sampleSizes: SolutionResult[];
}
