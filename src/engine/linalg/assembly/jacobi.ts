// One-sided Jacobi rotations: even tiny singular values to high relative accuracy (Demmel and Veselić, SIAM J. Matrix Anal. Appl. 13, 1992;
// Drmač and Veselić, 29, 2008). Largest columns go first (de Rijk's pivoting).

import { at } from '../../kernels/assembly/lanes';
import { dot, get, norm, set } from './vectors';

/** Convergence is quadratic; five to eight sweeps are usual. */
const MAX_SWEEPS: i32 = 60;
const EPSILON: f64 = 2.220446049250313e-16;
/** Below this a product of lengths is close to underflow. */
const TINY_PRODUCT: f64 = 1e-250;

// @ts-ignore: decorator
@inline
function place(order: usize, i: usize): usize {
  return <usize>load<u32>(order + (i << 2));
}

/**
 * (p, q) ← (c·p − s·q, s·p + c·q), written as p − s·(q + τ·p) with τ = s/(1 + c): a rounded pair (c, s) is never quite of length
 * 1, and thousands of such rotations would let all lengths drift one way.
 */
function applyRotation(n: usize, p: usize, q: usize, sine: f64, tau: f64): void {
  const s = f64x2.splat(sine);
  const t = f64x2.splat(tau);
  let i: usize = 0;
  for (; i + 1 < n; i += 2) {
    const a = v128.load(at(p, i));
    const b = v128.load(at(q, i));
    v128.store(at(p, i), f64x2.sub(a, f64x2.mul(s, f64x2.add(b, f64x2.mul(t, a)))));
    v128.store(at(q, i), f64x2.add(b, f64x2.mul(s, f64x2.sub(a, f64x2.mul(t, b)))));
  }
  if (i < n) {
    const a = get(p, i);
    const b = get(q, i);
    set(p, i, a - sine * (b + tau * a));
    set(q, i, b + sine * (a - tau * b));
  }
}

/** pᵀq; where the lengths are tiny, divided by them. */
function scaledDot(n: usize, p: usize, q: usize, np: f64, nq: f64): f64 {
  let sum: f64 = 0;
  for (let i: usize = 0; i < n; i++) sum += (get(p, i) / np) * (get(q, i) / nq);
  return sum;
}

/** Makes columns p and q orthogonal, ‖p‖ ≥ ‖q‖ > 0; false when they were. */
function rotate(length: usize, g: usize, ldg: usize, p: usize, q: usize, norms: usize, tolerance: f64, count: usize, w: usize, ldw: usize): bool {
  const x = at(g, p * ldg);
  const y = at(g, q * ldg);
  const np = get(norms, p);
  const nq = get(norms, q);
  // Comparing before dividing: most pairs of the last sweeps end here.
  const product = np * nq;
  const small = product < TINY_PRODUCT;
  const inner = small ? scaledDot(length, x, y, np, nq) : dot(length, x, y);
  const bound = small ? tolerance : tolerance * product;
  if (!(inner > bound || inner < -bound)) return false;

  const cosine = small ? inner : inner / product;
  const ratio = nq / np;
  const zeta = (0.5 * (ratio - 1 / ratio)) / cosine;
  const size = Math.abs(zeta);
  // zeta² might overflow, but then t is 1/(2·zeta) to working accuracy.
  const t = size > 1e8 ? 0.5 / zeta : (zeta < 0 ? -1.0 : 1.0) / (size + Math.sqrt(1 + zeta * zeta));
  const c = 1 / Math.sqrt(1 + t * t);
  const s = t * c;
  const tau = s / (1 + c);
  applyRotation(length, x, y, s, tau);
  if (w) applyRotation(count, at(w, p * ldw), at(w, q * ldw), s, tau);

  const grown = 1 - t * cosine * ratio;
  const shrunk = 1 + (t * cosine) / ratio;
  set(norms, p, grown > 0.01 ? np * Math.sqrt(grown) : norm(length, x));
  set(norms, q, shrunk > 0.01 ? nq * Math.sqrt(shrunk) : norm(length, y));
  return true;
}

/**
 * Rotates `count` columns of `length` numbers (ldg apart) until they are orthogonal to working accuracy relative to their own lengths,
 * which `norms` gets. The columns of w (`count` numbers each, ldw apart; 0 for none) are rotated along. `order` holds `count` 32-bit numbers.
 * False when this does not end.
 */
export function oneSidedJacobi(length: usize, count: usize, g: usize, ldg: usize, norms: usize, w: usize, ldw: usize, order: usize): bool {
  for (let i: usize = 0; i < count; i++) store<u32>(order + (i << 2), <u32>i);
  const tolerance = EPSILON * Math.sqrt(<f64>max<usize>(length, 4));
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    for (let i: usize = 0; i < count; i++) set(norms, i, norm(length, at(g, i * ldg)));
    let rotated = false;
    for (let a: usize = 0; a + 1 < count; a++) {
      let largest = a;
      for (let i = a + 1; i < count; i++) if (get(norms, place(order, i)) > get(norms, place(order, largest))) largest = i;
      const moved = <u32>place(order, a);
      store<u32>(order + (a << 2), <u32>place(order, largest));
      store<u32>(order + (largest << 2), moved);
      for (let b = a + 1; b < count; b++) {
        const p = place(order, a);
        const q = place(order, b);
        if (get(norms, q) == 0) continue;
        if (get(norms, p) < get(norms, q)) {
          store<u32>(order + (a << 2), <u32>q);
          store<u32>(order + (b << 2), <u32>p);
          if (rotate(length, g, ldg, q, p, norms, tolerance, count, w, ldw)) rotated = true;
        } else if (rotate(length, g, ldg, p, q, norms, tolerance, count, w, ldw)) rotated = true;
      }
    }
    if (!rotated) return true;
  }
  return false;
}
