// Mean squared error of a two-layer net and its gradient, over all samples, two neurons and four samples at a time.
//
// f(x) = Σ_k a_k σ(w_k·x + b_k) + c; parameters in the order a[m], W[m × d], b[m] (if any), c (if any).
// Inputs lie feature by feature (d rows of `padded` numbers); `padded` is a multiple of 4. Padding repeats a sample, so that it
// overflows only where a sample does, and `mask` is 1 for a sample, 0 for padding.
// `hidden` and `slopes` are workspaces of m × padded numbers, `residuals` of padded numbers.
//
// Every sum over samples runs in four interleaved parts, sample s in part s mod 4, which are added at the end (`sumOfFour`); all
// else is in the order of the formula. The TypeScript twin (../../models/twoLayer.ts) and the native kernel
// (../../native/source) do the same, so their results are the same bits.
//
// Where the number of neurons is odd, the last one is paired with itself: it is computed twice and counted once.

import { accumulate, at, splatAt, sumOfFour } from './lanes';
import { EXP, SHIFTED_TANH, SIGMOID, TANH, vectorActivation, vectorSlope } from './vectorActivation';

/** So many numbers surely stay in the first-level cache. */
const CACHED: usize = 2048;

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
): f64 {
  const m = <usize>width;
  const d = <usize>dimension;
  const n = <usize>padded;
  const inputWeights = at(parameters, m);
  const biases = hasHiddenBias ? at(inputWeights, m * d) : 0;
  const outputBias = at(parameters, m + m * d + (hasHiddenBias ? m : 0));

  const start = hasOutputBias ? splatAt(outputBias, 0) : f64x2.splat(0);
  for (let s: usize = 0; s < n; s += 2) v128.store(at(residuals, s), f64x2.sub(start, v128.load(at(targets, s))));
  // The activation that is used most gets a loop without choices.
  if (activation == TANH) forward(TANH, shift, m, d, n, inputs, parameters, inputWeights, biases, hidden, slopes, residuals);
  else forward(activation, shift, m, d, n, inputs, parameters, inputWeights, biases, hidden, slopes, residuals);

  let squares0 = f64x2.splat(0);
  let squares1 = f64x2.splat(0);
  let errors0 = f64x2.splat(0);
  let errors1 = f64x2.splat(0);
  const scale = f64x2.splat(2.0 / <f64>count);
  for (let s: usize = 0; s < n; s += 4) {
    const r = at(residuals, s);
    const r0 = f64x2.mul(v128.load(r), v128.load(at(mask, s)));
    const r1 = f64x2.mul(v128.load(r, 16), v128.load(at(mask, s), 16));
    squares0 = accumulate(squares0, r0, r0);
    squares1 = accumulate(squares1, r1, r1);
    const e0 = f64x2.mul(scale, r0);
    const e1 = f64x2.mul(scale, r1);
    errors0 = f64x2.add(errors0, e0);
    errors1 = f64x2.add(errors1, e1);
    v128.store(r, e0);
    v128.store(r, e1, 16);
  }

  const biasGradient = hasHiddenBias ? at(gradient, m + m * d) : 0;
  if (activation == TANH) backward(TANH, m, d, n, inputs, parameters, gradient, biasGradient, hidden, slopes, residuals);
  else backward(activation, m, d, n, inputs, parameters, gradient, biasGradient, hidden, slopes, residuals);
  if (hasOutputBias) store<f64>(outputBias - parameters + gradient, sumOfFour(errors0, errors1));
  return sumOfFour(squares0, squares1) / <f64>count;
}

/** Activations (and slopes, where they do not follow from these) of all neurons; adds the net's values to the residuals. */
// @ts-ignore: decorator
@inline
export function forward(
  activation: i32,
  shift: f64,
  m: usize,
  d: usize,
  n: usize,
  inputs: usize,
  outputWeights: usize,
  inputWeights: usize,
  biases: usize,
  hidden: usize,
  slopes: usize,
  residuals: usize,
): void {
  const row = n << 3;
  const shifts = f64x2.splat(shift);
  // The inputs of a block of samples stay in the cache while all neurons pass over them.
  const block = max<usize>(4, (CACHED / d) & ~3);
  for (let from: usize = 0; from < n; from += block) {
    const to = min(n, from + block);
    for (let k: usize = 0; k < m; k += 2) {
      const other = k + 1 < m ? k + 1 : k;
      const a0 = splatAt(outputWeights, k);
      const a1 = k + 1 < m ? splatAt(outputWeights, other) : f64x2.splat(0);
      const b0 = biases ? splatAt(biases, k) : f64x2.splat(0);
      const b1 = biases ? splatAt(biases, other) : f64x2.splat(0);
      const w0 = at(inputWeights, k * d);
      const w1 = at(inputWeights, other * d);
      const h0 = at(hidden, k * n);
      const h1 = at(hidden, other * n);
      for (let s = from; s < to; s += 4) {
        // Four chains at once: one chain of tanh alone would wait for itself most of the time.
        let z00 = b0;
        let z01 = b0;
        let z10 = b1;
        let z11 = b1;
        let x = at(inputs, s);
        for (let y0 = w0, y1 = w1, end = at(w0, d); y0 < end; y0 += 8, y1 += 8, x += row) {
          const x0 = v128.load(x);
          const x1 = v128.load(x, 16);
          const wj0 = v128.load64_splat(y0);
          const wj1 = v128.load64_splat(y1);
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
        if (activation > EXP) {
          const g0 = at(slopes, k * n + s);
          const g1 = at(slopes, other * n + s);
          v128.store(g0, vectorSlope(activation, z00));
          v128.store(g0, vectorSlope(activation, z01), 16);
          v128.store(g1, vectorSlope(activation, z10));
          v128.store(g1, vectorSlope(activation, z11), 16);
        }
        const r = at(residuals, s);
        v128.store(r, accumulate(accumulate(v128.load(r), a0, v00), a1, v10));
        v128.store(r, accumulate(accumulate(v128.load(r, 16), a0, v01), a1, v11), 16);
      }
    }
  }
}

/** e·σ′ from e, ev = e·v and the activation v. */
// @ts-ignore: decorator
@inline
function errorBehind(activation: i32, e: v128, ev: v128, v: v128, slope: usize): v128 {
  if (activation <= SHIFTED_TANH) return f64x2.sub(e, f64x2.mul(ev, v));
  if (activation == SIGMOID) return f64x2.sub(ev, f64x2.mul(ev, v));
  if (activation == EXP) return ev;
  return f64x2.mul(e, v128.load(slope));
}

/** The gradient of all neurons' parameters. `residuals` hold e = 2r/n; `hidden` is used up. */
// @ts-ignore: decorator
@inline
export function backward(
  activation: i32,
  m: usize,
  d: usize,
  n: usize,
  inputs: usize,
  outputWeights: usize,
  gradient: usize,
  biasGradient: usize,
  hidden: usize,
  slopes: usize,
  residuals: usize,
): void {
  // What a group of neurons sends back stays in the cache while it meets all features.
  const group = max<usize>(2, (CACHED / n) & ~1);
  for (let from: usize = 0; from < m; from += group) {
    const to = min(m, from + group);
    for (let k = from; k < to; k++) {
      const u = at(hidden, k * n);
      const slope = at(slopes, k * n);
      let value0 = f64x2.splat(0);
      let value1 = f64x2.splat(0);
      let slope0 = f64x2.splat(0);
      let slope1 = f64x2.splat(0);
      for (let s: usize = 0; s < n; s += 4) {
        const e0 = v128.load(at(residuals, s));
        const e1 = v128.load(at(residuals, s), 16);
        const v0 = v128.load(at(u, s));
        const v1 = v128.load(at(u, s), 16);
        const ev0 = f64x2.mul(e0, v0);
        const ev1 = f64x2.mul(e1, v1);
        value0 = f64x2.add(value0, ev0);
        value1 = f64x2.add(value1, ev1);
        const u0 = errorBehind(activation, e0, ev0, v0, at(slope, s));
        const u1 = errorBehind(activation, e1, ev1, v1, at(slope, s + 2));
        slope0 = f64x2.add(slope0, u0);
        slope1 = f64x2.add(slope1, u1);
        v128.store(at(u, s), u0);
        v128.store(at(u, s), u1, 16);
      }
      store<f64>(at(gradient, k), sumOfFour(value0, value1));
      if (biasGradient) store<f64>(at(biasGradient, k), load<f64>(at(outputWeights, k)) * sumOfFour(slope0, slope1));
    }

    let j: usize = 0;
    for (; j + 3 < d; j += 4) {
      const x = at(inputs, j * n);
      for (let k = from; k < to; k += 2) {
        const other = k + 1 < m ? k + 1 : k;
        const u0 = at(hidden, k * n);
        const u1 = at(hidden, other * n);
        projectTwoOnFour(u0, u1, x, n);
        const p0 = sum0, p1 = sum1, p2 = sum2, p3 = sum3, q0 = sum4, q1 = sum5, q2 = sum6, q3 = sum7;
        projectTwoOnFour(u0 + 16, u1 + 16, x + 16, n);
        const a0 = load<f64>(at(outputWeights, k));
        const a1 = load<f64>(at(outputWeights, other));
        const out0 = at(gradient, m + k * d + j);
        const out1 = at(gradient, m + other * d + j);
        store<f64>(out0, a0 * sumOfFour(p0, sum0));
        store<f64>(out0, a0 * sumOfFour(p1, sum1), 8);
        store<f64>(out0, a0 * sumOfFour(p2, sum2), 16);
        store<f64>(out0, a0 * sumOfFour(p3, sum3), 24);
        store<f64>(out1, a1 * sumOfFour(q0, sum4));
        store<f64>(out1, a1 * sumOfFour(q1, sum5), 8);
        store<f64>(out1, a1 * sumOfFour(q2, sum6), 16);
        store<f64>(out1, a1 * sumOfFour(q3, sum7), 24);
      }
    }
    for (; j < d; j++) {
      const x = at(inputs, j * n);
      for (let k = from; k < to; k += 2) {
        const other = k + 1 < m ? k + 1 : k;
        const u0 = at(hidden, k * n);
        const u1 = at(hidden, other * n);
        let p0 = f64x2.splat(0);
        let p1 = f64x2.splat(0);
        let q0 = f64x2.splat(0);
        let q1 = f64x2.splat(0);
        for (let s: usize = 0; s < n; s += 4) {
          const x0 = v128.load(at(x, s));
          const x1 = v128.load(at(x, s), 16);
          p0 = accumulate(p0, v128.load(at(u0, s)), x0);
          p1 = accumulate(p1, v128.load(at(u0, s), 16), x1);
          q0 = accumulate(q0, v128.load(at(u1, s)), x0);
          q1 = accumulate(q1, v128.load(at(u1, s), 16), x1);
        }
        store<f64>(at(gradient, m + k * d + j), load<f64>(at(outputWeights, k)) * sumOfFour(p0, p1));
        store<f64>(at(gradient, m + other * d + j), load<f64>(at(outputWeights, other)) * sumOfFour(q0, q1));
      }
    }
  }
}

// What `projectTwoOnFour` has added up: two neurons' products with four features.
let sum0: v128 = f64x2.splat(0);
let sum1: v128 = f64x2.splat(0);
let sum2: v128 = f64x2.splat(0);
let sum3: v128 = f64x2.splat(0);
let sum4: v128 = f64x2.splat(0);
let sum5: v128 = f64x2.splat(0);
let sum6: v128 = f64x2.splat(0);
let sum7: v128 = f64x2.splat(0);

/**
 * Σ_s u·x over every second pair of samples, for two neurons and four features that lie behind one another. Eight sums and six
 * operands just fit into the registers; with all samples at once some sums would live in memory, and each addition wait for it.
 */
// @ts-ignore: decorator
@inline
function projectTwoOnFour(u0: usize, u1: usize, x: usize, n: usize): void {
  let p0 = f64x2.splat(0);
  let p1 = f64x2.splat(0);
  let p2 = f64x2.splat(0);
  let p3 = f64x2.splat(0);
  let q0 = f64x2.splat(0);
  let q1 = f64x2.splat(0);
  let q2 = f64x2.splat(0);
  let q3 = f64x2.splat(0);
  const row = n << 3;
  const end = x + row;
  let x1 = x + row;
  let x2 = x1 + row;
  let x3 = x2 + row;
  for (; x < end; x += 32, x1 += 32, x2 += 32, x3 += 32, u0 += 32, u1 += 32) {
    const v0 = v128.load(u0);
    const v1 = v128.load(u1);
    const y0 = v128.load(x);
    const y1 = v128.load(x1);
    const y2 = v128.load(x2);
    const y3 = v128.load(x3);
    p0 = accumulate(p0, v0, y0);
    p1 = accumulate(p1, v0, y1);
    p2 = accumulate(p2, v0, y2);
    p3 = accumulate(p3, v0, y3);
    q0 = accumulate(q0, v1, y0);
    q1 = accumulate(q1, v1, y1);
    q2 = accumulate(q2, v1, y2);
    q3 = accumulate(q3, v1, y3);
  }
  sum0 = p0;
  sum1 = p1;
  sum2 = p2;
  sum3 = p3;
  sum4 = q0;
  sum5 = q1;
  sum6 = q2;
  sum7 = q3;
}
