// Householder reflections I − τ·v·vᵀ and products of them, I − VᵀTV with the v's as rows of V
// (compact WY: Schreiber and Van Loan, SIAM J. Sci. Stat. Comput. 10, 1989).

import { at } from '../../kernels/assembly/lanes';
import { addCombination, clear, divide, dot, dots, get, norm, set } from './vectors';
import { gemm } from './gemm';

/** Reflections in one product. */
export const BLOCK: usize = 32;

/**
 * Vectors this short count as zero: entries of the matrices here are around 1 in size, and reductions of rank-deficient matrices leave
 * numbers that fall towards underflow, where reflections would no longer be orthogonal.
 */
const NEGLIGIBLE: f64 = 1e-100;

let beta: f64 = 0;

/** What the last `reflector` made of the head. */
// @ts-ignore: decorator
@inline
export function lastBeta(): f64 {
  return beta;
}

/**
 * The reflection that maps (head, x) to (β, 0): x becomes the rest of v, whose head is 1. Returns τ, which is 0 where x is 0
 * and nothing has to be done.
 */
export function reflector(alpha: f64, n: usize, x: usize): f64 {
  const rest = norm(n, x);
  if (rest < NEGLIGIBLE) {
    clear(n, x);
    beta = alpha;
    return 0;
  }
  const large = Math.max(Math.abs(alpha), rest);
  const a = alpha / large;
  const r = rest / large;
  const length = large * Math.sqrt(a * a + r * r);
  beta = alpha > 0 ? -length : length;
  divide(n, alpha - beta, x);
  return (beta - alpha) / beta;
}

/** The upper triangular T (k × k, rows BLOCK apart) of H₀·H₁⋯H_{k−1} = I − VᵀTV. `work` holds k numbers. */
export function blockFactor(k: usize, length: usize, v: usize, ldv: usize, tau: usize, t: usize, work: usize): void {
  clear(BLOCK * k, t);
  for (let p: usize = 0; p < k; p++) {
    const own = get(tau, p);
    set(t, p * BLOCK + p, own);
    if (own == 0 || p == 0) continue;
    dots(length, p, v, ldv, at(v, p * ldv), work);
    for (let i: usize = 0; i < p; i++) set(t, i * BLOCK + p, -own * dot(p - i, at(t, i * BLOCK + i), at(work, i)));
  }
}

/** C ← (I − VᵀTV)·C for C with `length` rows of `columns` numbers. `work` holds 2·k·ldw numbers, ldw ≥ columns. */
export function applyBlock(
  k: usize,
  length: usize,
  columns: usize,
  v: usize,
  ldv: usize,
  t: usize,
  c: usize,
  ldc: usize,
  work: usize,
  ldw: usize,
): void {
  const second = at(work, k * ldw);
  clear(2 * k * ldw, work);
  gemm(k, columns, length, 1, v, ldv, 1, c, ldc, 1, work, ldw, false);
  for (let i: usize = 0; i < k; i++) addCombination(columns, k - i, 1, at(t, i * BLOCK + i), 1, at(work, i * ldw), ldw, at(second, i * ldw));
  gemm(length, columns, k, -1, v, 1, ldv, second, ldw, 1, c, ldc, false);
}

/** C ← C·(I − VᵀTV) for C with `count` rows of `length` numbers. `work` holds 2·count·BLOCK numbers. */
export function applyBlockRight(k: usize, length: usize, count: usize, v: usize, ldv: usize, t: usize, c: usize, ldc: usize, work: usize): void {
  const second = at(work, count * BLOCK);
  clear(2 * count * BLOCK, work);
  gemm(count, k, length, 1, c, ldc, 1, v, 1, ldv, work, BLOCK, false);
  gemm(count, k, k, 1, work, BLOCK, 1, t, BLOCK, 1, second, BLOCK, false);
  gemm(count, length, k, -1, second, BLOCK, 1, v, ldv, 1, c, ldc, false);
}
