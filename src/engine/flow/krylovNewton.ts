import type { Linearization } from '../models/linearization';
import { conjugateGradients, minimalResidual, type KrylovStop } from './krylov';
import type { SavedFields } from '../training/savedState';
import { weightedNorm, type NewtonMatrix, type SavedMatrix } from './stiffSystem';

/**
 * I + γH by Krylov methods on Hessian-vector products, for models too large for a dense Hessian: memory of a few vectors. Conjugate
 * gradients, and MINRES where a direction of negative curvature shows that the matrix is indefinite.
 */
export class KrylovNewton implements NewtonMatrix, SavedMatrix {
  /** A new linearisation point costs about one evaluation of the model. */
  readonly cheap = true;
  /** Hessian-vector products so far. */
  products = 0;
  private readonly solution: Float64Array;
  private gamma = 0;
  private largestStretch = 0;

  constructor(
    private readonly linearization: Linearization,
    private readonly maximumIterations: number,
  ) {
    this.solution = new Float64Array(linearization.parameterCount);
  }

  prepare(_time: number, state: Float64Array, gamma: number): boolean {
    this.gamma = gamma;
    return this.linearization.moveTo(state) < Infinity;
  }

  solve(vector: Float64Array, weights: Float64Array, tolerance: number): boolean {
    const { solution } = this;
    const stop: KrylovStop = {
      norm: (residual) => weightedNorm(residual, weights),
      tolerance,
      maximumIterations: this.maximumIterations,
    };
    const shifted = (x: Float64Array, out: Float64Array): void => {
      this.hessianProduct(x, out);
      for (let i = 0; i < x.length; i++) out[i] = x[i] + this.gamma * out[i];
    };
    let result = conjugateGradients(shifted, vector, solution, stop);
    if (result.indefinite) result = minimalResidual(shifted, vector, solution, stop);
    if (!result.converged) return false;
    vector.set(solution);
    return true;
  }

  /** The largest ‖Hx‖/‖x‖ that was met: a lower bound of ‖H‖, close to it after a few solutions. */
  curvatureBound(): number {
    return this.largestStretch;
  }

  /** Each step takes a point of its own. */
  save(): { products: number; largestStretch: number } {
    const { products, largestStretch } = this;
    return { products, largestStretch };
  }

  goOn(saved: SavedFields): void {
    this.products = saved.number('products', { least: 0, whole: true });
    this.largestStretch = saved.number('largestStretch', { least: 0 });
  }

  /** out = H·x at the linearisation point. */
  private hessianProduct(x: Float64Array, out: Float64Array): void {
    this.products++;
    this.linearization.product(x, out);
    let before = 0;
    let after = 0;
    for (let i = 0; i < x.length; i++) {
      before += x[i] * x[i];
      after += out[i] * out[i];
    }
    if (before > 0) this.largestStretch = Math.max(this.largestStretch, Math.sqrt(after / before));
  }
}
