import { luFactorize, luSolve } from '../linalg/lu';
import { choleskyFactorize, choleskySolve } from './cholesky';
import type { Linearization } from '../models/linearization';
import { StateError, type SavedFields } from '../training/savedState';
import type { NewtonMatrix, SavedMatrix } from './stiffSystem';

/**
 * I + γH for a gradient flow, whose Jacobian is −H: Cholesky where it is positive definite, which is nearly always, as steps
 * are short while a direction grows; LU with partial pivoting where it is not.
 */
export class SymmetricNewton implements NewtonMatrix, SavedMatrix {
  readonly cheap = false;
  /** An iteration of its own for least squares (`iterationGradient`). */
  readonly slope: NewtonMatrix['slope'];
  private readonly hessian: Float64Array;
  private readonly factors: Float64Array;
  private readonly pivots: Int32Array;
  private readonly dimension: number;
  private definite = true;
  /** Where the Hessian was taken. */
  private readonly point: Float64Array;

  constructor(
    private readonly linearization: Pick<Linearization, 'parameterCount' | 'moveTo' | 'hessian' | 'iterationGradient'>,
  ) {
    const dimension = linearization.parameterCount;
    this.dimension = dimension;
    this.slope = (state, increment, out) => {
      linearization.iterationGradient(state, increment, out);
      for (let i = 0; i < out.length; i++) out[i] = -out[i];
    };
    this.hessian = new Float64Array(dimension * dimension);
    this.factors = new Float64Array(dimension * dimension);
    this.pivots = new Int32Array(dimension);
    this.point = new Float64Array(dimension);
  }

  prepare(_time: number, state: Float64Array, gamma: number, refresh: boolean): boolean {
    if (refresh) {
      this.point.set(state);
      this.linearization.moveTo(state, true);
      this.linearization.hessian(this.hessian);
    }
    return this.factorize(gamma);
  }

  /** The Hessian depends on residuals that are settled no more: it is saved, its lower half. */
  save(): { point: Float64Array; hessian: Float64Array } {
    const { dimension: n } = this;
    const hessian = new Float64Array((n * (n + 1)) / 2);
    for (let i = 0, at = 0; i < n; at += ++i) hessian.set(this.hessian.subarray(i * n, i * n + i + 1), at);
    return { point: this.point.slice(), hessian };
  }

  goOn(saved: SavedFields, gamma: number): void {
    const { dimension: n } = this;
    const half = saved.vector('hessian', (n * (n + 1)) / 2);
    this.point.set(saved.vector('point', n));
    this.linearization.moveTo(this.point, true);
    for (let i = 0, at = 0; i < n; i++)
      for (let j = 0; j <= i; j++, at++) this.hessian[i * n + j] = this.hessian[j * n + i] = half[at];
    if (!this.factorize(gamma)) throw new StateError('its Hessian makes a singular matrix');
  }

  private factorize(gamma: number): boolean {
    const { dimension: n, factors } = this;
    this.shift(gamma);
    this.definite = choleskyFactorize(factors, n);
    if (this.definite) return true;
    this.shift(gamma);
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++) factors[i * n + j] = factors[j * n + i];
    }
    return luFactorize(factors, n, this.pivots);
  }

  solve(vector: Float64Array): boolean {
    if (this.definite) choleskySolve(this.factors, this.dimension, vector);
    else luSolve(this.factors, this.dimension, this.pivots, vector);
    return true;
  }

  /** Frobenius norm of the last Hessian: not below its largest eigenvalue. */
  curvatureBound(): number {
    const { dimension: n, hessian } = this;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) sum += 2 * hessian[i * n + j] * hessian[i * n + j];
      sum += hessian[i * n + i] * hessian[i * n + i];
    }
    return Math.sqrt(sum);
  }

  private shift(gamma: number): void {
    const { dimension: n, hessian, factors } = this;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) factors[i * n + j] = gamma * hessian[i * n + j];
      factors[i * n + i] += 1;
    }
  }
}
