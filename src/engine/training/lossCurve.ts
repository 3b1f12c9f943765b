/** Ratio of neighbouring step numbers: about 40 points a decade. */
const RATIO = 1.0593;

/** Points of a loss curve; `times` where the training has them. */
export interface CurvePoints {
  steps: number[];
  losses: number[];
  times?: number[];
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
  private points: CurvePoints = { steps: [], losses: [] };
  private lastStep = -1;

  /** The next step that will be kept. */
  get next(): number {
    return this.nextStep;
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
    const { points } = this;
    this.points = { steps: [], losses: [] };
    return points;
  }
}
