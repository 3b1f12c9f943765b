/** What is logged of a net between epochs. */
export interface RepopulationState {
  epoch: number;
  /** Mean squared error, or cross-entropy for classes. */
  trainError: number;
  testError: number;
  /** Σ decays[l] R_l, without its strength. */
  regularizer: number;
  regularizerTerms: number[];
  /** How much the outputs would scatter if every hidden layer were drawn anew from itself; see `discretizationVariance`. */
  discretizationVariance: number;
  /** Coefficient of variation of the importance weights of the last hidden layer. */
  importanceVariation: number;
  /** Part of wrong classes in the test set, for classes. */
  testErrorRate?: number;
}

/** One repopulation: what the convex problem and drawing the neurons did. */
export interface Repopulation {
  epoch: number;
  /** Regulariser before, at the optimal densities (which is the same function), and after the neurons were drawn. */
  before: number;
  optimal: number;
  resampled: number;
  /** The least value is proven to lie at most this far below `optimal`. */
  gap: number;
  /** Of the importance weights before, and at the optimal densities. */
  variationBefore: number;
  variationOptimal: number;
  /** Variation of the importance weights squared less what the neurons cost, likewise; equal at the optimum. */
  marginalBefore: number;
  marginalOptimal: number;
}

export interface RepopulationResults {
  inputs: number;
  outputs: number;
  parameters: number;
  trainSamples: number;
  testSamples: number;
  /** SHA-256 of the data file, for classes; the experiment's hash does not cover it. */
  dataHash: string | null;
  /** With repopulation. */
  history: RepopulationState[];
  /** Of the same initial net without. */
  baseline: RepopulationState[];
  repopulations: Repopulation[];
  /** Null when none was asked for. */
  convexity: { segments: number; violations: number; largestExcess: number } | null;
  /** Test loss, and loss plus regulariser, along the straight path between two independently trained nets. */
  path: {
    places: number[];
    raw: number[];
    repopulated: number[];
    rawObjective: number[];
    repopulatedObjective: number[];
    rawBarrier: number;
    repopulatedBarrier: number;
  } | null;
  /** Mean error on the test set after distillation to so many neurons: squared error, or the part of wrong classes. */
  distillation: { neurons: number; importance: number; uniform: number; importanceSpread: number; uniformSpread: number }[];
  distillationMeasure: 'meanSquaredError' | 'errorRate';
  /** Importance weights of the last hidden layer over their mean, largest first, at the end of training. */
  importance: { repopulated: number[]; baseline: number[] };
}
