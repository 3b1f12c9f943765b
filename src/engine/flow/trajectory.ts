/**
 * A solution between its start and `end`: the method's own interpolating polynomial in every step, so that any time between can
 * be read to about the integration tolerance.
 */
export class Trajectory {
  /** False when the memory limit was met before the integration ended: `end` is then the last time that was kept. */
  complete = true;
  private readonly ends: number[] = [];
  private readonly sizes: number[] = [];
  /** Nordsieck rows of a step, one after the other. */
  private readonly polynomials: Float64Array[] = [];
  private bytes = 0;

  constructor(
    readonly start: number,
    private readonly initial: Float64Array,
    /** Memory that polynomials may take. */
    private readonly maximumBytes: number,
  ) {}

  get end(): number {
    return this.ends.length === 0 ? this.start : this.ends[this.ends.length - 1];
  }

  /** Number of steps that are kept. */
  get length(): number {
    return this.ends.length;
  }

  /** End of step `index`, from 0. */
  timeAt(index: number): number {
    return this.ends[index];
  }

  /** Keeps a step that ended at `time` with the rows z_j = h^j y^(j) / j!. */
  add(time: number, stepSize: number, rows: readonly Float64Array[]): void {
    const n = this.initial.length;
    const bytes = 8 * n * rows.length;
    if (!this.complete || this.bytes + bytes > this.maximumBytes) {
      this.complete = false;
      return;
    }
    const polynomial = new Float64Array(n * rows.length);
    rows.forEach((row, j) => polynomial.set(row, j * n));
    this.ends.push(time);
    this.sizes.push(stepSize);
    this.polynomials.push(polynomial);
    this.bytes += bytes;
  }

  /** out = θ(time), for start ≤ time ≤ end; RangeError outside. */
  at(time: number, out: Float64Array): void {
    if (!(time >= this.start && time <= this.end)) {
      throw new RangeError(`The trajectory is known from ${this.start} to ${this.end}, not at ${time}.`);
    }
    if (time === this.start) {
      out.set(this.initial);
      return;
    }
    let low = 0;
    let high = this.ends.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.ends[middle] < time) low = middle + 1;
      else high = middle;
    }
    const n = this.initial.length;
    const polynomial = this.polynomials[low];
    const x = (time - this.ends[low]) / this.sizes[low];
    let at = polynomial.length - n;
    for (let i = 0; i < n; i++) out[i] = polynomial[at + i];
    while (at > 0) {
      at -= n;
      for (let i = 0; i < n; i++) out[i] = out[i] * x + polynomial[at + i];
    }
  }
}
