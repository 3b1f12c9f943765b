import { StateError, type SavedFields } from './savedState';

/** Ratio of neighbouring step numbers: about 40 points a decade. */
const RATIO = 1.0593;

/** Points of a loss curve; `times` where the training has them. */
export interface CurvePoints {
  steps: number[];
  losses: number[];
  times?: number[];
}

/** A curve as it is saved. */
export interface SavedCurve {
  losses: Float64Array;
  times?: Float64Array;
}

/** The step to keep after this one. */
function stepAfter(step: number): number {
  return Math.max(step + 1, Math.ceil(step * RATIO));
}

/** The steps before `limit` at which a curve keeps the loss, ascending. */
export function keptSteps(limit: number): number[] {
  const steps: number[] = [];
  for (let step = 0; step < limit; step = stepAfter(step)) steps.push(step);
  return steps;
}

/**
 * A loss curve thinned in the logarithm of the step number. Which steps are kept depends on the step numbers alone, so
 * a curve is the same however fast the machine is.
 */
export class LossCurve {
  private nextStep = 0;
  /** All of them, which are few. */
  private readonly points: CurvePoints = { steps: [], losses: [] };
  private taken = 0;
  private lastStep = -1;

  /** The next step that will be kept. */
  get next(): number {
    return this.nextStep;
  }

  /** All points so far; not to be changed. */
  get all(): CurvePoints {
    return this.points;
  }

  /** `time` is given with every point, or with none. */
  add(step: number, loss: number, time?: number): void {
    if (step === this.lastStep) return;
    this.points.steps.push(step);
    this.points.losses.push(loss);
    if (time !== undefined) (this.points.times ??= []).push(time);
    this.lastStep = step;
    this.nextStep = stepAfter(step);
  }

  /** The points since the last call. */
  take(): CurvePoints {
    const { steps, losses, times } = this.points;
    const from = this.taken;
    this.taken = steps.length;
    return { steps: steps.slice(from), losses: losses.slice(from), ...(times ? { times: times.slice(from) } : {}) };
  }

  /**
   * Losses and times of a training that has taken so many steps; at which they are is known. The loss after the last of them may have
   * been seen already: it is left out, since who goes on looks at it again.
   */
  save(step: number): SavedCurve {
    const { steps, losses, times } = this.points;
    const seen = steps.at(-1) === step ? -1 : steps.length;
    return {
      losses: Float64Array.from(losses.slice(0, seen)),
      ...(times ? { times: Float64Array.from(times.slice(0, seen)) } : {}),
    };
  }

  /**
   * Goes on from the curve of a training that had taken so many steps, whose points are taken again.
   *
   * @throws StateError when it is none
   */
  goOn(saved: SavedFields, step: number, timed: boolean): void {
    if (this.points.steps.length > 0) throw new Error('the curve has begun');
    const steps = keptSteps(step);
    const losses = saved.vector('losses', steps.length);
    const times = timed ? saved.vector('times', steps.length) : undefined;
    if (!times && saved.any('times') !== undefined) throw new StateError('its curve has times');
    steps.forEach((each, i) => this.add(each, losses[i], times?.[i]));
  }
}
