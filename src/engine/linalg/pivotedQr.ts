import { requireFinite } from './finite';
import { OUT_OF_MEMORY, withLinalg } from './module';
import { PowerOfTwoScaling } from './scaling';

/**
 * A·P = Q·R of an m × n matrix by Householder reflections, with the largest remaining column first
 * (Businger and Golub, Numer. Math. 7, 1965).
 */
export interface PivotedQr {
  readonly m: number;
  readonly n: number;
  /** Column j of the matrix at j·m: R on and above the diagonal, reflectors (first entry 1 left out) below it. */
  readonly columns: Float64Array;
  /** Reflection k is I − tau[k]·v·vᵀ; there are min(m, n), fewer where the remaining matrix is zero. */
  readonly tau: Float64Array;
  /** Column j of R belongs to column permutation[j] of A. */
  readonly permutation: Int32Array;
  /** Number of steps until the remaining matrix was exactly zero. */
  readonly steps: number;
}

/**
 * @param columns the matrix column by column (column j at j·m); overwritten
 * @throws NumericalError when an entry is NaN or infinite
 */
export function pivotedQr(columns: Float64Array, m: number, n: number): PivotedQr {
  const scaling = new PowerOfTwoScaling(requireFinite({ rows: n, columns: m, values: columns }, 'transposed matrix'));
  scaling.down(columns);
  return withLinalg((memory) => {
    const place = memory.put(columns);
    const count = Math.min(m, n);
    const tauAt = memory.take(count);
    const permutationAt = memory.take(n);
    const steps = memory.exports.pivotedQr(m, n, place, m, tauAt, permutationAt);
    if (steps < 0) throw new RangeError(OUT_OF_MEMORY);
    columns.set(memory.numbers(place, m * n));
    // Reflectors have no scale; R has that of the matrix.
    for (let j = 0; j < n; j++) scaling.up(columns.subarray(j * m, j * m + Math.min(j + 1, m)));
    const permutation = new Int32Array(memory.exports.memory.buffer, permutationAt, n).slice();
    return { m, n, columns, tau: memory.numbers(tauAt, count).slice(), permutation, steps };
  });
}

/** x ← Qᵀ·x for a vector of m numbers at `offset`. */
export function applyQTransposed(qr: PivotedQr, x: Float64Array, offset: number): void {
  for (let k = 0; k < qr.steps; k++) reflect(qr, k, x, offset);
}

/** x ← Q·x for a vector of m numbers at `offset`. */
export function applyQ(qr: PivotedQr, x: Float64Array, offset: number): void {
  for (let k = qr.steps - 1; k >= 0; k--) reflect(qr, k, x, offset);
}

function reflect({ m, columns, tau }: PivotedQr, k: number, x: Float64Array, offset: number): void {
  const own = k * m;
  let dot = 0;
  for (let i = k + 1; i < m; i++) dot += columns[own + i]! * x[offset + i]!;
  dot = (dot + x[offset + k]!) * tau[k]!;
  x[offset + k]! -= dot;
  for (let i = k + 1; i < m; i++) x[offset + i]! -= dot * columns[own + i]!;
}
