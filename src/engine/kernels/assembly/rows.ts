// Products of rows of numbers, samples along the rows, an even number of them. What is added over rows goes in the order of the
// rows, what is added over samples in two interleaved halves, even and odd samples, which are added at the end; blocks of
// registers change no bit of that. The twins are in ../../models/layers/rows.ts.

import { accumulate, at, splatAt, sumOfLanes } from './lanes';
import { EXP, SHIFTED_TANH, SIGMOID, vectorActivation, vectorSlope } from './vectorActivation';

// What becomes of the combined rows, with `values`, `slopes` and `extra` at the same places as `out`.
/** out = sum. */
export const PLAIN: i32 = 0;
/** out = σ(sum), with the fast functions of training; σ′(sum) in `slopes` where it does not follow from σ. */
export const ACTIVATE: i32 = 1;
/** out = sum·σ′, from σ in `values` or σ′ in `slopes` as ACTIVATE has left them. */
export const SLOPE: i32 = 2;
/** out = sum·values. */
export const SCALE: i32 = 3;
/** out = sum·values, extra = sum·slopes. */
export const SPLIT: i32 = 4;
/** out = sum·values + slopes. */
export const SCALE_ADD: i32 = 5;

// @ts-ignore: decorator
@inline
function finish(mode: i32, activation: i32, sum: v128, out: usize, values: usize, slopes: usize, extra: usize, shifts: v128): void {
  let result = sum;
  if (mode == ACTIVATE) {
    result = vectorActivation(activation, sum, shifts);
    if (activation > EXP) v128.store(slopes, vectorSlope(activation, sum));
  } else if (mode == SLOPE) {
    const h = v128.load(values);
    const gh = f64x2.mul(sum, h);
    if (activation <= SHIFTED_TANH) result = f64x2.sub(sum, f64x2.mul(gh, h));
    else if (activation == SIGMOID) result = f64x2.sub(gh, f64x2.mul(gh, h));
    else if (activation == EXP) result = gh;
    else result = f64x2.mul(sum, v128.load(slopes));
  } else if (mode > SLOPE) {
    scale(mode, sum, out, values, slopes, extra);
    return;
  }
  v128.store(out, result);
}

/** The modes that training does not have, apart: they need not stand in every place of `combine`. */
function scale(mode: i32, sum: v128, out: usize, values: usize, slopes: usize, extra: usize): void {
  let result = f64x2.mul(sum, v128.load(values));
  if (mode == SPLIT) v128.store(extra, f64x2.mul(sum, v128.load(slopes)));
  else if (mode == SCALE_ADD) result = f64x2.add(result, v128.load(slopes));
  v128.store(out, result);
}

// @ts-ignore: decorator
@inline
function begin(add: bool, bias: v128, out: usize, index: usize): v128 {
  return add ? v128.load(at(out, index)) : bias;
}

/**
 * out[r][s] = b[r] + Σ_q w[r][q] x[q][s], or added to what stands in `out`, and then finished as `mode` says. `biases` 0: none. Steps:
 * between rows of w, between numbers of a row of w, between biases, between rows of out.
 */
export function combine(
  rows: usize,
  inner: usize,
  n: usize,
  w: usize,
  rowStep: usize,
  innerStep: usize,
  biases: usize,
  biasStep: usize,
  x: usize,
  out: usize,
  outStep: usize,
  add: bool,
  mode: i32 = PLAIN,
  values: usize = 0,
  slopes: usize = 0,
  extra: usize = 0,
  activation: i32 = 0,
  shift: f64 = 0,
): void {
  const shifts = f64x2.splat(shift);
  const zero = f64x2.splat(0);
  let r: usize = 0;
  for (; r + 1 < rows; r += 2) {
    const w0 = at(w, r * rowStep);
    const w1 = at(w0, rowStep);
    const b0 = biases ? splatAt(biases, r * biasStep) : zero;
    const b1 = biases ? splatAt(biases, (r + 1) * biasStep) : zero;
    const place0 = r * outStep;
    const place1 = place0 + outStep;
    let s: usize = 0;
    for (; s + 6 < n; s += 8) {
      const a = place0 + s;
      const b = place1 + s;
      let z00 = begin(add, b0, out, a);
      let z01 = begin(add, b0, out, a + 2);
      let z02 = begin(add, b0, out, a + 4);
      let z03 = begin(add, b0, out, a + 6);
      let z10 = begin(add, b1, out, b);
      let z11 = begin(add, b1, out, b + 2);
      let z12 = begin(add, b1, out, b + 4);
      let z13 = begin(add, b1, out, b + 6);
      let xq = at(x, s);
      let weight0 = w0;
      let weight1 = w1;
      for (let q: usize = 0; q < inner; q++) {
        const u0 = v128.load64_splat(weight0);
        const u1 = v128.load64_splat(weight1);
        const x0 = v128.load(xq);
        z00 = accumulate(z00, u0, x0);
        z10 = accumulate(z10, u1, x0);
        const x1 = v128.load(xq, 16);
        z01 = accumulate(z01, u0, x1);
        z11 = accumulate(z11, u1, x1);
        const x2 = v128.load(xq, 32);
        z02 = accumulate(z02, u0, x2);
        z12 = accumulate(z12, u1, x2);
        const x3 = v128.load(xq, 48);
        z03 = accumulate(z03, u0, x3);
        z13 = accumulate(z13, u1, x3);
        xq = at(xq, n);
        weight0 = at(weight0, innerStep);
        weight1 = at(weight1, innerStep);
      }
      finish(mode, activation, z00, at(out, a), at(values, a), at(slopes, a), at(extra, a), shifts);
      finish(mode, activation, z01, at(out, a + 2), at(values, a + 2), at(slopes, a + 2), at(extra, a + 2), shifts);
      finish(mode, activation, z02, at(out, a + 4), at(values, a + 4), at(slopes, a + 4), at(extra, a + 4), shifts);
      finish(mode, activation, z03, at(out, a + 6), at(values, a + 6), at(slopes, a + 6), at(extra, a + 6), shifts);
      finish(mode, activation, z10, at(out, b), at(values, b), at(slopes, b), at(extra, b), shifts);
      finish(mode, activation, z11, at(out, b + 2), at(values, b + 2), at(slopes, b + 2), at(extra, b + 2), shifts);
      finish(mode, activation, z12, at(out, b + 4), at(values, b + 4), at(slopes, b + 4), at(extra, b + 4), shifts);
      finish(mode, activation, z13, at(out, b + 6), at(values, b + 6), at(slopes, b + 6), at(extra, b + 6), shifts);
    }
    for (; s + 2 < n; s += 4) {
      const a = place0 + s;
      const b = place1 + s;
      let z00 = begin(add, b0, out, a);
      let z01 = begin(add, b0, out, a + 2);
      let z10 = begin(add, b1, out, b);
      let z11 = begin(add, b1, out, b + 2);
      let xq = at(x, s);
      let weight0 = w0;
      let weight1 = w1;
      for (let q: usize = 0; q < inner; q++) {
        const u0 = v128.load64_splat(weight0);
        const u1 = v128.load64_splat(weight1);
        const x0 = v128.load(xq);
        const x1 = v128.load(xq, 16);
        z00 = accumulate(z00, u0, x0);
        z01 = accumulate(z01, u0, x1);
        z10 = accumulate(z10, u1, x0);
        z11 = accumulate(z11, u1, x1);
        xq = at(xq, n);
        weight0 = at(weight0, innerStep);
        weight1 = at(weight1, innerStep);
      }
      finish(mode, activation, z00, at(out, a), at(values, a), at(slopes, a), at(extra, a), shifts);
      finish(mode, activation, z01, at(out, a + 2), at(values, a + 2), at(slopes, a + 2), at(extra, a + 2), shifts);
      finish(mode, activation, z10, at(out, b), at(values, b), at(slopes, b), at(extra, b), shifts);
      finish(mode, activation, z11, at(out, b + 2), at(values, b + 2), at(slopes, b + 2), at(extra, b + 2), shifts);
    }
    for (; s < n; s += 2) {
      const a = place0 + s;
      const b = place1 + s;
      let z0 = begin(add, b0, out, a);
      let z1 = begin(add, b1, out, b);
      let xq = at(x, s);
      let weight0 = w0;
      let weight1 = w1;
      for (let q: usize = 0; q < inner; q++) {
        const x0 = v128.load(xq);
        z0 = accumulate(z0, v128.load64_splat(weight0), x0);
        z1 = accumulate(z1, v128.load64_splat(weight1), x0);
        xq = at(xq, n);
        weight0 = at(weight0, innerStep);
        weight1 = at(weight1, innerStep);
      }
      finish(mode, activation, z0, at(out, a), at(values, a), at(slopes, a), at(extra, a), shifts);
      finish(mode, activation, z1, at(out, b), at(values, b), at(slopes, b), at(extra, b), shifts);
    }
  }
  if (r < rows) {
    const w0 = at(w, r * rowStep);
    const b0 = biases ? splatAt(biases, r * biasStep) : zero;
    const place = r * outStep;
    let s: usize = 0;
    for (; s + 6 < n; s += 8) {
      const a = place + s;
      let z0 = begin(add, b0, out, a);
      let z1 = begin(add, b0, out, a + 2);
      let z2 = begin(add, b0, out, a + 4);
      let z3 = begin(add, b0, out, a + 6);
      let xq = at(x, s);
      let weight = w0;
      for (let q: usize = 0; q < inner; q++) {
        const u = v128.load64_splat(weight);
        z0 = accumulate(z0, u, v128.load(xq));
        z1 = accumulate(z1, u, v128.load(xq, 16));
        z2 = accumulate(z2, u, v128.load(xq, 32));
        z3 = accumulate(z3, u, v128.load(xq, 48));
        xq = at(xq, n);
        weight = at(weight, innerStep);
      }
      finish(mode, activation, z0, at(out, a), at(values, a), at(slopes, a), at(extra, a), shifts);
      finish(mode, activation, z1, at(out, a + 2), at(values, a + 2), at(slopes, a + 2), at(extra, a + 2), shifts);
      finish(mode, activation, z2, at(out, a + 4), at(values, a + 4), at(slopes, a + 4), at(extra, a + 4), shifts);
      finish(mode, activation, z3, at(out, a + 6), at(values, a + 6), at(slopes, a + 6), at(extra, a + 6), shifts);
    }
    for (; s < n; s += 2) {
      const a = place + s;
      let z = begin(add, b0, out, a);
      let xq = at(x, s);
      let weight = w0;
      for (let q: usize = 0; q < inner; q++) {
        z = accumulate(z, v128.load64_splat(weight), v128.load(xq));
        xq = at(xq, n);
        weight = at(weight, innerStep);
      }
      finish(mode, activation, z, at(out, a), at(values, a), at(slopes, a), at(extra, a), shifts);
    }
  }
}

// @ts-ignore: decorator
@inline
function put(place: usize, sum: v128, factor: f64, add: bool): void {
  const value = factor * sumOfLanes(sum);
  store<f64>(place, add ? load<f64>(place) + value : value);
}

/** out[r][q] = factor · Σ_s u[r][s] x[q][s], or added to what stands there. Steps: between rows of u, of x and of out. */
export function project(
  rows: usize,
  inner: usize,
  n: usize,
  u: usize,
  uStep: usize,
  x: usize,
  out: usize,
  outStep: usize,
  factor: f64,
  add: bool,
): void {
  const zero = f64x2.splat(0);
  let r: usize = 0;
  for (; r + 1 < rows; r += 2) {
    const u0 = at(u, r * uStep);
    const u1 = at(u0, uStep);
    const out0 = at(out, r * outStep);
    const out1 = at(out0, outStep);
    let q: usize = 0;
    for (; q + 3 < inner; q += 4) {
      let s00 = zero;
      let s01 = zero;
      let s02 = zero;
      let s03 = zero;
      let s10 = zero;
      let s11 = zero;
      let s12 = zero;
      let s13 = zero;
      const x0 = at(x, q * n);
      const x1 = at(x0, n);
      const x2 = at(x1, n);
      const x3 = at(x2, n);
      for (let s: usize = 0; s < n; s += 2) {
        const a = v128.load(at(u0, s));
        const b = v128.load(at(u1, s));
        const c0 = v128.load(at(x0, s));
        s00 = accumulate(s00, a, c0);
        s10 = accumulate(s10, b, c0);
        const c1 = v128.load(at(x1, s));
        s01 = accumulate(s01, a, c1);
        s11 = accumulate(s11, b, c1);
        const c2 = v128.load(at(x2, s));
        s02 = accumulate(s02, a, c2);
        s12 = accumulate(s12, b, c2);
        const c3 = v128.load(at(x3, s));
        s03 = accumulate(s03, a, c3);
        s13 = accumulate(s13, b, c3);
      }
      put(at(out0, q), s00, factor, add);
      put(at(out0, q + 1), s01, factor, add);
      put(at(out0, q + 2), s02, factor, add);
      put(at(out0, q + 3), s03, factor, add);
      put(at(out1, q), s10, factor, add);
      put(at(out1, q + 1), s11, factor, add);
      put(at(out1, q + 2), s12, factor, add);
      put(at(out1, q + 3), s13, factor, add);
    }
    for (; q < inner; q++) {
      let s0 = zero;
      let s1 = zero;
      const x0 = at(x, q * n);
      for (let s: usize = 0; s < n; s += 2) {
        const c = v128.load(at(x0, s));
        s0 = accumulate(s0, v128.load(at(u0, s)), c);
        s1 = accumulate(s1, v128.load(at(u1, s)), c);
      }
      put(at(out0, q), s0, factor, add);
      put(at(out1, q), s1, factor, add);
    }
  }
  if (r < rows) {
    const u0 = at(u, r * uStep);
    const out0 = at(out, r * outStep);
    let q: usize = 0;
    for (; q + 3 < inner; q += 4) {
      let s0 = zero;
      let s1 = zero;
      let s2 = zero;
      let s3 = zero;
      const x0 = at(x, q * n);
      const x1 = at(x0, n);
      const x2 = at(x1, n);
      const x3 = at(x2, n);
      for (let s: usize = 0; s < n; s += 2) {
        const a = v128.load(at(u0, s));
        s0 = accumulate(s0, a, v128.load(at(x0, s)));
        s1 = accumulate(s1, a, v128.load(at(x1, s)));
        s2 = accumulate(s2, a, v128.load(at(x2, s)));
        s3 = accumulate(s3, a, v128.load(at(x3, s)));
      }
      put(at(out0, q), s0, factor, add);
      put(at(out0, q + 1), s1, factor, add);
      put(at(out0, q + 2), s2, factor, add);
      put(at(out0, q + 3), s3, factor, add);
    }
    for (; q < inner; q++) {
      let sum = zero;
      const x0 = at(x, q * n);
      for (let s: usize = 0; s < n; s += 2) sum = accumulate(sum, v128.load(at(u0, s)), v128.load(at(x0, s)));
      put(at(out0, q), sum, factor, add);
    }
  }
}

/** Σ_s u[s]. */
export function rowSum(n: usize, u: usize): f64 {
  let sum = f64x2.splat(0);
  for (let s: usize = 0; s < n; s += 2) sum = f64x2.add(sum, v128.load(at(u, s)));
  return sumOfLanes(sum);
}

/** Σ_s u[s] v[s]. */
export function rowProduct(n: usize, u: usize, v: usize): f64 {
  let sum = f64x2.splat(0);
  for (let s: usize = 0; s < n; s += 2) sum = accumulate(sum, v128.load(at(u, s)), v128.load(at(v, s)));
  return sumOfLanes(sum);
}
