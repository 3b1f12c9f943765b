// Singular values of an upper bidiagonal matrix by implicit QR steps (Golub and Kahan, SIAM J. Numer. Anal. 2, 1965), without shift where a
// shift would not help (Demmel and Kahan, SIAM J. Sci. Stat. Comput. 11, 1990).

import { at } from '../../kernels/assembly/lanes';
import { applySweeps, prepareSweeps, SWEEPS } from './rotations';
import { get, set } from './vectors';

const EPSILON: f64 = 2.220446049250313e-16;
/** Steps for one singular value; two are usual. */
const MAX_ITERATIONS: i32 = 80;

let c: f64 = 1;
let s: f64 = 0;

/** Sets (c, s) so that c·f + s·g = r, which is returned, and c·g − s·f = 0. */
// @ts-ignore: decorator
@inline
function rotation(f: f64, g: f64): f64 {
  const sum = f * f + g * g;
  if (sum > 1e-280 && sum < 1e300) {
    const r = Math.sqrt(sum);
    c = f / r;
    s = g / r;
    return r;
  }
  return rareRotation(f, g);
}

function rareRotation(f: f64, g: f64): f64 {
  const large = Math.max(Math.abs(f), Math.abs(g));
  if (large == 0) {
    c = 1;
    s = 0;
    return 0;
  }
  const a = f / large;
  const b = g / large;
  const r = Math.sqrt(a * a + b * b);
  c = a / r;
  s = b / r;
  return large * r;
}

/** Smaller singular value of ((f, g), (0, h)). */
function smallerOfTwo(f: f64, g: f64, h: f64): f64 {
  const a = Math.abs(f);
  const b = Math.abs(g);
  const k = Math.abs(h);
  const low = Math.min(a, k);
  const high = Math.max(a, k);
  if (low == 0) return 0;
  const sum = 1 + low / high;
  const difference = (high - low) / high;
  if (b < high) {
    const u = (b / high) * (b / high);
    return low * (2 / (Math.sqrt(sum * sum + u) + Math.sqrt(difference * difference + u)));
  }
  const u = high / b;
  if (u == 0) return (low * high) / b;
  return 2 * (low * (1 / (Math.sqrt(1 + sum * u * (sum * u)) + Math.sqrt(1 + difference * u * (difference * u))))) * u;
}

let lows: usize = 0;
let highs: usize = 0;
let leftPairs: usize = 0;
let rightPairs: usize = 0;
let sweeps: usize = 0;

/** Numbers that `bidiagonalSingular` needs where vectors are wanted. */
export function bidiagonalSweepSpace(n: usize): usize {
  return (SWEEPS + 1) * 4 * n + 2 * SWEEPS + 8;
}

function applyAll(left: usize, leftBlocks: usize, right: usize, rightBlocks: usize, n: usize): void {
  // Applying changes the ranges; both sides have the same ones.
  const copyLows = highs + ((SWEEPS + 1) << 2);
  const copyHighs = copyLows + ((SWEEPS + 1) << 2);
  memory.copy(copyLows, lows, (SWEEPS + 1) << 3);
  const ofLeft = prepareSweeps(sweeps, leftPairs, lows, highs, n);
  applySweeps(ofLeft, leftPairs, lows, highs, left, n, 0, leftBlocks);
  const ofRight = prepareSweeps(sweeps, rightPairs, copyLows, copyHighs, n);
  applySweeps(ofRight, rightPairs, copyLows, copyHighs, right, n, 0, rightBlocks);
  sweeps = 0;
}

/**
 * Singular values in d, unordered and with signs; e is destroyed. Where `space` is not 0 the rotations are applied to `left` and `right` (see
 * rotations.ts), whose rows i then belong to d[i]. Entries should be around 1 in size. False when a value does not converge.
 */
export function bidiagonalSingular(
  size: i32,
  d: usize,
  e: usize,
  left: usize,
  leftBlocks: usize,
  right: usize,
  rightBlocks: usize,
  space: usize,
): bool {
  const n = size;
  const wanted = space != 0;
  sweeps = 0;
  leftPairs = space;
  rightPairs = at(space, (SWEEPS + 1) * 2 * n);
  lows = at(rightPairs, (SWEEPS + 1) * 2 * n);
  highs = lows + ((SWEEPS + 1) << 2);
  let largest: f64 = 0;
  for (let i = 0; i < n; i++) {
    largest = Math.max(largest, Math.abs(get(d, i)));
    if (i < n - 1) largest = Math.max(largest, Math.abs(get(e, i)));
  }
  // The reduction to this form has lost more. Less would not do: between equal values rounding leaves a coupling of one or two units in the
  // last place, which no step makes smaller.
  const negligible = 4 * largest * EPSILON;
  const tiny = (largest * EPSILON) / 16;
  for (let m = n - 1; m > 0; m--) {
    for (let iteration = 0; ; iteration++) {
      // A zero on the diagonal leaves the matrix with the one step without shift that follows.
      let zero = cutTiny(d, m, tiny);
      let l = m;
      for (; l > 0; l--) {
        if (Math.abs(get(e, l - 1)) <= negligible) {
          set(e, l - 1, 0);
          break;
        }
        if (cutTiny(d, l - 1, tiny)) zero = true;
      }
      if (l == m) break;
      if (iteration == MAX_ITERATIONS) return false;
      const left0 = at(leftPairs, sweeps * 2 * n);
      const right0 = at(rightPairs, sweeps * 2 * n);
      if (wanted) {
        store<u32>(lows + (sweeps << 2), l);
        store<u32>(highs + (sweeps << 2), m);
      }
      const shift = smallerOfTwo(get(d, m - 1), get(e, m - 1), get(d, m));
      const top = get(d, l);
      const relative = shift / Math.abs(top);
      if (zero || relative * relative < EPSILON) stepWithoutShift(l, m, d, e, wanted, left0, right0);
      else stepWithShift(shift, l, m, d, e, wanted, left0, right0);
      if (wanted) {
        sweeps += 1;
        if (sweeps == SWEEPS) applyAll(left, leftBlocks, right, rightBlocks, n);
      }
    }
  }
  if (sweeps > 0) applyAll(left, leftBlocks, right, rightBlocks, n);
  return true;
}

/** Makes d[i] 0 where it is tiny; whether it is 0. */
function cutTiny(d: usize, i: i32, tiny: f64): bool {
  if (Math.abs(get(d, i)) > tiny) return false;
  set(d, i, 0);
  return true;
}

function stepWithoutShift(l: i32, m: i32, d: usize, e: usize, wanted: bool, left: usize, right: usize): void {
  let cosine: f64 = 1;
  let oldCosine: f64 = 1;
  let oldSine: f64 = 0;
  for (let i = l; i < m; i++) {
    const r = rotation(get(d, i) * cosine, get(e, i));
    cosine = c;
    const sine = s;
    if (i > l) set(e, i - 1, oldSine * r);
    set(d, i, rotation(oldCosine * r, get(d, i + 1) * sine));
    oldCosine = c;
    oldSine = s;
    if (wanted) {
      set(right, 2 * i, cosine);
      set(right, 2 * i + 1, sine);
      set(left, 2 * i, oldCosine);
      set(left, 2 * i + 1, oldSine);
    }
  }
  const last = get(d, m) * cosine;
  set(d, m, last * oldCosine);
  set(e, m - 1, last * oldSine);
}

function stepWithShift(shift: f64, l: i32, m: i32, d: usize, e: usize, wanted: bool, left: usize, right: usize): void {
  const top = get(d, l);
  let f = (Math.abs(top) - shift) * ((top < 0 ? -1.0 : 1.0) + shift / top);
  let g = get(e, l);
  let diagonal = top;
  let own = g;
  for (let i = l; i < m; i++) {
    let r = rotation(f, g);
    if (i > l) set(e, i - 1, r);
    if (wanted) {
      set(right, 2 * i, c);
      set(right, 2 * i + 1, s);
    }
    const next = get(d, i + 1);
    f = c * diagonal + s * own;
    own = c * own - s * diagonal;
    g = s * next;
    diagonal = c * next;
    r = rotation(f, g);
    set(d, i, r);
    if (wanted) {
      set(left, 2 * i, c);
      set(left, 2 * i + 1, s);
    }
    f = c * own + s * diagonal;
    diagonal = c * diagonal - s * own;
    if (i < m - 1) {
      const beyond = get(e, i + 1);
      g = s * beyond;
      own = c * beyond;
    }
  }
  set(d, m, diagonal);
  set(e, m - 1, f);
}
