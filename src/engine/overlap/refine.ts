import { invariantDifference } from '../theory/overlap/invariant';
import { dot, type NeuronPoint, type SingleSample } from '../theory/overlap/neuron';
import type { NeuronActivation } from './limit';

/** A start from which both flows end exactly on both zero-loss sets, with where they end. */
export interface RefinedStart {
  start: NeuronPoint;
  limits: [NeuronPoint, NeuronPoint];
}

const ITERATIONS = 50;

/**
 * Makes an approximate two-point overlap with one input exact: takes the two intersections of the zero-loss sets next to the given
 * limits, and then the start near by whose invariants are those of the first intersection for the first sample and of the second
 * for the second. Null where that finds nothing near.
 */
export function refineStart(
  neuron: NeuronActivation,
  start: NeuronPoint,
  samples: readonly [SingleSample, SingleSample],
  limits: readonly [NeuronPoint, NeuronPoint],
): RefinedStart | null {
  if (start.w.length !== 1) return null;
  const first = intersection(neuron, samples, limits[0].w[0]);
  const second = intersection(neuron, samples, limits[1].w[0]);
  if (!first || !second || !(Math.abs(first.w[0] - second.w[0]) > 1e-6)) return null;

  const { activation, ratio } = neuron;
  let point: NeuronPoint = { w: [...start.w], a: start.a };
  let change = Infinity;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const drifts = [invariantDifference(ratio, point, first, samples[0]), invariantDifference(ratio, point, second, samples[1])];
    // ∂I/∂w = −(σ/σ′)(xw)/x, ∂I/∂a = a.
    const [u, v] = samples.map(({ x }) => {
      const z = dot(point.w, x);
      return -activation.value(z) / (activation.first(z) * x[0]);
    });
    const determinant = point.a * (u - v);
    const dw = (point.a * (drifts[0] - drifts[1])) / determinant;
    const da = (u * drifts[1] - v * drifts[0]) / determinant;
    point = { w: [point.w[0] - dw], a: point.a - da };
    const before = change;
    change = Math.abs(dw) + Math.abs(da);
    if (!(change < Infinity)) return null;
    if (change < 1e-15 || (change < 1e-11 && change >= before)) return { start: point, limits: [first, second] };
  }
  return null;
}

/** Whether a number, rounded to the decimals that `written` is written with, is `written`. */
export function roundsTo(value: number, written: number): boolean {
  const [mantissa, exponent] = String(written).split('e');
  const decimals = (mantissa.split('.')[1] ?? '').length - Number(exponent ?? 0);
  let unit = 1;
  for (let i = 0; i < decimals; i++) unit /= 10;
  return Math.abs(value - written) <= 0.5000001 * unit;
}

/** The common point of both zero-loss sets next to w, by Newton's iteration on y1 σ(x2 w) = y2 σ(x1 w). */
function intersection(
  { activation }: NeuronActivation,
  [p, q]: readonly [SingleSample, SingleSample],
  near: number,
): NeuronPoint | null {
  let w = near;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const gap = p.y * activation.value(q.x[0] * w) - q.y * activation.value(p.x[0] * w);
    const slope = p.y * q.x[0] * activation.first(q.x[0] * w) - q.y * p.x[0] * activation.first(p.x[0] * w);
    const step = gap / slope;
    w -= step;
    if (!(Math.abs(w - near) < 1)) return null;
    if (Math.abs(step) <= 4e-16 * Math.max(1, Math.abs(w))) return { w: [w], a: p.y / activation.value(p.x[0] * w) };
  }
  return null;
}
