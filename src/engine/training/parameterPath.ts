import { StateError, type SavedFields } from './savedState';

/** Ratio of neighbouring step numbers: about twelve points a decade. */
const RATIO = 1.2115;

/** Of a larger model so many parameters are followed, evenly spread. */
export const MOST_FOLLOWED = 1024;

/** No training has more. */
const MOST_POINTS = 1000;

/** A path as it is saved. */
export interface SavedPath {
  steps: Float64Array;
  times?: Float64Array;
  /** Point by point. */
  values: Float64Array;
}

/** Places of the parameters that are followed, ascending. */
export function followedPlaces(parameterCount: number): number[] {
  const count = Math.min(parameterCount, MOST_FOLLOWED);
  return Array.from({ length: count }, (_, i) => Math.floor((i * parameterCount) / count));
}

/**
 * Parameters of one training at steps that lie a ratio apart: at which depends on the step numbers alone, so that a path is the same however
 * fast the machine is and wherever a training was interrupted.
 */
export class ParameterPath {
  readonly places: readonly number[];
  readonly steps: number[] = [];
  /** Flow times, of gradient flows alone. */
  readonly times: number[] = [];
  /** Of each step the parameters at `places`. */
  readonly points: Float64Array[] = [];

  constructor(private readonly parameterCount: number) {
    this.places = followedPlaces(parameterCount);
  }

  /** The next step before which it looks. */
  get next(): number {
    const last = this.steps.at(-1);
    return last === undefined ? 0 : Math.max(last + 1, Math.ceil(last * RATIO));
  }

  /** Looks at the parameters before a step; again at the last one does nothing. */
  look(step: number, parameters: Float64Array, time?: number): void {
    if (step === this.steps.at(-1)) return;
    this.steps.push(step);
    if (time !== undefined) this.times.push(time);
    this.points.push(this.places.length === parameters.length ? parameters.slice() : this.pick(parameters));
  }

  save(): SavedPath {
    const { steps, times, points, places } = this;
    const values = new Float64Array(points.length * places.length);
    points.forEach((point, i) => values.set(point, i * places.length));
    return {
      steps: Float64Array.from(steps),
      ...(times.length > 0 ? { times: Float64Array.from(times) } : {}),
      values,
    };
  }

  /** @throws StateError when it is no path of such a model */
  static goOn(saved: SavedFields, parameterCount: number): ParameterPath {
    const path = new ParameterPath(parameterCount);
    const width = path.places.length;
    const count = saved.length('steps', MOST_POINTS);
    const steps = saved.vector('steps', count);
    const times = saved.any('times') === undefined ? undefined : saved.vector('times', count);
    const values = saved.vector('values', count * width);
    for (let i = 0; i < count; i++) {
      // The last step of a training is where it happened to end.
      const early = i === count - 1 && steps[i] > (steps[i - 1] ?? Infinity) && Number.isSafeInteger(steps[i]);
      if (steps[i] !== path.next && !(early && steps[i] < path.next)) throw new StateError('its path has other steps');
      path.steps.push(steps[i]);
      if (times) path.times.push(times[i]);
      path.points.push(values.slice(i * width, (i + 1) * width));
    }
    return path;
  }

  private pick(parameters: Float64Array): Float64Array {
    if (parameters.length !== this.parameterCount) throw new Error('the path is of another model');
    return Float64Array.from(this.places, (place) => parameters[place]);
  }
}
