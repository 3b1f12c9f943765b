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
}
