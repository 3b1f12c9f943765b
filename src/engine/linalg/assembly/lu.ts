// LU factorisation with partial pivoting, in panels.

import { at } from '../../kernels/assembly/lanes';
import { gemm } from './gemm';
import { addCombination, addScaled, get, set, swap } from './vectors';

const BLOCK: usize = 32;

/**
 * P·A = L·U in place for n rows, lda apart; pivots[k] (32-bit) is the row that was exchanged with row k. False when a pivot is zero or not
 * finite.
 */
export function luFactorize(n: usize, a: usize, lda: usize, pivots: usize): bool {
  for (let k0: usize = 0; k0 < n; k0 += BLOCK) {
    const k1 = min(k0 + BLOCK, n);
    for (let k = k0; k < k1; k++) {
      let pivotRow = k;
      let largest = Math.abs(get(a, k * lda + k));
      for (let i = k + 1; i < n; i++) {
        const size = Math.abs(get(a, i * lda + k));
        if (size > largest || size != size) {
          largest = size;
          pivotRow = i;
        }
      }
      if (!(largest > 0 && largest < Infinity)) return false;
      store<u32>(pivots + (k << 2), <u32>pivotRow);
      const top = at(a, k * lda);
      if (pivotRow != k) swap(n, top, at(a, pivotRow * lda));
      const pivot = get(top, k);
      for (let i = k + 1; i < n; i++) {
        const row = at(a, i * lda);
        const factor = get(row, k) / pivot;
        set(row, k, factor);
        if (factor != 0) addScaled(k1 - k - 1, -factor, at(top, k + 1), at(row, k + 1));
      }
    }
    if (k1 == n) break;
    const rest = n - k1;
    for (let i = k0 + 1; i < k1; i++) {
      const row = at(a, i * lda);
      addCombination(rest, i - k0, -1, at(row, k0), 1, at(a, k0 * lda + k1), lda, at(row, k1));
    }
    gemm(rest, rest, k1 - k0, -1, at(a, k1 * lda + k0), lda, 1, at(a, k0 * lda + k1), lda, 1, at(a, k1 * lda + k1), lda, false);
  }
  return true;
}
