// Mean squared error and gradient of layered models as a list of operations on rows of numbers, two numbers a vector.
//
// Samples run along the rows; a row has an even number of them, the last one repeated where it is padded. Residuals of
// padding are 0, so that it adds nothing. What is added over rows goes in the order of the rows, what is added over samples
// in two interleaved halves, even and odd, added at the end. The TypeScript twins (../../models/layers/boundLayers.ts and
// ../../models/deepFactorization.ts) do the same, so their results are the same bits.
//
// An operation is 16 integers: its number and up to 15 operands, sizes or byte offsets, as ../program.ts writes them.

import { accumulate, at, sumOfLanes } from './lanes';
import { combine, project, rowSum } from './rows';

const COMBINE: i32 = 0;
const PROJECT: i32 = 1;
const SUM_ROWS: i32 = 2;
const SQUARED_ERROR: i32 = 3;
const ENTRY_ERROR: i32 = 4;
const COPY: i32 = 5;

// What becomes of combined rows: the mode in rows.ts, and whether they are added.
const MODE: i32 = 7;
const ADD: i32 = 8;

export const OPERATION_BYTES: usize = 64;

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
  for (let i = 0; i < operationCount; i++, o += OPERATION_BYTES) {
    const kind = load<i32>(o);
    if (isLoss(kind)) loss = runLoss(o, targets);
    else runOperation(kind, o, parameters, gradient);
  }
  return loss;
}

export function isLoss(kind: i32): bool {
  return kind == SQUARED_ERROR || kind == ENTRY_ERROR;
}

export function runLoss(o: usize, targets: usize): f64 {
  return load<i32>(o) == SQUARED_ERROR ? squaredError(o, targets) : entryError(o, targets);
}

export function runOperation(kind: i32, o: usize, vector: usize, gradient: usize): void {
  if (kind == COMBINE) combineRows(o, vector);
  else if (kind == PROJECT) projectRows(o, gradient);
  else if (kind == SUM_ROWS) sumRows(o, gradient);
  else if (kind == COPY) copy(o, vector, gradient);
}

// @ts-ignore: decorator
@inline
export function operand(o: usize, index: usize): usize {
  return <usize>load<u32>(o + (index << 2));
}

/**
 * Combined rows (rows.ts). Operands: rows, inner, columns; place of w in the vector, its steps between r and between q; place of the
 * biases plus one (0: none) and their step; x; out and its step between rows; what becomes of it, plus ADD to add to `out`; values,
 * slopes and extra at the same places as out.
 */
function combineRows(o: usize, vector: usize): void {
  const biases = operand(o, 7);
  const mode = <i32>operand(o, 12);
  combine(
    operand(o, 1), operand(o, 2), operand(o, 3),
    at(vector, operand(o, 4)), operand(o, 5), operand(o, 6),
    biases ? at(vector, biases - 1) : 0, operand(o, 8),
    operand(o, 9), operand(o, 10), operand(o, 11),
    (mode & ADD) != 0, mode & MODE, operand(o, 13), operand(o, 14), operand(o, 15), activation, shift,
  );
}

/**
 * gradient[r][q] = Σ_s u[r][s] x[q][s]. Operands: rows, inner, columns; place in the gradient and its step; u and its step; x; 1 to add to
 * what stands there.
 */
function projectRows(o: usize, gradient: usize): void {
  project(
    operand(o, 1), operand(o, 2), operand(o, 3), operand(o, 6), operand(o, 7), operand(o, 8),
    at(gradient, operand(o, 4)), operand(o, 5), 1, operand(o, 9) != 0,
  );
}

/** gradient[r] = Σ_s u[r][s]. Operands: rows, columns; place in the gradient and its step; u and its step; 1 to add. */
function sumRows(o: usize, gradient: usize): void {
  const rows = operand(o, 1);
  const n = operand(o, 2);
  const out = at(gradient, operand(o, 3));
  const outStep = operand(o, 4);
  const u = operand(o, 5);
  const uStep = operand(o, 6);
  const add = operand(o, 7) != 0;
  for (let r: usize = 0; r < rows; r++) {
    const place = at(out, r * outStep);
    const sum = rowSum(n, at(u, r * uStep));
    store<f64>(place, add ? load<f64>(place) + sum : sum);
  }
}

/**
 * Residuals 2/n·(f − y), 0 at padding, and their loss. Operands: samples, padded samples; f; residuals; mask; outputs, which are rows of
 * all three but the mask. n counts every output of every sample.
 */
function squaredError(o: usize, targets: usize): f64 {
  const n = operand(o, 2);
  const outputs = operand(o, 3);
  const residuals = operand(o, 4);
  const mask = operand(o, 5);
  const rows = operand(o, 6);
  const count = <f64>(operand(o, 1) * rows);
  const scale = f64x2.splat(2.0 / count);
  const zero = f64x2.splat(0);
  let squares = zero;
  for (let row: usize = 0; row < rows; row++) {
    const from = row * n;
    for (let s: usize = 0; s < n; s += 2) {
      const place = from + s;
      const difference = f64x2.sub(v128.load(at(outputs, place)), v128.load(at(targets, place)));
      // Not a product: padding may be infinite.
      const r = v128.and(difference, f64x2.gt(v128.load(at(mask, s)), zero));
      squares = accumulate(squares, r, r);
      v128.store(at(residuals, place), f64x2.mul(scale, r));
    }
  }
  return sumOfLanes(squares) / count;
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
 * columns; place in parameters or gradient; the rows; 0 from the parameters, 1 to the gradient, 2 to be added to it.
 */
function copy(o: usize, parameters: usize, gradient: usize): void {
  const rows = operand(o, 1);
  const columns = operand(o, 2);
  const padded = operand(o, 3);
  const place = operand(o, 4);
  const buffer = operand(o, 5);
  const direction = operand(o, 6);
  if (direction == 2) {
    for (let r: usize = 0; r < rows; r++) addNumbers(at(gradient, place + r * columns), at(buffer, r * padded), columns);
    return;
  }
  if (direction == 1) {
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

function addNumbers(to: usize, from: usize, count: usize): void {
  for (let i: usize = 0; i < count; i++) store<f64>(at(to, i), load<f64>(at(to, i)) + load<f64>(at(from, i)));
}
