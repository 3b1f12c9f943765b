import type { ResolvedRecoveryExperiment, ResolvedTwoLayer } from '../../../experiment/resolved';
import type { ParameterBlock } from '../../models/model';
import { targetNetwork } from '../../theory/twoLayer/embeddings';
import type { ParameterPath } from '../../training/parameterPath';
import type { TrainedCell } from '../trainCell';
import type { Workbench } from '../workbench';
import { neuronsAt, placesOf, strongestDirection, type NeuronPlaces } from './neuronPlaces';
import { MOST_LINES } from './tracePlan';

/** What a run tells of the parameters of one training; plain data. */
export interface Trace {
  steps: number[];
  /** Flow times, of gradient flows alone. */
  times?: number[];
  /** In their order in the parameter vector, with a value at each step. */
  parameters: { name: string; values: number[] }[];
  neurons?: Condensing;
}

/** Neurons of a two-layer network where training began and ended, and those of the target. */
export interface Condensing {
  start: NeuronPlaces;
  solution: NeuronPlaces;
  target: NeuronPlaces | null;
}

/** Undefined where the training was not followed. */
export function traceOf(
  bench: Workbench,
  experiment: ResolvedRecoveryExperiment,
  { path, parameters, start }: Pick<TrainedCell, 'path' | 'parameters' | 'start'>,
): Trace | undefined {
  if (!path) return undefined;
  const { model } = experiment;
  const { steps, times, points, places } = path;
  const neurons = model.kind === 'twoLayer' && parameters && start ? condensing(model, experiment, start, parameters) : null;
  return {
    steps: [...steps],
    ...(times.length > 0 ? { times: [...times] } : {}),
    parameters: movingMost(path).map((at) => ({
      name: parameterName(bench.model.layout, places[at]),
      values: points.map((point) => point[at]),
    })),
    ...(neurons ? { neurons } : {}),
  };
}

/** Indices of the followed parameters with the largest range over the path, ascending. */
export function movingMost({ points, places }: Pick<ParameterPath, 'points' | 'places'>): number[] {
  const all = places.map((_, at) => at);
  if (all.length <= MOST_LINES) return all;
  const range = (at: number) => {
    let [low, high] = [Infinity, -Infinity];
    for (const point of points) {
      low = Math.min(low, point[at]);
      high = Math.max(high, point[at]);
    }
    return high > low ? high - low : 0;
  };
  const ranges = all.map(range);
  return all
    .sort((one, other) => ranges[other] - ranges[one] || one - other)
    .slice(0, MOST_LINES)
    .sort((one, other) => one - other);
}

/** As formulas write them. */
const SHORT: Readonly<Record<string, string>> = { outputWeights: 'a', inputWeights: 'w', hiddenBiases: 'b', outputBias: 'c' };

/** `A[1,2]`: indices from 1. */
export function parameterName(layout: readonly ParameterBlock[], place: number): string {
  for (const { name, offset, shape } of layout) {
    let rest = place - offset;
    if (rest < 0 || rest >= shape.reduce((product, size) => product * size, 1)) continue;
    const indices: number[] = [];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      indices.unshift((rest % shape[axis]) + 1);
      rest = Math.floor(rest / shape[axis]);
    }
    const short = SHORT[name] ?? name;
    return indices.length === 0 ? short : `${short}[${indices.join(',')}]`;
  }
  return `θ[${place + 1}]`;
}

function condensing(
  model: ResolvedTwoLayer,
  { target }: ResolvedRecoveryExperiment,
  start: Float64Array,
  solution: Float64Array,
): Condensing | null {
  const [begun, ended] = [start, solution].map((parameters) => neuronsAt(model, parameters));
  if (!begun || !ended) return null;
  const known = targetNetwork(model, target)?.neurons ?? null;
  const direction = strongestDirection(model, known ?? []) ?? strongestDirection(model, ended);
  return {
    start: placesOf(model, begun, direction),
    solution: placesOf(model, ended, direction),
    target: known && placesOf(model, known, direction),
  };
}
