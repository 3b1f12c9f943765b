import { exponentOf, powerOfTwo } from '../numbers/floats';

/** Powers of two that bring the largest entry into [1, 2) and back: exact, and squares then neither overflow nor underflow. */
export class PowerOfTwoScaling {
  private readonly exponent: number;

  /** @param largest the largest magnitude */
  constructor(largest: number) {
    this.exponent = largest === 0 ? 0 : exponentOf(largest);
  }

  /** Entries below the smallest number times this scale are lost, but they are also 2^-1000 of the largest. */
  down(values: Float64Array): void {
    const half = this.exponent >> 1;
    const first = powerOfTwo(-half);
    const second = powerOfTwo(half - this.exponent);
    for (let i = 0; i < values.length; i++) values[i] = values[i]! * first * second;
  }

  up(values: Float64Array): void {
    const factor = powerOfTwo(this.exponent);
    for (let i = 0; i < values.length; i++) values[i]! *= factor;
  }
}
