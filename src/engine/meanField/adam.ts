import { decayPower, type Moments } from '../training/optimizer';
import type { SavedFields } from '../training/savedState';

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** Adam (Kingma and Ba, arXiv 1412.6980) with its usual constants. */
export class Adam {
  private readonly first: Float64Array;
  private readonly second: Float64Array;
  private power1 = 1;
  private power2 = 1;

  constructor(parameterCount: number) {
    this.first = new Float64Array(parameterCount);
    this.second = new Float64Array(parameterCount);
  }

  step(parameters: Float64Array, gradient: Float64Array, rate: number): void {
    const { first, second } = this;
    this.power1 *= BETA1;
    this.power2 *= BETA2;
    const scale1 = rate / (1 - this.power1);
    const scale2 = 1 / (1 - this.power2);
    for (let i = 0; i < parameters.length; i++) {
      const g = gradient[i];
      const m = BETA1 * first[i] + (1 - BETA1) * g;
      const v = BETA2 * second[i] + (1 - BETA2) * g * g;
      first[i] = m;
      second[i] = v;
      parameters[i] -= (scale1 * m) / (Math.sqrt(v * scale2) + EPSILON);
    }
  }

  reset(): void {
    this.first.fill(0);
    this.second.fill(0);
    this.power1 = 1;
    this.power2 = 1;
  }

  save(): Moments {
    return { first: this.first.slice(), second: this.second.slice() };
  }

  /**
   * Goes on from moments after so many steps since the last reset.
   *
   * @throws StateError when there are none of this length
   */
  goOn(saved: SavedFields, steps: number): void {
    const { length } = this.first;
    const [first, second] = [saved.vector('first', length), saved.vector('second', length)];
    this.first.set(first);
    this.second.set(second);
    this.power1 = decayPower(BETA1, steps);
    this.power2 = decayPower(BETA2, steps);
  }
}
