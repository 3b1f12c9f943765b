import type { BoundModel } from '../../../src/engine/models/model';

/** Weights of the central difference of sixth order for a first derivative at step ±1, ±2, ±3. */
const WEIGHTS = [3 / 4, -3 / 20, 1 / 60];

/** d/dt g(θ + t·v) at t = 0 for a vector-valued g, by central differences of sixth order. */
export function directionalDifference(
  g: (parameters: Float64Array) => Float64Array,
  parameters: Float64Array,
  direction: Float64Array,
  h = 4e-3,
): Float64Array {
  const at = (t: number): Float64Array => g(parameters.map((value, p) => value + t * direction[p]));
  const derivative = new Float64Array(g(parameters).length);
  WEIGHTS.forEach((weight, k) => {
    const forward = at((k + 1) * h);
    const backward = at(-(k + 1) * h);
    for (let i = 0; i < derivative.length; i++) derivative[i] += (weight * (forward[i] - backward[i])) / h;
  });
  return derivative;
}

/** n × M Jacobian from values alone. */
export function differenceJacobian(bound: BoundModel, parameters: Float64Array): Float64Array {
  const { sampleCount: n, parameterCount: M } = bound;
  const jacobian = new Float64Array(n * M);
  for (let p = 0; p < M; p++) {
    const unit = new Float64Array(M);
    unit[p] = 1;
    const column = directionalDifference((theta) => values(bound, theta), parameters, unit);
    for (let i = 0; i < n; i++) jacobian[i * M + p] = column[i];
  }
  return jacobian;
}

export function values(bound: BoundModel, parameters: Float64Array): Float64Array {
  const out = new Float64Array(bound.sampleCount);
  bound.evaluate(parameters, out);
  return out;
}

export function jacobianOf(bound: BoundModel, parameters: Float64Array): Float64Array {
  // Stale numbers in the output must not survive.
  const out = new Float64Array(bound.sampleCount * bound.parameterCount).fill(NaN);
  bound.jacobian(parameters, out);
  return out;
}

export function weightedGradientOf(bound: BoundModel, parameters: Float64Array, weights: Float64Array): Float64Array {
  const out = new Float64Array(bound.parameterCount).fill(NaN);
  bound.weightedGradient(parameters, weights, out);
  return out;
}

/** Largest difference, relative to the largest entry of either (and to 1e-3 at least). */
export function relativeDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let size = 1e-3;
  let difference = 0;
  for (let i = 0; i < a.length; i++) {
    size = Math.max(size, Math.abs(a[i]), Math.abs(b[i]));
    const d = Math.abs(a[i] - b[i]);
    if (!(d <= difference)) difference = d;
  }
  return difference / size;
}
