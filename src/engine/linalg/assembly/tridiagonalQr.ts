// Eigenvalues of a symmetric tridiagonal matrix by implicit shifts.

import { at } from '../../kernels/assembly/lanes';
import { applySweeps, prepareSweeps, SWEEPS } from './rotations';
import { get, set } from './vectors';

const EPSILON: f64 = 2.220446049250313e-16;
/** Iterations for one eigenvalue; two are usual. */
const MAX_ITERATIONS: i32 = 80;

// @ts-ignore: decorator
@inline
function hypotenuse(a: f64, b: f64): f64 {
  const sum = a * a + b * b;
  if (sum > 1e-280 && sum < 1e300) return Math.sqrt(sum);
  return safeHypotenuse(Math.abs(a), Math.abs(b));
}

function safeHypotenuse(a: f64, b: f64): f64 {
  const large = Math.max(a, b);
  if (large == 0) return 0;
  const small = Math.min(a, b) / large;
  return large * Math.sqrt(1 + small * small);
}

function largestEntry(n: i32, d: usize, e: usize): f64 {
  let largest: f64 = 0;
  for (let i = 0; i < n; i++) {
    largest = Math.max(largest, Math.abs(get(d, i)));
    if (i < n - 1) largest = Math.max(largest, Math.abs(get(e, i)));
  }
  return largest;
}

/**
 * Values alone, in d, unordered; e is destroyed. Square roots are needed only for the shifts (Pal, Walker and Kahan; Parlett, The
 * Symmetric Eigenvalue Problem, section 8.15). Entries should be around 1 in size. False when an eigenvalue does not converge.
 */
export function tridiagonalValues(size: i32, d: usize, e: usize): bool {
  const n = size;
  // Far below what the reduction to this form has already lost.
  const limit = (largestEntry(n, d, e) * EPSILON) / 16;
  const negligible = limit * limit;
  for (let i = 0; i < n - 1; i++) set(e, i, get(e, i) * get(e, i));
  for (let m = n - 1; m > 0; m--) {
    for (let iteration = 0; ; iteration++) {
      let l = m;
      for (; l > 0; l--) {
        const off = get(e, l - 1);
        if (off <= negligible || off <= EPSILON * EPSILON * Math.abs(get(d, l - 1) * get(d, l))) break;
      }
      if (l == m) break;
      if (iteration == MAX_ITERATIONS) return false;
      const last = get(d, m);
      const root = Math.sqrt(get(e, m - 1));
      let sigma = (get(d, m - 1) - last) / (2 * root);
      const r0 = hypotenuse(sigma, 1);
      sigma = last - root / (sigma + (sigma < 0 ? -r0 : r0));
      let c: f64 = 1;
      let s: f64 = 0;
      let gamma = get(d, l) - sigma;
      let p = gamma * gamma;
      for (let i = l; i < m; i++) {
        const bb = get(e, i);
        const r = p + bb;
        if (i > l) set(e, i - 1, s * r);
        const before = c;
        c = p / r;
        s = bb / r;
        const gammaBefore = gamma;
        const alpha = get(d, i + 1);
        gamma = c * (alpha - sigma) - s * gammaBefore;
        set(d, i, gammaBefore + (alpha - gamma));
        // r/p beside p/r, not after it: the chain of operations that wait for each other is what costs time here.
        p = c > 1e-200 ? gamma * gamma * (r / p) : before * bb;
      }
      set(e, m - 1, s * p);
      set(d, m, sigma + gamma);
    }
  }
  return true;
}

/** Numbers that `tridiagonalVectors` needs. */
export function sweepSpace(n: usize): usize {
  return (SWEEPS + 1) * 2 * n + SWEEPS + 2;
}

// @ts-ignore: decorator
@inline
function lowsAt(space: usize, n: usize): usize {
  return at(space, (SWEEPS + 1) * 2 * n);
}

// @ts-ignore: decorator
@inline
function highsAt(space: usize, n: usize): usize {
  return lowsAt(space, n) + ((SWEEPS + 1) << 2);
}

/** The value that is sought, how often, from what size on entries count, and how many sweeps wait to be applied. */
let m: i32 = 0;
let iteration: i32 = 0;
let negligible: f64 = 0;
let sweeps: usize = 0;

/** Begins to find the values in d, unordered, and their rotations, by the implicit QR method with Wilkinson's shift. */
export function beginSweeps(n: i32, d: usize, e: usize): void {
  negligible = (largestEntry(n, d, e) * EPSILON) / 16;
  m = n - 1;
  iteration = 0;
}

/**
 * Collects sweeps of rotations, which are to be applied before the next call (`applyCollected`), and returns how many there are: 0 at the
 * end, −1 when an eigenvalue does not converge.
 */
export function collectSweeps(n: i32, d: usize, e: usize, space: usize): i32 {
  const size = <usize>n;
  sweeps = 0;
  for (; m > 0; m--) {
    for (; ; iteration++) {
      let l = m;
      for (; l > 0; l--) {
        const off = Math.abs(get(e, l - 1));
        if (off <= negligible || off <= EPSILON * Math.sqrt(Math.abs(get(d, l - 1))) * Math.sqrt(Math.abs(get(d, l)))) break;
      }
      if (l == m) break;
      if (iteration == MAX_ITERATIONS) return -1;
      if (sweeps == SWEEPS) return prepared(size, space);
      const pairs = at(space, sweeps * 2 * size);
      store<u32>(lowsAt(space, size) + (sweeps << 2), l);
      store<u32>(highsAt(space, size) + (sweeps << 2), m);
      let g = (get(d, m - 1) - get(d, m)) / (2 * get(e, m - 1));
      let r = hypotenuse(g, 1);
      g = get(d, l) - get(d, m) + get(e, m - 1) / (g + (g < 0 ? -r : r));
      let s: f64 = 1;
      let c: f64 = 1;
      let p: f64 = 0;
      for (let i = l; i < m; i++) {
        const own = get(e, i);
        const f = s * own;
        const b = c * own;
        r = hypotenuse(f, g);
        if (i > l) set(e, i - 1, r);
        if (r == 0) {
          c = 1;
          s = 0;
        } else {
          s = f / r;
          c = g / r;
        }
        g = get(d, i) - p;
        r = (get(d, i + 1) - g) * s + 2 * c * b;
        p = s * r;
        set(d, i, g + p);
        g = c * r - b;
        set(pairs, 2 * i, c);
        set(pairs, 2 * i + 1, s);
      }
      set(d, m, get(d, m) - p);
      set(e, m - 1, g);
      sweeps += 1;
    }
    iteration = 0;
  }
  return prepared(size, space);
}

function prepared(n: usize, space: usize): i32 {
  sweeps = prepareSweeps(sweeps, space, lowsAt(space, n), highsAt(space, n), n);
  return <i32>sweeps;
}

/** Applies what has been collected to the blocks [from, to) of Z (see rotations.ts), whose row i then belongs to d[i]. */
export function applyCollected(space: usize, z: usize, n: usize, from: usize, to: usize): void {
  applySweeps(sweeps, space, lowsAt(space, n), highsAt(space, n), z, n, from, to);
}
