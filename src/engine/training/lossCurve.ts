/** Ratio of neighbouring step numbers: about 40 points a decade. */
const RATIO = 1.0593;

/**
 * A loss curve thinned in the logarithm of the step number. Which steps are kept depends on the step numbers alone, so
 * a curve is the same however fast the machine is.
 */
export class LossCurve {
  private nextStep = 0;
  private steps: number[] = [];
  private losses: number[] = [];
  private lastStep = -1;

  /** The next step that will be kept. */
  get next(): number {
    return this.nextStep;
  }

  add(step: number, loss: number): void {
    if (step === this.lastStep) return;
    this.steps.push(step);
    this.losses.push(loss);
    this.lastStep = step;
    this.nextStep = Math.max(step + 1, Math.ceil(step * RATIO));
  }

  /** The points since the last call. */
  take(): { steps: number[]; losses: number[] } {
    const points = { steps: this.steps, losses: this.losses };
    this.steps = [];
    this.losses = [];
    return points;
  }
}
