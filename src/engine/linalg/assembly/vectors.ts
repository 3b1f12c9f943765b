// Vectors of float64: `n` numbers from a byte offset on. Sums run in a fixed order, so results do not depend on the machine.

import { at, sumOfLanes } from '../../kernels/assembly/lanes';

// @ts-ignore: decorator
@inline
export function get(base: usize, index: usize): f64 {
  return load<f64>(at(base, index));
}

// @ts-ignore: decorator
@inline
export function set(base: usize, index: usize, value: f64): void {
  store<f64>(at(base, index), value);
}

export function clear(n: usize, x: usize): void {
  memory.fill(x, 0, n << 3);
}

export function copy(n: usize, from: usize, to: usize): void {
  memory.copy(to, from, n << 3);
}

export function swap(n: usize, x: usize, y: usize): void {
  let i: usize = 0;
  for (; i + 1 < n; i += 2) {
    const a = v128.load(at(x, i));
    v128.store(at(x, i), v128.load(at(y, i)));
    v128.store(at(y, i), a);
  }
  if (i < n) {
    const a = get(x, i);
    set(x, i, get(y, i));
    set(y, i, a);
  }
}

/** x ← factor·x. */
export function scale(n: usize, factor: f64, x: usize): void {
  const f = f64x2.splat(factor);
  let i: usize = 0;
  for (; i + 1 < n; i += 2) v128.store(at(x, i), f64x2.mul(f, v128.load(at(x, i))));
  if (i < n) set(x, i, factor * get(x, i));
}

/** x ← x/divisor, each quotient rounded once. */
export function divide(n: usize, divisor: f64, x: usize): void {
  const d = f64x2.splat(divisor);
  let i: usize = 0;
  for (; i + 1 < n; i += 2) v128.store(at(x, i), f64x2.div(v128.load(at(x, i)), d));
  if (i < n) set(x, i, get(x, i) / divisor);
}

/** y ← y + factor·x. */
export function addScaled(n: usize, factor: f64, x: usize, y: usize): void {
  const f = f64x2.splat(factor);
  let i: usize = 0;
  for (; i + 3 < n; i += 4) {
    const p = at(x, i);
    const q = at(y, i);
    v128.store(q, f64x2.add(v128.load(q), f64x2.mul(f, v128.load(p))));
    v128.store(q, f64x2.add(v128.load(q, 16), f64x2.mul(f, v128.load(p, 16))), 16);
  }
  for (; i < n; i++) set(y, i, get(y, i) + factor * get(x, i));
}

export function dot(n: usize, x: usize, y: usize): f64 {
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let i: usize = 0;
  for (; i + 7 < n; i += 8) {
    const p = at(x, i);
    const q = at(y, i);
    s0 = f64x2.add(s0, f64x2.mul(v128.load(p), v128.load(q)));
    s1 = f64x2.add(s1, f64x2.mul(v128.load(p, 16), v128.load(q, 16)));
    s2 = f64x2.add(s2, f64x2.mul(v128.load(p, 32), v128.load(q, 32)));
    s3 = f64x2.add(s3, f64x2.mul(v128.load(p, 48), v128.load(q, 48)));
  }
  for (; i + 1 < n; i += 2) s0 = f64x2.add(s0, f64x2.mul(v128.load(at(x, i)), v128.load(at(y, i))));
  let sum = sumOfLanes(f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3)));
  if (i < n) sum += get(x, i) * get(y, i);
  return sum;
}

/** ‖x‖, without underflow or overflow of the squares. */
export function norm(n: usize, x: usize): f64 {
  const squares = dot(n, x, x);
  if (squares > 1e-280 && squares < 1e300) return Math.sqrt(squares);
  let largest: f64 = 0;
  for (let i: usize = 0; i < n; i++) largest = Math.max(largest, Math.abs(get(x, i)));
  if (largest == 0) return 0;
  let sum: f64 = 0;
  for (let i: usize = 0; i < n; i++) {
    const part = get(x, i) / largest;
    sum += part * part;
  }
  return largest * Math.sqrt(sum);
}

/** out_k = row_k·x for `count` rows, `stride` numbers apart. */
export function dots(n: usize, count: usize, rows: usize, stride: usize, x: usize, out: usize): void {
  let k: usize = 0;
  for (; k + 3 < count; k += 4) {
    const r0 = at(rows, k * stride);
    const r1 = at(r0, stride);
    const r2 = at(r1, stride);
    const r3 = at(r2, stride);
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let t0 = s0;
    let t1 = s0;
    let t2 = s0;
    let t3 = s0;
    let i: usize = 0;
    for (; i + 3 < n; i += 4) {
      const o = i << 3;
      const a = v128.load(x + o);
      const b = v128.load(x + o, 16);
      s0 = f64x2.add(s0, f64x2.mul(v128.load(r0 + o), a));
      s1 = f64x2.add(s1, f64x2.mul(v128.load(r1 + o), a));
      s2 = f64x2.add(s2, f64x2.mul(v128.load(r2 + o), a));
      s3 = f64x2.add(s3, f64x2.mul(v128.load(r3 + o), a));
      t0 = f64x2.add(t0, f64x2.mul(v128.load(r0 + o, 16), b));
      t1 = f64x2.add(t1, f64x2.mul(v128.load(r1 + o, 16), b));
      t2 = f64x2.add(t2, f64x2.mul(v128.load(r2 + o, 16), b));
      t3 = f64x2.add(t3, f64x2.mul(v128.load(r3 + o, 16), b));
    }
    let d0 = sumOfLanes(f64x2.add(s0, t0));
    let d1 = sumOfLanes(f64x2.add(s1, t1));
    let d2 = sumOfLanes(f64x2.add(s2, t2));
    let d3 = sumOfLanes(f64x2.add(s3, t3));
    for (; i < n; i++) {
      const a = get(x, i);
      d0 += get(r0, i) * a;
      d1 += get(r1, i) * a;
      d2 += get(r2, i) * a;
      d3 += get(r3, i) * a;
    }
    set(out, k, d0);
    set(out, k + 1, d1);
    set(out, k + 2, d2);
    set(out, k + 3, d3);
  }
  for (; k < count; k++) set(out, k, dot(n, at(rows, k * stride), x));
}

/** y ← y + sign·Σ_k factor_k·row_k; the factors lie `step` numbers apart. */
export function addCombination(n: usize, count: usize, sign: f64, factors: usize, step: usize, rows: usize, stride: usize, y: usize): void {
  let k: usize = 0;
  for (; k + 3 < count; k += 4) {
    const r0 = at(rows, k * stride);
    const r1 = at(r0, stride);
    const r2 = at(r1, stride);
    const r3 = at(r2, stride);
    const f0 = sign * get(factors, k * step);
    const f1 = sign * get(factors, (k + 1) * step);
    const f2 = sign * get(factors, (k + 2) * step);
    const f3 = sign * get(factors, (k + 3) * step);
    const v0 = f64x2.splat(f0);
    const v1 = f64x2.splat(f1);
    const v2 = f64x2.splat(f2);
    const v3 = f64x2.splat(f3);
    let i: usize = 0;
    for (; i + 1 < n; i += 2) {
      const o = i << 3;
      const p = f64x2.add(f64x2.mul(v0, v128.load(r0 + o)), f64x2.mul(v1, v128.load(r1 + o)));
      const q = f64x2.add(f64x2.mul(v2, v128.load(r2 + o)), f64x2.mul(v3, v128.load(r3 + o)));
      v128.store(y + o, f64x2.add(v128.load(y + o), f64x2.add(p, q)));
    }
    if (i < n) set(y, i, get(y, i) + (f0 * get(r0, i) + f1 * get(r1, i) + (f2 * get(r2, i) + f3 * get(r3, i))));
  }
  for (; k < count; k++) addScaled(n, sign * get(factors, k * step), at(rows, k * stride), y);
}
