// Products of rows of numbers, samples along the rows, an even number of them. What is added over rows goes in the order of the
// rows, what is added over samples in two interleaved halves, even and odd samples, which are added at the end; blocks of
// registers change no bit of that. The twins are in ../../models/layers/rows.ts.

import { accumulate, at, splatAt, sumOfLanes } from '../../kernels/assembly/lanes';

/**
 * out[r][s] = b[r] + Σ_q w[r][q] x[q][s], or added to what stands in `out`. `biases` 0: none. Steps: between rows of w, between
 * numbers of a row of w, between biases, between rows of out.
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
): void {
  let r: usize = 0;
  for (; r + 1 < rows; r += 2) {
    const w0 = at(w, r * rowStep);
    const w1 = at(w0, rowStep);
    const b0 = biases ? splatAt(biases, r * biasStep) : f64x2.splat(0);
    const b1 = biases ? splatAt(biases, (r + 1) * biasStep) : f64x2.splat(0);
    const out0 = at(out, r * outStep);
    const out1 = at(out0, outStep);
    let s: usize = 0;
    for (; s + 6 < n; s += 8) {
      const p0 = at(out0, s);
      const p1 = at(out1, s);
      let z00 = add ? v128.load(p0) : b0;
      let z01 = add ? v128.load(p0, 16) : b0;
      let z02 = add ? v128.load(p0, 32) : b0;
      let z03 = add ? v128.load(p0, 48) : b0;
      let z10 = add ? v128.load(p1) : b1;
      let z11 = add ? v128.load(p1, 16) : b1;
      let z12 = add ? v128.load(p1, 32) : b1;
      let z13 = add ? v128.load(p1, 48) : b1;
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
      v128.store(p0, z00);
      v128.store(p0, z01, 16);
      v128.store(p0, z02, 32);
      v128.store(p0, z03, 48);
      v128.store(p1, z10);
      v128.store(p1, z11, 16);
      v128.store(p1, z12, 32);
      v128.store(p1, z13, 48);
    }
    for (; s < n; s += 2) {
      const p0 = at(out0, s);
      const p1 = at(out1, s);
      let z0 = add ? v128.load(p0) : b0;
      let z1 = add ? v128.load(p1) : b1;
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
      v128.store(p0, z0);
      v128.store(p1, z1);
    }
  }
  if (r < rows) {
    const w0 = at(w, r * rowStep);
    const b0 = biases ? splatAt(biases, r * biasStep) : f64x2.splat(0);
    const out0 = at(out, r * outStep);
    for (let s: usize = 0; s < n; s += 2) {
      const p0 = at(out0, s);
      let z = add ? v128.load(p0) : b0;
      let xq = at(x, s);
      let weight = w0;
      for (let q: usize = 0; q < inner; q++) {
        z = accumulate(z, v128.load64_splat(weight), v128.load(xq));
        xq = at(xq, n);
        weight = at(weight, innerStep);
      }
      v128.store(p0, z);
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
    for (let q: usize = 0; q < inner; q++) {
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
