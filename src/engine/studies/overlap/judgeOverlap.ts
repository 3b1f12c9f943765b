import type { OverlapCandidate } from '../../../protocol/events';
import { numericalRank } from '../../rank/numericalRank';
import { matrixFrom } from '../../linalg/matrix';
import { candidatesAtOnePoint, candidatesAtTwoPoints } from '../../theory/overlap/candidates';
import { distance, type NeuronPoint } from '../../theory/overlap/neuron';

/** Residuals below this count as zero loss. */
export const ZERO_RESIDUAL = 1e-9;
/** Limits further apart than this are different points, and closer than that the same. */
const DIFFERENT = 0.1;
const SAME = 1e-8;

/** The first two data sets with a two-point overlap (arXiv 2201.12198, Lemma 5.1), from 0; null when there are none. */
export function overlappingPair(
  limits: readonly NeuronPoint[],
  reached: readonly boolean[],
  residuals: readonly (readonly number[])[],
): [number, number] | null {
  for (let i = 0; i < limits.length; i++) {
    for (let j = i + 1; j < limits.length; j++) {
      const zero = [residuals[i][i], residuals[i][j], residuals[j][i], residuals[j][j]].every(
        (residual) => Math.abs(residual) < ZERO_RESIDUAL,
      );
      if (zero && reached[i] && reached[j] && distance(limits[i], limits[j]) > DIFFERENT) return [i, j];
    }
  }
  return null;
}

export interface OnePoint {
  holds: boolean;
  /** Null when it is not clear, or there are fewer than two limits. */
  rank: { rank: number; gap: number } | null;
}

/** Whether all flows end at one point in directions that span (w, a) (Lemma 5.2). */
export function onePointOverlap(
  start: NeuronPoint,
  limits: readonly NeuronPoint[],
  reached: readonly boolean[],
  directions: readonly number[][],
): OnePoint {
  if (limits.length < 2 || !reached.every(Boolean)) return { holds: false, rank: null };
  const measured = numericalRank(matrixFrom(directions), { tolerance: 1e-6, name: 'limiting directions' });
  const rank = measured.conclusive ? { rank: measured.rank, gap: measured.gap } : null;
  const together = limits.every((limit) => distance(limit, limits[0]) < SAME) && distance(limits[0], start) > DIFFERENT;
  return { holds: together && rank?.rank === start.w.length + 1, rank };
}

/** Named candidates for G, at the two limits of a two-point overlap or at the one of a one-point overlap. */
export function candidateRows(
  start: NeuronPoint,
  limits: readonly NeuronPoint[],
  pair: readonly [number, number] | null,
  onePoint: boolean,
): OverlapCandidate[] {
  if (pair) {
    return candidatesAtTwoPoints(limits[pair[0]], limits[pair[1]], start).map(({ name, values, holds }) => ({
      name,
      values,
      firstHolds: holds[0],
      secondHolds: holds[1],
      gradientNorm: null,
    }));
  }
  if (!onePoint) return [];
  return candidatesAtOnePoint(limits[0], start).map(({ name, gradientNorm }) => ({
    name,
    values: null,
    firstHolds: null,
    secondHolds: null,
    gradientNorm,
  }));
}

export function conclusionOf(pair: readonly [number, number] | null, onePoint: boolean, allReached: boolean): string {
  if (pair) {
    const [first, second] = pair.map((index) => index + 1);
    return `No data-independent G characterises these flows: θ${first}* ≠ θ${second}* both have zero loss on data sets ${first} and ${second}, the flow chooses θ${first}* for one and θ${second}* for the other, so that G(θ${first}*) < G(θ${second}*) and G(θ${second}*) < G(θ${first}*) would both have to hold. A G that allows ties would have to be equal at both (arXiv 2201.12198, Lemma 5.1).`;
  }
  if (onePoint) {
    return 'All flows end at one point, in directions that span everything: a continuously differentiable G that characterises them, even allowing ties, has ∇G = 0 there (arXiv 2201.12198, Lemma 5.2).';
  }
  if (!allReached) return 'Not every flow reached zero loss, so that nothing follows.';
  return 'These flows do not contradict a data-independent G.';
}
