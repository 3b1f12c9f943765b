/** strictSaddle: a direction of negative curvature. degenerateSaddle: none, and the loss falls all the same. */
export type Classification = 'minimum' | 'strictSaddle' | 'degenerateSaddle' | 'notCritical' | 'undecided';

/** Eigenvalues of the Hessian of R. */
export interface Curvature {
  smallest: number;
  largest: number;
  /** Largest ‖Hv − λv‖ over all eigenpairs, divided by the largest |λ|. */
  residual: number;
  negative: number;
  zero: number;
  positive: number;
}

/** A point near by at which the loss is lower, found along the kernel of the Hessian. */
export interface Descent {
  parameters: number[];
  lossChange: number;
  /** Distance from the critical point. */
  distance: number;
}

/** A point of the wide network that is the same function as the critical point of the narrow one. */
export interface LiftedPointResult {
  /** null, splitting, signFlipped, compatible, degenerate, sampleDependent or given. */
  construction: string;
  /** The construction, or the name of a given point. */
  name: string;
  /** In the order of the wide model. */
  parameters: number[];
  /** Largest difference of the functions at probes, over the largest value. */
  outputDifference: number;
  /** Critical for every data set for which the narrow point is; null where a rank is inconclusive. */
  sampleIndependent: boolean | null;
  /** Of the family of points that the construction makes around this one; null for given points and where no formula tells. */
  dimension: number | null;
  /** rank J1, rank J2 and rank [J1 | J2] at probes. */
  ranks: { narrow: number; wide: number; joint: number };
  /** |∇R| of R = Σ‖f(x_i) − y_i‖² at the data of the experiment. */
  gradientNorm: number;
  /** The same over its size without cancellation. */
  relativeGradient: number;
  /** Relative gradients for data sets that make the narrow point critical. */
  dataSets: { count: number; largest: number };
  classification: Classification;
  /** Why, in words. */
  reason: string;
  /** Null at points that are not critical. */
  curvature: Curvature | null;
  /** What proves it; absent where there is nothing to prove. */
  certificate?: {
    /** For which the narrow point is critical and this one is not. */
    dataSet?: { points: { x: number[]; y: number[] }[]; narrowGradientNorm: number; gradientNorm: number };
    /** A hidden neuron without output weights: its input weights move by η at constant loss, then its output weights lower it. */
    saddle?: {
      neuron: number;
      direction: number[];
      steps: { eta: number; derivatives: number[]; outputWeights: number[]; predicted: number; down: number; up: number }[];
    };
    /** A direction of negative curvature, with the residual of its eigenvalue relative to the largest one. */
    curvature?: { eigenvalue: number; residual: number };
    descent?: Descent;
  };
}

export interface LiftingResults {
  /** R = Σ‖f(x_i) − y_i‖² at the narrow critical point. */
  loss: number;
  narrow: {
    parameters: number[];
    gradientNorm: number;
    relativeGradient: number;
    /** From where polishing or training began. */
    distance: number;
    residuals: number[];
    classification: Classification;
    modelRank: number | null;
  };
  points: LiftedPointResult[];
  /** Constructions that do not apply here, and why. */
  skipped: { construction: string; reason: string }[];
  /** For a further neuron with arbitrary input weights: dimensions of the residuals that make both points critical. */
  existence: {
    /** dim (T1 + T2). */
    jointRank: number | null;
    /** Null where the rank is inconclusive. */
    dimensions: { samples: number; dimension: number | null }[];
    /** A data set of jointRank + 1 samples for which both are critical, and |∇R| there. */
    common: { samples: number; narrowGradientNorm: number; gradientNorm: number } | null;
  } | null;
}
