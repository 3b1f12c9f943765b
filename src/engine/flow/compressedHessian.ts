import type { BoundModel } from '../models/model';
import { findHessianPattern, fillScattered, type HessianPattern } from './hessianPattern';
import type { HessianSource } from './hessianSource';

/** Largest part of a product by which a Hessian from the pattern may differ from the model's own product. */
const PATTERN_TOLERANCE = 1e-8;

/**
 * The Hessian H = (2/n)(JᵀJ + Σ_i r_i ∇²f(x_i; θ)) of the mean squared error, dense, as often as an integrator asks. Σ r ∇²f comes from
 * as few Hessian-vector products as its sparsity allows; every time one more product with a generic direction checks that, and
 * after a first disagreement (a model that branches) all columns are taken one by one.
 */
export class CompressedHessian implements HessianSource {
  /** Hessian-vector products asked of the model so far. */
  products = 0;
  /** Hessians taken so far. */
  count = 0;
  private pattern: HessianPattern | null;
  private readonly jacobian: Float64Array;
  private readonly residuals: Float64Array;
  private readonly direction: Float64Array;
  private readonly product: Float64Array;
  private readonly checkDirection: Float64Array;

  constructor(
    private readonly bound: BoundModel,
    private readonly targets: Float64Array,
    /** Of the model; found at the inputs of `bound` where it is not given. */
    pattern?: HessianPattern,
  ) {
    const { parameterCount: P, sampleCount: n } = bound;
    this.jacobian = new Float64Array(n * P);
    this.residuals = new Float64Array(n);
    this.direction = new Float64Array(P);
    this.product = new Float64Array(P);
    this.checkDirection = new Float64Array(P);
    fillScattered(this.checkDirection, 11);
    this.pattern = pattern ?? findHessianPattern(bound);
    if (pattern === undefined) this.products = this.pattern.products;
  }

  /** Products that one Hessian takes now. */
  get productsPerHessian(): number {
    return this.pattern === null ? this.bound.parameterCount : this.pattern.colors.length + 1;
  }

  /** Fills all of the P × P row-major `out`. */
  fill(parameters: Float64Array, out: Float64Array): void {
    const { bound, targets, residuals, jacobian } = this;
    const { sampleCount: n, parameterCount: P } = bound;
    this.count++;
    bound.evaluate(parameters, residuals);
    for (let i = 0; i < n; i++) residuals[i] -= targets[i];
    out.fill(0);
    if (this.pattern === null || !this.fillFromPattern(this.pattern, parameters, out)) {
      this.pattern = null;
      this.fillColumns(parameters, out);
    }
    bound.jacobian(parameters, jacobian);
    addGram(jacobian, n, P, out);
    const scale = 2 / n;
    for (let i = 0; i < P; i++) {
      for (let j = 0; j <= i; j++) {
        const value = scale * out[i * P + j];
        out[i * P + j] = value;
        out[j * P + i] = value;
      }
    }
  }

  private fillFromPattern(pattern: HessianPattern, parameters: Float64Array, out: Float64Array): boolean {
    const { bound, residuals, direction, product, checkDirection } = this;
    const P = bound.parameterCount;
    for (const columns of pattern.colors) {
      direction.fill(0);
      for (const column of columns) direction[column] = 1;
      bound.weightedHessianProduct(parameters, residuals, direction, product);
      for (const column of columns) for (const row of pattern.rows[column]) out[row * P + column] = product[row];
    }
    bound.weightedHessianProduct(parameters, residuals, checkDirection, product);
    this.products += pattern.colors.length + 1;
    let difference = 0;
    let size = 0;
    direction.fill(0);
    for (let column = 0; column < P; column++) {
      for (const row of pattern.rows[column]) {
        const term = out[row * P + column] * checkDirection[column];
        direction[row] += term;
        size = Math.max(size, Math.abs(term));
      }
    }
    for (let i = 0; i < P; i++) {
      difference = Math.max(difference, Math.abs(direction[i] - product[i]));
      size = Math.max(size, Math.abs(product[i]));
    }
    return difference <= PATTERN_TOLERANCE * size;
  }

  private fillColumns(parameters: Float64Array, out: Float64Array): void {
    const { bound, residuals, direction, product } = this;
    const P = bound.parameterCount;
    direction.fill(0);
    for (let column = 0; column < P; column++) {
      direction[column] = 1;
      bound.weightedHessianProduct(parameters, residuals, direction, product);
      direction[column] = 0;
      for (let row = 0; row < P; row++) out[row * P + column] = product[row];
    }
    this.products += P;
  }
}

/** out += AᵀA, lower triangle only; A is `rows` × `columns`, four rows at a time. */
export function addGram(a: Float64Array, rows: number, columns: number, out: Float64Array): void {
  let s = 0;
  for (; s + 4 <= rows; s += 4) {
    const r0 = s * columns;
    const r1 = r0 + columns;
    const r2 = r1 + columns;
    const r3 = r2 + columns;
    for (let i = 0; i < columns; i++) {
      const a0 = a[r0 + i];
      const a1 = a[r1 + i];
      const a2 = a[r2 + i];
      const a3 = a[r3 + i];
      const row = i * columns;
      for (let j = 0; j <= i; j++) out[row + j] += a0 * a[r0 + j] + a1 * a[r1 + j] + (a2 * a[r2 + j] + a3 * a[r3 + j]);
    }
  }
  for (; s < rows; s++) {
    const at = s * columns;
    for (let i = 0; i < columns; i++) {
      const factor = a[at + i];
      const row = i * columns;
      for (let j = 0; j <= i; j++) out[row + j] += factor * a[at + j];
    }
  }
}
