import { requireFinite } from './finite';
import { createMatrix, transposeInto, type Matrix } from './matrix';
import { applyQTransposed, pivotedQr } from './pivotedQr';
import { svd } from './svd';

export interface LeastSquares {
  /** Minimises ‖a·x − b‖; of all minimisers the shortest. */
  solution: Float64Array;
  /** Numerical rank that was used. */
  rank: number;
  /** ‖a·x − b‖. */
  residualNorm: number;
}

/**
 * Least squares by pivoted QR; where the matrix is rank deficient or wide, the minimum-norm solution by its SVD.
 *
 * @param tolerance singular values (and pivots) below this fraction of the largest count as zero
 * @throws NumericalError when an entry of a is NaN or infinite
 */
export function leastSquares(a: Matrix, b: Float64Array, tolerance = 1e-13): LeastSquares {
  const { rows: m, columns: n } = a;
  if (b.length !== m) throw new RangeError(`A matrix with ${m} rows does not go with a right side of ${b.length} numbers.`);
  requireFinite(a, 'matrix');
  requireFinite({ rows: m, columns: 1, values: b }, 'right side');
  const solution = m >= n ? bySubstitution(a, b, tolerance) : null;
  if (solution) return { solution, rank: n, residualNorm: residualNorm(a, solution, b) };
  const { u, s, v } = svd(a);
  const x = new Float64Array(n);
  let rank = 0;
  for (; rank < s.length && s[rank]! > tolerance * s[0]!; rank++) {
    let dot = 0;
    for (let i = 0; i < m; i++) dot += u.values[i * u.columns + rank]! * b[i]!;
    dot /= s[rank]!;
    for (let j = 0; j < n; j++) x[j]! += dot * v.values[j * v.columns + rank]!;
  }
  return { solution: x, rank, residualNorm: residualNorm(a, x, b) };
}

/** Null when a pivot says that the rank is not full. */
function bySubstitution(a: Matrix, b: Float64Array, tolerance: number): Float64Array | null {
  const { rows: m, columns: n } = a;
  const columns = createMatrix(n, m).values;
  transposeInto(a.values, m, n, columns);
  const qr = pivotedQr(columns, m, n);
  if (qr.steps < n) return null;
  for (let k = 0; k < n; k++) if (!(Math.abs(columns[k * m + k]!) > tolerance * Math.abs(columns[0]!))) return null;
  const y = Float64Array.from(b);
  applyQTransposed(qr, y, 0);
  const x = new Float64Array(n);
  for (let k = n - 1; k >= 0; k--) {
    const value = y[k]! / columns[k * m + k]!;
    x[qr.permutation[k]!] = value;
    for (let i = 0; i < k; i++) y[i]! -= value * columns[k * m + i]!;
  }
  return x;
}

function residualNorm(a: Matrix, x: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.rows; i++) {
    let r = -b[i]!;
    for (let j = 0; j < a.columns; j++) r += a.values[i * a.columns + j]! * x[j]!;
    sum += r * r;
  }
  return Math.sqrt(sum);
}
