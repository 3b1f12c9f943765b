import { NumericalError } from '../../../../src/engine/numbers/numericalError';
import { stretchNorm } from '../../../../src/engine/linalg/stretchNorm';

/** Convergence is quadratic; five to eight sweeps are usual. */
const MAX_SWEEPS = 60;
const EPSILON = 2.220446049250313e-16;
/** Below this a product of lengths is close to underflow. */
const TINY_PRODUCT = 1e-250;

/**
 * Rotates the columns of G until they are orthogonal to working accuracy relative to their own lengths, which gives even tiny
 * singular values to high relative accuracy (Demmel and Veselić, SIAM J. Matrix Anal. Appl. 13, 1992; Drmač and Veselić, 29,
 * 2008). Largest columns go first (de Rijk's pivoting).
 *
 * @param g `count` columns of `length` numbers each; overwritten by G·W
 * @param w `count` columns of `count` numbers each, rotated along (pass the identity to get W), or null
 * @returns the lengths of the columns of G·W, in place
 */
export function oneSidedJacobi(g: Float64Array, length: number, count: number, w: Float64Array | null): Float64Array {
  const norms = new Float64Array(count);
  const order = Int32Array.from({ length: count }, (_, i) => i);
  const tolerance = EPSILON * Math.sqrt(length < 4 ? 4 : length);
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    for (let i = 0; i < count; i++) norms[i] = stretchNorm(g, i * length, i * length + length);
    let rotated = false;
    for (let a = 0; a < count - 1; a++) {
      bringLargestTo(a, order, norms);
      for (let b = a + 1; b < count; b++) {
        const p = order[a]!;
        const q = order[b]!;
        if (norms[q] === 0) continue;
        if (norms[p]! < norms[q]!) {
          order[a] = q;
          order[b] = p;
          rotated = rotate(g, length, q, p, norms, tolerance, w, count) || rotated;
        } else {
          rotated = rotate(g, length, p, q, norms, tolerance, w, count) || rotated;
        }
      }
    }
    if (!rotated) return norms;
  }
  throw new NumericalError(`The singular values of a ${length}×${count} matrix did not converge in ${MAX_SWEEPS} sweeps.`);
}

function bringLargestTo(place: number, order: Int32Array, norms: Float64Array): void {
  let largest = place;
  for (let i = place + 1; i < order.length; i++) if (norms[order[i]!]! > norms[order[largest]!]!) largest = i;
  const moved = order[place]!;
  order[place] = order[largest]!;
  order[largest] = moved;
}

/** Makes columns p and q orthogonal, ‖p‖ ≥ ‖q‖ > 0; false when they were. */
function rotate(
  g: Float64Array,
  length: number,
  p: number,
  q: number,
  norms: Float64Array,
  tolerance: number,
  w: Float64Array | null,
  count: number,
): boolean {
  const np = norms[p]!;
  const nq = norms[q]!;
  const dot = dotOf(g, p * length, q * length, length, np, nq);
  // Comparing before dividing: most pairs of the last sweeps end here.
  const product = np * nq;
  const small = product < TINY_PRODUCT;
  const bound = small ? tolerance : tolerance * product;
  if (!(dot > bound || dot < -bound)) return false;

  const cosine = small ? dot : dot / product;
  const ratio = nq / np;
  const zeta = (0.5 * (ratio - 1 / ratio)) / cosine;
  // zeta² might overflow, but then t is 1/(2·zeta) to working accuracy.
  const t =
    zeta > 1e8 || zeta < -1e8 ? 0.5 / zeta : (zeta < 0 ? -1 : 1) / ((zeta < 0 ? -zeta : zeta) + Math.sqrt(1 + zeta * zeta));
  const c = 1 / Math.sqrt(1 + t * t);
  const s = t * c;
  const tau = s / (1 + c);
  applyRotation(g, p * length, q * length, length, s, tau);
  if (w) applyRotation(w, p * count, q * count, count, s, tau);

  const grown = 1 - t * cosine * ratio;
  const shrunk = 1 + (t * cosine) / ratio;
  norms[p] = grown > 0.01 ? np * Math.sqrt(grown) : stretchNorm(g, p * length, p * length + length);
  norms[q] = shrunk > 0.01 ? nq * Math.sqrt(shrunk) : stretchNorm(g, q * length, q * length + length);
  return true;
}

/**
 * (p, q) ← (c·p − s·q, s·p + c·q), written as p − s·(q + τ·p) with τ = s/(1 + c): a rounded pair (c, s) is never quite of length
 * 1, and thousands of such rotations would let all lengths drift one way.
 */
function applyRotation(x: Float64Array, p: number, q: number, length: number, s: number, tau: number): void {
  const end = length - (length % 2);
  for (let i = 0; i < end; i += 2) {
    const a0 = x[p + i]!;
    const b0 = x[q + i]!;
    const a1 = x[p + i + 1]!;
    const b1 = x[q + i + 1]!;
    x[p + i] = a0 - s * (b0 + tau * a0);
    x[q + i] = b0 + s * (a0 - tau * b0);
    x[p + i + 1] = a1 - s * (b1 + tau * a1);
    x[q + i + 1] = b1 + s * (a1 - tau * b1);
  }
  if (end < length) {
    const a = x[p + end]!;
    const b = x[q + end]!;
    x[p + end] = a - s * (b + tau * a);
    x[q + end] = b + s * (a - tau * b);
  }
}

/** pᵀq; where the lengths are tiny, divided by them. */
function dotOf(g: Float64Array, p: number, q: number, length: number, np: number, nq: number): number {
  let d0 = 0;
  if (np * nq < TINY_PRODUCT) {
    for (let i = 0; i < length; i++) d0 += (g[p + i]! / np) * (g[q + i]! / nq);
    return d0;
  }
  let d1 = 0;
  let d2 = 0;
  let d3 = 0;
  let i = 0;
  for (; i < length - 3; i += 4) {
    d0 += g[p + i]! * g[q + i]!;
    d1 += g[p + i + 1]! * g[q + i + 1]!;
    d2 += g[p + i + 2]! * g[q + i + 2]!;
    d3 += g[p + i + 3]! * g[q + i + 3]!;
  }
  for (; i < length; i++) d0 += g[p + i]! * g[q + i]!;
  return d0 + d1 + (d2 + d3);
}
