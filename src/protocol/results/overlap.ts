/** One limit of a gradient flow, with what makes it trustworthy. */
export interface OverlapLimit {
  /** A number for one input. */
  w: number | number[];
  a: number;
  /** False where the loss did not become 0: then (w, a) is where integration ended, and no limit. */
  reached: boolean;
  /** Distance between where integration ended and the point that the invariants of the flow single out there. */
  correction: number;
  /** Largest change of the invariant along the integration, relative to its size. */
  invariantDrift: number;
  /** Whether the loss never rose by more than the tolerances account for. */
  monotone: boolean;
  /** Of the integrator. */
  steps: number;
}

/** A named G at two limits: data set `first` needs G(θ1*) < G(θ2*), data set `second` the opposite. */
export interface OverlapCandidate {
  name: string;
  /** At the two limits; of a one-point overlap null. */
  values: [number, number] | null;
  firstHolds: boolean | null;
  secondHolds: boolean | null;
  /** ‖∇G‖ at the common limit of a one-point overlap, which would have to be 0; else null. */
  gradientNorm: number | null;
}

export interface OverlapResults {
  start: { w: number | number[]; a: number; refined: boolean };
  datasets: { x: number | number[]; y: number }[];
  /** In the order of the data sets, as all lists here. */
  limits: OverlapLimit[];
  /** f(x_j) − y_j of data set j at limit i: `residuals[i][j]`. */
  residuals: number[][];
  /** Two limits differ by more than 0.1, and all four residuals are below 1e-9. */
  twoPoint: boolean;
  /** The two data sets of it, from 1. */
  pair: [number, number] | null;
  /** All limits are one point, not the start, and the limiting directions span all of (w, a). */
  onePoint: boolean;
  /** da/dw where the flow arrives, for one input; else null. */
  slopes: (number | null)[];
  /** Limiting directions in (w, a), of length 1. */
  directions: number[][];
  /** Rank of the directions, with its gap; null when it is not clear. */
  directionRank: { rank: number; gap: number } | null;
  candidates: OverlapCandidate[];
  /** What follows, in words. */
  conclusion: string;
}
