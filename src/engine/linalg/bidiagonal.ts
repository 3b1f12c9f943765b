import { stretchNorm } from './stretchNorm';
import { tridiagonalQl } from './tridiagonalQl';

/**
 * Singular values of a rows × columns matrix (row-major, rows ≤ columns; overwritten), to a few rounding errors of the largest,
 * unordered: Householder bidiagonalisation (Golub and Kahan, SIAM J. Numer. Anal. 2, 1965), then the eigenvalues ±σ of the
 * tridiagonal matrix with zero diagonal that holds the bidiagonal one.
 */
export function bidiagonalSingularValues(a: Float64Array, rows: number, columns: number): Float64Array {
  const k = rows;
  const diagonal = new Float64Array(k);
  const upper = new Float64Array(k);
  const left = new Float64Array(rows);
  const sums = new Float64Array(columns);
  for (let step = 0; step < k; step++) {
    // Row reflection: row `step` becomes a multiple of e_step, which makes the form lower bidiagonal.
    const own = step * columns;
    const norm = stretchNorm(a, own + step, own + columns);
    if (norm !== 0) {
      const alpha = a[own + step]!;
      const beta = alpha > 0 ? -norm : norm;
      const head = alpha - beta;
      const tau = (beta - alpha) / beta;
      a[own + step] = 1;
      for (let j = own + step + 1; j < own + columns; j++) a[j]! /= head;
      for (let i = step + 1; i < rows; i++) {
        const row = i * columns;
        let dot = 0;
        for (let j = step; j < columns; j++) dot += a[own + j]! * a[row + j]!;
        dot *= tau;
        for (let j = step; j < columns; j++) a[row + j]! -= dot * a[own + j]!;
      }
      diagonal[step] = beta;
    }
    if (step === k - 1) break;
    // Column reflection: column `step` below the diagonal becomes a multiple of e_{step+1}.
    for (let i = step + 1; i < rows; i++) left[i] = a[i * columns + step]!;
    const below = stretchNorm(left, step + 1, rows);
    if (below === 0) continue;
    const alpha = left[step + 1]!;
    const beta = alpha > 0 ? -below : below;
    const head = alpha - beta;
    const tau = (beta - alpha) / beta;
    left[step + 1] = 1;
    for (let i = step + 2; i < rows; i++) left[i]! /= head;
    sums.fill(0, step + 1);
    for (let i = step + 1; i < rows; i++) {
      const factor = left[i]!;
      const row = i * columns;
      for (let j = step + 1; j < columns; j++) sums[j]! += factor * a[row + j]!;
    }
    for (let i = step + 1; i < rows; i++) {
      const factor = tau * left[i]!;
      const row = i * columns;
      for (let j = step + 1; j < columns; j++) a[row + j]! -= factor * sums[j]!;
    }
    upper[step] = beta;
  }
  const d = new Float64Array(2 * k);
  const e = new Float64Array(2 * k);
  for (let i = 0; i < k; i++) {
    e[2 * i] = diagonal[i]!;
    e[2 * i + 1] = upper[i]!;
  }
  tridiagonalQl(d, e, null);
  // The eigenvalues are ±σ: the upper half of them.
  return d
    .sort()
    .slice(k)
    .map((x) => (x < 0 ? 0 : x));
}
