/**
 * Coefficients of the backward differentiation formulas in fixed-leading-coefficient form on a Nordsieck array. A step of
 * order q from the prediction p(x) to the corrected polynomial adds e·Λ(x), x = (t − t_n)/h, where
 *
 *   Λ(x) = (1 + x/ξ*_q) · Π_{i=1}^{q−1} (1 + x/ξ_i),   ξ_i = (t_n − t_{n−i})/h,   1/ξ*_q = Σ_{i=1}^{q} 1/i − Σ_{i=1}^{q−1} 1/ξ_i
 *
 * (Jackson and Sacks-Davis, "An alternative implementation of variable step-size multistep formulas for stiff ODEs", ACM TOMS
 * 6, 1980; Brown, Byrne and Hindmarsh, "VODE", SIAM J. Sci. Stat. Comput. 10, 1989).
 */
export interface BdfCoefficients {
  /** Coefficients of Λ: constant term first, q + 1 numbers; γ = h / l[1]. */
  readonly l: Float64Array;
  /** Local error at order q is this times ‖e‖. */
  error: number;
  /** Local error at order q − 1, in terms of ‖z_q‖. */
  errorBelow: number;
  /** Local error at order q + 1, in terms of ‖e − quotient · e_previous‖. */
  errorAbove: number;
  /** Constant of the (q + 1)-st derivative's estimate; two of them make the quotient above. */
  derivative: number;
}

export const MAXIMUM_ORDER = 5;

export function createCoefficients(): BdfCoefficients {
  return { l: new Float64Array(MAXIMUM_ORDER + 2), error: 0, errorBelow: 0, errorAbove: 0, derivative: 0 };
}

/** Fills `out` for a step of size `h` at order `q`; steps[i] is the i-th last step size, from 1. */
export function setCoefficients(out: BdfCoefficients, q: number, h: number, steps: Float64Array): void {
  const { l } = out;
  l.fill(0);
  l[0] = 1;
  l[1] = 1;
  let inverseXi = 1;
  let inverseXiStar = 1;
  let alpha = -1;
  let alphaHat = -1;
  let sum = h;
  if (q > 1) {
    for (let j = 2; j < q; j++) {
      sum += steps[j - 1];
      inverseXi = h / sum;
      alpha -= 1 / j;
      for (let i = j; i >= 1; i--) l[i] += l[i - 1] * inverseXi;
    }
    alpha -= 1 / q;
    inverseXiStar = -l[1] - alpha;
    sum += steps[q - 1];
    inverseXi = h / sum;
    alphaHat = -l[1] - inverseXi;
    for (let i = q; i >= 1; i--) l[i] += l[i - 1] * inverseXiStar;
  }

  const a1 = 1 - alphaHat + alpha;
  const a2 = 1 + q * a1;
  out.error = Math.abs(a1 / (alpha * a2));
  out.derivative = Math.abs((a2 * inverseXiStar) / (l[q] * inverseXi));
  if (q > 1) {
    const a3 = alpha + 1 / q;
    const a4 = alphaHat + inverseXi;
    out.errorBelow = Math.abs(((inverseXiStar / l[q]) * (1 - a4 + a3)) / a3);
  } else {
    out.errorBelow = 1;
  }
  sum += steps[q];
  inverseXi = h / sum;
  const a5 = alpha - 1 / (q + 1);
  const a6 = alphaHat - inverseXi;
  out.errorAbove = Math.abs((1 - a6 + a5) / a2 / (inverseXi * (q + 2) * a5));
}

/** Turns a Nordsieck array of order q, scaled to `h`, into one of order q + 1; `correction` is the last step's e. */
export function raiseOrder(z: Float64Array[], q: number, h: number, steps: Float64Array, correction: Float64Array): void {
  const l = new Float64Array(MAXIMUM_ORDER + 2);
  l[2] = 1;
  let alpha1 = 1;
  let product = 1;
  let previousXi = 1;
  let alpha0 = -1;
  let sum = h;
  for (let j = 1; j < q; j++) {
    sum += steps[j + 1];
    const xi = sum / h;
    product *= xi;
    alpha0 -= 1 / (j + 1);
    alpha1 += 1 / xi;
    for (let i = j + 2; i >= 2; i--) l[i] = l[i] * previousXi + l[i - 1];
    previousXi = xi;
  }
  const scale = (-alpha0 - alpha1) / product;
  const top = z[q + 1];
  for (let i = 0; i < top.length; i++) top[i] = scale * correction[i];
  for (let j = 2; j <= q; j++) {
    const row = z[j];
    for (let i = 0; i < row.length; i++) row[i] += l[j] * top[i];
  }
}

/** Turns a Nordsieck array of order q ≥ 2, scaled to `h`, into one of order q − 1. */
export function lowerOrder(z: Float64Array[], q: number, h: number, steps: Float64Array): void {
  const l = new Float64Array(MAXIMUM_ORDER + 2);
  l[2] = 1;
  let sum = 0;
  for (let j = 1; j <= q - 2; j++) {
    sum += steps[j];
    const xi = sum / h;
    for (let i = j + 2; i >= 2; i--) l[i] = l[i] * xi + l[i - 1];
  }
  const top = z[q];
  for (let j = 2; j < q; j++) {
    const row = z[j];
    for (let i = 0; i < row.length; i++) row[i] -= l[j] * top[i];
  }
}
