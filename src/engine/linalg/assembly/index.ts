// Dense linear algebra: what the host calls. It writes matrices with entries around 1 in size into places it got from `take` and reads the
// results from there; memory may have moved after any call.

import { at } from '../../kernels/assembly/lanes';
import { bidiagonalize, bidiagonalizeSpace, applyReflectors, formSpace, orthogonalTriangular } from './bidiagonal';
import { bidiagonalSingular, bidiagonalSweepSpace } from './bidiagonalQr';
import { gemm } from './gemm';
import { oneSidedJacobi } from './jacobi';
import { pick, sortedOrder } from './order';
import { applyPivotedQ, pivotedQr as factorizePivoted, triangle } from './pivotedQr';
import { BLOCK } from './reflectors';
import { fromBlocks, intoBlocks } from './rotations';
import { NO_CONVERGENCE, NO_MEMORY, OK } from './symmetricEigen';
import { tridiagonalize, tridiagonalizeSpace } from './tridiagonal';
import { tridiagonalValues } from './tridiagonalQr';
import { clear, copy, get, set } from './vectors';
import { rowDistance, take } from './workspace';

export { luFactorize } from './lu';
export { beginSymmetric, symmetricPiece } from './symmetricEigen';
export { rowDistance, start, take } from './workspace';

/** Singular values below this count as zero: products of such vectors leave the range of float64. */
const NEGLIGIBLE: f64 = 1e-280;
/** From this ratio of rows to columns on a QR factorisation comes first. */
const TALL: f64 = 1.6;

/** c (m × n) ← a·b for row-major matrices with m × k and k × n entries. */
export function multiply(m: usize, k: usize, n: usize, a: usize, b: usize, c: usize): void {
  clear(m * n, c);
  gemm(m, n, k, 1, a, k, 1, b, n, 1, c, n, false);
}

/** The same for the rows [top, bottom) and columns [left, right) of c, which are 0 before. */
export function multiplyBlock(k: usize, n: usize, a: usize, b: usize, c: usize, top: usize, bottom: usize, left: usize, right: usize): void {
  gemm(bottom - top, right - left, k, 1, at(a, top * k), k, 1, at(b, left), n, 1, at(c, top * n + left), n, false);
}

/** c (n × n) ← aᵀ·a for a row-major m × n matrix. */
export function gram(m: usize, n: usize, a: usize, c: usize): void {
  clear(n * n, c);
  gemm(n, n, m, 1, a, 1, n, a, n, 1, c, n, true);
  for (let i: usize = 0; i < n; i++) for (let j: usize = 0; j < i; j++) set(c, j * n + i, get(c, i * n + j));
}

/** The same for the rows [top, bottom) and columns [left, right) of c, which are 0 before. */
export function gramBlock(m: usize, n: usize, a: usize, c: usize, top: usize, bottom: usize, left: usize, right: usize): void {
  gemm(bottom - top, right - left, m, 1, at(a, top), 1, n, at(a, left), n, 1, at(c, top * n + left), n, false);
}

/** Ascending eigenvalues of the symmetric matrix with this lower triangle (destroyed) in `values`. */
export function symmetricValues(n: usize, a: usize, lda: usize, values: usize): i32 {
  const d = take(4 * n);
  const space = take(tridiagonalizeSpace(lda));
  if (d == 0 || space == 0) return NO_MEMORY;
  const order = at(d, 3 * n);
  tridiagonalize(n, a, lda, d, at(d, n), at(d, 2 * n), space);
  if (!tridiagonalValues(<i32>n, d, at(d, n))) return NO_CONVERGENCE;
  sortedOrder(<i32>n, d, 1, order);
  pick(n, d, order, values);
  return OK;
}

/** Makes d ≥ 0 and leaves its signs in `signs`. */
function splitSigns(n: usize, d: usize, signs: usize): void {
  for (let i: usize = 0; i < n; i++) {
    set(signs, i, get(d, i) < 0 ? -1 : 1);
    set(d, i, Math.abs(get(d, i)));
  }
}

/** R of a factorised m × n matrix, by columns. */
function upperTriangle(n: usize, a: usize, ldm: usize, r: usize, ldn: usize): void {
  clear(n * ldn, r);
  for (let j: usize = 0; j < n; j++) copy(j + 1, at(a, j * ldm), at(r, j * ldn));
}

/** Descending singular values of an m × n matrix, m ≥ n, given by columns ldm apart (destroyed). */
export function singularValues(m: usize, n: usize, a: usize, ldm: usize, values: usize): i32 {
  const ldn = rowDistance(n);
  const d = take(5 * n);
  const space = take(max(bidiagonalizeSpace(ldm, ldn), BLOCK * (ldm + 2 * n) + BLOCK * BLOCK + 2 * BLOCK));
  if (d == 0 || space == 0) return NO_MEMORY;
  const e = at(d, n);
  const tau = at(d, 2 * n);
  const order = at(d, 4 * n);
  if (<f64>m >= TALL * <f64>n) {
    const r = take(n * ldn);
    if (r == 0) return NO_MEMORY;
    orthogonalTriangular(m, n, a, ldm, tau, space);
    upperTriangle(n, a, ldm, r, ldn);
    a = r;
    m = n;
    ldm = ldn;
  }
  bidiagonalize(m, n, a, ldm, d, e, tau, at(tau, n), 0, ldn, space);
  if (!bidiagonalSingular(<i32>n, d, e, 0, 0, 0, 0, 0)) return NO_CONVERGENCE;
  splitSigns(n, d, e);
  sortedOrder(<i32>n, d, -1, order);
  pick(n, d, order, values);
  return OK;
}

/** The same with the vectors as columns of the row-major `left` (m × n) and `right` (n × n). */
export function singularVectors(m: usize, n: usize, a: usize, ldm: usize, values: usize, left: usize, right: usize): i32 {
  const ldn = rowDistance(n);
  const d = take(7 * n);
  const tall = <f64>m >= TALL * <f64>n;
  const rows = tall ? n : m;
  const blocks = (rows + 7) >> 3;
  const zLeft = take(blocks * n * 8);
  const zRight = take(((n + 7) >> 3) * n * 8);
  const reflectors = take(n * ldn);
  const q = take(max(rows, n) * ldn);
  const r = tall ? take(n * ldn) : a;
  const space = take(max(max(bidiagonalizeSpace(ldm, ldn), formSpace(max(ldm, ldn), ldn)), bidiagonalSweepSpace(n)));
  if (d == 0 || zLeft == 0 || zRight == 0 || reflectors == 0 || q == 0 || r == 0 || space == 0) return NO_MEMORY;
  const e = at(d, n);
  const tauLeft = at(d, 2 * n);
  const tauRight = at(d, 3 * n);
  const tauQ = at(d, 4 * n);
  const order = at(d, 5 * n);
  const ones = at(d, 6 * n);
  const ldr = tall ? ldn : ldm;
  if (tall) {
    orthogonalTriangular(m, n, a, ldm, tauQ, space);
    upperTriangle(n, a, ldm, r, ldn);
    for (let k: usize = 0; k < n; k++) set(a, k * ldm + k, 1);
  }
  clear(2 * n, tauLeft);
  bidiagonalize(rows, n, r, ldr, d, e, tauLeft, tauRight, reflectors, ldn, space);
  unit(n, n, q, ldn);
  applyReflectors(n - 1, 1, n, n, reflectors, ldn, tauRight, q, ldn, true, space);
  intoBlocks(n, n, q, ldn, zRight);
  unit(rows, n, q, ldn);
  applyReflectors(n, 0, rows, n, r, ldr, tauLeft, q, ldn, true, space);
  intoBlocks(rows, n, q, ldn, zLeft);
  if (!bidiagonalSingular(<i32>n, d, e, zLeft, blocks, zRight, (n + 7) >> 3, space)) return NO_CONVERGENCE;
  splitSigns(n, d, e);
  sortedOrder(<i32>n, d, -1, order);
  pick(n, d, order, values);
  for (let i: usize = 0; i < n; i++) set(ones, i, 1);
  fromBlocks(0, n, n, zRight, order, e, right, n);
  fromBlocks(0, rows, n, zLeft, order, ones, left, n);
  if (tall) {
    clear((m - n) * n, at(left, n * n));
    applyReflectors(n, 0, m, n, a, ldm, tauQ, left, n, false, space);
  }
  return OK;
}

/** The leading n columns of the identity of `rows` rows. */
function unit(rows: usize, n: usize, q: usize, ldq: usize): void {
  clear(rows * ldq, q);
  for (let i: usize = 0; i < n; i++) set(q, i * ldq + i, 1);
}

/** See pivotedQr.ts. Returns the number of steps, or −1 without memory. */
export function pivotedQr(m: usize, n: usize, a: usize, ldm: usize, tau: usize, permutation: usize): i32 {
  const work = take(3 * n);
  return work == 0 ? -1 : <i32>factorizePivoted(m, n, a, ldm, tau, permutation, work);
}

/** Columns shorter than rounding to nothing count as zero. */
function dropNegligible(m: usize, n: usize, a: usize, ldm: usize): void {
  for (let j: usize = 0; j < n; j++) {
    const column = at(a, j * ldm);
    let largest: f64 = 0;
    for (let i: usize = 0; i < m; i++) largest = Math.max(largest, Math.abs(get(column, i)));
    if (largest < NEGLIGIBLE) clear(m, column);
  }
}

/** Descending singular values as `singularValues`, but the small ones accurate relative to themselves; meant for small matrices. */
export function jacobiValues(m: usize, n: usize, a: usize, ldm: usize, values: usize): i32 {
  const ldn = rowDistance(n);
  const work = take(7 * n);
  const first = take(n * ldn);
  const second = take(n * ldn);
  if (work == 0 || first == 0 || second == 0) return NO_MEMORY;
  const norms = at(work, 3 * n);
  const tau = at(work, 4 * n);
  const permutation = at(work, 5 * n);
  const order = at(work, 6 * n);
  dropNegligible(m, n, a, ldm);
  const steps = factorizePivoted(m, n, a, ldm, tau, permutation, work);
  triangle(n, steps, a, ldm, first, ldn);
  // A second factorisation, Rᵀ = Q₂·R₂, leaves a matrix so close to diagonal that few rotations remain (Drmač and Veselić).
  const rank = factorizePivoted(n, steps, first, ldn, tau, permutation, work);
  triangle(steps, rank, first, ldn, second, ldn);
  clear(n, norms);
  if (!oneSidedJacobi(steps, rank, second, ldn, norms, 0, 0, order)) return NO_CONVERGENCE;
  sortedOrder(<i32>n, norms, -1, order);
  pick(n, norms, order, values);
  return OK;
}

let knownLeft: i32 = 0;

/** How many left vectors the last `jacobiVectors` found: the rank, as rounding shows it. */
export function getKnownLeft(): i32 {
  return knownLeft;
}

/**
 * The same with vectors, as rows: `left` n of m numbers, `right` n of n. Left vectors from `getKnownLeft` on and right vectors of zero
 * values are left zero.
 */
export function jacobiVectors(m: usize, n: usize, a: usize, ldm: usize, values: usize, left: usize, right: usize): i32 {
  const ldn = rowDistance(n);
  const work = take(7 * n);
  const g = take(n * ldn);
  const w = take(n * ldn);
  if (work == 0 || g == 0 || w == 0) return NO_MEMORY;
  const norms = at(work, 3 * n);
  const tau = at(work, 4 * n);
  const permutation = at(work, 5 * n);
  const order = at(work, 6 * n);
  dropNegligible(m, n, a, ldm);
  const steps = factorizePivoted(m, n, a, ldm, tau, permutation, work);
  // A·P = Q·R and Rᵀ·W = G with orthogonal columns, so A = Q·W·diag(s)·(P·G/s)ᵀ.
  triangle(n, steps, a, ldm, g, ldn);
  unit(steps, steps, w, ldn);
  if (!oneSidedJacobi(n, steps, g, ldn, norms, w, ldn, order)) return NO_CONVERGENCE;
  sortedOrder(<i32>steps, norms, -1, order);
  clear(n, values);
  clear(n * m, left);
  clear(n * n, right);
  for (let to: usize = 0; to < steps; to++) {
    const from = <usize>load<u32>(order + (to << 2));
    const sigma = get(norms, from);
    copy(steps, at(w, from * ldn), at(left, to * m));
    if (sigma < NEGLIGIBLE) continue;
    set(values, to, sigma);
    for (let j: usize = 0; j < n; j++) set(right, to * n + <usize>load<u32>(permutation + (j << 2)), get(g, from * ldn + j) / sigma);
  }
  applyPivotedQ(m, steps, a, ldm, tau, steps, left, m);
  knownLeft = <i32>steps;
  return OK;
}
