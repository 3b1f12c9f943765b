import type { ActivationFunction } from '../../models/activation';

/** One hidden neuron f(x) = a σ(w·x), at a point of its parameters; w has the dimension of the inputs. */
export interface NeuronPoint {
  w: readonly number[];
  a: number;
}

/** A data set of a single sample, as all data sets of arXiv 2201.12198 are. */
export interface SingleSample {
  x: readonly number[];
  y: number;
}

/** f(x) − y. */
export function neuronResidual(
  activation: Pick<ActivationFunction, 'value'>,
  { w, a }: NeuronPoint,
  { x, y }: SingleSample,
): number {
  return a * activation.value(dot(w, x)) - y;
}

/**
 * Where a gradient flow for one sample is heading when it ends on its zero-loss set: ∇f = (a σ′(w·x) x, σ(w·x)), of length 1. Only
 * its line matters; the last entry, that of a, is positive.
 */
export function limitingDirection(activation: ActivationFunction, { w, a }: NeuronPoint, { x }: SingleSample): number[] {
  const z = dot(w, x);
  const direction = [...x.map((entry) => a * activation.first(z) * entry), activation.value(z)];
  const length = Math.sqrt(dot(direction, direction)) * (direction[x.length] < 0 ? -1 : 1);
  return direction.map((entry) => entry / length);
}

/** da/dw of the limiting direction, for one input: σ(xw) / (a x σ′(xw)); 2201.12198, one-point example. */
export function limitingSlope(activation: ActivationFunction, point: NeuronPoint, sample: SingleSample): number {
  const [dw, da] = limitingDirection(activation, point, sample);
  return da / dw;
}

/** The sample with input x whose zero-loss set goes through a point. */
export function sampleThrough(
  activation: Pick<ActivationFunction, 'value'>,
  x: readonly number[],
  point: NeuronPoint,
): SingleSample {
  return { x, y: point.a * activation.value(dot(point.w, x)) };
}

export function dot(u: readonly number[], v: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < u.length; i++) sum += u[i] * v[i];
  return sum;
}

/** Euclidean distance in (w, a). */
export function distance(p: NeuronPoint, q: NeuronPoint): number {
  let sum = (p.a - q.a) * (p.a - q.a);
  p.w.forEach((entry, j) => (sum += (entry - q.w[j]) * (entry - q.w[j])));
  return Math.sqrt(sum);
}
