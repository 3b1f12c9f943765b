import type { DiagonalProblem, MatrixFactorizationProblem } from '../kernels/problem';

/**
 * f(i, j) = a_i·b_j, entry by entry: an entry meets the 2k parameters of its row and its column alone, and adds
 * (2/n)·[b bᵀ, b aᵀ + r·1; a bᵀ + r·1, a aᵀ] to them. `out` is P × P.
 */
export function entryHessian(
  { rows, columns, inner, rowOf, columnOf }: MatrixFactorizationProblem,
  point: Float64Array,
  residuals: Float64Array,
  out: Float64Array,
): void {
  const P = point.length;
  const scale = 2 / residuals.length;
  const b = rows * inner;
  out.fill(0);
  for (let s = 0; s < residuals.length; s++) {
    const i = rowOf[s] * inner;
    const j = b + columnOf[s];
    const r = scale * residuals[s];
    for (let k = 0; k < inner; k++) {
      const ak = scale * point[i + k];
      const bk = scale * point[j + k * columns];
      const rowA = (i + k) * P;
      const rowB = (j + k * columns) * P;
      for (let l = 0; l < inner; l++) {
        const al = point[i + l];
        const bl = point[j + l * columns];
        out[rowA + i + l] += bk * bl;
        out[rowB + j + l * columns] += ak * al;
        out[rowA + j + l * columns] += bk * al;
      }
      out[rowA + j + k * columns] += r;
    }
  }
  mirror(out, P);
}

/**
 * f(x) = Σ_j (Π_l a_j^[l]) x_j: with o the products of other factors and p those of all but two, factor l of input i and factor m of input j
 * have (2/n)·(o_i^[l] o_j^[m] (XXᵀ)_ij + [i = j, l ≠ m] (Xr)_i p_i^[lm]). `out` is P × P.
 */
export function diagonalHessian(
  { inputs: d, depth, features, count: n }: DiagonalProblem,
  point: Float64Array,
  residuals: Float64Array,
  out: Float64Array,
): void {
  const P = d * depth;
  const scale = 2 / n;
  const others = new Float64Array(P);
  for (let j = 0; j < d; j++) for (let l = 0; l < depth; l++) others[l * d + j] = productBut(point, d, depth, j, l, l);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      const inner = scale * dot(features, i * n, features, j * n, n);
      for (let l = 0; l < depth; l++) {
        for (let m = 0; m < depth; m++) {
          const value = inner * (others[l * d + i] * others[m * d + j]);
          out[(l * d + i) * P + m * d + j] = value;
          out[(m * d + j) * P + l * d + i] = value;
        }
      }
    }
    const weight = scale * dot(features, i * n, residuals, 0, n);
    for (let l = 0; l < depth; l++) {
      for (let m = 0; m < l; m++) {
        const value = weight * productBut(point, d, depth, i, l, m);
        out[(l * d + i) * P + m * d + i] += value;
        out[(m * d + i) * P + l * d + i] += value;
      }
    }
  }
}

/** Π a_j^[k] over all k but l and m. */
function productBut(point: Float64Array, d: number, depth: number, j: number, l: number, m: number): number {
  let product = 1;
  for (let k = 0; k < depth; k++) if (k !== l && k !== m) product *= point[k * d + j];
  return product;
}

function dot(a: Float64Array, aAt: number, b: Float64Array, bAt: number, n: number): number {
  let sum = 0;
  for (let s = 0; s < n; s++) sum += a[aAt + s] * b[bAt + s];
  return sum;
}

/** The lower triangle from the upper one. */
function mirror(out: Float64Array, P: number): void {
  for (let i = 0; i < P; i++) for (let j = 0; j < i; j++) out[i * P + j] = out[j * P + i];
}
