import { weightedNorm } from './stiffSystem';

type Derivative = (time: number, state: Float64Array, out: Float64Array) => boolean;

/**
 * A first step size h for which the local error h²‖y″‖/2 of Euler's method is about the tolerance; y″ from one difference of f
 * a trial (Byrne and Hindmarsh, "A polyalgorithm for the numerical solution of ODEs", ACM TOMS 1, 1975).
 *
 * @param span distance to the stop time, may be infinite
 */
export function initialStepSize(
  time: number,
  span: number,
  state: Float64Array,
  slope: Float64Array,
  weights: Float64Array,
  derivative: Derivative,
): number {
  const n = state.length;
  let inverseUpper = 0;
  for (let i = 0; i < n; i++)
    inverseUpper = Math.max(inverseUpper, Math.abs(slope[i]) / (0.1 * Math.abs(state[i]) + 1 / weights[i]));
  const upper = Math.min(0.1 * span, 1 / inverseUpper);
  // Nothing moves: any step will do.
  if (upper === Infinity) return 1;
  const lower = Math.min(upper, Math.max(1e-12 * upper, 100 * 2.220446049250313e-16 * Math.abs(time)));

  const moved = new Float64Array(n);
  const movedSlope = new Float64Array(n);
  let trial = Math.sqrt(lower * upper);
  for (let attempt = 1; attempt <= 4; attempt++) {
    let finite = false;
    for (let cut = 0; cut < 10 && !finite; cut++) {
      for (let i = 0; i < n; i++) moved[i] = state[i] + trial * slope[i];
      finite = derivative(time + trial, moved, movedSlope);
      if (!finite) trial *= 0.1;
    }
    if (!finite) break;
    for (let i = 0; i < n; i++) movedSlope[i] = (movedSlope[i] - slope[i]) / trial;
    const curvature = weightedNorm(movedSlope, weights);
    const next = curvature * upper * upper > 2 ? Math.sqrt(2 / curvature) : Math.sqrt(trial * upper);
    const ratio = next / trial;
    if (attempt > 1 && ratio > 2) break;
    trial = next;
    if (ratio > 0.5 && ratio < 2) break;
  }
  return Math.min(upper, Math.max(lower, 0.5 * trial));
}
