import type { ActivationFunction } from '../../models/activation';
import { exp, expm1 } from '../../numbers/elementary';
import { dot, type NeuronPoint, type SingleSample } from './neuron';

/** ∫ σ/σ′ from z0 to z1. */
export type RatioIntegral = (z0: number, z1: number) => number;

/** Where it is elementary. Differences, so that nothing cancels where z0 and z1 are close. */
export const CLOSED_RATIO_INTEGRALS: Readonly<Partial<Record<string, RatioIntegral>>> = {
  // σ/σ′ = 1 + e^z
  sigmoid: (z0, z1) => z1 - z0 + exp(z0) * expm1(z1 - z0),
  exp: (z0, z1) => z1 - z0,
  // σ/σ′ = sinh z cosh z
  tanh: (z0, z1) => 0.5 * (sinh(z1) - sinh(z0)) * (sinh(z1) + sinh(z0)),
};

/** Gauss–Legendre nodes and weights on [−1, 1], ten points: the positive half. */
const NODES = [0.1488743389816312, 0.4333953941292472, 0.6794095682990244, 0.8650633666889845, 0.9739065285171717];
const WEIGHTS = [0.2955242247147529, 0.2692667193099964, 0.219086362515982, 0.1494513491505806, 0.0666713443086881];
const LONGEST_PANEL = 0.5;

/** The same for any activation with σ′ ≠ 0 in between, by ten-point Gauss–Legendre quadrature on panels of at most 1/2. */
export function quadratureOf({ value, first }: Pick<ActivationFunction, 'value' | 'first'>): RatioIntegral {
  return (z0, z1) => {
    const panels = Math.max(1, Math.ceil(Math.abs(z1 - z0) / LONGEST_PANEL));
    const half = (z1 - z0) / (2 * panels);
    let sum = 0;
    for (let panel = 0; panel < panels; panel++) {
      const middle = z0 + (2 * panel + 1) * half;
      for (let i = 0; i < NODES.length; i++) {
        const left = middle - NODES[i] * half;
        const right = middle + NODES[i] * half;
        sum += WEIGHTS[i] * (value(left) / first(left) + value(right) / first(right));
      }
    }
    return sum * half;
  };
}

/**
 * What the gradient flow of one sample keeps: I = a²/2 − (1/‖x‖²) ∫ σ/σ′ from 0 to w·x (arXiv 2201.12198, section 6; for the
 * sigmoid a²/2 − w/x − e^{xw}/x², up to a constant), besides the part of w that is perpendicular to x.
 */
export function neuronInvariant(ratio: RatioIntegral, { w, a }: NeuronPoint, { x }: SingleSample): number {
  return 0.5 * a * a - ratio(0, dot(w, x)) / dot(x, x);
}

/** I(p) − I(q), without the cancellation of two large numbers. */
export function invariantDifference(ratio: RatioIntegral, p: NeuronPoint, q: NeuronPoint, { x }: SingleSample): number {
  return 0.5 * (p.a - q.a) * (p.a + q.a) - ratio(dot(q.w, x), dot(p.w, x)) / dot(x, x);
}

function sinh(z: number): number {
  return 0.5 * (expm1(z) - expm1(-z));
}
