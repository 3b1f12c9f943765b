// Mean squared error of a two-layer net and its gradient, over all samples, two samples a vector.
//
// f(x) = Σ_k a_k σ(w_k·x + b_k) + c; parameters in the order a[m], W[m × d], b[m] (if any), c (if any).
// Inputs lie feature by feature (d rows of `padded` numbers); `padded` is even, and `mask` is 1 for a sample, 0 for padding.
// `hidden` and `slopes` are workspaces of m × padded numbers, `residuals` and `row` of padded numbers.
//
// Every sum over samples runs in two interleaved halves, even and odd samples, which are added at the end; all else is in
// the order of the formula. The TypeScript twin (../../models/twoLayer.ts) does the same, so their results are the same bits.

import { accumulate, at, splatAt, sumOfLanes } from './lanes';
import { EXP, SHIFTED_TANH, SIGMOID, vectorActivation, vectorSlope } from './vectorActivation';

export function twoLayerLossAndGradient(
  activation: i32,
  shift: f64,
  width: i32,
  dimension: i32,
  count: i32,
  padded: i32,
  hasHiddenBias: i32,
  hasOutputBias: i32,
  inputs: usize,
  targets: usize,
  mask: usize,
  parameters: usize,
  gradient: usize,
  hidden: usize,
  slopes: usize,
  residuals: usize,
  row: usize,
): f64 {
  const m = <usize>width;
  const d = <usize>dimension;
  const n = <usize>padded;
  const inputWeights = at(parameters, m);
  const biases = at(inputWeights, m * d);
  const outputBias = hasHiddenBias ? at(biases, m) : biases;
  const shifts = f64x2.splat(shift);
  const slopeFollows = activation <= EXP;

  const start = hasOutputBias ? splatAt(outputBias, 0) : f64x2.splat(0);
  for (let s: usize = 0; s < n; s += 2) v128.store(at(residuals, s), f64x2.sub(start, v128.load(at(targets, s))));

  let k: usize = 0;
  for (; k + 1 < m; k += 2) {
    const a0 = splatAt(parameters, k);
    const a1 = splatAt(parameters, k + 1);
    const b0 = hasHiddenBias ? splatAt(biases, k) : f64x2.splat(0);
    const b1 = hasHiddenBias ? splatAt(biases, k + 1) : f64x2.splat(0);
    const w0 = at(inputWeights, k * d);
    const w1 = at(w0, d);
    const h0 = at(hidden, k * n);
    const h1 = at(h0, n);
    const g0 = at(slopes, k * n);
    const g1 = at(g0, n);
    let s: usize = 0;
    // Four chains at once: one chain of tanh alone would wait for itself most of the time.
    for (; s + 2 < n; s += 4) {
      let z00 = b0;
      let z01 = b0;
      let z10 = b1;
      let z11 = b1;
      let x = at(inputs, s);
      for (let j: usize = 0; j < d; j++, x = at(x, n)) {
        const x0 = v128.load(x);
        const x1 = v128.load(x, 16);
        const wj0 = splatAt(w0, j);
        const wj1 = splatAt(w1, j);
        z00 = accumulate(z00, wj0, x0);
        z01 = accumulate(z01, wj0, x1);
        z10 = accumulate(z10, wj1, x0);
        z11 = accumulate(z11, wj1, x1);
      }
      const v00 = vectorActivation(activation, z00, shifts);
      const v01 = vectorActivation(activation, z01, shifts);
      const v10 = vectorActivation(activation, z10, shifts);
      const v11 = vectorActivation(activation, z11, shifts);
      v128.store(at(h0, s), v00);
      v128.store(at(h0, s), v01, 16);
      v128.store(at(h1, s), v10);
      v128.store(at(h1, s), v11, 16);
      if (!slopeFollows) {
        v128.store(at(g0, s), vectorSlope(activation, z00));
        v128.store(at(g0, s), vectorSlope(activation, z01), 16);
        v128.store(at(g1, s), vectorSlope(activation, z10));
        v128.store(at(g1, s), vectorSlope(activation, z11), 16);
      }
      const r = at(residuals, s);
      v128.store(r, accumulate(accumulate(v128.load(r), a0, v00), a1, v10));
      v128.store(r, accumulate(accumulate(v128.load(r, 16), a0, v01), a1, v11), 16);
    }
    if (s < n) {
      let z0 = b0;
      let z1 = b1;
      let x = at(inputs, s);
      for (let j: usize = 0; j < d; j++, x = at(x, n)) {
        const x0 = v128.load(x);
        z0 = accumulate(z0, splatAt(w0, j), x0);
        z1 = accumulate(z1, splatAt(w1, j), x0);
      }
      const v0 = vectorActivation(activation, z0, shifts);
      const v1 = vectorActivation(activation, z1, shifts);
      v128.store(at(h0, s), v0);
      v128.store(at(h1, s), v1);
      if (!slopeFollows) {
        v128.store(at(g0, s), vectorSlope(activation, z0));
        v128.store(at(g1, s), vectorSlope(activation, z1));
      }
      const r = at(residuals, s);
      v128.store(r, accumulate(accumulate(v128.load(r), a0, v0), a1, v1));
    }
  }
  if (k < m) {
    const a = splatAt(parameters, k);
    const b = hasHiddenBias ? splatAt(biases, k) : f64x2.splat(0);
    const w = at(inputWeights, k * d);
    for (let s: usize = 0; s < n; s += 2) {
      let z = b;
      let x = at(inputs, s);
      for (let j: usize = 0; j < d; j++, x = at(x, n)) z = accumulate(z, splatAt(w, j), v128.load(x));
      const v = vectorActivation(activation, z, shifts);
      v128.store(at(hidden, k * n + s), v);
      if (!slopeFollows) v128.store(at(slopes, k * n + s), vectorSlope(activation, z));
      const r = at(residuals, s);
      v128.store(r, accumulate(v128.load(r), a, v));
    }
  }

  let squares = f64x2.splat(0);
  let residualSum = f64x2.splat(0);
  const scale = f64x2.splat(2.0 / <f64>count);
  for (let s: usize = 0; s < n; s += 2) {
    const r = f64x2.mul(v128.load(at(residuals, s)), v128.load(at(mask, s)));
    squares = accumulate(squares, r, r);
    const e = f64x2.mul(scale, r);
    residualSum = f64x2.add(residualSum, e);
    v128.store(at(residuals, s), e);
  }

  const inputGradient = at(gradient, m);
  const biasGradient = at(inputGradient, m * d);
  for (let k: usize = 0; k < m; k++) {
    const a = load<f64>(at(parameters, k));
    const h = at(hidden, k * n);
    let sumA = f64x2.splat(0);
    let sumB = f64x2.splat(0);
    for (let s: usize = 0; s < n; s += 2) {
      const e = v128.load(at(residuals, s));
      const v = v128.load(at(h, s));
      const ev = f64x2.mul(e, v);
      sumA = f64x2.add(sumA, ev);
      let u: v128;
      if (activation <= SHIFTED_TANH) u = f64x2.sub(e, f64x2.mul(ev, v));
      else if (activation == SIGMOID) u = f64x2.sub(ev, f64x2.mul(ev, v));
      else if (activation == EXP) u = ev;
      else u = f64x2.mul(e, v128.load(at(slopes, k * n + s)));
      sumB = f64x2.add(sumB, u);
      v128.store(at(row, s), u);
    }
    store<f64>(at(gradient, k), sumOfLanes(sumA));
    if (hasHiddenBias) store<f64>(at(biasGradient, k), a * sumOfLanes(sumB));
    const out = at(inputGradient, k * d);
    let j: usize = 0;
    for (; j + 3 < d; j += 4) {
      let g0 = f64x2.splat(0);
      let g1 = f64x2.splat(0);
      let g2 = f64x2.splat(0);
      let g3 = f64x2.splat(0);
      const x0 = at(inputs, j * n);
      const x1 = at(x0, n);
      const x2 = at(x1, n);
      const x3 = at(x2, n);
      for (let s: usize = 0; s < n; s += 2) {
        const u = v128.load(at(row, s));
        g0 = accumulate(g0, u, v128.load(at(x0, s)));
        g1 = accumulate(g1, u, v128.load(at(x1, s)));
        g2 = accumulate(g2, u, v128.load(at(x2, s)));
        g3 = accumulate(g3, u, v128.load(at(x3, s)));
      }
      store<f64>(at(out, j), a * sumOfLanes(g0));
      store<f64>(at(out, j + 1), a * sumOfLanes(g1));
      store<f64>(at(out, j + 2), a * sumOfLanes(g2));
      store<f64>(at(out, j + 3), a * sumOfLanes(g3));
    }
    for (; j < d; j++) {
      let sum = f64x2.splat(0);
      const x = at(inputs, j * n);
      for (let s: usize = 0; s < n; s += 2) sum = accumulate(sum, v128.load(at(row, s)), v128.load(at(x, s)));
      store<f64>(at(out, j), a * sumOfLanes(sum));
    }
  }
  if (hasOutputBias) store<f64>(hasHiddenBias ? at(biasGradient, m) : biasGradient, sumOfLanes(residualSum));
  return sumOfLanes(squares) / <f64>count;
}
