import { integrateGradientFlow, type FlowStopReason } from '../flow/gradientFlow';
import type { Trajectory } from '../flow/trajectory';
import type { ActivationFunction } from '../models/activation';
import { invariantDifference, neuronInvariant, type RatioIntegral } from '../theory/overlap/invariant';
import { distance, dot, limitingDirection, neuronResidual, type NeuronPoint, type SingleSample } from '../theory/overlap/neuron';
import { NeuronAtInput } from './neuronModel';

/** An activation with the integral that makes the invariant of its flow. */
export interface NeuronActivation {
  activation: ActivationFunction;
  ratio: RatioIntegral;
}

/** Where the gradient flow of one sample ends. */
export interface NeuronLimit {
  /** The point of the zero-loss set that the flow's invariants single out next to where integration ended. */
  point: NeuronPoint;
  /** False where the loss did not become 0: the point is then where integration ended, and no limit. */
  reached: boolean;
  /** Distance between the integration's end and the limit. */
  correction: number;
  /** Largest change of the invariant along the integration, over its size. */
  invariantDrift: number;
  monotone: boolean;
  loss: number;
  stopReason: FlowStopReason;
  steps: number;
  /** Limiting direction in (w, a), of length 1. */
  direction: number[];
  trajectory: Trajectory;
}

/** Squared error at which the rest of the way is a Newton iteration on the invariants. */
const SMALL_LOSS = 1e-24;
/** What counts as having reached zero loss, should rounding have stopped the integration earlier. */
const ZERO_LOSS = 1e-14;
const STEPS = 200_000;

/**
 * Integrates dθ/dt = −∇(f(x) − y)² from `start` and polishes its end: on the line w0 + R·x the two equations f(x) = y and
 * I(θ) = I(θ0) determine the limit, and Newton's iteration finds it from the integration's end to rounding. That stays the limit of
 * the flow: what the flow keeps exactly is imposed, nothing else.
 */
export function neuronLimit(neuron: NeuronActivation, start: NeuronPoint, sample: SingleSample): NeuronLimit {
  const { activation, ratio } = neuron;
  const parameters = Float64Array.of(...start.w, start.a);
  const scale = Math.max(1, Math.abs(sample.y));
  const flow = integrateGradientFlow(new NeuronAtInput(activation, sample.x), Float64Array.of(sample.y), parameters, {
    relativeTolerance: 1e-11,
    absoluteTolerance: 1e-14,
    stop: { trainLoss: SMALL_LOSS * scale * scale, steps: STEPS, gradientNorm: 1e-14 },
    conserved: [
      {
        name: 'a²/2 − ∫σ/σ′',
        size: 1,
        evaluate: (at, out) => (out[0] = neuronInvariant(ratio, pointOf(at), sample)),
      },
    ],
  });
  const end = pointOf(flow.parameters);
  const root = flow.loss <= ZERO_LOSS * scale * scale ? polishLimit(neuron, start, sample, end) : null;
  const point = root ?? end;
  const residual = neuronResidual(activation, point, sample);
  const [{ initial, largestDrift }] = flow.conserved;
  return {
    point,
    reached: root !== null,
    correction: distance(end, point),
    invariantDrift: largestDrift / Math.max(1, Math.abs(initial[0])),
    monotone: flow.monotone,
    loss: residual * residual,
    stopReason: flow.stopReason,
    steps: flow.statistics.steps,
    direction: limitingDirection(activation, point, sample),
    trajectory: flow.trajectory,
  };
}

/** Null where the iteration does not settle close by. */
export function polishLimit(
  { activation, ratio }: NeuronActivation,
  start: NeuronPoint,
  sample: SingleSample,
  from: NeuronPoint,
): NeuronPoint | null {
  const { x } = sample;
  const square = dot(x, x);
  // The place on the line is told by z = w·x, since w − w0 is along x.
  let z = dot(from.w, x);
  let { a } = from;
  const at = (): NeuronPoint => {
    const along = (z - dot(start.w, x)) / square;
    return { w: start.w.map((entry, j) => entry + along * x[j]), a };
  };
  let change = Infinity;
  for (let iteration = 0; iteration < 30; iteration++) {
    const value = activation.value(z);
    const first = activation.first(z);
    const residual = a * value - sample.y;
    const drift = invariantDifference(ratio, at(), start, sample);
    // Unknowns (z, a): residual' = (a σ′, σ), drift' = (−σ/(σ′‖x‖²), a). Its determinant a²σ′ + σ²/(σ′‖x‖²) has one sign.
    const driftByZ = -value / (first * square);
    const determinant = a * first * a - value * driftByZ;
    const dz = (residual * a - value * drift) / determinant;
    const da = (a * first * drift - driftByZ * residual) / determinant;
    z -= dz;
    a -= da;
    const before = change;
    change = Math.abs(dz) / Math.max(1, Math.abs(z)) + Math.abs(da) / Math.max(1, Math.abs(a));
    if (!(change < Infinity)) return null;
    if (change < 1e-15 || (change < 1e-11 && change >= before)) break;
  }
  const point = at();
  return change < 1e-11 && distance(point, from) < 1e-3 * (1 + Math.abs(from.a)) ? point : null;
}

function pointOf(parameters: Float64Array): NeuronPoint {
  return { w: Array.from(parameters.subarray(0, parameters.length - 1)), a: parameters[parameters.length - 1] };
}
