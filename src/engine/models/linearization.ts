import type { SavedFields } from '../training/savedState';

/** A change of an argument of neurons beyond which `settle` takes a new point. */
export const LARGEST_REACH = 0.3;

/** The point that changes are added up from, where there is one, and the residuals of the point settled last. */
export interface SavedEvaluations {
  anchor?: Float64Array;
  settled: Float64Array;
}

/**
 * The mean squared error R(θ) = (1/n)Σ_i (f(x_i; θ) − y_i)² around a point, with residuals r_i = f(x_i; θ) − y_i and Hessian
 * H = (2/n)(JᵀJ + Σ_i r_i ∇²f_i). What depends on the point alone is computed once, in `moveTo`, to the accuracy of the tangent matrix;
 * all else asks about the last point. Not re-entrant: it reuses its workspace.
 */
export interface Linearization {
  readonly parameterCount: number;
  /** R at any point, with `gradient` = ∇R there, in the fast arithmetic of training; does not move. */
  lossAndGradient(parameters: Float64Array, gradient: Float64Array): number;
  /** R at any point, likewise. */
  loss(parameters: Float64Array): number;
  /**
   * `gradient` as an iteration at `parameters` should see it that came there by `increment` from where it was evaluated last, and whose
   * linear systems hold for the point taken last, with Jacobian J₀. Residuals that the linear model expects, r̂ = r_last + J₀·increment,
   * enter by the Jacobian J here, what differs from them by J₀:
   *
   *   (2/n)(Jᵀr̂ + J₀ᵀ(r − r̂)),  which is ∇R where the iteration ends.
   *
   * It is Newton's method on θ + Jᵀp = θ*, p = (2γ/n)r with the duals p as unknowns of their own: in narrow valleys ∇R itself answers an
   * error of second order across the valley with γ(J − J₀)ᵀ(r − r̂) along it, and the iteration diverges.
   */
  iterationGradient(parameters: Float64Array, increment: Float64Array, gradient: Float64Array): void;
  /**
   * Says that `parameters`, evaluated last, are here to stay. From then on the evaluations above may add up what has changed since that point,
   * which leaves rounding errors in proportion to the distance: near a minimum they would drown what residuals of 1e-10 say.
   */
  settle?(parameters: Float64Array): void;
  /** What evaluations and `moveTo` depend on besides their arguments, as plain data; absent where that is nothing. */
  save?(): SavedEvaluations;
  /**
   * Goes on from what was saved when `settled` had been settled last. The point is not among it.
   *
   * @throws StateError when it is none of this problem
   */
  goOn?(saved: SavedFields, settled: Float64Array): void;
  /**
   * Takes a point, which is copied; R there. With `settled`, products and Hessian weigh ∇²f_i with the residuals of the point settled last:
   * where a step of an integrator is predicted, the point's own are those of a place beside the valley, and may be a hundred times as large.
   * Families that have no `settle` leave that aside.
   */
  moveTo(parameters: Float64Array, settled?: boolean): number;
  /** out = ∇R. */
  gradient(out: Float64Array): void;
  /** out[i] = r_i. */
  residuals(out: Float64Array): void;
  /** out = H·direction, or without `curved` the Gauss–Newton matrix (2/n)JᵀJ times it; `out` may not be `direction`. */
  product(direction: Float64Array, out: Float64Array, curved?: boolean): void;
  /** out = H, P × P, exactly symmetric. */
  hessian(out: Float64Array): void;
  /** The same with pauses, during which nobody may move the point; absent where it takes one short piece. */
  hessianInSteps?(out: Float64Array): Generator<void, void>;
}
