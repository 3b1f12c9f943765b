import type { PivotedQr } from '../../../../src/engine/linalg/pivotedQr';
import { stretchNorm } from '../../../../src/engine/linalg/stretchNorm';

/**
 * 2^-62: what is left of a column counts as zero when it is this small beside the column. Rounding leaves 2^-53; less is rounding
 * of rounding, and keeping it would fill rank-deficient matrices with numbers that fall towards underflow.
 */
const BELOW_ROUNDING = 2.168404344971009e-19;

/**
 * @param columns the matrix column by column (column j at j·m); overwritten
 */
export function pivotedQr(columns: Float64Array, m: number, n: number): PivotedQr {
  const limit = m < n ? m : n;
  const tau = new Float64Array(limit);
  const permutation = Int32Array.from({ length: n }, (_, j) => j);
  const norms = new Float64Array(n);
  const exactNorms = new Float64Array(n);
  const noise = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    norms[j] = exactNorms[j] = stretchNorm(columns, j * m, j * m + m);
    noise[j] = norms[j]! * BELOW_ROUNDING;
  }

  let k = 0;
  for (; k < limit; k++) {
    let pivot = k;
    for (let j = k + 1; j < n; j++) if (norms[j]! > norms[pivot]!) pivot = j;
    if (pivot !== k) {
      swapColumns(columns, m, k, pivot);
      norms[pivot] = norms[k]!;
      exactNorms[pivot] = exactNorms[k]!;
      noise[pivot] = noise[k]!;
      const moved = permutation[k]!;
      permutation[k] = permutation[pivot]!;
      permutation[pivot] = moved;
    }
    const own = k * m;
    const norm = stretchNorm(columns, own + k, own + m);
    if (norm === 0) {
      // Downdated norms may be a little off: only when all remaining columns are zero is this the end.
      let next = -1;
      for (let j = k + 1; j < n; j++) {
        norms[j] = exactNorms[j] = stretchNorm(columns, j * m + k, j * m + m);
        if (norms[j]! > 0) next = j;
      }
      norms[k] = 0;
      if (next < 0) break;
      k -= 1;
      continue;
    }
    const alpha = columns[own + k]!;
    const beta = alpha > 0 ? -norm : norm;
    const head = alpha - beta;
    for (let i = own + k + 1; i < own + m; i++) columns[i]! /= head;
    const t = (beta - alpha) / beta;
    tau[k] = t;
    columns[own + k] = beta;
    for (let j = k + 1; j < n; j++) {
      const other = j * m;
      const dot = t * (columns[other + k]! + dotProduct(columns, own, other, k + 1, m));
      const top = columns[other + k]! - dot;
      columns[other + k] = top;
      for (let i = k + 1; i < m; i++) columns[other + i]! -= dot * columns[own + i]!;
      if (norms[j] !== 0) {
        const part = top / norms[j]!;
        const left = 1 - part * part;
        const shrunk = norms[j]! / exactNorms[j]!;
        // Below √eps the subtraction has lost too much (LAPACK Working Note 176).
        if (left <= 0 || left * shrunk * shrunk <= 1.5e-8)
          norms[j] = exactNorms[j] = stretchNorm(columns, other + k + 1, other + m);
        else norms[j]! *= Math.sqrt(left);
        if (norms[j]! <= noise[j]!) {
          columns.fill(0, other + k + 1, other + m);
          norms[j] = 0;
        }
      }
    }
  }
  return { m, n, columns, tau, permutation, steps: k };
}

/** Four partial sums: faster, and with half the rounding error of one. */
function dotProduct(x: Float64Array, p: number, q: number, from: number, to: number): number {
  let d0 = 0;
  let d1 = 0;
  let d2 = 0;
  let d3 = 0;
  let i = from;
  for (; i < to - 3; i += 4) {
    d0 += x[p + i]! * x[q + i]!;
    d1 += x[p + i + 1]! * x[q + i + 1]!;
    d2 += x[p + i + 2]! * x[q + i + 2]!;
    d3 += x[p + i + 3]! * x[q + i + 3]!;
  }
  for (; i < to; i++) d0 += x[p + i]! * x[q + i]!;
  return d0 + d1 + (d2 + d3);
}

function swapColumns(columns: Float64Array, m: number, j: number, k: number): void {
  for (let i = 0; i < m; i++) {
    const moved = columns[j * m + i]!;
    columns[j * m + i] = columns[k * m + i]!;
    columns[k * m + i] = moved;
  }
}

/** x ← Q·x for a vector of m numbers at `offset`. */
export function applyQ(qr: PivotedQr, x: Float64Array, offset: number): void {
  for (let k = qr.steps - 1; k >= 0; k--) reflect(qr, k, x, offset);
}

function reflect(qr: PivotedQr, k: number, x: Float64Array, offset: number): void {
  const { m, columns } = qr;
  const own = k * m;
  let dot = 0;
  for (let i = k + 1; i < m; i++) dot += columns[own + i]! * x[offset + i]!;
  dot = (dot + x[offset + k]!) * qr.tau[k]!;
  x[offset + k]! -= dot;
  for (let i = k + 1; i < m; i++) x[offset + i]! -= dot * columns[own + i]!;
}
