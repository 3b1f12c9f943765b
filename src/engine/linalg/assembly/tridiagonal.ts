// Householder reduction of a symmetric matrix to tridiagonal form, in panels: half of the work is a matrix product
// (Dongarra, Sorensen and Hammarling, J. Comput. Appl. Math. 27, 1989).

import { at } from '../../kernels/assembly/lanes';
import { gemm } from './gemm';
import { applyBlock, BLOCK, blockFactor, lastBeta, reflector } from './reflectors';
import { addCombination, addScaled, clear, copy, dot, dots, get, scale, set } from './vectors';

/** w ← A·v from the lower triangle of the leading n × n entries. v and w have an even number of places, v's last one 0. */
function symmetricTimes(n: usize, a: usize, lda: usize, v: usize, w: usize): void {
  clear(n + (n & 1), w);
  let j: usize = 0;
  for (; j + 3 < n; j += 4) {
    const r0 = at(a, j * lda);
    const r1 = at(r0, lda);
    const r2 = at(r1, lda);
    const r3 = at(r2, lda);
    const x0 = get(v, j);
    const x1 = get(v, j + 1);
    const x2 = get(v, j + 2);
    const x3 = get(v, j + 3);
    const v0 = f64x2.splat(x0);
    const v1 = f64x2.splat(x1);
    const v2 = f64x2.splat(x2);
    const v3 = f64x2.splat(x3);
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    const end = j << 3;
    for (let o: usize = 0; o < end; o += 16) {
      const x = v128.load(v + o);
      const a0 = v128.load(r0 + o);
      const a1 = v128.load(r1 + o);
      const a2 = v128.load(r2 + o);
      const a3 = v128.load(r3 + o);
      s0 = f64x2.add(s0, f64x2.mul(a0, x));
      s1 = f64x2.add(s1, f64x2.mul(a1, x));
      s2 = f64x2.add(s2, f64x2.mul(a2, x));
      s3 = f64x2.add(s3, f64x2.mul(a3, x));
      const p = f64x2.add(f64x2.mul(a0, v0), f64x2.mul(a1, v1));
      const q = f64x2.add(f64x2.mul(a2, v2), f64x2.mul(a3, v3));
      v128.store(w + o, f64x2.add(v128.load(w + o), f64x2.add(p, q)));
    }
    const a00 = get(r0, j);
    const a10 = get(r1, j);
    const a11 = get(r1, j + 1);
    const a20 = get(r2, j);
    const a21 = get(r2, j + 1);
    const a22 = get(r2, j + 2);
    const a30 = get(r3, j);
    const a31 = get(r3, j + 1);
    const a32 = get(r3, j + 2);
    const a33 = get(r3, j + 3);
    set(w, j, f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1) + (a00 * x0 + a10 * x1 + (a20 * x2 + a30 * x3)));
    set(w, j + 1, f64x2.extract_lane(s1, 0) + f64x2.extract_lane(s1, 1) + (a10 * x0 + a11 * x1 + (a21 * x2 + a31 * x3)));
    set(w, j + 2, f64x2.extract_lane(s2, 0) + f64x2.extract_lane(s2, 1) + (a20 * x0 + a21 * x1 + (a22 * x2 + a32 * x3)));
    set(w, j + 3, f64x2.extract_lane(s3, 0) + f64x2.extract_lane(s3, 1) + (a30 * x0 + a31 * x1 + (a32 * x2 + a33 * x3)));
  }
  for (; j < n; j++) {
    const row = at(a, j * lda);
    set(w, j, dot(j + 1, row, v));
    addScaled(j, get(v, j), row, w);
  }
}

/** Numbers that `tridiagonalize` needs beside the matrix. */
export function tridiagonalizeSpace(lda: usize): usize {
  return 4 * BLOCK * lda + 2 * BLOCK;
}

/** Rows that are reduced before the rest of the matrix hears of it. */
export function panelSize(n: usize): usize {
  return n < 48 ? 8 : n < 128 ? 16 : BLOCK;
}

/**
 * QᵀAQ = T, from the last row upwards, for the lower triangle of n × n entries (rows lda apart, lda even; destroyed). Row i keeps the
 * reflector with factor tau[i] that cleared it: i numbers, the last of them 1. d gets n numbers, e (e[i] couples i and i + 1) n − 1.
 */
export function tridiagonalize(n: usize, a: usize, lda: usize, d: usize, e: usize, tau: usize, space: usize): void {
  for (let high: usize = n; high > 0; ) {
    const count = min(panelSize(n), high);
    for (let p: usize = 0; p < count; p++) panelRow(n, a, lda, d, e, tau, space, high, p);
    high -= count;
    if (high > 0) updateRows(n, a, lda, space, high, 0, high);
  }
}

/** Reduces row p of the panel that ends before row `high`. */
export function panelRow(n: usize, a: usize, lda: usize, d: usize, e: usize, tau: usize, space: usize, high: usize, p: usize): void {
  const block = panelSize(n);
  const vs = space;
  const ws = at(vs, block * lda);
  const first = at(space, 4 * BLOCK * lda);
  const second = at(first, BLOCK);
  if (p == 0) clear(2 * block * lda, vs);
  const i = high - 1 - p;
  const row = at(a, i * lda);
  const v = at(vs, p * lda);
  const w = at(ws, p * lda);
  addCombination(i + 1, p, -1, at(vs, i), lda, ws, lda, row);
  addCombination(i + 1, p, -1, at(ws, i), lda, vs, lda, row);
  set(d, i, get(row, i));
  if (i == 0) return;
  const t = reflector(get(row, i - 1), i - 1, row);
  set(e, i - 1, lastBeta());
  set(tau, i, t);
  if (t == 0) return;
  set(row, i - 1, 1);
  copy(i, row, v);
  symmetricTimes(i, a, lda, v, w);
  dots(i, p, ws, lda, v, first);
  dots(i, p, vs, lda, v, second);
  addCombination(i, p, -1, first, 1, vs, lda, w);
  addCombination(i, p, -1, second, 1, ws, lda, w);
  scale(i, t, w);
  addScaled(i, -0.5 * t * dot(i, w, v), v, w);
}

/** Rows [from, to) of the `high` rows before a panel that has been reduced; from 0 on, in order. */
export function updateRows(n: usize, a: usize, lda: usize, space: usize, high: usize, from: usize, to: usize): void {
  const block = panelSize(n);
  const vs = space;
  const ws = at(vs, block * lda);
  const swapped = at(ws, block * lda);
  if (from == 0) {
    copy(block * lda, ws, swapped);
    copy(block * lda, vs, at(swapped, block * lda));
  }
  const rows = to - from;
  const c = at(a, from * lda);
  if (from > 0) gemm(rows, from, 2 * block, -1, at(vs, from), 1, lda, swapped, lda, 1, c, lda, false);
  gemm(rows, rows, 2 * block, -1, at(vs, from), 1, lda, at(swapped, from), lda, 1, at(c, from), lda, true);
}

/** Numbers that `formQ` needs. */
export function formQSpace(n: usize, ldq: usize): usize {
  return BLOCK * ldq * 3 + BLOCK * BLOCK + 2 * BLOCK;
}

/**
 * q (n × n, rows ldq apart) ← the identity. Q = H_{n−1}⋯H₁ comes of it in blocks of reflections; H_i touches the first i entries, so the
 * product so far is the identity beyond them.
 */
export function beginQ(n: usize, q: usize, ldq: usize): void {
  clear(n * ldq, q);
  for (let i: usize = 0; i < n; i++) set(q, i * ldq + i, 1);
}

/** Prepares the reflections low ≤ i < high of `tridiagonalize`. */
export function blockOfQ(a: usize, lda: usize, tau: usize, ldq: usize, space: usize, low: usize, high: usize): void {
  const v = space;
  const t = at(v, 3 * BLOCK * ldq);
  const taus = at(t, BLOCK * BLOCK);
  const count = high - low;
  clear(count * ldq, v);
  for (let p: usize = 0; p < count; p++) {
    const i = high - 1 - p;
    set(taus, p, get(tau, i));
    if (get(tau, i) != 0) copy(i, at(a, i * lda), at(v, p * ldq));
  }
  blockFactor(count, high - 1, v, ldq, taus, t, at(taus, BLOCK));
}

/** Applies them to the columns [from, to) of q. */
export function applyToQ(q: usize, ldq: usize, space: usize, low: usize, high: usize, from: usize, to: usize): void {
  const work = at(space, BLOCK * ldq);
  const t = at(space, 3 * BLOCK * ldq);
  applyBlock(high - low, high - 1, to - from, space, ldq, t, at(q, from), ldq, work, ldq);
}
