import type { ResolvedTwoLayer } from '../../../experiment/resolved';
import { networkOf } from './neurons';

/** Neurons whose (w, b) point in one direction, or in opposite ones where σ is odd. */
export interface CondensedGroup {
  /** From 1. */
  readonly neurons: number[];
  /** Of each neuron, relative to the first. */
  readonly signs: number[];
  /** Whether (w, b) are the same vector up to sign, and not only of one direction. */
  readonly equal: boolean;
  /** Σ ±a of the output weights: what the group weighs as one neuron, where its vectors are equal. */
  readonly outputWeight: number;
}

export interface Condensation {
  /** Cosine similarity of (w_j, b_j) and (w_k, b_k); null where one of them is 0. */
  readonly cosines: (number | null)[][];
  /** |a|·‖(w, b)‖. */
  readonly amplitudes: number[];
  readonly groups: CondensedGroup[];
  /** Neurons with (w, b) = 0, from 1. */
  readonly zero: number[];
}

/**
 * How far the neurons of a two-layer network have condensed: directions of (w, b), and groups of neurons that share one. A neuron belongs
 * to the first group whose first neuron is within the tolerance of it.
 *
 * @param tolerance distance of unit vectors; for ‖(w, b)‖ as a fraction of the largest
 */
export function condensationOf(model: ResolvedTwoLayer, parameters: Float64Array, tolerance: number): Condensation {
  const { neurons } = networkOf(model, parameters);
  const vectors = neurons.map(({ inputWeights, bias }) => (model.hiddenBias ? [...inputWeights, bias] : inputWeights));
  const lengths = vectors.map((vector) => Math.sqrt(dot(vector, vector)));
  const smallest = tolerance * Math.max(...lengths);
  const isZero = (k: number) => lengths[k] <= smallest;
  const units = vectors.map((vector, k) => vector.map((value) => value / (lengths[k] || 1)));
  const odd = model.activation === 'tanh' || model.activation === 'sin';

  const groups: CondensedGroup[] = [];
  const zero: number[] = [];
  neurons.forEach((_, k) => {
    if (isZero(k)) {
      zero.push(k + 1);
      return;
    }
    for (const group of groups) {
      const first = group.neurons[0] - 1;
      const sign = odd && dot(units[first], units[k]) < 0 ? -1 : 1;
      if (distance(units[first], units[k], sign) > tolerance) continue;
      group.neurons.push(k + 1);
      group.signs.push(sign);
      return;
    }
    groups.push({ neurons: [k + 1], signs: [1], equal: true, outputWeight: 0 });
  });
  return {
    cosines: units.map((one, j) =>
      units.map((other, k) => (isZero(j) || isZero(k) ? null : Math.max(-1, Math.min(1, dot(one, other))))),
    ),
    amplitudes: neurons.map(({ outputWeight }, k) => Math.abs(outputWeight) * lengths[k]),
    groups: groups.map((group) => ({
      ...group,
      equal: group.neurons.every(
        (k, i) =>
          distance(vectors[group.neurons[0] - 1], vectors[k - 1], group.signs[i]) <= tolerance * lengths[group.neurons[0] - 1],
      ),
      outputWeight: group.neurons.reduce((sum, k, i) => sum + group.signs[i] * neurons[k - 1].outputWeight, 0),
    })),
    zero,
  };
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

function distance(a: readonly number[], b: readonly number[], sign: number): number {
  const difference = a.map((value, i) => value - sign * b[i]);
  return Math.sqrt(dot(difference, difference));
}
