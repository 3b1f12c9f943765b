// Products with the Hessian of layered models and of products of matrices, as lists of operations: those of training
// (../../kernels/assembly/program.ts), here also with the weights of a direction, and a few of their own. What the lists compute
// stands in ../layerPasses.ts and ../factorPasses.ts; the order of sums is that of the training kernels.

import { at } from '../../kernels/assembly/lanes';
import { isLoss, operand, OPERATION_BYTES, runLoss, runOperation } from '../../kernels/assembly/program';
import { activate } from './activation';
import { bendLevels, multiplyLevels, multiplyLevelTangents, pullBackLevels } from './diagonal';
import { arrangeFactors, entryLoss, gatherEntries, multiplyEntries } from './entries';

export { setProgram } from '../../kernels/assembly/program';

/** Added to the number of an operation that takes its weights from the direction. */
const ALONG: i32 = 32;
/** Added where weights and gradients are places in memory, not in a vector. */
const IN_MEMORY: i32 = 64;
const ACTIVATIONS: i32 = 8;
const SEEDS: i32 = 9;
const ENTRY_SEEDS: i32 = 10;
const DIFFERENCE: i32 = 11;
const LEVELS: i32 = 12;
const LEVEL_TANGENTS: i32 = 13;
const PULL_BACK_LEVELS: i32 = 14;
const BEND_LEVELS: i32 = 15;
const ARRANGE: i32 = 16;
const MULTIPLY_ENTRIES: i32 = 17;
const ENTRY_LOSS: i32 = 18;
const GATHER: i32 = 19;

/** Runs a list; the loss where an operation of it gives one. */
export function runProducts(
  list: usize,
  count: i32,
  point: usize,
  direction: usize,
  out: usize,
  targets: usize,
  activation: i32,
  shift: f64,
): f64 {
  let loss = 0.0;
  let o = list;
  for (let i = 0; i < count; i++, o += OPERATION_BYTES) {
    const number = load<i32>(o);
    const kind = number & (ALONG - 1);
    if (isLoss(kind)) loss = runLoss(o, targets);
    else if (kind == ACTIVATIONS) activations(o, activation, shift);
    else if (kind == SEEDS) seeds(o);
    else if (kind == ENTRY_SEEDS) entrySeeds(o);
    else if (kind == DIFFERENCE) difference(o);
    else {
      const vector = number & ALONG ? direction : point;
      if (kind == LEVELS) multiplyLevels(o, vector);
      else if (kind == LEVEL_TANGENTS) multiplyLevelTangents(o, point, direction);
      else if (kind == PULL_BACK_LEVELS) pullBackLevels(o, out);
      else if (kind == BEND_LEVELS) bendLevels(o, out);
      else if (kind == ARRANGE) arrangeFactors(o, vector, out);
      else if (kind == MULTIPLY_ENTRIES) multiplyEntries(o);
      else if (kind == ENTRY_LOSS) loss = entryLoss(o, targets);
      else if (kind == GATHER) gatherEntries(o);
      else if (number & IN_MEMORY) runOperation(kind, o, 0, 0);
      else runOperation(kind, o, vector, out);
    }
  }
  return loss;
}

/** σ(z) in place of z, with σ′ and σ″, without cancellation. Operands: how many; z; σ′; σ″. */
function activations(o: usize, activation: i32, shift: f64): void {
  const count = operand(o, 1);
  const values = operand(o, 2);
  const first = operand(o, 3);
  const second = operand(o, 4);
  const shifts = f64x2.splat(shift);
  for (let i: usize = 0; i < count; i += 2) {
    activate(activation, v128.load(at(values, i)), shifts, at(values, i), at(first, i), at(second, i));
  }
}

/**
 * out = 2/n·ḟ, 0 at padding, plus `other` where there is one. Operands: samples; rows, their length; ḟ; mask; out; other or 0. n counts every
 * row of every sample.
 */
function seeds(o: usize): void {
  const rows = operand(o, 2);
  const n = operand(o, 3);
  const tangents = operand(o, 4);
  const mask = operand(o, 5);
  const out = operand(o, 6);
  const other = operand(o, 7);
  const scale = f64x2.splat(2.0 / <f64>(operand(o, 1) * rows));
  const zero = f64x2.splat(0);
  for (let row: usize = 0; row < rows; row++) {
    for (let s: usize = 0; s < n; s += 2) {
      const i = row * n + s;
      const term = f64x2.mul(scale, v128.load(at(tangents, i)));
      const inside = v128.and(term, f64x2.gt(v128.load(at(mask, s)), zero));
      v128.store(at(out, i), f64x2.add(other ? v128.load(at(other, i)) : zero, inside));
    }
  }
}

/** The same at entries of a matrix. Operands: samples; rows, padded columns; the matrix; out; other or 0; rows and columns of the entries. */
function entrySeeds(o: usize): void {
  const count = operand(o, 1);
  const n = operand(o, 3);
  const length = operand(o, 2) * n;
  const matrix = operand(o, 4);
  const out = operand(o, 5);
  const other = operand(o, 6);
  const rowOf = operand(o, 7);
  const columnOf = operand(o, 8);
  for (let i: usize = 0; i < length; i += 2) v128.store(at(out, i), other ? v128.load(at(other, i)) : f64x2.splat(0));
  const scale = 2.0 / <f64>count;
  for (let s: usize = 0; s < count; s++) {
    const place = <usize>load<i32>(rowOf + (s << 2)) * n + <usize>load<i32>(columnOf + (s << 2));
    const e = at(out, place);
    store<f64>(e, load<f64>(e) + scale * load<f64>(at(matrix, place)));
  }
}

/** out = a − b. Operands: how many; a; b; out. */
function difference(o: usize): void {
  const count = operand(o, 1);
  const a = operand(o, 2);
  const b = operand(o, 3);
  const out = operand(o, 4);
  for (let i: usize = 0; i < count; i += 2) v128.store(at(out, i), f64x2.sub(v128.load(at(a, i)), v128.load(at(b, i))));
}
