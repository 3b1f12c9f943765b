import type { LearningRateConfig } from '../../experiment/schema';

/** Learning rates of the steps 0, 1, 2, … in order: constant, or initial · factor^⌊step / every⌋ not below the minimum. */
export class LearningRate {
  private rate: number;
  private stepsUntilDecay: number;

  constructor(private readonly config: LearningRateConfig) {
    this.rate = typeof config === 'number' ? config : config.initial;
    this.stepsUntilDecay = typeof config === 'number' ? Infinity : config.every;
  }

  next(): number {
    return typeof this.config === 'number' ? this.config : this.take(1).rate;
  }

  /** Passes over so many steps. */
  skip(steps: number): void {
    for (let left = steps; left > 0;) left -= this.take(left).steps;
  }

  /** The next steps of one and the same rate, at most `limit` of them. */
  take(limit: number): { steps: number; rate: number } {
    const { config } = this;
    if (typeof config === 'number') return { steps: limit, rate: config };
    if (this.stepsUntilDecay === 0) {
      this.rate *= config.factor;
      this.stepsUntilDecay = config.every;
    }
    const steps = Math.min(limit, this.stepsUntilDecay);
    this.stepsUntilDecay -= steps;
    return { steps, rate: Math.max(this.rate, config.minimum ?? 0) };
  }
}
