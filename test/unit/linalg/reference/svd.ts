import { exponentOf, powerOfTwo } from '../../../../src/engine/numbers/floats';
import type { Svd } from '../../../../src/engine/linalg/svd';
import { requireFinite } from '../../../../src/engine/linalg/finite';
import { createMatrix, identity, transpose, transposeInto, type Matrix } from '../../../../src/engine/linalg/matrix';
import { oneSidedJacobi } from './oneSidedJacobi';
import { completeBasis } from '../../../../src/engine/linalg/orthonormal';
import type { PivotedQr } from '../../../../src/engine/linalg/pivotedQr';
import { applyQ, pivotedQr } from './pivotedQr';

/** Columns shorter than this, relative to the largest entry, count as zero: their products leave the range of float64. */
const NEGLIGIBLE = 1e-280;

/** As the engine's: the oracle that needs no WebAssembly. By Jacobi rotations for every size. */
export function singularValues(a: Matrix, name = 'matrix'): Float64Array {
  const prepared = prepare(a, name);
  if (!prepared) return new Float64Array(Math.min(a.rows, a.columns));
  const { qr, scale } = prepared;
  const values = jacobiValues(qr);
  const sorted = new Float64Array(qr.n);
  sorted.set(values.sort().reverse());
  for (let i = 0; i < sorted.length; i++) sorted[i]! *= scale;
  return sorted;
}

export function svd(a: Matrix, name = 'matrix'): Svd {
  const k = Math.min(a.rows, a.columns);
  const prepared = prepare(a, name);
  if (!prepared) return { u: leadingIdentity(a.rows, k), s: new Float64Array(k), v: leadingIdentity(a.columns, k) };
  const { qr, scale } = prepared;
  const { m, n, steps } = qr;

  // A·P = Q·R and Rᵀ·W = G with orthogonal columns, so A = Q·W·diag(s)·(P·G/s)ᵀ.
  const g = triangle(qr);
  const w = identity(steps).values;
  const norms = oneSidedJacobi(g, n, steps, w);
  const order = Array.from({ length: steps }, (_, i) => i).sort((i, j) => norms[j]! - norms[i]!);

  const s = new Float64Array(n);
  const left = new Float64Array(n * m);
  const right = new Float64Array(n * n);
  order.forEach((from, to) => {
    const sigma = norms[from]!;
    left.set(w.subarray(from * steps, from * steps + steps), to * m);
    applyQ(qr, left, to * m);
    if (sigma < NEGLIGIBLE) return;
    s[to] = sigma * scale;
    for (let j = 0; j < n; j++) right[to * n + qr.permutation[j]!] = g[from * n + j]! / sigma;
  });
  completeBasis(left, m, n, steps);
  completeBasis(right, n, n, s.findIndex((x) => x === 0) < 0 ? n : s.findIndex((x) => x === 0));

  const big = createMatrix(m, n);
  transposeInto(left, n, m, big.values);
  const small = createMatrix(n, n);
  transposeInto(right, n, n, small.values);
  return a.rows < a.columns ? { u: small, s, v: big } : { u: big, s, v: small };
}

/** The matrix, standing upright and scaled to entries around 1, as a pivoted QR factorisation; null when it is zero. */
function prepare(a: Matrix, name: string): { qr: PivotedQr; scale: number } | null {
  const largest = requireFinite(a, name);
  if (largest === 0) return null;
  // Entries below the smallest number times this scale are lost, but they are also 2^-1000 of the largest.
  const exponent = exponentOf(largest);
  const m = Math.max(a.rows, a.columns);
  const n = Math.min(a.rows, a.columns);
  const columns = Float64Array.from((a.rows < a.columns ? a : transpose(a)).values);
  const half = exponent >> 1;
  const down = powerOfTwo(-half);
  const down2 = powerOfTwo(half - exponent);
  for (let i = 0; i < columns.length; i++) columns[i] = columns[i]! * down * down2;
  for (let j = 0; j < n; j++) {
    let magnitude = 0;
    for (let i = j * m; i < j * m + m; i++) magnitude = Math.max(magnitude, Math.abs(columns[i]!));
    if (magnitude < NEGLIGIBLE) columns.fill(0, j * m, j * m + m);
  }
  return { qr: pivotedQr(columns, m, n), scale: scaleOf(exponent) };
}

function scaleOf(exponent: number): number {
  return exponent >= -1074 ? powerOfTwo(exponent) : 0;
}

/** A second factorisation, Rᵀ = Q₂·R₂, leaves a matrix so close to diagonal that few rotations remain (Drmač and Veselić). */
function jacobiValues(qr: PivotedQr): Float64Array {
  const second = pivotedQr(triangle(qr), qr.n, qr.steps);
  return oneSidedJacobi(triangle(second), second.n, second.steps, null);
}

/** Rᵀ as columns: row i of R, n numbers at i·n. */
function triangle(qr: PivotedQr): Float64Array {
  const { m, n, steps, columns } = qr;
  const g = new Float64Array(steps * n);
  for (let i = 0; i < steps; i++) for (let j = i; j < n; j++) g[i * n + j] = columns[j * m + i]!;
  return g;
}

function leadingIdentity(rows: number, columns: number): Matrix {
  const matrix = createMatrix(rows, columns);
  for (let i = 0; i < columns; i++) matrix.values[i * columns + i] = 1;
  return matrix;
}
