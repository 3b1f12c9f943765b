import type { ResolvedTwoLayer } from '../../../experiment/resolved';
import { GradientFlow } from '../../flow/gradientFlow';
import type { BoundModel, Inputs } from '../../models/model';
import { createModel } from '../../models/registry';
import { twoLayerOffsets } from '../../models/twoLayer';

/** Steps between two reports of a flow. */
const SLICE = 200;
/** Of the integrator; tiny starts grow exponentially, and errors with them. */
const RELATIVE_TOLERANCE = 1e-8;
const MOST_STEPS = 50_000;

/**
 * γ = Σ_i y_i x_i, with a constant input 1 where the model has hidden biases: the direction that small neurons align with ("Disentangle
 * sample size and initialization effect", arXiv 2405.13787).
 */
export function alignment(model: ResolvedTwoLayer, inputs: Inputs, targets: Float64Array): Float64Array {
  const d = model.inputs;
  const gamma = new Float64Array(d + (model.hiddenBias ? 1 : 0));
  for (let i = 0; i < inputs.count; i++) {
    for (let j = 0; j < d; j++) gamma[j]! += targets[i]! * inputs.values[i * d + j]!;
    if (model.hiddenBias) gamma[d]! += targets[i]!;
  }
  return gamma;
}

/**
 * C_k = a_k‖γ‖ + w_k·γ: what of neuron k grows from a small start; trajectories from small starts depend on the ratios of these alone.
 */
export function growthCoefficients(model: ResolvedTwoLayer, gamma: Float64Array, parameters: Float64Array): number[] {
  const places = neuronPlaces(model);
  const size = norm(gamma);
  return places.map(({ output, weights }) =>
    weights.reduce((total, place, j) => total + parameters[place]! * gamma[j]!, parameters[output]! * size),
  );
}

/** The start with growth coefficients in the given proportions, on the growing direction: a_k = scale·c_k, w_k = scale·c_k·γ/‖γ‖. */
export function alignedStart(
  model: ResolvedTwoLayer,
  gamma: Float64Array,
  proportions: readonly number[],
  scale: number,
): Float64Array {
  const parameters = new Float64Array(twoLayerOffsets(model).parameterCount);
  const size = norm(gamma);
  neuronPlaces(model).forEach(({ output, weights }, k) => {
    const factor = scale * (proportions[k] ?? 0);
    parameters[output] = factor;
    weights.forEach((place, j) => (parameters[place] = (factor * gamma[j]!) / size));
  });
  return parameters;
}

export interface SmallStart {
  readonly parameters: Float64Array;
  readonly loss: number;
  readonly time: number;
  readonly steps: number;
}

interface FlowStop {
  readonly trainLoss: number;
  readonly time: number;
}

/**
 * The gradient flow from a small start. Reports the steps that it has taken. Neurons that start alike stay so: where that is unstable
 * rounding would part them, so that their flow is followed within their subspace.
 */
export function* flowFromSmallStart(
  config: ResolvedTwoLayer,
  inputs: Inputs,
  targets: Float64Array,
  start: Float64Array,
  stop: FlowStop,
): Generator<number, SmallStart> {
  const places = neuronPlaces(config).map(({ output, weights }) => [output, ...weights]);
  const [first] = places;
  if (config.width === 1 || !places.every((own) => own.every((place, j) => start[place] === start[first![j]!])))
    return yield* follow(createModel(config).bind(inputs), targets, start, stop);

  // m neurons (a, w) are one neuron (√m·a, √m·w) at the same distances: m·a·σ(w·x) = √m·α·σ(ω·x/√m), and R is m times its loss.
  const m = config.width;
  const root = Math.sqrt(m);
  const d = inputs.dimension + (config.hiddenBias ? 1 : 0);
  const values = new Float64Array(inputs.count * d).fill(1 / root);
  for (let i = 0; i < inputs.count; i++) {
    for (let j = 0; j < inputs.dimension; j++) values[i * d + j] = inputs.values[i * inputs.dimension + j]! / root;
  }
  const single = createModel({ ...config, width: 1, inputs: d, hiddenBias: false });
  const end = yield* follow(
    single.bind({ count: inputs.count, dimension: d, values }),
    targets.map((y) => y / root),
    Float64Array.from(first!, (place) => root * start[place]!),
    { trainLoss: stop.trainLoss / m, time: m * stop.time },
  );
  const parameters = new Float64Array(start.length);
  for (const own of places) own.forEach((place, j) => (parameters[place] = end.parameters[j]! / root));
  return { parameters, loss: m * end.loss, time: end.time / m, steps: end.steps };
}

function* follow(bound: BoundModel, targets: Float64Array, start: Float64Array, stop: FlowStop): Generator<number, SmallStart> {
  const largest = start.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const flow = new GradientFlow(bound, targets, start, {
    stop: { ...stop, steps: MOST_STEPS },
    relativeTolerance: RELATIVE_TOLERANCE,
    absoluteTolerance: 1e-6 * largest,
    trajectoryBytes: 0,
  });
  while (flow.stopReason === null) {
    flow.advance(SLICE);
    yield SLICE;
  }
  const { parameters, loss, time, statistics } = flow.result();
  return { parameters, loss, time, steps: statistics.steps };
}

function neuronPlaces(model: ResolvedTwoLayer): { output: number; weights: number[] }[] {
  const offsets = twoLayerOffsets(model);
  return Array.from({ length: model.width }, (_, k) => {
    const weights = Array.from({ length: model.inputs }, (__, j) => offsets.inputWeights + k * model.inputs + j);
    if (model.hiddenBias) weights.push(offsets.hiddenBiases + k);
    return { output: offsets.outputWeights + k, weights };
  });
}

function norm(vector: Float64Array): number {
  return Math.sqrt(vector.reduce((total, value) => total + value * value, 0));
}
