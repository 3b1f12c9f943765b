// Householder reduction to upper bidiagonal form in panels (Dongarra, Sorensen and Hammarling, J. Comput. Appl. Math. 27, 1989), with
// the two products with the matrix that every step needs done in one pass through memory (Howell, Demmel, Fulton, Hammarling and
// Marmol, ACM Trans. Math. Softw. 34, 2008).

import { at, sumOfLanes } from '../../kernels/assembly/lanes';
import { gemm } from './gemm';
import { applyBlock, applyBlockRight, BLOCK, blockFactor, lastBeta, reflector } from './reflectors';
import { addCombination, addScaled, clear, copy, divide, dot, dots, get, scale, set } from './vectors';

/** Columns of a panel: its four strips of vectors should stay in the second-level cache. */
const PANEL: usize = 16;

/**
 * For `count` columns of m numbers: y_j ← τ·(columnᵀ·v − y_j), r_j ← r_j + head_j − y_j, x ← x + r_j·column, where `heads` is row k of the
 * matrix. Four columns at a time, which are still in the cache when they are used again.
 */
function bothProducts(
  m: usize,
  count: usize,
  columns: usize,
  ldm: usize,
  heads: usize,
  v: usize,
  tau: f64,
  y: usize,
  r: usize,
  x: usize,
): void {
  let j: usize = 0;
  for (; j + 3 < count; j += 4) {
    const c0 = at(columns, j * ldm);
    const c1 = at(c0, ldm);
    const c2 = at(c1, ldm);
    const c3 = at(c2, ldm);
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let t0 = s0;
    let t1 = s0;
    let t2 = s0;
    let t3 = s0;
    let i: usize = 0;
    for (; i + 3 < m; i += 4) {
      const o = i << 3;
      const a = v128.load(v + o);
      const b = v128.load(v + o, 16);
      s0 = f64x2.add(s0, f64x2.mul(v128.load(c0 + o), a));
      s1 = f64x2.add(s1, f64x2.mul(v128.load(c1 + o), a));
      s2 = f64x2.add(s2, f64x2.mul(v128.load(c2 + o), a));
      s3 = f64x2.add(s3, f64x2.mul(v128.load(c3 + o), a));
      t0 = f64x2.add(t0, f64x2.mul(v128.load(c0 + o, 16), b));
      t1 = f64x2.add(t1, f64x2.mul(v128.load(c1 + o, 16), b));
      t2 = f64x2.add(t2, f64x2.mul(v128.load(c2 + o, 16), b));
      t3 = f64x2.add(t3, f64x2.mul(v128.load(c3 + o, 16), b));
    }
    let d0 = sumOfLanes(f64x2.add(s0, t0));
    let d1 = sumOfLanes(f64x2.add(s1, t1));
    let d2 = sumOfLanes(f64x2.add(s2, t2));
    let d3 = sumOfLanes(f64x2.add(s3, t3));
    for (; i < m; i++) {
      const a = get(v, i);
      d0 += get(c0, i) * a;
      d1 += get(c1, i) * a;
      d2 += get(c2, i) * a;
      d3 += get(c3, i) * a;
    }
    d0 = tau * (d0 - get(y, j));
    d1 = tau * (d1 - get(y, j + 1));
    d2 = tau * (d2 - get(y, j + 2));
    d3 = tau * (d3 - get(y, j + 3));
    set(y, j, d0);
    set(y, j + 1, d1);
    set(y, j + 2, d2);
    set(y, j + 3, d3);
    set(r, j, get(r, j) + get(heads, j * ldm) - d0);
    set(r, j + 1, get(r, j + 1) + get(heads, (j + 1) * ldm) - d1);
    set(r, j + 2, get(r, j + 2) + get(heads, (j + 2) * ldm) - d2);
    set(r, j + 3, get(r, j + 3) + get(heads, (j + 3) * ldm) - d3);
    addCombination(m, 4, 1, at(r, j), 1, c0, ldm, x);
  }
  for (; j < count; j++) {
    const c = at(columns, j * ldm);
    const product = tau * (dot(m, c, v) - get(y, j));
    set(y, j, product);
    const own = get(r, j) + get(heads, j * ldm) - product;
    set(r, j, own);
    addScaled(m, own, c, x);
  }
}

/** Numbers that `bidiagonalize` needs beside the matrix. */
export function bidiagonalizeSpace(ldm: usize, ldn: usize): usize {
  return 2 * PANEL * (ldm + ldn) + 4 * PANEL;
}

/**
 * UᵀAV = B for A of m × n, m ≥ n, stored by columns ldm apart; overwritten. d gets the n diagonal numbers of B, e (e[k] right of d[k])
 * n − 1. Column k of A keeps the left reflector k with factor tauLeft[k] (from place k, where it is 1); row k of `right` (n numbers, ldn
 * apart) the right one with factor tauRight[k] (from place k + 1); no rows are kept where `right` is 0.
 */
export function bidiagonalize(
  m: usize,
  n: usize,
  a: usize,
  ldm: usize,
  d: usize,
  e: usize,
  tauLeft: usize,
  tauRight: usize,
  right: usize,
  ldn: usize,
  space: usize,
): void {
  const panel: usize = n < 64 ? 8 : PANEL;
  // The matrix is A − Σ v_p·y_pᵀ − Σ x_p·u_pᵀ until the panel ends.
  const vs = space;
  const xs = at(vs, panel * ldm);
  const ys = at(xs, panel * ldm);
  const us = at(ys, panel * ldn);
  const first = at(us, panel * ldn);
  const second = at(first, PANEL);
  for (let k0: usize = 0; k0 < n; k0 += panel) {
    const count = min(panel, n - k0);
    clear(2 * panel * (ldm + ldn), space);
    for (let p: usize = 0; p < count; p++) {
      const k = k0 + p;
      const column = at(a, k * ldm);
      const rows = m - k;
      addCombination(rows, p, -1, at(ys, k), ldn, at(vs, k), ldm, at(column, k));
      addCombination(rows, p, -1, at(us, k), ldn, at(xs, k), ldm, at(column, k));
      const tau = reflector(get(column, k), rows - 1, at(column, k + 1));
      set(d, k, lastBeta());
      set(tauLeft, k, tau);
      set(column, k, 1);
      const v = at(vs, p * ldm);
      copy(rows, at(column, k), at(v, k));
      if (k + 1 == n) break;

      const rest = n - k - 1;
      const y = at(ys, p * ldn + k + 1);
      const u = at(us, p * ldn + k + 1);
      const x = at(xs, p * ldm + k + 1);
      dots(rows, p, at(vs, k), ldm, at(v, k), first);
      dots(rows, p, at(xs, k), ldm, at(v, k), second);
      addCombination(rest, p, 1, first, 1, at(ys, k + 1), ldn, y);
      addCombination(rest, p, 1, second, 1, at(us, k + 1), ldn, y);
      addCombination(rest, p, -1, at(vs, k), ldm, at(ys, k + 1), ldn, u);
      addCombination(rest, p, -1, at(xs, k), ldm, at(us, k + 1), ldn, u);
      // Row k itself is part of the columns here, so they are longer by one than what x needs.
      const below = rows - 1;
      leftHead(rest, at(a, (k + 1) * ldm + k), ldm, tau, y);
      bothProducts(below, rest, at(a, (k + 1) * ldm + k + 1), ldm, at(a, (k + 1) * ldm + k), at(v, k + 1), tau, y, u, x);

      const head = get(u, 0);
      const other = reflector(head, rest - 1, at(u, 1));
      const beta = lastBeta();
      set(e, k, beta);
      set(tauRight, k, other);
      set(u, 0, 1);
      if (other == 0) {
        clear(rest, u);
        clear(below, x);
      } else {
        // x holds A·r, and r = β·e₁ + (r₁ − β)·u.
        addScaled(below, -beta, at(a, (k + 1) * ldm + k + 1), x);
        divide(below, head - beta, x);
        dots(rest, p + 1, at(ys, k + 1), ldn, u, first);
        dots(rest, p, at(us, k + 1), ldn, u, second);
        addCombination(below, p + 1, -1, first, 1, at(vs, k + 1), ldm, x);
        addCombination(below, p, -1, second, 1, at(xs, k + 1), ldm, x);
        scale(below, other, x);
      }
      if (right != 0) copy(rest, u, at(right, k * ldn + k + 1));
    }
    const next = k0 + count;
    if (next >= n) break;
    // Both sums at once: the y's and u's lie behind each other, the v's and x's in the same order.
    gemm(n - next, m - next, 2 * panel, -1, at(ys, next), 1, ldn, at(vs, next), ldm, 1, at(a, next * ldm + next), ldm, false);
  }
}

/** The part of columnᵀ·v that the head v₀ = 1 makes, taken from y, which is subtracted. */
function leftHead(count: usize, heads: usize, ldm: usize, tau: f64, y: usize): void {
  if (tau == 0) return;
  for (let j: usize = 0; j < count; j++) set(y, j, get(y, j) - get(heads, j * ldm));
}

/** Numbers that `applyReflectors` needs for vectors of `length` and rows of `ldw` numbers. */
export function formSpace(length: usize, ldw: usize): usize {
  return BLOCK * (length + 2 * ldw) + BLOCK * BLOCK + 2 * BLOCK;
}

/**
 * c ← H₀·H₁⋯H_{count−1}·c for c of `length` rows and `columns` numbers in each, ldc apart, where reflector k lies at vectors + k·ldv and
 * begins at place k + shift with a 1. With `fresh`, c is the identity so far, whose rows and columns before a reflector it leaves alone.
 */
export function applyReflectors(
  count: usize,
  shift: usize,
  length: usize,
  columns: usize,
  vectors: usize,
  ldv: usize,
  tau: usize,
  c: usize,
  ldc: usize,
  fresh: bool,
  space: usize,
): void {
  const v = space;
  const work = at(v, BLOCK * length);
  const t = at(work, 2 * BLOCK * ldc);
  const scratch = at(t, BLOCK * BLOCK);
  for (let end = count; end > 0; ) {
    const size = end % BLOCK == 0 ? BLOCK : end % BLOCK;
    const start = end - size;
    const from = start + shift;
    clear(size * length, v);
    for (let p: usize = 0; p < size; p++) {
      const place = start + p + shift;
      if (place < length && get(tau, start + p) != 0) copy(length - place, at(vectors, (start + p) * ldv + place), at(v, p * length + place));
    }
    if (from < length) {
      blockFactor(size, length - from, at(v, from), length, at(tau, start), t, scratch);
      const skipped = fresh ? min(from, columns) : 0;
      if (skipped < columns)
        applyBlock(size, length - from, columns - skipped, at(v, from), length, t, at(c, from * ldc + skipped), ldc, work, ldc);
    }
    end = start;
  }
}

/**
 * A = Q·R for m × n, m ≥ n, by columns (ldm apart): R on and above the diagonal; reflector k, without its 1, below. `space` holds
 * BLOCK·(ldm + 2·n) + BLOCK² + 2·BLOCK numbers.
 */
export function orthogonalTriangular(m: usize, n: usize, a: usize, ldm: usize, tau: usize, space: usize): void {
  const v = space;
  const work = at(v, BLOCK * ldm);
  const t = at(work, 2 * BLOCK * n);
  const scratch = at(t, BLOCK * BLOCK);
  for (let k0: usize = 0; k0 < n; k0 += BLOCK) {
    const count = min(BLOCK, n - k0);
    clear(count * ldm, v);
    for (let p: usize = 0; p < count; p++) {
      const k = k0 + p;
      const own = at(a, k * ldm + k);
      const length = m - k;
      const factor = reflector(get(own, 0), length - 1, at(own, 1));
      const beta = lastBeta();
      set(tau, k, factor);
      if (factor != 0) {
        set(own, 0, 1);
        for (let j = k + 1; j < k0 + count; j++) {
          const other = at(a, j * ldm + k);
          addScaled(length, -factor * dot(length, own, other), own, other);
        }
        copy(length, own, at(v, p * ldm + k));
      }
      set(own, 0, beta);
    }
    const next = k0 + count;
    if (next >= n) break;
    blockFactor(count, m - k0, at(v, k0), ldm, at(tau, k0), t, scratch);
    applyBlockRight(count, m - k0, n - next, at(v, k0), ldm, t, at(a, next * ldm + k0), ldm, work);
  }
}
