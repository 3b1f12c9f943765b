// QR factorisation with column pivoting (Businger and Golub, Numer. Math. 7, 1965).

import { at } from '../../kernels/assembly/lanes';
import { addScaled, clear, divide, dot, get, norm, set, swap } from './vectors';

/**
 * 2^-62: what is left of a column counts as zero when it is this small beside the column. Rounding leaves 2^-53; less is rounding
 * of rounding, and keeping it would fill rank-deficient matrices with numbers that fall towards underflow.
 */
const BELOW_ROUNDING: f64 = 2.168404344971009e-19;

function exchange(x: usize, i: usize, j: usize): void {
  const a = get(x, i);
  set(x, i, get(x, j));
  set(x, j, a);
}

/**
 * A·P = Q·R for columns of m numbers, ldm apart: R on and above the diagonal, the reflectors (first entry 1 left out) below. tau gets
 * min(m, n) numbers, permutation n 32-bit ones; `work` holds 3·n. Returns the number of steps until the rest was exactly zero.
 */
export function pivotedQr(m: usize, n: usize, a: usize, ldm: usize, tau: usize, permutation: usize, work: usize): usize {
  const limit = min(m, n);
  const norms = work;
  const exact = at(norms, n);
  const noise = at(exact, n);
  for (let j: usize = 0; j < n; j++) {
    store<u32>(permutation + (j << 2), <u32>j);
    const length = norm(m, at(a, j * ldm));
    set(norms, j, length);
    set(exact, j, length);
    set(noise, j, length * BELOW_ROUNDING);
  }
  clear(limit, tau);
  let k: usize = 0;
  while (k < limit) {
    let pivot = k;
    for (let j = k + 1; j < n; j++) if (get(norms, j) > get(norms, pivot)) pivot = j;
    if (pivot != k) {
      swap(m, at(a, k * ldm), at(a, pivot * ldm));
      set(norms, pivot, get(norms, k));
      set(exact, pivot, get(exact, k));
      set(noise, pivot, get(noise, k));
      const moved = load<u32>(permutation + (k << 2));
      store<u32>(permutation + (k << 2), load<u32>(permutation + (pivot << 2)));
      store<u32>(permutation + (pivot << 2), moved);
    }
    const own = at(a, k * ldm + k);
    const rest = m - k - 1;
    const length = norm(rest + 1, own);
    if (length == 0) {
      // Downdated norms may be a little off: only when all remaining columns are zero is this the end.
      let found = false;
      for (let j = k + 1; j < n; j++) {
        const left = norm(rest + 1, at(a, j * ldm + k));
        set(norms, j, left);
        set(exact, j, left);
        if (left > 0) found = true;
      }
      set(norms, k, 0);
      if (!found) break;
      continue;
    }
    const alpha = get(own, 0);
    const beta = alpha > 0 ? -length : length;
    divide(rest, alpha - beta, at(own, 1));
    const t = (beta - alpha) / beta;
    set(tau, k, t);
    set(own, 0, beta);
    for (let j = k + 1; j < n; j++) {
      const other = at(a, j * ldm + k);
      const product = t * (get(other, 0) + dot(rest, at(own, 1), at(other, 1)));
      const top = get(other, 0) - product;
      set(other, 0, top);
      addScaled(rest, -product, at(own, 1), at(other, 1));
      const before = get(norms, j);
      if (before == 0) continue;
      const part = top / before;
      const left = 1 - part * part;
      const shrunk = before / get(exact, j);
      let now: f64;
      // Below √eps the subtraction has lost too much (LAPACK Working Note 176).
      if (left <= 0 || left * shrunk * shrunk <= 1.5e-8) {
        now = norm(rest, at(other, 1));
        set(exact, j, now);
      } else now = before * Math.sqrt(left);
      if (now <= get(noise, j)) {
        clear(rest, at(other, 1));
        now = 0;
      }
      set(norms, j, now);
    }
    k += 1;
  }
  return k;
}

/** x ← Q·x for `count` vectors of m numbers, ldx apart. */
export function applyPivotedQ(m: usize, steps: usize, a: usize, ldm: usize, tau: usize, count: usize, x: usize, ldx: usize): void {
  for (let c: usize = 0; c < count; c++) {
    for (let k = steps; k > 0; k--) {
      const own = at(a, (k - 1) * (ldm + 1));
      const head = at(x, c * ldx + k - 1);
      const product = get(tau, k - 1) * (dot(m - k, at(own, 1), at(head, 1)) + get(head, 0));
      set(head, 0, get(head, 0) - product);
      addScaled(m - k, -product, at(own, 1), at(head, 1));
    }
  }
}

/** Rᵀ as columns: out holds row i of R, n numbers at i·ldo, zeros before the diagonal. */
export function triangle(n: usize, steps: usize, a: usize, ldm: usize, out: usize, ldo: usize): void {
  clear(steps * ldo, out);
  for (let i: usize = 0; i < steps; i++) for (let j = i; j < n; j++) set(out, i * ldo + j, get(a, j * ldm + i));
}
