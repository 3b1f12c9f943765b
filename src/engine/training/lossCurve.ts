/** Ratio of neighbouring step numbers: about 40 points a decade. */
const RATIO = 1.0593;

/** Points of a loss curve; `times` where the training has them. */
export interface CurvePoints {
  steps: number[];
  losses: number[];
  times?: number[];
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
    this.nextStep = Math.max(step + 1, Math.ceil(step * RATIO));
  }

  /** The points since the last call. */
  take(): CurvePoints {
    const { points } = this;
    this.points = { steps: [], losses: [] };
    return points;
  }
}
