// Mean squared error and gradient of layered models as a list of operations on rows of numbers, two numbers a vector.
//
// Samples run along the rows; a row has an even number of them, the last one repeated where it is padded. Residuals of
// padding are 0, so that it adds nothing. What is added over rows goes in the order of the rows, what is added over samples
// in two interleaved halves, even and odd, added at the end. The TypeScript twins (../../models/layers/boundLayers.ts and
// ../../models/deepFactorization.ts) do the same, so their results are the same bits.
//
// An operation is 16 integers: its number and up to 15 operands, sizes or byte offsets, as ../program.ts writes them.

import { accumulate, at, splatAt, sumOfLanes } from './lanes';
import { EXP, SHIFTED_TANH, SIGMOID, vectorActivation, vectorSlope } from './vectorActivation';

const COMBINE: i32 = 0;
const PROJECT: i32 = 1;
const SUM_ROWS: i32 = 2;
const SQUARED_ERROR: i32 = 3;
const ENTRY_ERROR: i32 = 4;
const COPY: i32 = 5;

// What becomes of the combined rows.
const PLAIN: i32 = 0;
const ACTIVATE: i32 = 1;
const SLOPE: i32 = 2;

let operations: usize = 0;
let operationCount: i32 = 0;
let activation: i32 = 0;
let shift: f64 = 0;

export function setProgram(operationsAt: usize, count: i32, activationNumber: i32, shiftValue: f64): void {
  operations = operationsAt;
  operationCount = count;
  activation = activationNumber;
  shift = shiftValue;
}

export function runProgram(parameters: usize, gradient: usize, targets: usize): f64 {
  let loss = 0.0;
  let o = operations;
  for (let i = 0; i < operationCount; i++, o += 64) {
    const kind = load<i32>(o);
    if (kind == COMBINE) combine(o, parameters);
    else if (kind == PROJECT) project(o, gradient);
    else if (kind == SUM_ROWS) sumRows(o, gradient);
    else if (kind == SQUARED_ERROR) loss = squaredError(o, targets);
    else if (kind == ENTRY_ERROR) loss = entryError(o, targets);
    else if (kind == COPY) copy(o, parameters, gradient);
  }
  return loss;
}

// @ts-ignore: decorator
@inline
function operand(o: usize, index: usize): usize {
  return <usize>load<u32>(o + (index << 2));
}

// @ts-ignore: decorator
@inline
function finish(mode: i32, sum: v128, out: usize, values: usize, slopes: usize, shifts: v128): void {
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
  }
  v128.store(out, result);
}

/**
 * out[r][s] = b[r] + Σ_q w[r][q] x[q][s]. Operands: rows, inner, columns; place of w in the parameters, its steps between r
 * and between q; place of the biases plus one (0: none) and their step; x; out and its step between rows; what becomes of it,
 * with values and slopes at the same places as out.
 */
function combine(o: usize, parameters: usize): void {
  const rows = operand(o, 1);
  const inner = operand(o, 2);
  const n = operand(o, 3);
  const w = at(parameters, operand(o, 4));
  const rowStep = operand(o, 5);
  const innerStep = operand(o, 6);
  const hasBias = operand(o, 7) != 0;
  const biases = at(parameters, operand(o, 7) - 1);
  const biasStep = operand(o, 8);
  const x = operand(o, 9);
  const out = operand(o, 10);
  const outStep = operand(o, 11);
  const mode = <i32>operand(o, 12);
  const values = operand(o, 13);
  const slopes = operand(o, 14);
  const shifts = f64x2.splat(shift);
  const zero = f64x2.splat(0);
  let r: usize = 0;
  for (; r + 1 < rows; r += 2) {
    const w0 = at(w, r * rowStep);
    const w1 = at(w0, rowStep);
    const b0 = hasBias ? splatAt(biases, r * biasStep) : zero;
    const b1 = hasBias ? splatAt(biases, (r + 1) * biasStep) : zero;
    const place0 = r * outStep;
    const place1 = place0 + outStep;
    let s: usize = 0;
    for (; s + 6 < n; s += 8) {
      let z00 = b0;
      let z01 = b0;
      let z02 = b0;
      let z03 = b0;
      let z10 = b1;
      let z11 = b1;
      let z12 = b1;
      let z13 = b1;
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
      const a = place0 + s;
      const b = place1 + s;
      finish(mode, z00, at(out, a), at(values, a), at(slopes, a), shifts);
      finish(mode, z01, at(out, a + 2), at(values, a + 2), at(slopes, a + 2), shifts);
      finish(mode, z02, at(out, a + 4), at(values, a + 4), at(slopes, a + 4), shifts);
      finish(mode, z03, at(out, a + 6), at(values, a + 6), at(slopes, a + 6), shifts);
      finish(mode, z10, at(out, b), at(values, b), at(slopes, b), shifts);
      finish(mode, z11, at(out, b + 2), at(values, b + 2), at(slopes, b + 2), shifts);
      finish(mode, z12, at(out, b + 4), at(values, b + 4), at(slopes, b + 4), shifts);
      finish(mode, z13, at(out, b + 6), at(values, b + 6), at(slopes, b + 6), shifts);
    }
    for (; s + 2 < n; s += 4) {
      let z00 = b0;
      let z01 = b0;
      let z10 = b1;
      let z11 = b1;
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
      const a = place0 + s;
      const b = place1 + s;
      finish(mode, z00, at(out, a), at(values, a), at(slopes, a), shifts);
      finish(mode, z01, at(out, a + 2), at(values, a + 2), at(slopes, a + 2), shifts);
      finish(mode, z10, at(out, b), at(values, b), at(slopes, b), shifts);
      finish(mode, z11, at(out, b + 2), at(values, b + 2), at(slopes, b + 2), shifts);
    }
    for (; s < n; s += 2) {
      let z0 = b0;
      let z1 = b1;
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
      const a = place0 + s;
      const b = place1 + s;
      finish(mode, z0, at(out, a), at(values, a), at(slopes, a), shifts);
      finish(mode, z1, at(out, b), at(values, b), at(slopes, b), shifts);
    }
  }
  if (r < rows) {
    const w0 = at(w, r * rowStep);
    const b0 = hasBias ? splatAt(biases, r * biasStep) : zero;
    const place = r * outStep;
    let s: usize = 0;
    for (; s + 6 < n; s += 8) {
      let z0 = b0;
      let z1 = b0;
      let z2 = b0;
      let z3 = b0;
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
      const a = place + s;
      finish(mode, z0, at(out, a), at(values, a), at(slopes, a), shifts);
      finish(mode, z1, at(out, a + 2), at(values, a + 2), at(slopes, a + 2), shifts);
      finish(mode, z2, at(out, a + 4), at(values, a + 4), at(slopes, a + 4), shifts);
      finish(mode, z3, at(out, a + 6), at(values, a + 6), at(slopes, a + 6), shifts);
    }
    for (; s < n; s += 2) {
      let z = b0;
      let xq = at(x, s);
      let weight = w0;
      for (let q: usize = 0; q < inner; q++) {
        z = accumulate(z, v128.load64_splat(weight), v128.load(xq));
        xq = at(xq, n);
        weight = at(weight, innerStep);
      }
      const a = place + s;
      finish(mode, z, at(out, a), at(values, a), at(slopes, a), shifts);
    }
  }
}

/** gradient[r][q] = Σ_s u[r][s] x[q][s]. Operands: rows, inner, columns; place in the gradient and its step; u and its step; x. */
function project(o: usize, gradient: usize): void {
  const rows = operand(o, 1);
  const inner = operand(o, 2);
  const n = operand(o, 3);
  const out = at(gradient, operand(o, 4));
  const outStep = operand(o, 5);
  const u = operand(o, 6);
  const uStep = operand(o, 7);
  const x = operand(o, 8);
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
      store<f64>(at(out0, q), sumOfLanes(s00));
      store<f64>(at(out0, q + 1), sumOfLanes(s01));
      store<f64>(at(out0, q + 2), sumOfLanes(s02));
      store<f64>(at(out0, q + 3), sumOfLanes(s03));
      store<f64>(at(out1, q), sumOfLanes(s10));
      store<f64>(at(out1, q + 1), sumOfLanes(s11));
      store<f64>(at(out1, q + 2), sumOfLanes(s12));
      store<f64>(at(out1, q + 3), sumOfLanes(s13));
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
      store<f64>(at(out0, q), sumOfLanes(s0));
      store<f64>(at(out1, q), sumOfLanes(s1));
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
      store<f64>(at(out0, q), sumOfLanes(s0));
      store<f64>(at(out0, q + 1), sumOfLanes(s1));
      store<f64>(at(out0, q + 2), sumOfLanes(s2));
      store<f64>(at(out0, q + 3), sumOfLanes(s3));
    }
    for (; q < inner; q++) {
      let sum = zero;
      const x0 = at(x, q * n);
      for (let s: usize = 0; s < n; s += 2) sum = accumulate(sum, v128.load(at(u0, s)), v128.load(at(x0, s)));
      store<f64>(at(out0, q), sumOfLanes(sum));
    }
  }
}

/** gradient[r] = Σ_s u[r][s]. Operands: rows, columns; place in the gradient and its step; u and its step. */
function sumRows(o: usize, gradient: usize): void {
  const rows = operand(o, 1);
  const n = operand(o, 2);
  const out = at(gradient, operand(o, 3));
  const outStep = operand(o, 4);
  const u = operand(o, 5);
  const uStep = operand(o, 6);
  for (let r: usize = 0; r < rows; r++) {
    let sum = f64x2.splat(0);
    const row = at(u, r * uStep);
    for (let s: usize = 0; s < n; s += 2) sum = f64x2.add(sum, v128.load(at(row, s)));
    store<f64>(at(out, r * outStep), sumOfLanes(sum));
  }
}

/** Residuals 2/n·(f − y), 0 at padding, and their loss. Operands: samples, padded samples; f; residuals; mask. */
function squaredError(o: usize, targets: usize): f64 {
  const count = operand(o, 1);
  const n = operand(o, 2);
  const outputs = operand(o, 3);
  const residuals = operand(o, 4);
  const mask = operand(o, 5);
  const scale = f64x2.splat(2.0 / <f64>count);
  let squares = f64x2.splat(0);
  for (let s: usize = 0; s < n; s += 2) {
    const difference = f64x2.sub(v128.load(at(outputs, s)), v128.load(at(targets, s)));
    const r = f64x2.mul(difference, v128.load(at(mask, s)));
    squares = accumulate(squares, r, r);
    v128.store(at(residuals, s), f64x2.mul(scale, r));
  }
  return sumOfLanes(squares) / <f64>count;
}

/** The same at entries of a matrix. Operands: samples; rows, padded columns; the matrix; its gradient; rows and columns of the entries. */
function entryError(o: usize, targets: usize): f64 {
  const count = operand(o, 1);
  const rows = operand(o, 2);
  const n = operand(o, 3);
  const matrix = operand(o, 4);
  const residuals = operand(o, 5);
  const rowOf = operand(o, 6);
  const columnOf = operand(o, 7);
  // By hand, as in `copy`: for a few numbers the call of memory.fill takes longer.
  const zero = f64x2.splat(0);
  for (let i: usize = 0; i < rows * n; i += 2) v128.store(at(residuals, i), zero);
  const scale = 2.0 / <f64>count;
  let even = 0.0;
  let odd = 0.0;
  for (let s: usize = 0; s < count; s++) {
    const place = <usize>load<i32>(rowOf + (s << 2)) * n + <usize>load<i32>(columnOf + (s << 2));
    const r = load<f64>(at(matrix, place)) - load<f64>(at(targets, s));
    if (s & 1) odd += r * r;
    else even += r * r;
    const e = at(residuals, place);
    store<f64>(e, load<f64>(e) + scale * r);
  }
  return (even + odd) / <f64>count;
}

/**
 * Copies parameters into rows, the last column repeated as padding, or rows into the gradient. Operands: rows, columns, padded
 * columns; place in parameters or gradient; the rows; 0 from the parameters, 1 to the gradient.
 */
function copy(o: usize, parameters: usize, gradient: usize): void {
  const rows = operand(o, 1);
  const columns = operand(o, 2);
  const padded = operand(o, 3);
  const place = operand(o, 4);
  const buffer = operand(o, 5);
  if (operand(o, 6)) {
    for (let r: usize = 0; r < rows; r++) copyNumbers(at(gradient, place + r * columns), at(buffer, r * padded), columns);
    return;
  }
  for (let r: usize = 0; r < rows; r++) {
    const from = at(parameters, place + r * columns);
    const to = at(buffer, r * padded);
    copyNumbers(to, from, columns);
    if (padded > columns) store<f64>(at(to, columns), load<f64>(at(from, columns - 1)));
  }
}

function copyNumbers(to: usize, from: usize, count: usize): void {
  let i: usize = 0;
  for (; i + 1 < count; i += 2) v128.store(at(to, i), v128.load(at(from, i)));
  if (i < count) store<f64>(at(to, i), load<f64>(at(from, i)));
}
