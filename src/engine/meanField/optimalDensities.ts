import { closedFormDensity } from '../theory/repopulation/closedForm';
import { densityGradient, outgoingSizes, regularizerTerms, uniformDensities, weightedSum } from './regularizer';
import type { NetShape } from './shape';

export interface OptimalDensities {
  densities: Float64Array[];
  /** Σ decays[l] R_l before, at p = 1, and after. */
  before: number;
  after: number;
  /** The least value is proven to lie at most this far below `after`. */
  gap: number;
  /** Times every chosen layer was gone through. */
  rounds: number;
}

/** Of 60,000 small random nets the median took 9 rounds, one in ten thousand more than 400, the slowest 1733. */
const ROUNDS = 10_000;

/**
 * Densities of the chosen hidden layers (from 0) that minimise the regulariser while the function stays as it is: a convex problem
 * (arXiv 1911.07626). Layer after layer is moved towards the closed form for its cost linearised, by an exact line search. `gap` is the
 * Frank–Wolfe gap over the product of the simplices, which bounds the distance from the least value by convexity.
 *
 * @param goal stops once the gap is below this part of the value
 */
export function optimalDensities(
  shape: NetShape,
  parameters: Float64Array,
  decays: readonly number[],
  layers: readonly number[],
  goal = 1e-10,
): OptimalDensities {
  const densities = uniformDensities(shape);
  const value = () => weightedSum(regularizerTerms(shape, parameters, densities), decays);
  const before = value();
  let after = before;
  let gap = Infinity;
  let rounds = 0;
  while (rounds < ROUNDS) {
    const kept = densities.map((p) => Float64Array.from(p));
    for (const h of layers) improve(shape, parameters, decays, densities, h);
    rounds++;
    const next = value();
    if (!(next < after)) {
      // Rounding: the value before stands.
      kept.forEach((p, h) => densities[h].set(p));
      gap = frankWolfeGap(shape, parameters, decays, densities, layers);
      break;
    }
    after = next;
    gap = frankWolfeGap(shape, parameters, decays, densities, layers);
    if (gap <= goal * after) break;
  }
  return { densities, before, after, gap, rounds };
}

function improve(
  shape: NetShape,
  parameters: Float64Array,
  decays: readonly number[],
  densities: Float64Array[],
  h: number,
): void {
  const p = densities[h];
  const m = p.length;
  const u = outgoingSizes(shape, parameters, h + 1, densities[h + 1]);
  const root = Math.sqrt(decays[h + 1]);
  let any = false;
  for (let k = 0; k < m; k++) {
    u[k] *= root;
    any ||= u[k] > 0;
  }
  if (!any) return;
  const { received } = densityGradient(shape, parameters, decays, densities, h);
  const goal = closedFormDensity(u, received);
  const direction = new Float64Array(m);
  for (let k = 0; k < m; k++) direction[k] = goal[k] - p[k];

  // Along p + t·d the value is Σ u²/(p + t d) + linear + t²/2 · bend: convex, so its slope has one zero.
  let linear = 0;
  for (let k = 0; k < m; k++) linear += received[k] * direction[k];
  const moved = outgoingSizes(shape, parameters, h, direction);
  const below = densities[h - 1];
  let bend = 0;
  for (let i = 0; i < moved.length; i++) bend += (2 * decays[h] * moved[i] * moved[i]) / (below ? below[i] : 1);
  const slope = (t: number) => {
    let sum = linear + t * bend;
    for (let k = 0; k < m; k++) {
      const q = p[k] + t * direction[k];
      if (u[k] > 0) sum -= (u[k] * u[k] * direction[k]) / (q * q);
    }
    return sum;
  };
  let low = 0;
  let high = 1;
  if (slope(1) <= 0) low = 1;
  else {
    for (let i = 0; i < 60; i++) {
      const middle = 0.5 * (low + high);
      if (slope(middle) < 0) low = middle;
      else high = middle;
    }
  }
  for (let k = 0; k < m; k++) p[k] += low * direction[k];
}

/** Σ over the layers of ⟨∇, p⟩ − m·min ∇: how far a linear function with this gradient could still fall. */
function frankWolfeGap(
  shape: NetShape,
  parameters: Float64Array,
  decays: readonly number[],
  densities: Float64Array[],
  layers: readonly number[],
): number {
  let gap = 0;
  for (const h of layers) {
    const { received, sent } = densityGradient(shape, parameters, decays, densities, h);
    let least = Infinity;
    let along = 0;
    for (let k = 0; k < received.length; k++) {
      const slope = received[k] + sent[k];
      least = Math.min(least, slope);
      along += slope * densities[h][k];
    }
    gap += along - received.length * least;
  }
  return gap;
}
