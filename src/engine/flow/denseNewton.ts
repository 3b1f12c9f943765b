import { luFactorize, luSolve } from '../linalg/lu';
import type { NewtonMatrix } from './stiffSystem';

/** out[i·n + j] = ∂f_i/∂y_j at (time, state). */
export type Jacobian = (time: number, state: Float64Array, out: Float64Array) => void;

/** I − γJ for a dense Jacobian of any shape, by LU with partial pivoting. */
export class DenseNewton implements NewtonMatrix {
  readonly cheap = false;
  private readonly current: Float64Array;
  private readonly factors: Float64Array;
  private readonly pivots: Int32Array;

  constructor(
    private readonly dimension: number,
    private readonly jacobian: Jacobian,
  ) {
    this.current = new Float64Array(dimension * dimension);
    this.factors = new Float64Array(dimension * dimension);
    this.pivots = new Int32Array(dimension);
  }

  prepare(time: number, state: Float64Array, gamma: number, refresh: boolean): boolean {
    const { dimension: n, current, factors } = this;
    if (refresh) this.jacobian(time, state, current);
    for (let k = 0; k < factors.length; k++) factors[k] = -gamma * current[k];
    for (let i = 0; i < n; i++) factors[i * n + i] += 1;
    return luFactorize(factors, n, this.pivots);
  }

  solve(vector: Float64Array): boolean {
    luSolve(this.factors, this.dimension, this.pivots, vector);
    return true;
  }
}
